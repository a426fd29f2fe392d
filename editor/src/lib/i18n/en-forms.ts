/** Words of the controls that forms are made of. */
export const enForms = {
  "form.person.search": "Search by name or address",
  "form.person.none": "Choose nobody",
  "form.person.nobody": "No contact fits.",
  "form.preview.for": "For",
  "form.preview.who": "For whom the preview is",
  "form.preview.made": "{name} is made up; choose a contact to see what they would get.",
  "form.preview.language": "{name} would get the text in {language}.",
  "form.preview.show": "Show it",
  "form.preview.device": "Width of the preview",
  "form.preview.phone": "Phone",
  "form.preview.desktop": "Desktop",
  "form.preview.noSubject": "No subject",
  "form.preview.pictures": "Pictures from the web aren’t loaded in the preview.",
  "form.missing":
    "{count, plural, one {A merge field has no value and stays empty:} other {# merge fields have no value and stay empty:}}",
  "form.missing.none": "Tried in this preview:",
  "form.missing.try": "Try a value",
  "form.enlarge": "Open large",
  "form.enlarge.about": "What you write is kept as you type.",
  "form.sms.size":
    "{characters, plural, one {# character} other {# characters}}, {segments, plural, =0 {no SMS} one {one SMS} other {# SMS}}, room for {room}",
  "form.sms.encoding":
    "How the text goes: 160 characters in GSM-7, 70 in UCS-2, a little less in each of several",
  "form.sms.beyond":
    "{count, plural, one {{characters} isn’t in GSM-7: the text goes as UCS-2.} other {{characters} aren’t in GSM-7: the text goes as UCS-2.}}",
  "form.sms.plain": "Write plainly",
  "form.duration.like": "3 days, 1 month 2 days…",
  "form.duration.unread":
    "This isn’t a duration; write for example “3 days” or “1 month 2 days”. Still in force: {words}.",
  "form.duration.none": "none",
  "form.count":
    "{count, plural, one {Holds now for {number} of {all} contacts.} other {Holds now for {number} of {all} contacts.}}",
  "form.count.inside": "It depends on what happens in the flow, so it can’t be counted beforehand.",
  "form.variant.border": "Border between {first} and {second}",
  "form.variant.shares": "{first} {one}, {second} {two}",
  "form.variant.even": "Even shares",
  "form.map.way": "How values are named",
  "form.map.list": "In order",
  "form.map.table": "By name",
  "form.map.place": "Value of {n}",
  "form.window.says": "Open: {window}.",
  "form.window.overnight": "It goes past midnight and belongs to the day on which it opens.",
  "form.window.keeps": "The time of day is kept.",
  "form.window.hours": "As the workspace: {hours}",
} as const;
