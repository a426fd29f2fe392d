/** The second half of the table: from splits to the command line, in the form of `contract.table.ts`. */
export const WORK = `# Splits
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
Where nothing tells the variants apart, it is undecided and the shares stay.
  core/journeys-split.test.ts › when nothing tells them apart it is undecided, and the shares stay

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

# Rules
Every comparison of a field does what its sign says, texts folded, numbers as numbers.
  core/journeys-compare.test.ts › %s %j: %s
A missing field is false for every comparison but missing and “is not”.
  core/journeys-compare.test.ts › a missing field is false for every comparison but missing and !=
An anniversary may follow the Hijri calendar, in the flow's zone.
  core/journeys-compare.test.ts › a Hijri birthday has its anniversary by the Hijri calendar, in the flow's zone
Each thing that happens to a message is seen by its own rule.
  core/journeys-compare.test.ts › %s is seen by its rule and by no other
What happened to a message may be narrowed by node, channel, link and time.
  core/journeys-compare.test.ts › is narrowed by node, channel, link and time
Events are counted where their data is what the rule names.
  core/journeys-compare.test.ts › is counted where its data is what the rule names
Since the enrollment or the node counts their very instant.
  core/journeys-compare.test.ts › since the enrollment or the node counts their very instant
A call or task counts when a person closed it, with the outcome named.
  core/journeys-compare.test.ts › was closed by a person, with this outcome, at this node
The data of the trigger's event and of a node's answer are read by their paths.
  core/journeys-compare.test.ts › are read by their dotted paths
A tag holds until it expires; a segment is looked at now.
  core/journeys-compare.test.ts › is there until it expires; is looked at now
Touches are messages, letters and calls across all flows, not what was skipped or went to the team.
  core/journeys-rule.test.ts › counts touches: messages sent, letters and calls done, across flows, not what went to the team or was skipped
A message's node means this enrollment, unless a flow is named.
  core/journeys-rule.test.ts › a message's node means this enrollment, unless a flow is named
Consent is by channel and topic.
  core/journeys-rule.test.ts › consent is by channel and topic
In a flow, a value may be a template.
  core/journeys-rule.test.ts › a value may be a template of the flow

# The command line
A simulation prints counts for each node and message; its journal has the same bytes twice.
  cli/simulate.test.ts › prints counts for each node and message; the journal is JSON Lines, the same twice
A simulation takes events, a workspace, a zone, parameters, consent and other flows.
  cli/simulate.test.ts › takes events, a workspace, a zone, parameters, consent and other flows
Wrong usage is exit code 2 and one sentence.
  cli/simulate.test.ts › %s is exit code 2 and one sentence
A flow with mistakes is exit code 1, every mistake told.
  cli/simulate.test.ts › a flow with mistakes is exit code 1, every mistake told with its place
Scenarios close with what passed and what failed.
  cli/simulate.test.ts › runs the scenarios of a folder and closes with what passed and failed
A flow without scenarios fails: untested isn't passed.
  cli/simulate.test.ts › a flow without scenarios, or with mistakes, fails; a folder without flows is wrong usage`;
