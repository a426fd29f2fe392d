/** The third part of the table: documents, nodes, texts, attempts, files and the programme's faces, in the form of `contract.table.ts`. */
export const MORE = `# The document, part by part
The example of the format is a sound flow.
  core/check.test.ts › the example of the format has no problem
Ids are unique, an output has one edge at most, and nodes that nothing leads to, a missing trigger and a missing goal are told.
  core/check-graph.test.ts › tells of %s
Unknown keys, wrong kinds and values, and windows that open and close at one time are refused, each at its place.
  core/check.test.ts › %s
A way that leads no further ends the run as completed.
  core/journeys-format.test.ts › that leads no further ends the run as completed
An output with no edge ends the run there.
  core/journeys-format.test.ts › that ends at an output with no edge ends there, whatever other outputs lead to
A parameter has what was filled in, else its default.
  core/journeys-format.test.ts › has what was filled in, else its default
The contact's fields that every rule and template may read are twenty.
  core/journeys-format.test.ts › are these twenty
A rule that a segment can't follow, such as what happened since the enrollment, is refused there.
  core/check-rules.test.ts › %j is refused
Keys that every object has are refused anywhere.
  core/check-document.test.ts › refuses the key %s anywhere
A reply does nothing to a run unless the flow says so; it may end it.
  core/journeys-reply.test.ts › exit ends the run with the reason reply; continue does nothing
A pause for a person may last until somebody ends it.
  core/journeys-reply.test.ts › manual pauses until a person resumes: until null
Names added, removed and changed are told between versions, words included.
  core/diff.test.ts › names settings, parameters and texts by their JSON Pointer

# Rules by default
In a condition an event counts whenever it happened.
  core/journeys-format.test.ts › is ever in a condition: what happened before the run counts
In an exit rule and a goal an event counts from the enrollment on.
  core/journeys-format.test.ts › is the enrollment in an exit rule and in a goal: what happened before the run doesn't count
In a wait for something an event counts from the node on.
  core/journeys-format.test.ts › is the node in a wait-for: what happened earlier in the run doesn't count
Messages and touches count whenever they were.
  core/journeys-format.test.ts › is ever for messages and touches: those of long ago count
A span counts what happened while its moment and the span's length, by calendar, are still ahead.
  core/journeys-rule.test.ts › an event without since counts ever; with a duration while its moment + d is still ahead
An empty “all” is true, an empty “any” false; values of two types are never equal, and never an error.
  core/journeys-rule.test.ts › an empty \`all\` is true, an empty \`any\` false; a comparison across types is false, \`!=\` its opposite
A segment's anniversary is a day of the workspace's zone.
  core/journeys-format.test.ts › is a day of the workspace's zone, whatever the contact's
Texts and keywords are compared folded.
  core/text.test.ts › %s is compared as %s
A keyword has no letter, digit or mark on either side.
  core/text.test.ts › match %s on %j: %s
A rule interpreted and the same rule over the whole store agree, on random rules and people.
  store/rules-property.ts › a rule as SQL finds exactly those for whom the interpreter says yes (seed %i)
What time alone may change is looked at in time.
  store/rules-property.ts › what time may flip is looked at in time, and nothing flips before it is looked at (seed %i)
An open by a machine is no open.
  core/journeys-compare.test.ts › an open by a machine is none

# Nodes, one by one
Everybody of the file enters a flow that is begun by hand, and so does who comes to be later.
  core/journeys-trigger.test.ts › enrolls every contact of the file when it begins to exist, and who is created then
An event starts a flow where its data fits, numbers as numbers, dates as dates.
  core/journeys-trigger.test.ts › compares numbers as numbers, text folded, dates as dates, and takes parameters
A date comes each year, at midnight where no time is known.
  core/time-recurring.test.ts › comes each year on its day, at 00:00 when no time is known
A monthly date comes every month.
  core/journeys-timer.test.ts › every month, the 31st on a month's last day
A date's day is the contact's.
  core/journeys-timer.test.ts › counts in the contact's zone
A wait lasts a duration from the arrival.
  nodes/time.test.ts › waits a duration from arrival
A wait until a time takes the first on the days named, now included.
  nodes/time.test.ts › takes the first time of day on the days named, now included
A wait until a date doesn't move with a pause.
  nodes/time.test.ts › waits until a date, which a pause doesn't move
A wait until a field's date may stand before or after it.
  nodes/time.test.ts › waits until a date in a field, moved by its offset
A wait until a day counts the day of entry as the first.
  nodes/time.test.ts › counts days of the flow from entry, the day of entry being the first
The best hour is the one at which the contact answers most.
  core/journeys-wait.test.ts › the best hour is the one at which the contact clicked and answered most
A window applies after the wait beside it.
  nodes/time.test.ts › applies a window after the wait beside it
A wait without a timeout lasts as long as it takes.
  core/journeys-wait.test.ts › without a timeout it waits for as long as it takes, and says until null
A receipt, a tag, a field, an event or a task's outcome satisfies a wait at its instant.
  core/journeys-wait.test.ts › is satisfied by %s, at that instant
A step shows the rule and the facts it saw, matched or not.
  core/journeys-wait.test.ts › the step carries the rule and the facts it saw, matched or not
A condition leaves by yes or no.
  nodes/logic.test.ts › leaves by yes or no as the rule holds
A switch takes the first case that holds.
  nodes/logic.test.ts › takes the first case that holds, else else
A call leaves by what came of it.
  core/journeys-work.test.ts › closed as %s leaves by it
A call is due when the contact wants to be reached.
  core/journeys-work.test.ts › is due when the contact wants to be reached
A call that nobody needs any more is closed.
  core/journeys-work.test.ts › is closed as cancelled when the run leaves
A task holds nobody unless it is waited for.
  core/journeys-work.test.ts › goes on at once, and closes later with a line of its own
A task that is waited for lets its contact go when it is done or too late.
  core/journeys-work.test.ts › waits until it is done, or until its timeout
A letter holds nobody.
  nodes/message.test.ts › joins the day's batch and goes on
A survey leaves by the score.
  core/journeys-nodes.test.ts › %s: %i is a %s
A survey that wasn't answered, or couldn't be sent, leaves by timeout.
  core/journeys-nodes.test.ts › one that could not be sent, or isn't answered in time, leaves by timeout
A webhook's answer is kept under its name, else under the node's id.
  nodes/work.test.ts › keeps the answer's body under its name, else under the node's id
A webhook leaves by its status.
  core/mutants-work.test.ts › answered with %i leaves by %s
Tags are given for ever or for a time, and taken off.
  nodes/contact.test.ts › adds tags for ever or until a moment, and removes others
Fields are set, a template of one path keeping the value's type, and cleared.
  nodes/contact.test.ts › sets values, keeping the type of one path alone, and clears others
The score changes by what the node says.
  nodes/contact.test.ts › changes the score by what it says
Everything that a node changes has its line, from what to what.
  core/journeys-format.test.ts › has a line: tags, fields, score and stage, from what to what
An event that a flow reports starts others at that instant.
  core/journeys-nodes.test.ts › an event that a flow reports starts others at that instant, with its data and types
A goal node records the goal, and the flow goes on.
  core/journeys-goal.test.ts › records a goal with its name and value, and the flow goes on
A goal of the settings keeps its value and has no node.
  core/journeys-format.test.ts › keeps the value at its path, and has no node
An exit ends the run with its own words.
  core/journeys-format.test.ts › ends the run there with its own words, in the contact's language

# Texts
A missing value is empty, and the message's line names it.
  core/journeys-message.test.ts › shows address, rendered subject and text, and what was missing
Unknown helpers, unknown roots and mistakes of writing are problems of the document.
  core/template.test.ts › %s is refused
Money takes a currency of ISO 4217 and no other.
  core/template-helpers.test.ts › a currency %j throws
Arabic has six plural forms.
  core/template-helpers.test.ts › Arabic has six forms: %j is %s
Digits are Latin and dates Gregorian unless the locale says otherwise.
  core/template-helpers.test.ts › %s shows Latin digits and the Gregorian calendar unless it says otherwise
A date may be shown by the Hijri calendar.
  core/template-helpers.test.ts › a Hijri date in Arabic
What a contact's data says is no template.
  core/template.test.ts › data that holds a template is not rendered again
A text that grows beyond 1 MB is stopped as it grows.
  core/template.test.ts › more than 1 MB is refused as it grows
Links are those of this very message.
  live/content.test.ts › links of this very message

# Ticks
Nodes and core read no clock, no chance and nothing outside.
  architecture.test.ts › no file reads the clock, chance or the world outside
What arrives is answered at once, not at the next tick.
  live/dispatch.test.ts › what arrives is answered at once, not at the next tick
What is due is found by an index, however many wait.
  store/pragmas.test.ts › %s are found by index, however many others there are
Events are taken one by one, each with its facts before the next.
  simulate/simulate.test.ts › each is looked at with its facts before the next: an exit, then an entry
Exits come before replies.
  core/journeys-reply.test.ts › exits come before onReply: a reply that ends the run doesn't pause it
Replies come before what a run waits for.
  core/journeys-reply.test.ts › onReply comes before wait-for: the run pauses, and the match waits for the resume
After downtime an exit sees every event received meanwhile.
  hard/clock.test.ts › an event received meanwhile keeps who has left from being written to
A change for everybody reaches each whom the rule holds for, once.
  store/contract-work.ts › one input for all reaches each contact that the rule holds for, once
One engine at a time holds a data folder.
  backup.test.ts › refuses while an engine holds the folder
A clock that is set back sends nothing twice.
  hard/clock.test.ts › sends nothing twice and goes on when the time comes round again
Random flows keep every rule of the journal, and give the same bytes twice.
  fuzz/fuzz.test.ts › keep every rule of the journal, the same twice (seed %i)
A date's moment before publishing doesn't fire.
  live/dispatch.test.ts › a date's moment before publishing doesn't fire, and the next one does
A merge unites the history of both contacts.
  store/contract-merge.ts › two contacts become one with the history of both
Flows that run side by side for one contact go on side by side after a merge.
  store/contract-merge.ts › runs that may stand side by side go on side by side

# Attempts
A refusal for now is tried five times more under the same keys, then given up.
  live/dispatch.test.ts › is tried five times more over about a day under the same keys, then given up with a line
A further attempt waits for the send window.
  live/dispatch.test.ts › waits for the send window with its next attempt
A further attempt that is too late is skipped where the flow says so.
  live/dispatch.test.ts › is skipped as late where the flow says so
A further attempt looks at exits and consent again.
  live/dispatch.test.ts › goes no more once its contact has left, or has withdrawn consent
A refusal for good fails at once, and the contact goes on.
  live/dispatch.test.ts › fails at once, and its contact goes on
A dead address gets nothing more, transactional messages either.
  live/dispatch.test.ts › because the address is dead closes the address: the next one is skipped
What may have gone out is uncertain where the provider knows no keys.
  live/dispatch.test.ts › is uncertain where the provider knows no keys, and isn't sent again by itself
What may have gone out is sent again under its key where the provider knows it.
  live/dispatch.test.ts › is sent again under the same key where the provider knows it
A provider that keeps failing is left alone, and its messages wait.
  live/dispatch.test.ts › a provider that keeps failing is left alone for a while, and no message of that time is lost
What a dead worker was sending is found again.
  store/contract-outbox.ts › what a dead worker was sending is found, and can be ended by the one that found it
A transactional message passes a missing consent.
  core/journeys-message.test.ts › transactional passes a missing consent
A transactional message passes the send window.
  core/journeys-message.test.ts › transactional passes it
A suppressed address gets no transactional message either.
  core/journeys-message.test.ts › after it %s, the address is suppressed, transactional too
Consent is asked for again when a held message goes.
  core/journeys-message.test.ts › a consent withdrawn while held skips the message then
The cap is asked for again when a held message goes.
  core/journeys-message.test.ts › a held message is looked at again when another flow used up the place meanwhile
Over the cap a message waits unless the cap says otherwise.
  core/journeys-format.test.ts › delays where nothing is said
A cap counts its own channel alone.
  core/journeys-format.test.ts › of one channel holds no message of another
Delivery is never assumed; each receipt has its line.
  simulate/simulate.test.ts › a message's receipt writes one line; delivery is never assumed
Erasing makes every line anonymous, those before it too.
  core/journeys-consent.test.ts › ends the runs and makes every line of the contact anonymous, those before it too
With no channel set up, messages stay in the built-in outbox.
  channels/outbox-viewer.test.ts › the built-in outbox takes every channel's messages at once, however often they come
A holiday that is entered while flows run holds what would have gone that day.
  live/dispatch.test.ts › a holiday that is entered today holds what would have gone today

# Simulation
The span holds its first moment and not its last.
  simulate/simulate.test.ts › is half-open: what happens at \`from\` happens, at \`until\` no more
What happened before the span sets facts and starts nothing.
  simulate/simulate.test.ts › events before it are history: they set facts and fire nothing
Events of one instant keep the file's order.
  simulate/simulate.test.ts › of one instant keep the file's order, wherever they stand in the file
An event of somebody unknown is a warning.
  simulate/simulate.test.ts › for somebody unknown, or not yet there, are warnings
Who has only a phone is named by it.
  simulate/simulate.test.ts › one who has only a phone is named by it
The journal is in order, and the same bytes twice.
  simulate/simulate.test.ts › is in time order, then by contact, flow, enrollment and sequence; the same input gives the same bytes
A reply also marks the latest message of its channel.
  core/journeys-reply.test.ts › marks the latest message of that channel replied
A webhook with no scripted answer gets 200 and {}.
  core/journeys-nodes.test.ts › with no scripted answer gets 200 and {}; scripted ones answer the next calls in turn; nothing is waited for
A workspace file with mistakes is refused with all of them.
  cli/simulate.test.ts › a workspace file with mistakes is refused with all of them
A scenario may have a workspace of its own.
  cli/simulate.test.ts › a scenario may have a workspace with hours, weekend, holidays and segments

# Contacts' files
Rows are one person's by the same e-mail, or by the same phone unless their e-mails differ.
  contacts/match.test.ts › %s
Rows become clean people, each other column a field of one type.
  contacts/read.test.ts › becomes clean people, with custom fields of one type a column
Rows of one person become one, the good beside the bad.
  contacts/read.test.ts › merges rows of one person and keeps the good rows beside the bad
The later value in the file wins.
  contacts/match.test.ts › is the later filled value in the file's order, also when a later row joins the two
Tags unite.
  contacts/match.test.ts › is all tags, once each
The stricter consent stays.
  contacts/match.test.ts › is the stricter consent of %j and %j: %j
An empty list of channels allows none, an empty cell says nothing.
  contacts/read.test.ts › allows no channel by an empty list, and says nothing by null or empty text
An import tells of each row what became of it.
  cli/import.test.ts › tells of each row what became of it and in which contact it ended
A dry run says the same and writes nothing.
  cli/import.test.ts › --dry-run says the same and writes nothing
Known contacts may be left as they are, or doubtful rows to a person.
  cli/import.test.ts › --on-duplicate review leaves doubtful rows for a person and merges the certain
More rejected rows than allowed are exit code 1.
  cli/import.test.ts › --max-rejected says how many rejected rows are no problem
What a spreadsheet would run goes out as text, and comes back.
  cli/import.test.ts › cells that a spreadsheet would run become text, and an import takes the file back

# Hard inputs
A file in an old Arabic encoding is read as it was meant.
  hard/csv.test.ts › in an old Arabic encoding is read as it was meant
A file in UTF-16 is read.
  hard/csv.test.ts › in UTF-16 is read, with and without a byte order mark at its head
A file with no header that names an address is refused with a sentence.
  hard/csv.test.ts › without a header that names an address is refused, and the sentence says so
A broken quotation mark costs its row alone.
  hard/csv.test.ts › with a broken quotation mark loses that row and keeps the others
Empty lines are skipped and counted.
  hard/csv.test.ts › with empty lines keeps counting the lines of the file
A column that is there twice costs nobody.
  hard/csv.test.ts › with a column twice keeps the people
A cell of 10 MB costs its row alone, in bounded memory.
  hard/csv.test.ts › with a cell of 10 MB loses that row alone, in bounded memory
A million columns are refused soon, in bounded memory.
  hard/csv.test.ts › with a million columns is refused soon, in bounded memory
What is wrong with a line is told by its number, in both languages.
  contacts/csv.test.ts › says what is wrong with the line's number, in both languages
Rows of which a cell was left out are shown, in Arabic where asked.
  cli/import.test.ts › shows rows of which a cell was left out, without a report too, and says it in Arabic where asked
Broken lines of an event file cost themselves alone.
  hard/events.test.ts › broken lines of an event file are told by their number, and the good ones between them are kept
A document of a million brackets is refused, not followed.
  hard/documents.test.ts › a million brackets are refused with a sentence, not followed
Names that every object inherits are refused wherever they could be keys.
  hard/documents.test.ts › names that every object inherits are refused wherever they could be used as keys
A template that loops or grows fails that enrollment alone, with its node and reason.
  hard/templates.test.ts › (%s) fails that enrollment alone, with its node and reason
A cron pattern that never comes, or is none, is refused at once.
  hard/cron.test.ts › “%s” is refused at once: %s
Names in every script, with marks of direction and emoji, go through unchanged.
  hard/names.test.ts › goes through the store and the live engine unchanged
A text of 64 kB is kept to the last letter.
  hard/names.test.ts › of 64 kB is kept to the last letter
A full disk undoes the batch whole, and once there is space all goes on, each once.
  hard/disk.test.ts › a full disk undoes the batch whole, is told in a sentence, and once there is space all goes on, each once
A disk that fills while the database is made is told as that.
  store/migrations.test.ts › a disk that fills while tables are made is told as that, and the database is as it was

# The other commands
Every command says how it is used.
  cli/help.test.ts › %s %s --help says how the command is used, on standard output
An error is a sentence; where it comes from is shown on request.
  cli/help.test.ts › --debug shows where an error comes from
Settings that can't be used are refused with what is wrong.
  cli/help.test.ts › settings that can't be used: %o
The program starts with a sample, and stops in order.
  cli/start.test.ts › with --sample shows messages at once, whatever the hour, and stops in order at SIGTERM
The web and the engine may be two processes.
  cli/start.test.ts › --role web answers and leaves the work to another process
A flow comes out as it went in.
  cli/round-trip.test.ts › a flow comes out as the document that went in
A flow with mistakes isn't added.
  cli/round-trip.test.ts › a flow with mistakes isn't added, and every mistake is told
People are enrolled by rule.
  cli/round-trip.test.ts › enrolling by rule starts those that it holds for
An event with an id counts once, from the command line too.
  cli/round-trip.test.ts › the same event id twice counts once
Why is told in English, in Arabic and as JSON.
  cli/why.test.ts › why tells the journal in English, in Arabic and as JSON, and knows who isn't there
Backup, restore, erase and the export of a person are commands.
  cli/why.test.ts › backup, restore, erase and the export of a person work from the command line
Mails go out once, signed, with both unsubscribe headers.
  cli/round-trip.test.ts › every mail arrives once, signed, with both unsubscribe headers, and running again sends nothing
People and keys are managed by commands.
  cli/accounts.test.ts › add prints a link that works once; list, role, reset and remove know the person by e-mail

# HTTP
The API describes itself in valid OpenAPI 3.1.
  http/openapi.test.ts › is valid OpenAPI 3.1
The description has every route, and nothing else.
  http/openapi.test.ts › has every route of the API, and nothing else
A problem is a document with pointers, in the caller's language.
  http/guard.test.ts › are problem documents with pointers, in the caller's language
Lists go by cursor, without gaps or repetitions.
  http/api.test.ts › the journal pages by cursor, without gaps or repetitions
A write repeated with its key is answered again and not done again.
  http/once.test.ts › is answered again, word for word, and not done again
Long work is a job, whose progress is a stream.
  http/imports.test.ts › runs as a job, whose stream ends with what came of it
Every route asks who may call it.
  http/access.test.ts › every route is in the table of who may call it, and the table has no other
A survey's page takes the first answer and moves the contact on.
  http/public.test.ts › the first answer counts and moves the contact on
The program is ready while the store answers and the engine ticks.
  http/guard.test.ts › ready while the store answers and the engine ticks
The journal told as sentences is there over HTTP.
  http/templates.test.ts › why a contact is where it is in a flow is told in the caller's language`;
