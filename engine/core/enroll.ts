import { dig } from "./compare.ts";
import { orFail } from "./exits.ts";
import type { Flow } from "./flow.ts";
import { RuleError, runRule, zoneOf } from "./scope.ts";
import type { Run } from "./state.ts";
import { addDuration } from "./time.ts";
import { line, type Turn } from "./turn.ts";

/** What starts a run. */
export interface Start {
  /** The trigger's node; null for a flow without one. */
  trigger: string | null;
  depth: number;
  event: { id: string | null; data: Record<string, unknown> };
  /** Given by hand; else read from the event's data by the flow's `key`. */
  key?: string | undefined;
  /** A schedule's or date's moment, for lateness; null: an event's. */
  dueMoment?: number | null;
  parent?: { flow: string; n: number };
  /** The trigger's rule that admitted the contact (JSON Pointer in the document), and what it saw. */
  admitted?: { rule: string; facts: Record<string, unknown> };
}

/** Events deeper than this start and wake nothing more: flows that chase each other. */
export const MOST_DEPTH = 20;

export type IgnoredReason =
  | "already-entered"
  | "running"
  | "cooldown"
  | "key-used"
  | "no-key"
  | "exit-rule"
  | "loop";

/** Starts a run, parked at its trigger and due now; or leaves an `ignored` line and gives null. */
export function enroll(turn: Turn, flow: Flow, start: Start): Run | null {
  const key = flow.reentry.mode === "per-key" ? keyOf(flow, start) : (start.key ?? null);
  const run = newRun(turn, flow, start, key);
  const facts: Record<string, unknown> = {};
  const reason = whyNot(turn, flow, start, key, run, facts);
  if (reason !== null) {
    ignore(turn, flow, start, reason, key, facts);
    return null;
  }
  turn.state.runs.push(run);
  line(turn, run, "entered", { trigger: start.trigger, key, ...start.admitted }, start.trigger);
  const { goal } = flow;
  if (goal) {
    orFail(turn, run, () => {
      run.goal.armed = !runRule(turn, run, flow, goal.when, "goal").holds;
    });
  }
  return run;
}

function keyOf(flow: Flow, start: Start): string | null {
  if (start.key !== undefined) return start.key;
  const name = flow.reentry.key;
  const { data } = start.event;
  const value =
    name === null ? undefined : Object.hasOwn(data, name) ? data[name] : dig(data, name);
  const isKey =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isKey && value !== "" ? String(value) : null;
}

function newRun(turn: Turn, flow: Flow, start: Start, key: string | null): Run {
  let n = 1;
  for (const run of turn.state.runs) if (run.flow === flow.id && run.n >= n) n = run.n + 1;
  return {
    flow: flow.id,
    version: flow.version,
    n,
    key,
    state: "active",
    reason: null,
    node: start.trigger ?? flow.entry,
    visit: 0,
    entered: turn.now,
    ended: null,
    since: turn.now,
    shift: 0,
    until: turn.now,
    waiting: "trigger",
    rule: null,
    flips: null,
    visits: {},
    left: {},
    event: start.event.data,
    startedBy: start.event.id,
    trigger: start.trigger,
    steps: {},
    depth: start.depth,
    dueMoment: start.dueMoment ?? null,
    goal: { armed: true, done: false },
    paused: null,
    kept: null,
    held: false,
    parent: start.parent ?? null,
    seq: 0,
  };
}

/** `loop` comes before any other reason; then re-entry; then the exit rule that already holds. */
function whyNot(
  turn: Turn,
  flow: Flow,
  start: Start,
  key: string | null,
  run: Run,
  facts: Record<string, unknown>,
): IgnoredReason | null {
  if (start.depth > MOST_DEPTH) return "loop";
  const runs = turn.state.runs.filter((r) => r.flow === flow.id);
  const reentry = whyNotAgain(turn, flow, key, runs);
  if (reentry !== null) return reentry;
  return exitHolds(turn, flow, run, facts) ? "exit-rule" : null;
}

/** A rule that can't be looked at keeps nobody out: it fails the run at its first node, where a person sees it. */
function exitHolds(turn: Turn, flow: Flow, run: Run, facts: Record<string, unknown>): boolean {
  if (!flow.exitWhen) return false;
  try {
    return runRule(turn, run, flow, flow.exitWhen, "exit", facts).holds;
  } catch (error) {
    if (error instanceof RuleError) return false;
    throw error;
  }
}

function whyNotAgain(
  turn: Turn,
  flow: Flow,
  key: string | null,
  runs: Run[],
): IgnoredReason | null {
  const zone = zoneOf(turn.world, turn.state, flow.timezone);
  const { mode, cooldown } = flow.reentry;
  const isCool = (from: number | null): boolean =>
    cooldown !== null && from !== null && addDuration(from, cooldown, zone) > turn.now;
  switch (mode) {
    case "once":
      return runs.length > 0 ? "already-entered" : null;
    case "after-exit":
      if (runs.some((r) => r.state === "active" || r.state === "paused")) return "running";
      return runs.some((r) => isCool(r.ended)) ? "cooldown" : null;
    case "per-key":
      if (key === null) return "no-key";
      return runs.some((r) => r.key === key) ? "key-used" : null;
    case "always":
      return runs.some((r) => isCool(r.entered)) ? "cooldown" : null;
  }
}

function ignore(
  turn: Turn,
  flow: Flow,
  start: Start,
  reason: IgnoredReason,
  key: string | null,
  facts: Record<string, unknown>,
): void {
  turn.changes.lines.push({
    at: turn.now,
    contact: turn.state.contact.id,
    flow: flow.id,
    version: flow.version,
    enrollment: null,
    seq: turn.ignored++,
    kind: "ignored",
    node: start.trigger,
    detail: {
      reason,
      ...(reason === "key-used" ? { key } : {}),
      ...(reason === "exit-rule" ? { rule: "/settings/exitWhen", facts } : {}),
    },
  });
}
