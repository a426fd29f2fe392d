/** Words of preferences, the tour, and the command menu of the pages. */
export const enPages = {
  "preferences.title": "Preferences",
  "preferences.about":
    "How you read the program. Nobody else sees these, and nothing that is sent changes.",
  "preferences.more": "All preferences…",
  "preferences.calendar": "Calendar",
  "preferences.calendar.about": "Hijri dates follow the Umm al-Qura calendar.",
  "preferences.gregorian": "Gregorian",
  "preferences.both": "Hijri beside Gregorian",
  "preferences.digits": "Digits in Arabic",
  "preferences.digits.about": "English always has 123.",
  "preferences.zone": "Time zone",
  "preferences.zone.about": "In which moments are shown to you. Empty: this browser’s, {zone}.",
  "preferences.zone.unknown": "There is no time zone “{zone}”. Choose one of the list.",
  "preferences.preview": "So it looks",
  "preferences.now": "Now",
  "preferences.number": "A number",

  "command.flow": "Flow: {name}",
  "command.dark": "Dark appearance",
  "command.light": "Light appearance",

  "tour.title": "Tour",
  "tour.about": "Five short stops: what is where, and what to do first.",
  "tour.start": "Take the tour",
  "tour.count": "{number} of {of}",
  "tour.skip": "Skip the tour",
  "tour.back": "Back",
  "tour.next": "Next",
  "tour.done": "Done",
  "tour.flows": "Flows follow up for you",
  "tour.flows.about":
    "Each flow leads people from step to step: messages, waits, calls. You see how many entered, how many are inside and how many converted.",
  "tour.canvas": "Draw what should happen",
  "tour.canvas.about":
    "Every card is a step. Drag one from the list, or press / and type. Choose a card to fill it in; everything is saved by itself.",
  "tour.publish": "Nothing runs before you publish",
  "tour.publish.about":
    "You see what changes and what it does to the people inside, before it happens. Every version is kept.",
  "tour.contacts": "Bring your people",
  "tour.contacts.about":
    "Add contacts one by one or from a CSV file. Each has one timeline of all that happened, and why.",
  "tour.today": "What waits for you",
  "tour.today.about":
    "Calls and tasks that flows hand to a person appear here. Close one, and the contact goes on.",
} as const;
