import { MORE } from "./contract.more.ts";
import { WORK } from "./contract.work.ts";

/** What the program promises, in our words, each with the test that shows it: `tests/FILE › NAME`. */
export interface Promised {
  theme: string;
  promises: [sentence: string, test: string][];
}

// A theme, then its promises: a sentence, and under it the file in tests/ and the name of the test.
const TABLE = `
# The document
Every mistake of a flow is told at once, never only the first.
  core/check.test.ts › a flow with ten different mistakes gives ten problems
A problem names its node as people know it, the field, and what to write instead.
  core/check-sentences.test.ts › names the node by its own name and id, the field, and what to write instead
A document of a later format is refused by its number.
  core/check-document.test.ts › of a later format is refused with its number
Too large or too deep a document is refused before it is parsed.
  core/check-document.test.ts › refuses a text nested more than 64 deep, however deep, before it is parsed
A circle in which nobody waits is refused, its nodes named.
  core/check-graph.test.ts › in which nothing parks is an error that names its nodes in order
Segments that refer to each other in a circle are refused.
  core/check-rules.test.ts › that go round in a circle are named in order, each circle once
A secret may be named in a webhook's headers and body only.
  core/check.test.ts › a secret may be named in a webhook's headers and body
Every node speaks English and Arabic and leaves by every output that it shows.
  nodes/registry.test.ts › leaves by each of its outputs and by no other
A draft never runs.
  store/contract-flows.ts › a draft never runs
An edge that names no output leaves by “next”.
  core/check-graph.test.ts › an edge that names no output leaves by next
A flow has at most 2,000 nodes.
  core/check-document.test.ts › may have 2,000 nodes and no more
A file of more than 5 MiB is refused, counted in bytes.
  core/check-document.test.ts › refuses a text of more than 5 MiB, counted in bytes
A task rests a circle only where the flow waits for it.
  core/check-graph.test.ts › with a task is allowed only when the flow waits for it
A goal node is a goal, so that nothing is missed.
  core/check-graph.test.ts › a goal node is a goal
How often a contact may come, where the flow doesn't say, follows from its triggers.
  core/check-graph.test.ts › by default with %s is %s
“Once”, written where every trigger comes again, is warned of.
  core/check-graph.test.ts › once, written where %s, warns: %s
Names of segments and flows are checked against the workspace.
  core/check.test.ts › names of segments and flows are checked once the workspace's are known
Problems are told in English and in Arabic, each with file, severity and place.
  cli/simulate.test.ts › tells every problem with its place, in English, in Arabic and as JSON

# Time
A day is a day on the wall clock; 24 hours are 24 hours.
  core/journeys-wait.test.ts › counts on the wall clock of the contact's zone: a day is a day across the change, 24 hours are 24
A zone that isn't valid counts as missing.
  core/journeys-wait.test.ts › the flow's own zone counts for everybody; a contact's zone that isn't valid counts as missing
A window without days holds every day.
  core/time-windows.test.ts › missing days mean every day
With days alone the time of day is kept.
  core/time-windows.test.ts › with days alone the time of day is kept: %s goes on at %s
Coming back at the same instant takes the next moment: a daily loop goes round once a day.
  core/journeys-wait.test.ts › with \`%s\` sends once a day
29 February falls on the 28th in other years.
  core/time-recurring.test.ts › 29 February falls on the 28th in other years
The 31st falls on a month's last day.
  core/time-recurring.test.ts › the 31st falls on a month's last day
A Hijri 30th falls on the 29th of a shorter month.
  core/time-recurring.test.ts › the 30th falls on the 29th in a month that has no 30th
A cron moment in a gap of the clock fires at the gap's end.
  core/time-recurring.test.ts › a time in a gap fires at the gap's end: %s %s
A cron moment that occurs twice fires once.
  core/time-recurring.test.ts › a fixed time that occurs twice fires once: %s %s after %s
Durations are ISO 8601.
  core/time-durations.test.ts › %s is read into its parts
Local times resolve as Temporal does, around every clock change.
  core/time-windows.test.ts › wall clocks agree with Temporal around every clock change
A window ends before its last moment.
  core/time-windows.test.ts › 09:00–17:00 Sunday to Thursday holds %s: %s
A window over midnight belongs to the day on which it opens.
  core/time-windows.test.ts › Friday 22:00–06:00 holds %s: %s
A moment inside a window passes at once; another waits for the next opening.
  core/time-windows.test.ts › from %s to %s
A recurring date may follow the Hijri calendar.
  core/time-recurring.test.ts › 1 Ramadan comes on its Gregorian days
A field whose value counts as missing is flagged on the contact.
  http/api.test.ts › a field whose value counts as missing is flagged on the contact
Whoever asks why is told that a time zone isn't one, and whose counts.
  why/explain.test.ts › is told that their time zone isn't one, and whose counts

# Entering
Where a flow takes each contact once, nobody enters again.
  core/journeys-entry.test.ts › once: a contact never enters again, while running, after the end or after a failure
After an exit one may come again once the cooldown is over.
  core/journeys-entry.test.ts › after-exit: running, then the cooldown from the end, over exactly when it has passed
Where runs are told apart by a key, each value runs once, ever.
  core/journeys-entry.test.ts › per-key: one run for each value, ever; different values run side by side; no value is no-key
Whoever matches the exit rule already doesn't enter.
  core/journeys-entry.test.ts › whoever matches it at entry is ignored; the event that starts the run never counts
The line of an entry carries the rule that admitted and what it saw.
  core/journeys-entry.test.ts › what admits someone carries the trigger's rule and the facts it saw
Who is in a segment when listening begins triggers nothing.
  core/journeys-trigger.test.ts › who is in it at the start is the baseline; entering and leaving fire, by time alone too
A date before the field was set doesn't fire.
  core/journeys-timer.test.ts › a moment before the field was set doesn't fire; a new date does
A silence fires once.
  core/journeys-timer.test.ts › fires once for each silence, counted from the last touch, never from before the span
Each moment of a schedule fires exactly once, however many workers there are.
  store/contract-schedules.ts › each moment fires exactly once, for whom the audience holds
The same event id counts once for a contact.
  store/contract-work.ts › the same id twice counts once for a contact, and again for another
Flows that set each other off are stopped after depth 20; the facts are still set.
  core/journeys-loop.test.ts › two flows that chase each other are stopped after depth 20; the facts are still set
An endless round fails, a long straight line doesn't.
  core/journeys-loop.test.ts › a line of 1,500 nodes is no loop
With “always”, runs stand side by side; the cooldown counts from the last entry.
  core/journeys-entry.test.ts › always: every trigger starts a run, side by side; the cooldown counts from the last entry
A failed run counts as ended.
  core/journeys-entry.test.ts › after-exit: a failed run counts as ended
Who is enrolled by hand at an instant comes before its events.
  core/journeys-trigger.test.ts › comes before the events of that instant
A new contact starts the flows that wait for one, if the rule holds.
  core/journeys-trigger.test.ts › fires only for who comes to be during the run, if the rule holds
A tag that is there already is no news.
  core/journeys-trigger.test.ts › fires for what happens during the run, by hand or by a flow; a tag that is there already is no news
A tag that expires is taken off before the events of that instant.
  core/journeys-trigger.test.ts › an expiry is a removal, before the events of its instant
A field's change starts a flow; the same value is no change.
  core/journeys-trigger.test.ts › fires when the field changes, if the rule holds after it; the same value is no change
The fields that the engine keeps start flows too.
  core/journeys-trigger.test.ts › fires for the fields that the engine keeps: the last reply, the score, the stage
A message starts a flow by its keywords, as the trigger says.
  core/journeys-trigger.test.ts › match: %s
A message counts on its channel only, inside or outside the workspace's hours.
  core/journeys-trigger.test.ts › on its channel only; within and outside are the workspace's hours
A webhook starts a flow, with its body for rules and templates and its mapped fields on the contact.
  core/journeys-hook.test.ts › starts at a call; templates and rules see its body, the contact gets the mapped fields
A webhook's call is kept as an event, which other flows may listen to.
  core/journeys-hook.test.ts › keeps the call as an event of the given name, which other flows may listen to
The same call twice counts once; runs may be told apart by a key in the body.
  core/journeys-hook.test.ts › is told apart by a key in the body; the same call twice counts once
A schedule fires for its audience, in its own zone, the flow's or the contact's.
  core/journeys-timer.test.ts › fires for its audience %s
What was missed of a schedule is caught up as the node says.
  hard/clock.test.ts › a schedule that catches up %s fires so, and goes on at its next moment
A message, a call or a letter ends a silence.
  core/journeys-timer.test.ts › its own message ends the silence; a call and a letter do too
Tags that chase each other are stopped.
  core/journeys-between.test.ts › by tags: one sets what the other takes off
Fields that chase each other are stopped.
  core/journeys-between.test.ts › by a field: each answer changes it again
Segments that chase each other are stopped.
  core/journeys-between.test.ts › by segments: who enters is thrown out, and the other way round
Flows that start each other are stopped.
  core/journeys-between.test.ts › by start-flow: each starts the other
Runs that wake each other are stopped: a woken run takes the depth of what woke it.
  core/journeys-between.test.ts › by waiting for each other: a woken run takes the depth of what woke it
A timed wait between flows makes it no chase.
  core/journeys-loop.test.ts › a timed wait between them makes it no chase
An endless round through a webhook fails as well: an answer is no rest.
  core/journeys-loop.test.ts › answers that come at once are no rest: a loop through a webhook fails too

# Waiting
A wait for something looks at its rule on arrival.
  core/journeys-wait.test.ts › looks at the rule on arrival: a duration or since enrollment can already hold, and no waiting is written
At the same instant, matched beats timeout.
  nodes/time.test.ts › lets the match win over a timeout of the same instant
An open by a machine satisfies nothing.
  core/journeys-wait.test.ts › an open by a machine satisfies nothing
Time alone may satisfy a rule.
  core/journeys-wait.test.ts › is satisfied by time alone: a tag that expires, a date that comes near
A field without a date holds nobody, and its line says so.
  nodes/time.test.ts › goes on at once and says so when the field is missing or no date
A call that nobody closes in time is closed, and its contact goes on.
  core/journeys-work.test.ts › not closed in time leaves by timeout, and the task is closed so
A survey's timeout counts from its sending.
  core/journeys-nodes.test.ts › its timeout counts from the sending, not from a hold before it
A wait that ended while the program was down goes on at once; the next counts from then.
  hard/clock.test.ts › a wait that ended meanwhile goes on at once, and the next counts from then
What happened after the deadline doesn't count, however late it is looked at.
  hard/clock.test.ts › a wait-for whose event came after %i hours leaves by %s
A date in an event's or an answer's data flips a rule by time alone too.
  core/journeys-compare.test.ts › time alone brings an event's or an answer's own date near
A flow that starts another may wait for its end, whatever ends it.
  core/journeys-between.test.ts › waits for the other flow until it ends, whatever ends it
A flow that isn't there holds nobody.
  core/journeys-between.test.ts › a flow that isn't there holds nobody, and says so
In a paused flow nobody goes on; who waited too long goes on at the resume.
  live/paused.test.ts › nobody in it goes on; who waits too long goes on at the resume
A paused flow still lets people in; they stand at its trigger.
  live/paused.test.ts › a trigger still lets people in; they stand at it until the resume
Goals and exits work in a paused flow.
  live/paused.test.ts › goals and exits still work
What was waited for in a paused flow is kept for the resume.
  live/paused.test.ts › what a wait-for waited for is kept for the resume
At the resume the overdue go on inside send windows.
  live/paused.test.ts › the overdue go on inside send windows
A resume may move every due moment by the length of the pause.
  live/paused.test.ts › with shift every due moment moves by the length of the pause, and nothing is late

# Leaving and goals
The exit rule is looked at as soon as something that it reads changes, and before every node.
  core/journeys-entry.test.ts › an exit comes before a wait that ends at the same instant, and before the next node
Who leaves takes the messages that were not yet sent along.
  core/mutants-send.test.ts › are taken along by who leaves, with the reason, in the outbox and in the journal
Only the first conversion of a run counts, also after it has ended.
  core/journeys-goal.test.ts › counts after the run has ended; only the first conversion; its value; node null
A goal that held at entry must first become false.
  core/journeys-goal.test.ts › a rule that already held at entry must first become false
Withdrawn consent ends a run that has no channel left.
  core/journeys-consent.test.ts › only once none of its channels may be used any more
A template that throws fails that contact's run alone.
  core/journeys-message.test.ts › a template that throws fails that run alone, with node and reason
Of two runs that a merge brings together the older goes on.
  store/contract-merge.ts › of two open runs of one flow the older goes on, and the newer's messages are cancelled at once
A goal may be reached up to its last moment.
  core/journeys-goal.test.ts › \`within\` is inclusive: %s
Goals come before exits.
  core/journeys-goal.test.ts › goals come before exits: one change that is both converts, then leaves
A goal may end the run.
  core/journeys-goal.test.ts › exit: true ends the run too, with the reason goal
The event that started a run never counts as its goal.
  core/journeys-goal.test.ts › the event that started the run never counts; the next one does
A run that failed can be tried again once its data is mended.
  core/mutants-work.test.ts › goes on from its node in the same visit once the data is mended

# Replies and opt-out
A reply stops the run for a person; what it waits for shifts by the pause.
  core/journeys-reply.test.ts › pause writes paused with until and no waiting; a \`for\` wait shifts by the pause
A dated wait keeps its moment over a pause.
  core/journeys-reply.test.ts › a dated wait keeps its moment; one that came meanwhile goes on at the resume
The message that started a run is no reply to it.
  core/journeys-reply.test.ts › the message that started the run doesn't count; the next one does
An opt-out word closes its channel, transactional messages too, until START.
  core/journeys-consent.test.ts › closes that channel, transactional too, until START; other channels stay open
“Cancel my order” is no opt-out.
  core/journeys-consent.test.ts › is the whole message: “cancel my order” is none
One click in a mail withdraws consent at once.
  http/public.test.ts › one click %s withdraws consent at once, with no cookie and no redirect
A second reply starts the time of the pause anew.
  core/journeys-reply.test.ts › a second reply writes it again and starts \`resume\` anew; the wait shifts by the whole pause
A reply pauses every flow that says so, and no other.
  core/journeys-between.test.ts › a reply pauses every flow that says so, and no other
The run's own call is no reply to it.
  core/journeys-reply.test.ts › the run's own call doesn't count; another flow's handled call does
An opt-out word starts no flow.
  core/journeys-consent.test.ts › starts no trigger

# Sending
A message is in the reader's language, else the workspace's, else the first given.
  core/journeys-message.test.ts › is in the contact's locale, else its language, else the workspace's, else the first given
Outside the send window a message is held; exits are looked at again when it goes.
  core/journeys-message.test.ts › holds at the message until it opens; exits are looked at again then
Over the cap, the next goes exactly one span after the oldest that counts.
  core/journeys-message.test.ts › over: delay goes exactly \`per\` after the oldest that counts
Caps count across all flows.
  core/journeys-message.test.ts › counts across all flows; transactional neither counts nor waits; skipped ones don't count
Late messages are treated as the flow says.
  core/mutants-send.test.ts › that come late are treated as the flow says: %s
No two workers ever send the same message.
  store/contract-outbox.ts › two claims never hold the same message
An end counts only from the worker and attempt that it belongs to.
  store/contract-outbox.ts › an end counts only from the same worker and attempt, and only once
A refusal for now is tried again five times over about a day.
  channels/backoff.test.ts › spreads five retries over about a day, whatever the jitter
A hard bounce closes the address for everybody.
  store/contract-outbox.ts › a hard bounce suppresses the address for everybody who has it
With the mail server out of reach nothing is lost, and nothing is sent twice.
  cli/round-trip.test.ts › with the mail server out of reach nothing is lost, the exit code says so, and a later run sends all
What may have gone out in a crash is uncertain, and not sent again by itself.
  cli/round-trip.test.ts › a mail that the server may have taken when the program died is uncertain, listed and not sent again
No template reaches a prototype.
  core/template.test.ts › what data inherits is not seen
Webhooks never reach the private network, redirects included.
  channels/guard-redirect.test.ts › a redirect into the private network (%s) is not followed
Over the cap a message may be skipped instead.
  core/journeys-message.test.ts › over: skip records it and goes on
Each flow has its own cap, and each counts what every flow sent.
  core/journeys-between.test.ts › a cap counts what another flow sent; each flow has its own cap
A held message goes at the first moment that satisfies window and cap together.
  core/journeys-message.test.ts › with a window, it goes at the first moment that satisfies both
Lateness is counted from the moment that woke the run.
  live/late.test.ts › lateness is now less the moment that woke the run: %i ms after it
The time that a window holds is no lateness.
  live/late.test.ts › the time that a send window holds doesn't count
The time that a cap holds is no lateness.
  live/late.test.ts › the time that a cap holds doesn't count
The time that a reply holds is no lateness.
  live/late.test.ts › the time that a reply holds doesn't count, in a dated wait either
What an event starts or wakes is never late.
  live/late.test.ts › a run that an event starts or wakes is never late, however long the program was down
A late message may wait for the next opening, though one is open now.
  live/late.test.ts › with \`window\` a late message goes at the next opening, though one is open now
Every part of an e-mail is in the contact's language.
  live/content.test.ts › an e-mail's every part is rendered in the contact's language, its body in the given format
Text bodies aren't escaped, HTML bodies are.
  live/content.test.ts › the default format is text, in which nothing is escaped; in HTML it is
WhatsApp carries free text, or an approved template with its parameters.
  live/content.test.ts › an SMS goes to the phone, a WhatsApp message as free text or as a template with its parameters
A letter is in the contact's language, a notice to the team in the workspace's.
  live/content.test.ts › a letter is in the contact's language, a notice to the team in the workspace's
A survey asks with a link of its own.
  live/content.test.ts › asks with a link of its own, in the contact's language

# Templates
Every text of every template is there in English and in Arabic.
  templates.test.ts › speaks English and Arabic in every text that a person reads
Every marketing e-mail names the sender and his address and offers the way out.
  templates.test.ts › says who writes and how to end it in every marketing e-mail
No template greets anybody by an empty name.
  templates.test.ts › greets nobody without a name: each name has something in its place
A template's text messages are short enough to be paid for once.
  templates.test.ts › keeps each text message within one that is paid for
Phone numbers keep their order within Arabic.
  templates.test.ts › keeps a phone number in its order within Arabic: a mark of direction stands before it
Every template has scenarios, with holidays of the workspace among them, and they pass live as simulated.
  templates.test.ts › has a scenario with holidays of the workspace
Every scenario of every template writes the same journal live and simulated.
  live/parity.test.ts › of $file: $name

# Working days
The workspace's hours hold the messages of a flow that keeps them, Friday and Saturday off unless the weekend is another.
  core/journeys-hours.test.ts › hold the messages of a flow that keeps them until the next working day, Friday and Saturday off
The weekend is the workspace's; hours that name their days need none.
  core/journeys-hours.test.ts › follow the weekend of the workspace, and their own days before it
A holiday holds messages until the next day that is none, and closes the flow's own window too.
  core/journeys-hours.test.ts › closes the flow's send window: it opens on the next day that it has
A holiday may come round by the Hijri calendar and last for days.
  core/journeys-hours.test.ts › comes round by the Hijri calendar, for as many days as it has
A holiday is no working day of a wait: neither of its window nor of named days.
  core/journeys-hours.test.ts › is no day of a wait's window, nor of a wait until a time on named days
A flow may ignore holidays: a greeting for the feast goes on the feast.
  core/journeys-hours.test.ts › is no reason to wait for a flow that ignores holidays, such as a greeting for the feast
Transactional messages pass hours and holidays.
  core/journeys-hours.test.ts › don't hold a transactional message
Calls and tasks are due in the workspace's hours and on no holiday.
  core/journeys-hours.test.ts › is due in its hours: a call in the contact's day, a task in the team's
On a holiday the office is closed for whoever writes.
  core/journeys-hours.test.ts › end with a holiday: it is outside them all day
Whoever asks why is told which holiday or hours hold a message.
  why/explain.test.ts › for a holiday is told which one, in both languages
An entry by a segment carries what the segment's rule saw.
  why/explain.test.ts › is told which segment let them in, and what its rule saw
A holiday that can't be read is named, with how one is written.
  http/api.test.ts › hours, weekend and holidays are settings; what is no holiday is named with how to write one

${WORK}

${MORE}
`;

/** The table, read. */
export const CONTRACT: Promised[] = TABLE.trim()
  .split("\n\n")
  .map((block) => {
    const [theme = "", ...lines] = block.split("\n");
    const promises: Promised["promises"] = [];
    for (let i = 0; i < lines.length; i += 2) {
      promises.push([lines[i] ?? "", `tests/${lines[i + 1]?.trim()}`]);
    }
    return { theme: theme.replace("# ", ""), promises };
  });
