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

# Splits
The same contact always gets the same side.
  core/journeys-split.test.ts › the same contact gets the same side, whatever the order and who else is there
Shares follow the weights; the holdout is drawn first.
  core/journeys-split.test.ts › shares follow the weights, the holdout drawn first
What was drawn is never drawn again.
  core/journeys-split.test.ts › a drawn variant is stored: coming again doesn't draw again, even at changed weights in between
A winner binds those who waited and those who come later.
  core/journeys-split.test.ts › the test group goes first, the others wait; the better variant binds them and those who come later
Opens by machines decide nothing.
  core/journeys-split.test.ts › opens by machines, and what happens after the branches meet again, decide nothing
A split is decided once.
  store/contract-schedules.ts › a split remembers its first arrival and is decided once, which wakes who waits there

# Versions
Without migrating, everybody inside keeps the version that they entered.
  live/versions.test.ts › without migrate everybody inside keeps the version that they entered
A wait keeps the moment at which it began.
  live/versions.test.ts › a wait that is made longer counts from when it began
A moment computed anew that lies in the past obeys the flow's rule for late messages.
  live/versions.test.ts › a moment computed anew that lies in the past obeys late
Whoever stands on a removed node goes where the publisher says.
  live/versions.test.ts › those on a removed node go where the publisher says, as if they had just come
Or leaves, with the reason “moved”.
  live/versions.test.ts › those told to leave exit moved, and their unsent messages go with them
Without an answer for an occupied node publishing refuses, names it, and changes nothing.
  live/versions.test.ts › publishing refuses when people stand on a removed node, names it with their number and changes nothing
A node that became another type begins as that.
  live/versions.test.ts › a wait that became a call opens the call, and one that became a message sends it
Nobody is asked twice because a node changed its type.
  live/versions.test.ts › a survey that became an e-mail is not sent a second time
Whatever is published while people are inside, nobody is lost, moved unseen or messaged twice.
  live/versions.property.test.ts › nobody is lost, moved unseen or messaged twice, whatever is published while people are inside
Moving nodes on the canvas is no difference between versions.
  core/diff.test.ts › moving nodes on the canvas, renaming edges or writing out “next” is none

# The journal, and why
Lines come by moment, contact, flow, enrollment and sequence.
  store/contract-read.ts › the journal comes by (at, contact key, flow, enrollment, seq), whatever was written first
The counts on the canvas are what a new count would give.
  store/contract-read.ts › sums are what a new count of the runs and lines would give
The batch size and crashes change no byte of the journal.
  cli/deterministic.test.ts › batches of 1, 7 and 1,000 contacts, and a run killed at several instants, give the same journal
Someone inside is told where they stand, what comes when, and which message they don't get.
  why/explain.test.ts › is told where they stand, what comes when, and which message lies on a way they didn't take
Someone who never entered is told of each trigger why it did not fire.
  why/explain.test.ts › is told why %s %o did not fire
Moments are told on the contact's clock.
  why/sentences.test.ts › moments are on the contact's clock, in the reader's language, with Latin digits
The journal may be kept for a limited time; the counts stay.
  retention.test.ts › older lines of runs that have ended go, and the sums stay as they were
The lines of someone who is still inside stay in any case.
  retention.test.ts › the lines of someone who is still inside stay, so that it stays told why they stand there

# People's data
The export of a person holds everything that is kept about them, and nobody else's.
  person.test.ts › holds every value that is kept about them, and nobody else's
After erasing, the file's bytes hold nothing of them but the keyed hash of the address.
  person.test.ts › leaves no value of theirs in the file's bytes but the keyed hash of the address
An erased address that comes again is still suppressed.
  store/contract-erase.ts › an erased address that comes again is still suppressed
Of two consents that a merge brings together the stricter stays.
  store/contract-merge.ts › of consent the stricter stays
A list of consent never undoes a denial.
  store/contract-contacts.ts › a list of consent grants what it names, denies the rest, and never undoes a denial
An import starts no flow unless told to.
  cli/import.test.ts › an import starts no flow unless told to
The same file imported again changes nothing.
  cli/import.test.ts › the same file again changes nothing and creates nobody

# Crashes, backup and restore
A batch is written whole or not at all.
  store/contract-work.ts › when writing fails half-way, nothing of the batch is written
A backup of a living store holds one moment.
  backup.test.ts › holds everything at one moment, although others write all the while
A backup never overwrites anything.
  backup.test.ts › never overwrites a file
A damaged copy is refused before anything is replaced.
  backup.test.ts › refuses a damaged copy and leaves everything as it was
A copy of a newer program is refused.
  backup.test.ts › refuses a copy that a newer program wrote
What a restore replaces is kept beside.
  backup.test.ts › keeps what was there before, whole, beside it
After a restore flows are paused.
  backup.test.ts › pauses every live flow, so that nothing goes on before somebody has looked
After a restore messages not yet sent are uncertain, each with its line.
  backup.test.ts › makes messages that were not yet sent uncertain, each with its line, and none goes out by itself
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
