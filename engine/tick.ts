import type { Instant } from "../nodes/index.ts";
import { type Changes, noChanges } from "./core/changes.ts";
import { takeTurn } from "./core/interpreter.ts";
import { caughtUp, scheduleNext, scheduleZone } from "./core/timers.ts";
import type { World } from "./core/turn.ts";
import { judge, variantNodes, winnerOf } from "./core/winner.ts";
import type { Claim, Loaded, Schedule, Sending, Store } from "./store/store.ts";
import type { LiveWorld, WorldCache } from "./world.ts";

/** What a tick did. */
export interface Ticked {
  contacts: number;
  fired: number;
  decided: number;
  /** Whether the tick's time was used up before everything due was done. */
  more: boolean;
}

export interface TickOptions {
  /** Contacts in one transaction. */
  batch: number;
  /** Stop after this many milliseconds of work; what is left is the next tick's. */
  budget?: number;
  /** Milliseconds that have passed since any moment, for the budget only. */
  elapsed?: () => number;
  /** Claims what a batch queues as it is queued; null: it is left for the dispatcher. Asked before each batch. */
  claim?: () => Claim | null;
  /** Gets what was claimed, to be sent once `durable`; the next batch waits where it gives a promise. */
  send?: (sends: Sending[], durable: Promise<void>) => Promise<void> | void;
  warn(message: string): void;
}

/** A contact whose turn threw, a bug, is looked at again after this. */
const POSTPONED = 3_600_000;

/**
 * Does everything that is due at `now`: schedules are put before the contacts (a turn takes them after what
 * arrived and before due runs), then contacts, then decisions, again until nothing is due. Each batch is one
 * transaction.
 */
export async function tick(
  store: Store,
  worlds: WorldCache,
  now: Instant,
  options: TickOptions,
): Promise<Ticked> {
  const done: Ticked = { contacts: 0, fired: 0, decided: 0, more: false };
  const started = options.elapsed?.() ?? 0;
  const isOver = () =>
    options.budget !== undefined && (options.elapsed?.() ?? 0) - started > options.budget;
  done.fired += await fireSchedules(store, (await worlds.get()).world, now);
  for (;;) {
    const live = await worlds.get();
    const swept = await store.sweep();
    const worked = await workBatch(store, live, now, options);
    done.contacts += worked;
    if (isOver()) {
      done.more = true;
      return done;
    }
    if (worked > 0 || swept) continue;
    const fired = await fireSchedules(store, live.world, now);
    const decided = await decideSplits(store, live.world, now);
    done.fired += fired;
    done.decided += decided;
    if (fired + decided === 0) return done;
  }
}

/** One batch; when a contact's turn throws, the batch is done one by one and that contact is put off. */
async function workBatch(
  store: Store,
  live: LiveWorld,
  now: Instant,
  options: TickOptions,
): Promise<number> {
  const { world, need } = live;
  try {
    const { contacts, sends, durable } = await store.workDue(
      now,
      options.batch,
      need,
      (batch) => turns(world, batch, now, options),
      options.claim?.() ?? undefined,
    );
    if (sends.length > 0) await options.send?.(sends, durable);
    else await durable;
    return contacts;
  } catch (error) {
    if (!(error instanceof TurnFailed)) throw error;
    options.warn(`${error.message}; the contact is looked at again in an hour`);
    const { contact } = error;
    const { contacts } = await store.workDue(now, options.batch, need, (batch) =>
      batch.map((loaded) =>
        loaded.state.contact.id === contact ? postponed(loaded, now) : untouched(loaded, now),
      ),
    );
    return contacts;
  }
}

/** Names the contact whose turn threw. */
class TurnFailed extends Error {
  override name = "TurnFailed";
  constructor(
    readonly contact: string,
    cause: unknown,
  ) {
    super(`contact ${contact}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function turns(world: World, batch: Loaded[], now: Instant, options: TickOptions): Changes[] {
  return batch.map(({ state, inputs }) => {
    try {
      const changes = takeTurn(world, state, inputs, now);
      for (const warning of changes.warnings)
        options.warn(`contact ${state.contact.id}: ${warning}`);
      return changes;
    } catch (error) {
      throw new TurnFailed(state.contact.id, error);
    }
  });
}

/** Nothing is written but when to look again; the inputs stay. */
const untouched = ({ state }: Loaded, now: Instant, due = now): Changes => ({
  ...noChanges(state, now),
  due,
  keepInputs: true,
});

const postponed = (loaded: Loaded, now: Instant): Changes =>
  untouched(loaded, now, now + POSTPONED);

/** Fires the schedules whose moment has come, each moment once, whatever was missed as the node says. */
async function fireSchedules(store: Store, world: World, now: Instant): Promise<number> {
  let fired = 0;
  for (const schedule of await store.schedules()) {
    if (schedule.next === null || schedule.next > now) continue;
    fired += await fireOne(store, world, schedule, schedule.next, now);
  }
  return fired;
}

async function fireOne(
  store: Store,
  world: World,
  schedule: Schedule,
  due: Instant,
  now: Instant,
): Promise<number> {
  const flow = world.flows.get(schedule.flow);
  const starts = flow?.triggers.find((t) => t.node === schedule.node)?.starts;
  if (!flow || starts?.on !== "schedule") {
    await store.fireSchedule(schedule, due, null, null, now);
    return 0;
  }
  const zone = scheduleZone(flow, starts, world.workspace.timezone);
  const { moments, last } = caughtUp(starts, due - 1, now, zone);
  const after = scheduleNext(starts, last, zone);
  let expected = due;
  let fired = 0;
  for (const [i, moment] of moments.entries()) {
    // Moments that are left out move on without firing.
    if (moment !== expected) await store.fireSchedule(schedule, expected, moment, null, now);
    const next = moments[i + 1] ?? after;
    if ((await store.fireSchedule(schedule, moment, next, starts.audience, now)) === null)
      return fired;
    expected = next ?? moment;
    fired++;
  }
  if (moments.length === 0) await store.fireSchedule(schedule, due, after, null, now);
  return fired;
}

/** Decides every split with a winner whose time has come, once. */
async function decideSplits(store: Store, world: World, now: Instant): Promise<number> {
  let decided = 0;
  for (const split of await store.splits()) {
    if (split.decided !== null) continue;
    const flow = world.flows.get(split.flow);
    const winner = flow && winnerOf(flow, split.node);
    if (!flow || !winner || winner.decideAt(split.firstArrival, world.workspace.timezone) > now)
      continue;
    const own = variantNodes(flow, split.node);
    const nodes = [...own.values()].flatMap((set) => [...set]);
    const counted = await store.splitNumbers(flow.id, split.node, nodes, winner.by);
    // Every variant in the document's order, with nobody too; those held out take no part.
    const numbers = [...own.keys()].map(
      (variant) => counted.find((c) => c.variant === variant) ?? { variant, contacts: 0, hits: 0 },
    );
    const best = judge(numbers, winner.confidence);
    const isFirst = await store.decideSplit(
      flow.id,
      split.node,
      best,
      { at: now, by: winner.by, numbers },
      {
        at: now,
        contact: null,
        flow: flow.id,
        version: flow.version,
        enrollment: null,
        seq: 0,
        kind: "decided",
        node: split.node,
        detail: { winner: best, by: winner.by, numbers },
      },
    );
    if (isFirst) decided++;
  }
  return decided;
}
