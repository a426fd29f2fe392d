import { dig } from "./compare.ts";
import { mayMessage } from "./consent.ts";
import { readsOf } from "./rules-reads.ts";
import { endRun } from "./runs.ts";
import { goalDeadline, RuleError, runHolds } from "./scope.ts";
import type { Run } from "./state.ts";
import { type Change, concerns, flowOf, line, type Turn } from "./turn.ts";

const MESSAGE_CHANNELS = new Set(["email", "sms", "whatsapp"]);

/** Goals and exits of everything that changed, for every run that reads it. */
export function settle(turn: Turn): void {
  for (let change = turn.unsettled.shift(); change; change = turn.unsettled.shift()) {
    for (const run of [...turn.state.runs]) {
      orFail(turn, run, () => checkGoal(turn, run, change));
      if (isOpen(run)) orFail(turn, run, () => checkExit(turn, run, change));
    }
  }
}

const isOpen = (run: Run): boolean => run.state === "active" || run.state === "paused";

/** A rule that can't be looked at for this contact fails this run alone. */
export function orFail(turn: Turn, run: Run, look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    if (isOpen(run)) endRun(turn, run, { state: "failed", reason: "rule", error: error.message });
  }
}

const flipped = (run: Run, change: Change): boolean =>
  change.keys.includes(`flip:${run.flow}/${run.n}`);

/** The first conversion of a run counts; a rule that held at entry must first become false. */
function checkGoal(turn: Turn, run: Run, change: Change): void {
  if (run.goal.done) return;
  const flow = flowOf(turn, run);
  if (!flow?.goal) return;
  const reads = readsOf(flow.goal.when, turn.world.workspace.segments);
  if (!flipped(run, change) && !concerns(change, reads)) return;
  const saw: Record<string, unknown> = {};
  if (!runHolds(turn, run, flow, flow.goal.when, "goal", saw)) {
    if (!run.goal.armed) {
      run.goal.armed = true;
      turn.changes.runs.add(run);
    }
    return;
  }
  if (!run.goal.armed) return;
  const deadline = goalDeadline(turn, run, flow);
  if (deadline !== null && change.at > deadline) return;
  run.goal.done = true;
  const value = goalValue(turn, flow.goal.value, change);
  line(turn, run, "goal", {
    node: null,
    ...(value === undefined ? {} : { value }),
    rule: "/settings/goal/when",
    facts: saw,
  });
  if (flow.goal.exit && isOpen(run)) {
    endRun(turn, run, { state: "exited", reason: "goal" });
  }
}

/** `value` names a path in the data of the event that converted, else a field of the contact. */
function goalValue(turn: Turn, path: string | null, change: Change): unknown {
  if (path === null) return undefined;
  const inEvent = change.what.kind === "event" ? dig(change.what.data, path) : undefined;
  return inEvent ?? turn.state.contact.fields[path] ?? null;
}

function checkExit(turn: Turn, run: Run, change: Change): void {
  const flow = flowOf(turn, run);
  if (!flow) return;
  if (change.what.kind === "consent" && change.what.withdrawn && isUnreachable(turn, run)) {
    endRun(turn, run, { state: "exited", reason: "no-consent" });
    return;
  }
  if (!flow.exitWhen) return;
  const reads = readsOf(flow.exitWhen, turn.world.workspace.segments);
  if (flipped(run, change) || concerns(change, reads)) exitIfDue(turn, run);
}

/** Leaves the flow when its exit rule holds now; true when it did. */
export function exitIfDue(turn: Turn, run: Run): boolean {
  const flow = flowOf(turn, run);
  if (!flow?.exitWhen) return false;
  const facts: Record<string, unknown> = {};
  if (!runHolds(turn, run, flow, flow.exitWhen, "exit", facts)) return false;
  endRun(turn, run, { state: "exited", reason: "exit-when", rule: "/settings/exitWhen", facts });
  return true;
}

/** All that the flow does to reach out are marketing messages, and none of their channels may be used any more. */
function isUnreachable(turn: Turn, run: Run): boolean {
  const reaches = flowOf(turn, run)?.reaches ?? [];
  return (
    reaches.length > 0 &&
    reaches.every(
      (reach) =>
        MESSAGE_CHANNELS.has(reach.channel) &&
        !reach.transactional &&
        !mayMessage(turn.state.contact, reach.channel, reach.topic, turn.world.workspace),
    )
  );
}
