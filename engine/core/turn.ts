import type { Instant } from "../../nodes/index.ts";
import { type Changes, noChanges } from "./changes.ts";
import type { Flow } from "./flow.ts";
import type { Reads } from "./rules-reads.ts";
import type {
  ContactState,
  LineKind,
  Listening,
  Message,
  Request,
  Run,
  Workspace,
} from "./state.ts";

/** Everything beside the contact that a turn depends on; the same for all contacts of a tick. */
export interface World {
  workspace: Workspace;
  /** Current versions by flow id: what triggers start. */
  flows: ReadonlyMap<string, Flow>;
  /** Every version with runs, by `id@version`. */
  versions: ReadonlyMap<string, Flow>;
  /** What was decided for splits with a winner, by `flow/node`. */
  decisions: ReadonlyMap<string, string>;
  /** Since when triggers listen to each segment; absent in the simulator, which looks at everybody as it begins. */
  listening?: ReadonlyMap<string, Listening>;
  /** The public addresses in a message: unsubscribe, preferences, survey. */
  link(
    kind: "unsubscribe" | "preferences" | "survey",
    contact: string,
    message: string,
    channel: string,
  ): string;
  /** The simulator's channel: says at once how a message went. Null: messages are queued for the dispatcher. */
  deliver: ((message: Message) => "sent") | null;
  /** The simulator's answer to a webhook. Null: requests are queued for the dispatcher. */
  answer: ((request: Request, contact: ContactState) => { status: number; body: unknown }) | null;
  /** The simulator's first moment: silences don't count from before it. */
  from: Instant | null;
}

/** Something about the contact that changed, with what may read it. */
export interface Change {
  /** As `Reads.keys`: `tag:vip`, `field:city`, `event:order.placed`, `message` … */
  keys: string[];
  /** When it happened. */
  at: Instant;
  depth: number;
  what:
    | { kind: "created" }
    | {
        kind: "event";
        id: string;
        name: string;
        data: Record<string, unknown>;
        webhook?: { flow: string; node: string };
      }
    | { kind: "tag"; tag: string; change: "added" | "removed" }
    | {
        kind: "segment";
        segment: string;
        change: "entered" | "left";
        /** What its rule saw. */
        facts: Record<string, unknown>;
      }
    | { kind: "field" }
    | {
        kind: "inbound";
        id: string;
        channel: string;
        text: string;
        opt: "stop" | "start" | "help" | null;
        data: Record<string, unknown>;
      }
    /** A call that a person handled: a reply of the contact, unless it is the run's own. */
    | { kind: "handled"; flow: string; n: number; spoken: boolean }
    | { kind: "consent"; withdrawn: boolean }
    | { kind: "fire"; flow: string; node: string; moment: Instant }
    | { kind: "other" };
}

/** One contact's turn at one moment, under way. */
export interface Turn {
  world: World;
  state: ContactState;
  now: Instant;
  changes: Changes;
  /** Changes whose goals and exits are still to be looked at. */
  unsettled: Change[];
  /** Changes whose replies, waits and triggers are still to be looked at. */
  queue: Change[];
  ignored: number;
  /** How many changes were noted. */
  noted: number;
  /** The contact's own timers as last looked at; null once something they depend on has changed. */
  timers: { next: Instant | null } | null;
  /** Where each run went at this instant without parking, and how often it came back: what is endless never parks. */
  stretches: Map<Run, { seen: Set<string>; revisits: number }>;
}

/** A turn in which nothing has happened yet. */
export const turnOf = (world: World, state: ContactState, now: Instant): Turn => ({
  world,
  state,
  now,
  changes: noChanges(state, now),
  unsettled: [],
  queue: [],
  ignored: 0,
  noted: 0,
  timers: null,
  stretches: new Map(),
});

/** Puts a change where its goals, exits, waits and triggers are looked at. */
export function note(turn: Turn, change: Change): void {
  turn.noted++;
  turn.unsettled.push(change);
  turn.queue.push(change);
}

/** The flow version that a run follows; undefined when the caller did not hand it in. */
export function flowOf(turn: Turn, run: Run): Flow | undefined {
  const current = turn.world.flows.get(run.flow);
  if (current?.version === run.version) return current;
  return turn.world.versions.get(`${run.flow}@${run.version}`);
}

/** Paused flows hold their runs; the current version says so for all. */
export const isHeld = (turn: Turn, run: Run): boolean =>
  (turn.world.flows.get(run.flow) ?? flowOf(turn, run))?.paused === true;

/** Writes a line of a run's journal, of the node where it stands if none is named; the order within the run is its own count. */
export function line(
  turn: Turn,
  run: Run,
  kind: LineKind,
  detail: Record<string, unknown>,
  node = run.node,
): void {
  turn.changes.runs.add(run);
  turn.changes.lines.push({
    at: turn.now,
    contact: turn.state.contact.id,
    flow: run.flow,
    version: run.version,
    enrollment: run.n,
    seq: run.seq++,
    kind,
    node,
    detail,
  });
}

/** Whether a change may concern a rule. */
export function concerns(change: Change, reads: Reads): boolean {
  for (const key of change.keys) if (reads.keys.has(key)) return true;
  return false;
}
