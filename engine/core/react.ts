import { MOST_DEPTH } from "./enroll.ts";
import { orFail } from "./exits.ts";
import { isBack } from "./rules.ts";
import { readsOf } from "./rules-reads.ts";
import { endRun, pause, wake } from "./runs.ts";
import { runRule, waitedRule, zoneOf } from "./scope.ts";
import { segments } from "./segments.ts";
import type { Run } from "./state.ts";
import { addDuration } from "./time.ts";
import { startFlows } from "./triggers.ts";
import { type Change, concerns, flowOf, type Turn } from "./turn.ts";

/** After the facts, goals and exits of a change: replies, waits, segments, triggers, in this order. */
export function react(turn: Turn, change: Change): void {
  reply(turn, change);
  wakeWaits(turn, change);
  segments(turn, change);
  startFlows(turn, change);
}

/** `onReply`: an inbound message or a handled call stops the contact's runs for a person. */
function reply(turn: Turn, change: Change): void {
  const { what } = change;
  const isReply =
    (what.kind === "inbound" && what.opt !== "stop" && what.opt !== "help") ||
    (what.kind === "handled" && what.spoken);
  if (!isReply) return;
  for (const run of [...turn.state.runs]) {
    if (run.state !== "active" && run.state !== "paused") continue;
    if (what.kind === "inbound" && run.startedBy === what.id) continue;
    if (what.kind === "handled" && run.flow === what.flow && run.n === what.n) continue;
    const flow = flowOf(turn, run);
    if (!flow || flow.onReply.do === "continue") continue;
    if (flow.onReply.do === "exit") {
      endRun(turn, run, "exited", "reply");
      continue;
    }
    const zone = zoneOf(turn.world, turn.state, flow.timezone);
    const { resume } = flow.onReply;
    const byHand = resume === null || resume === "manual";
    pause(turn, run, byHand ? null : addDuration(turn.now, resume, zone), {
      reply: what.kind === "inbound" ? what.channel : "call",
    });
  }
}

/** Runs whose `wait-for` reads what changed, or whose rule time alone has flipped. */
function wakeWaits(turn: Turn, change: Change): void {
  if (change.depth > MOST_DEPTH) return;
  for (const run of [...turn.state.runs]) {
    if (run.waiting !== "rule" || (run.state !== "active" && run.state !== "paused")) continue;
    const matched = run.kept?.by === "rule";
    if (!matched && (run.kept !== null || isTooLate(run, change))) continue;
    const flow = flowOf(turn, run);
    const rule = flow && waitedRule(flow, run);
    if (!flow || !rule) continue;
    const isFlipped = change.keys.includes(`flip:${run.flow}/${run.n}`);
    if (!isFlipped && !concerns(change, readsOf(rule, turn.world.workspace.segments))) continue;
    if (matched || (isBack(run) && change.at === run.since)) hear(turn, run, change);
    if (matched) continue;
    orFail(turn, run, () => {
      if (!runRule(turn, run, flow, rule, "wait").holds) return;
      run.depth = change.depth;
      delete run.fresh;
      wake(turn, run, { by: "rule" });
    });
  }
}

/**
 * An event that the wait would have seen, had the run been back already. One that a flow caused isn't: by it a loop
 * would go round for ever.
 */
function hear(turn: Turn, run: Run, { what, depth }: Change): void {
  if (what.kind !== "event" || depth > 0) return;
  run.fresh = [...(run.fresh ?? []), what.id];
  turn.changes.runs.add(run);
}

/** What happened after the deadline doesn't count: the run leaves by timeout. A pause moves the deadline. */
function isTooLate(run: Run, change: Change): boolean {
  if (run.until === null) return false;
  const shift = run.paused ? Math.max(0, change.at - run.paused.since) : 0;
  return change.at > run.until + shift;
}
