import type { Rule } from "../../nodes/index.ts";
import { dig } from "./compare.ts";
import { mayMessage } from "./consent.ts";
import type { Flow } from "./flow.ts";
import { readsOf } from "./rules-reads.ts";
import { endRun } from "./runs.ts";
import { goalDeadline, RuleError, runHolds } from "./scope.ts";
import type { Run } from "./state.ts";
import { type Change, concerns, flowOf, line, type Turn } from "./turn.ts";

const MESSAGE_CHANNELS = new Set(["email", "sms", "whatsapp"]);

/** Goals and exits of everything that changed, for every run that reads it. */
export function settle(turn: Turn): void {
  for (let change = turn.unsettled.shift(); change; change = turn.unsettled.shift()) {
    const { runs } = turn.state;
    // Runs that begin meanwhile look at what holds then by themselves.
    for (let i = 0, { length } = runs; i < length; i++) {
      const run = runs[i];
      if (run) settleRun(turn, run, change);
    }
  }
}

function settleRun(turn: Turn, run: Run, change: Change): void {
  const flow = flowOf(turn, run);
  if (!flow) return;
  if (!run.goal.done && flow.goal && reads(turn, run, flow.goal.when, change)) {
    orFail(turn, run, () => checkGoal(turn, run, flow, change));
  }
  if (!isOpen(run)) return;
  if (change.what.kind === "consent" && change.what.withdrawn && isUnreachable(turn, flow)) {
    endRun(turn, run, "exited", "no-consent");
  } else if (flow.exitWhen && reads(turn, run, flow.exitWhen, change)) {
    orFail(turn, run, () => exitIfDue(turn, run));
  }
}

/** Whether a change, or time alone, may have flipped a run's rule. */
const reads = (turn: Turn, run: Run, rule: Rule, change: Change): boolean =>
  concerns(change, readsOf(rule, turn.world.workspace.segments)) ||
  change.keys.includes(`flip:${run.flow}/${run.n}`);

const isOpen = (run: Run): boolean => run.state === "active" || run.state === "paused";

/** A rule that can't be looked at for this contact fails this run alone. */
export function orFail(turn: Turn, run: Run, look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    if (isOpen(run)) endRun(turn, run, "failed", "rule", { error: error.message });
  }
}

/** The first conversion of a run counts; a rule that held at entry must first become false. */
function checkGoal(turn: Turn, run: Run, flow: Flow, change: Change): void {
  const { goal } = flow;
  if (!goal) return;
  const facts: Record<string, unknown> = {};
  if (!runHolds(turn, run, flow, goal.when, "goal", facts)) {
    if (!run.goal.armed) turn.changes.runs.add(run);
    run.goal.armed = true;
    return;
  }
  if (!run.goal.armed) return;
  const deadline = goalDeadline(turn, run, flow);
  if (deadline !== null && change.at > deadline) return;
  run.goal.done = true;
  const value = goalValue(turn, goal.value, change);
  const rule = "/settings/goal/when";
  line(turn, run, "goal", { ...(value === undefined ? {} : { value }), rule, facts }, null);
  if (goal.exit && isOpen(run)) endRun(turn, run, "exited", "goal");
}

/** `value` names a path in the data of the event that converted, else a field of the contact. */
function goalValue(turn: Turn, path: string | null, change: Change): unknown {
  if (path === null) return undefined;
  const inEvent = change.what.kind === "event" ? dig(change.what.data, path) : undefined;
  return inEvent ?? turn.state.contact.fields[path] ?? null;
}

/** Leaves the flow when its exit rule holds now; true when it did. */
export function exitIfDue(turn: Turn, run: Run): boolean {
  const flow = flowOf(turn, run);
  if (!flow?.exitWhen) return false;
  const facts: Record<string, unknown> = {};
  if (!runHolds(turn, run, flow, flow.exitWhen, "exit", facts)) return false;
  endRun(turn, run, "exited", "exit-when", { rule: "/settings/exitWhen", facts });
  return true;
}

/** All that the flow does to reach out are marketing messages, and none of their channels may be used any more. */
function isUnreachable(turn: Turn, { reaches }: Flow): boolean {
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
