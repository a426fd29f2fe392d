import type { Woke } from "../../nodes/index.ts";
import type { Message, Run, Task } from "./state.ts";
import { flowOf, line, note, type Turn } from "./turn.ts";

/**
 * Lets a parked run go on at this instant. While it or its flow is paused, what woke it is kept for the
 * resume. What came first counts: a wait-for that matched doesn't time out as well.
 */
export function wake(turn: Turn, run: Run, woke: Woke): void {
  turn.changes.runs.add(run);
  if (run.kept === null || run.kept.by === "again") run.kept = woke;
  if (run.state === "active") run.until = turn.now;
}

/** Ends a run, takes its unsent messages with it when it left early, and wakes the run that waits for it. `more` goes on its line. */
export function endRun(
  turn: Turn,
  run: Run,
  state: "completed" | "exited" | "failed",
  reason: string | null,
  more: Record<string, unknown> = {},
): void {
  if (state !== "completed") cancelUnsent(turn, run, reason ?? state);
  run.state = state;
  run.reason = reason;
  run.ended = turn.now;
  run.until = null;
  run.flips = null;
  run.waiting = null;
  run.rule = null;
  run.held = false;
  run.paused = null;
  run.kept = null;
  line(turn, run, state, reason === null ? more : { reason, ...more });
  const { parent } = run;
  const waits = parent && turn.state.runs.find((r) => r.flow === parent.flow && r.n === parent.n);
  if (waits && waits.waiting === "flow") {
    waits.depth = Math.max(waits.depth, run.depth);
    wake(turn, waits, { by: "ended" });
  }
}

/** Messages not yet sent, one that is held at its node, and the task that the run waits for. */
function cancelUnsent(turn: Turn, run: Run, reason: string): void {
  for (const message of turn.state.messages) {
    if (message.state !== "queued" || message.flow !== run.flow || message.n !== run.n) continue;
    // What was queued at this very instant was on its way before the contact left, as in the simulator.
    if (message.at === turn.now && reason !== "erased") continue;
    message.state = "cancelled";
    message.reason = reason;
    message.receipts = message.receipts.filter((receipt) => receipt.event !== "sent");
    turn.changes.messages.add(message);
    messageLine(turn, run, message, { state: "cancelled", reason });
    note(turn, {
      keys: ["message", "touches", "field:last_touch_at"],
      at: turn.now,
      depth: run.depth + 1,
      what: { kind: "other" },
    });
  }
  letGo(turn, run, reason);
}

/** What is bound to the node itself: a message held at it, and the task that the run waits for there. */
function letGo(turn: Turn, run: Run, reason: string): void {
  if (run.held && run.node !== null) {
    line(turn, run, "message", { channel: heldChannel(turn, run), state: "cancelled", reason });
  }
  if (run.waiting !== "task") return;
  for (const task of turn.state.tasks) {
    if (
      task.closed === null &&
      task.flow === run.flow &&
      task.n === run.n &&
      task.node === run.node
    ) {
      closeTask(turn, run, task, "cancelled");
    }
  }
}

function heldChannel(turn: Turn, run: Run): string {
  const node = run.node === null ? undefined : flowOf(turn, run)?.nodes.get(run.node);
  return node?.type.reaches?.(node.data).channel ?? "";
}

/** Closes a task with its line. */
export function closeTask(
  turn: Turn,
  run: Run,
  task: Task,
  outcome: string,
  comment?: string,
): void {
  task.closed = turn.now;
  task.outcome = outcome;
  turn.changes.tasks.add(task);
  const detail = { task: task.kind, state: "closed", outcome, ...(comment ? { comment } : {}) };
  line(turn, run, "task", detail, task.node);
}

/** The line of a message's decision stands at the place that was reserved when it was queued. */
export function messageLine(
  turn: Turn,
  run: Run,
  message: Message,
  detail: { state: string } & Record<string, unknown>,
): void {
  const { at } = message;
  line(turn, run, "message", { channel: message.channel, ...detail }, message.node);
  const written = turn.changes.lines.at(-1);
  if (written && at === turn.now) written.seq = message.seq;
}

/** A run stops for a person after a reply; a second reply starts the time anew. */
export function pause(
  turn: Turn,
  run: Run,
  until: number | null,
  reply: Record<string, unknown>,
): void {
  run.paused = { since: run.paused?.since ?? turn.now, until };
  run.state = "paused";
  line(turn, run, "paused", { until, ...reply });
}

/** A run goes on after a reply's pause: durations and timeouts shift by it, dated waits keep their moment. */
export function resume(turn: Turn, run: Run): void {
  run.shift += turn.now - (run.paused?.since ?? turn.now);
  run.state = "active";
  run.paused = null;
  line(turn, run, "resumed", {});
  if (run.kept?.by === "again") run.kept.after = "reply";
  if (run.waiting === "trigger" || run.held || run.kept) run.until = turn.now;
  else wake(turn, run, { by: "again", after: "reply" });
}

/** Lets a run that failed go on from its node, by hand. */
export function retry(turn: Turn, run: Run): void {
  if (run.state !== "failed" || run.node === null) return;
  run.state = "active";
  run.reason = null;
  run.ended = null;
  run.held = true;
  run.until = turn.now;
  line(turn, run, "resumed", {});
}

/**
 * Puts a run on another node of its version, by hand. It begins there as one who came through a trigger; one that
 * is paused stays so. What was sent or is on its way stays.
 */
export function moveTo(turn: Turn, run: Run, node: string): void {
  const isOpen = run.state === "active" || run.state === "paused";
  if ((!isOpen && run.state !== "failed") || run.node === null) return;
  if (!flowOf(turn, run)?.nodes.has(node)) {
    turn.changes.warnings.push(`version ${run.version} of ${run.flow} has no node “${node}”`);
    return;
  }
  letGo(turn, run, "moved");
  const was = run.node;
  Object.assign(run, {
    ...(isOpen ? {} : { state: "active", reason: null, ended: null }),
    node,
    visit: 0,
    since: turn.now,
    shift: 0,
    waiting: "trigger",
    rule: null,
    held: false,
    kept: null,
    depth: 0,
    dueMoment: null,
  } satisfies Partial<Run>);
  run.until = run.state === "active" ? turn.now : null;
  line(turn, run, "migrated", { from: run.version, to: run.version, was });
}
