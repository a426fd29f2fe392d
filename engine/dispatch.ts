import type { Instant } from "../nodes/index.ts";
import { attempt, channelOf, type DispatchOptions, lineOf } from "./attempt.ts";
import type { Channel } from "./channels/channel.ts";
import { callOut } from "./request.ts";
import type { SendDone, Sending } from "./store/store.ts";

export type { DispatchOptions } from "./attempt.ts";

/** How many sends ended how. */
export interface Dispatched {
  sent: number;
  skipped: number;
  failed: number;
  later: number;
  uncertain: number;
  answered: number;
  /** What providers said when they did not take a message, each once. */
  details: Set<string>;
}

/** Sends claimed at once: few where a crash would leave each of them uncertain. */
const CLAIM = { idempotent: 1000, other: 20 };

/** Nothing dispatched yet. */
export const noneDispatched = (): Dispatched => ({
  sent: 0,
  skipped: 0,
  failed: 0,
  later: 0,
  uncertain: 0,
  answered: 0,
  details: new Set(),
});

/** Sends what is due in the outbox until nothing is left that may go now. */
export async function dispatch(
  options: DispatchOptions,
  clock: () => Instant,
): Promise<Dispatched> {
  const total = noneDispatched();
  const limit = options.channels.every((c) => c.idempotent) ? CLAIM.idempotent : CLAIM.other;
  while (!options.signal.aborted) {
    const now = clock();
    const sends = await options.store.claimSends(
      now,
      limit,
      options.worker,
      closedChannels(options, now),
    );
    if (sends.length === 0) return total;
    await deliver(options, sends, total, clock);
    // Whatever else waits for the thread gets its turn between two batches.
    await new Promise((turn) => setImmediate(turn));
  }
  return total;
}

/** Tries sends that are claimed, and writes how they ended; `total` is added to. */
export async function deliver(
  options: DispatchOptions,
  sends: Sending[],
  total: Dispatched,
  clock: () => Instant,
): Promise<void> {
  const done = new Finisher(options, total);
  const { world } = await options.worlds.get();
  const underWay: Promise<void>[] = [];
  for (const sending of sends) {
    const { message } = sending;
    const ended =
      message === null
        ? callOut(options, sending, clock)
        : attempt(options, world, sending, message, clock);
    if (!(ended instanceof Promise)) done.add(ended);
    else underWay.push(ended.then((send) => done.add(send)).then(() => done.flushed()));
  }
  // Those that ended at once are written together, in one transaction.
  await done.flushed();
  await Promise.all(underWay);
}

/**
 * Channels whose messages may be claimed as they are queued, a batch at a time: those where a crash leaves nothing
 * uncertain, because the provider knows our keys.
 */
export function claimable(options: DispatchOptions, now: Instant): ReadonlySet<string> {
  const closed = closedChannels(options, now);
  const names = new Set(options.channels.flatMap((channel) => channel.carries));
  const carrier = (name: string): Channel | undefined =>
    options.channels.find((channel) => channel.carries.includes(name));
  return new Set(
    [...names].filter((name) => carrier(name)?.idempotent === true && !closed.includes(name)),
  );
}

/** Channels whose provider keeps failing: their messages wait. */
function closedChannels({ channels, breakers }: DispatchOptions, now: Instant): string[] {
  return channels
    .filter((channel) => {
      const open = breakers.get(channel.name)?.openUntil;
      return open !== null && open !== undefined && open > now;
    })
    .flatMap((channel) => channel.carries);
}

/** Writes ended sends as soon as the last write is done: together, but never waiting for the slowest. */
class Finisher {
  readonly #options: DispatchOptions;
  readonly #total: Dispatched;
  #pending: SendDone[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(options: DispatchOptions, total: Dispatched) {
    this.#options = options;
    this.#total = total;
  }

  add(done: SendDone): void {
    this.#pending.push(done);
    if (done.state === "queued") {
      this.#total.later++;
      this.#total.details.add(done.detail);
    } else if (done.state !== "cancelled") this.#total[done.state]++;
    if (done.state === "failed" && done.detail) this.#total.details.add(done.detail);
  }

  flushed(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const done = this.#pending;
      this.#pending = [];
      if (done.length > 0) await this.#options.store.finishSends(done, this.#options.worker);
    });
    return this.#writing;
  }
}

/**
 * Decides about sends that a dead worker left: where the provider takes idempotency keys they go again with the
 * same key, else they are `uncertain`, unless the setting says `resend`. Returns how many are uncertain.
 */
export async function recover(
  options: DispatchOptions,
  now: Instant,
): Promise<{ again: number; uncertain: number }> {
  const counts = { again: 0, uncertain: 0 };
  const orphans = await options.store.orphanSends(options.worker);
  const done = orphans.map((orphan): SendDone => {
    const { ref, contact, attempt, message } = orphan;
    const channel = message ? channelOf(options, message) : undefined;
    const base = { ref, attempt, at: now, message };
    if (message === null || channel?.idempotent || options.uncertain === "resend") {
      counts.again++;
      return {
        ...base,
        state: "queued",
        retryAt: now,
        detail: "the program stopped while it was being sent",
        line: null,
        held: true,
      };
    }
    counts.uncertain++;
    const line = lineOf(contact, message, now, {
      state: "uncertain",
      reason: "crash",
      to: message.to,
    });
    return { ...base, state: "uncertain", reason: "crash", line };
  });
  await options.store.finishSends(done, options.worker);
  return counts;
}
