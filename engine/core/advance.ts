import type { Ctx, Decision, Step, Woke } from "../../nodes/index.ts";
import { type Seen, StepCtx } from "./ctx.ts";
import { applyEffect } from "./effects.ts";
import { exitIfDue, settle } from "./exits.ts";
import type { Flow, PlacedNode } from "./flow.ts";
import { keyOf, passMessage } from "./gate.ts";
import { isBack } from "./rules.ts";
import { closeTask, endRun } from "./runs.ts";
import { RuleError, waitedRule } from "./scope.ts";
import type { Run } from "./state.ts";
import { TemplateError } from "./template.ts";
import { flowOf, line, note, type Turn } from "./turn.ts";

/** Visits to nodes already visited at a stretch, before a run is called endless. */
const MOST_REVISITS = 100;

/**
 * Takes a due run from where it stands to where it parks or ends. An error of this contact's data fails this
 * run alone.
 */
export function advance(turn: Turn, run: Run): void {
  turn.changes.runs.add(run);
  const flow = flowOf(turn, run);
  const woken = wokeBy(run);
  const asOf =
    woken?.by === "time" && run.waiting === "rule" ? (run.until ?? undefined) : undefined;
  if (woken?.by === "time" && run.waiting !== "window" && run.waiting !== "cap") run.depth = 0;
  run.dueMoment = dueMomentOf(run);
  run.kept = null;
  run.until = null;
  if (!flow) throw new Error(`flow ${run.flow}, version ${run.version} is not loaded`);
  try {
    walk(turn, run, flow, woken, asOf);
  } catch (error) {
    if (!(error instanceof TemplateError) && !(error instanceof RuleError)) throw error;
    const reason = error instanceof RuleError ? "rule" : "template";
    endRun(turn, run, "failed", reason, { error: error.message });
  }
}

/** What lateness is counted from: an event's run is never late; an answer from outside takes no time. */
function dueMomentOf(run: Run): number | null {
  if (run.waiting === "trigger" || run.waiting === "request") return run.dueMoment;
  return run.kept === null ? run.until : null;
}

/** A run that just came to its node (a trigger, a held message) is no woken one. */
function wokeBy(run: Run): Woke | null {
  if (run.kept !== null) return run.held && run.kept.by === "again" ? null : run.kept;
  return run.waiting === "trigger" || run.held ? null : { by: "time" };
}

function walk(
  turn: Turn,
  run: Run,
  flow: Flow,
  woken: Woke | null,
  asOf: number | undefined,
): void {
  const changed = woken?.by === "again" && woken.was !== undefined;
  const asked = changed && run.waiting === "reply";
  let woke = changed ? begin(turn, run) : woken;
  const stretch = stretchOf(turn, run);
  const arrived = run.waiting !== "trigger" || run.visit > 0;
  if (!arrived) enter(turn, run, run.node ?? "");
  if (run.held) {
    // A hold is no part of what the node counts from: a survey's timeout begins when it goes.
    run.shift = turn.now - run.since;
    run.held = false;
  }
  for (;;) {
    const node = run.node === null ? undefined : flow.nodes.get(run.node);
    if (!node) {
      endRun(turn, run, "completed", null);
      return;
    }
    if (woke === null && exitIfDue(turn, run)) return;
    const ctx = new StepCtx(turn, run, flow, node, woke?.by === "time" ? asOf : undefined);
    if (woke?.by === "rule") seeAgain(flow, run, ctx);
    const decided = node.type.run(stepOf(turn, run, node, woke), ctx);
    const decision = asked && stretch.seen.size === 0 ? notTwice(decided) : decided;
    if (
      woken?.by === "again" &&
      woken.after === undefined &&
      "leave" in decision &&
      decision.due !== undefined
    ) {
      run.dueMoment = decision.due;
    }
    if (woke !== null && "leave" in decision) expireTask(turn, run);
    // However often something came from outside, it is no endless loop.
    if (ctx.byFresh) Object.assign(stretch, { seen: new Set<string>(), revisits: 0 });
    const output = decide(turn, run, flow, node, decision, ctx.seen);
    if (output === null || run.state !== "active") return;
    settle(turn);
    if (isOver(run)) return;
    stretch.seen.add(node.id);
    const target = node.targets.get(output);
    if (target === undefined) {
      endRun(turn, run, "completed", null);
      return;
    }
    if (stretch.seen.has(target) && ++stretch.revisits > MOST_REVISITS) {
      enter(turn, run, target);
      endRun(turn, run, "failed", "loop");
      return;
    }
    enter(turn, run, target);
    woke = null;
  }
}

/**
 * In the new version the node is of another type: it begins, and what it counts from stays. Another visit, so that
 * what it sends has a key of its own.
 */
function begin(turn: Turn, run: Run): null {
  if (run.waiting === "task") expireTask(turn, run, "cancelled");
  if (run.node !== null) {
    run.visits[run.node] = (run.visits[run.node] ?? 0) + 1;
    run.visit = run.visits[run.node] ?? 1;
  }
  run.waiting = null;
  run.rule = null;
  return null;
}

/** The message of this place went out under the type that it was; the contact goes on as if this one had. */
function notTwice(decision: Decision): Decision {
  return "send" in decision ? { ...decision.then } : decision;
}

/** A wait that matched shows the facts it saw, as one that holds on arrival does. */
function seeAgain(flow: Flow, run: Run, ctx: Ctx): void {
  const rule = waitedRule(flow, run);
  if (rule && run.rule !== null) ctx.holds(rule, run.rule);
}

/**
 * The stretch that the run is on: it goes on when what the run waited for came at this very instant, and over
 * the answer from outside that a node waits for, which is no rest.
 */
function stretchOf(turn: Turn, run: Run): { seen: Set<string>; revisits: number } {
  const known = turn.stretches.get(run);
  if (known) return known;
  const { stretch } = run;
  delete run.stretch;
  const fresh = { seen: new Set(stretch?.seen), revisits: stretch?.revisits ?? 0 };
  turn.stretches.set(run, fresh);
  return fresh;
}

/** `settle` may have ended the run that is being walked. */
const isOver = (run: Run): boolean => run.state !== "active";

function enter(turn: Turn, run: Run, node: string): void {
  run.node = node;
  run.visits[node] = (run.visits[node] ?? 0) + 1;
  run.visit = run.visits[node];
  run.since = turn.now;
  run.shift = 0;
  run.waiting = null;
  run.rule = null;
}

function stepOf(turn: Turn, run: Run, node: PlacedNode, woke: Woke | null): Step<unknown> {
  return {
    node: node.id,
    data: node.data,
    visit: run.visit,
    now: turn.now,
    since: run.since,
    shift: run.shift,
    entered: run.entered,
    left: run.left[node.id] ?? null,
    woke,
  };
}

/** A task whose time is over is closed, so that nobody calls a person who has moved on. */
function expireTask(turn: Turn, run: Run, outcome: "timeout" | "cancelled" = "timeout"): void {
  if (run.waiting !== "task" || run.node === null) return;
  const key = keyOf(run, run.node, run.visit);
  const task = turn.state.tasks.find((t) => t.key === key && t.closed === null);
  if (!task) return;
  closeTask(turn, run, task, outcome);
  note(turn, { keys: ["task"], at: turn.now, depth: run.depth + 1, what: { kind: "other" } });
}

/** Carries out a decision; the output by which the contact leaves, or null when it parks or ends. */
function decide(
  turn: Turn,
  run: Run,
  flow: Flow,
  node: PlacedNode,
  decision: Decision,
  seen: Seen | null,
): string | null {
  if ("wait" in decision) {
    // Before the effects: what they start may wake this very run.
    run.waiting = decision.for ?? "request";
    run.rule = decision.rule?.pointer ?? null;
  }
  for (const effect of decision.effects ?? []) applyEffect(turn, run, flow, node, effect);
  if ("leave" in decision) return leave(turn, run, node, decision.leave, decision.reason, seen);
  if ("wait" in decision) {
    if (decision.for === "winner") arrive(turn, flow, node);
    park(turn, run, decision.wait, decision.for);
    return null;
  }
  if ("send" in decision) {
    const passage = passMessage(turn, run, flow, node.id, decision.send);
    if ("hold" in passage) {
      run.held = true;
      run.waiting = passage.for;
      park(turn, run, passage.hold, passage.for, passage.why);
      return null;
    }
    if ("leave" in decision.then)
      return leave(turn, run, node, decision.then.leave, undefined, seen);
    run.waiting = decision.then.for ?? "request";
    if (passage.go === "skipped") {
      const ctx = new StepCtx(turn, run, flow, node);
      const unsent = node.type.run(stepOf(turn, run, node, { by: "unsent" }), ctx);
      return decide(turn, run, flow, node, unsent, seen);
    }
    park(turn, run, decision.then.wait, decision.then.for);
    return null;
  }
  endRun(turn, run, "exited", "node", { text: decision.text });
  return null;
}

function leave(
  turn: Turn,
  run: Run,
  node: PlacedNode,
  output: string,
  reason: string | undefined,
  seen: Seen | null,
): string {
  if (node.type.type === "split" && node.data.winner && !turn.world.decisions.has(node.place)) {
    arriveAt(turn, run.flow, node.id);
  }
  if (node.type.parks?.(node.data)) run.left[node.id] = turn.now;
  const detail: Record<string, unknown> = { output };
  if (reason !== undefined) detail.reason = reason;
  if (seen !== null) {
    detail.rule = seen.rule;
    detail.facts = seen.facts;
  }
  line(turn, run, "step", detail);
  return output;
}

const arrive = (turn: Turn, flow: Flow, node: PlacedNode): void => arriveAt(turn, flow.id, node.id);

function arriveAt(turn: Turn, flow: string, node: string): void {
  turn.changes.arrivals.push({ flow, node, at: turn.now });
}

/** Parks the run; what has woken it already (an answer at once) keeps it due now. */
function park(
  turn: Turn,
  run: Run,
  until: number | null,
  reason: Run["waiting"] | null,
  why?: Record<string, unknown> | null,
): void {
  if (run.kept !== null) return;
  if (reason !== "rule" || !isBack(run)) delete run.fresh;
  run.until = until;
  const stretch = turn.stretches.get(run);
  turn.stretches.delete(run);
  if (reason === null) {
    if (stretch) run.stretch = { seen: [...stretch.seen], revisits: stretch.revisits };
    return;
  }
  line(turn, run, "waiting", { until, for: reason, ...why });
}
