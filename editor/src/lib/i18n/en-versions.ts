/** Words of publishing, versions, differences, pausing. */
export const enVersions = {
  "changes.title": "What differs from version {version}",
  "changes.none": "Nothing differs.",
  "changes.added": "new",
  "changes.changed": "changed",
  "changes.removed": "removed",
  "changes.people": "{count, plural, one {one person here} other {# people here}}",
  "changes.whole": "The flow as a whole",
  "changes.settings": "Settings",
  "changes.type": "Kind of step",
  "changes.edges": "{count, plural, one {One connection changed} other {# connections changed}}",
  "changes.edge": "{from} → {to}",
  "changes.edge.moved": "{from}: to {to} instead of {was}",
  "changes.yes": "yes",
  "changes.no": "no",
  "changes.added.text": "added: ",
  "changes.removed.text": "removed: ",

  "inside.title":
    "{count, plural, =0 {Nobody is inside now.} one {One person is inside now} other {# people are inside now}}",
  "inside.continue": "They stay on their version",
  "inside.continue.about":
    "{count, plural, one {Whoever is inside goes} other {All # go}} on as drawn in the version they entered. Only who enters from now on goes through version {version}.",
  "inside.migrate": "They move to the new version",
  "inside.migrate.about":
    "{count, plural, one {Whoever is inside goes} other {All # go}} on where they stand, as drawn now. Waits keep the moment they began.",
  "inside.gone":
    "{count, plural, one {One person stands} other {# people stand}} on “{node}”, which is removed. They go to:",
  "inside.where": "Where people on “{node}” go",
  "inside.choose": "Choose a step",
  "inside.leave": "They leave the flow",
  "inside.changed":
    "{count, plural, one {One person stands on “{node}” and goes} other {# people stand on “{node}” and go}} on by its new settings.",
  "inside.rest":
    "{count, plural, one {One person stands} other {# people stand}} on steps that are the same; nothing changes for them here.",
  "inside.unanswered": "Say where the people on removed steps go.",

  "versions.title": "Versions",
  "versions.of": "Versions of “{name}”",
  "versions.about": "Everything that was ever published. A version never changes.",
  "versions.back": "To the flow",
  "versions.empty": "Nothing was published yet",
  "versions.empty.about": "Each publication is kept here, with what it changed.",
  "versions.draft": "Draft",
  "versions.version": "Version {version}",
  "versions.what": "What changed",
  "versions.restore": "Restore as draft",
  "versions.restored": "Version {version} is the draft now. Undo brings the other one back.",
  "versions.from": "From",
  "versions.to": "To",

  "resume.title": "Resume “{name}”",
  "resume.about": "It is paused since {since}, for {length}.",
  "resume.how": "How it goes on",
  "resume.on": "Go on at once",
  "resume.on.about":
    "Whatever became due in the meantime happens now, as the flow says about lateness.",
  "resume.shift": "Move everything later by {length}",
  "resume.shift.about": "Every wait is longer by the pause, as if that time had not passed.",
} as const;
