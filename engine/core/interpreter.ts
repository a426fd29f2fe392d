import type { Instant } from "../../nodes/index.ts";
import { advance } from "./advance.ts";
import type { Changes } from "./changes.ts";
import { settle } from "./exits.ts";
import { react } from "./react.ts";
import { receive } from "./receive.ts";
import { resume } from "./runs.ts";
import { flipsOf } from "./scope.ts";
import { catchUp } from "./segments.ts";
import type { ContactState, Input, Run } from "./state.ts";
import { fireTimers, flipSegments, movesTimers, nextTimer } from "./timers.ts";
import { isHeld, note, type Turn, turnOf, type World } from "./turn.ts";

/** More rounds than any flow needs: a bug, not a busy contact. */
const MOST_ROUNDS = 100_000;

/**
 * Lets everything happen to one contact that is due at `now`: tags that expire, what arrived (in order),
 * timers, then due runs by (due, id), again until nothing is due. Pure but for `state`, which is a working
 * copy handed in by the caller: the same world, state, inputs and moment give the same changes.
 */
export function takeTurn(
  world: World,
  state: ContactState,
  inputs: Input[],
  now: Instant,
): Changes {
  const turn = turnOf(world, state, now);
  catchUp(turn);
  expireTags(turn);
  const happened = inputs.filter((input) => input.kind !== "fire");
  for (const input of happened) {
    receive(turn, input);
    drain(turn);
  }
  if (!state.contact.erased) {
    for (const input of inputs) {
      if (input.kind !== "fire") continue;
      note(turn, {
        keys: [],
        at: now,
        depth: 0,
        what: { kind: "fire", flow: input.flow, node: input.node, moment: input.moment },
      });
      drain(turn);
    }
    rounds(turn);
  }
  turn.changes.due = nextDue(turn);
  return turn.changes;
}

/** Again from the timers until nothing is due. */
function rounds(turn: Turn): void {
  flipSegments(turn);
  for (let round = 0; ; round++) {
    if (round > MOST_ROUNDS) throw new TurnError(turn);
    const before = turn.noted;
    fireTimers(turn);
    flip(turn);
    resumePaused(turn);
    drain(turn);
    const run = dueRun(turn);
    if (run) {
      advance(turn, run);
      drain(turn);
    } else if (turn.noted === before) return;
  }
}

/** A contact whose turn doesn't end: a bug of the interpreter, with the place to look at. */
export class TurnError extends Error {
  override name = "TurnError";
  constructor(turn: Turn) {
    const run = dueRun(turn);
    super(
      `a turn does not end: contact ${turn.state.contact.id}, flow ${run?.flow}, node ${run?.node}`,
    );
  }
}

function expireTags(turn: Turn): void {
  const { tags } = turn.state.contact;
  const gone: string[] = [];
  for (const tag in tags) if (isOver(tags[tag]?.expires ?? null, turn.now)) gone.push(tag);
  if (gone.length === 0) return;
  gone.sort((a, b) => (tags[a]?.expires ?? 0) - (tags[b]?.expires ?? 0) || (a < b ? -1 : 1));
  for (const tag of gone) {
    delete tags[tag];
    turn.changes.tags = true;
    note(turn, {
      keys: [`tag:${tag}`],
      at: turn.now,
      depth: 0,
      what: { kind: "tag", tag, change: "removed" },
    });
  }
  drain(turn);
}

const isOver = (at: Instant | null, now: Instant): boolean => at !== null && at <= now;

/** Looks at everything that changed, in order, until nothing follows from it. */
export function drain(turn: Turn): void {
  settle(turn);
  for (let change = turn.queue.shift(); change; change = turn.queue.shift()) {
    if (turn.timers !== null && movesTimers(turn, change)) turn.timers = null;
    react(turn, change);
    settle(turn);
  }
}

function dueRun(turn: Turn): Run | undefined {
  let due: Run | undefined;
  for (const run of turn.state.runs) {
    if (run.state !== "active" || run.until === null || run.until > turn.now) continue;
    if (isHeld(turn, run)) continue;
    if (due === undefined || isBefore(run, due)) due = run;
  }
  return due;
}

function isBefore(a: Run, b: Run): boolean {
  const [x, y] = [a.until ?? 0, b.until ?? 0];
  return x !== y ? x < y : a.flow !== b.flow ? a.flow < b.flow : a.n < b.n;
}

/** Exits, goals and waits that time alone may have flipped. */
function flip(turn: Turn): void {
  for (const run of turn.state.runs) {
    if (run.flips === null || run.flips > turn.now) continue;
    run.flips = null;
    turn.changes.runs.add(run);
    note(turn, {
      keys: [`flip:${run.flow}/${run.n}`],
      at: turn.now,
      depth: 0,
      what: { kind: "other" },
    });
  }
}

function resumePaused(turn: Turn): void {
  for (const run of turn.state.runs) {
    if (run.state !== "paused" || !run.paused || isHeld(turn, run)) continue;
    if (isOver(run.paused.until, turn.now)) resume(turn, run);
  }
}

/** When this contact must be looked at next by itself. */
function nextDue(turn: Turn): Instant | null {
  const { state, changes } = turn;
  if (state.contact.erased) return null;
  let due: Instant | null = nextTimer(turn);
  const consider = (at: Instant | null): void => {
    if (at !== null && (due === null || at < due)) due = at;
  };
  for (const tag of Object.values(state.contact.tags)) consider(tag.expires);
  for (const run of state.runs) {
    const flips = flipsOf(turn, run);
    if (flips !== run.flips) {
      run.flips = flips;
      changes.runs.add(run);
    }
    consider(flips);
    if (isHeld(turn, run)) continue;
    if (run.state === "active") consider(run.until);
    else if (run.state === "paused") consider(run.paused?.until ?? null);
  }
  return due;
}
