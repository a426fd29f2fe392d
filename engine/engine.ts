import { Cron } from "croner";
import { Breaker } from "./channels/backoff.ts";
import type { Channel } from "./channels/channel.ts";
import type { Clock } from "./clock.ts";
import {
  claimable,
  type Dispatched,
  type DispatchOptions,
  deliver,
  dispatch,
  noneDispatched,
  recover,
} from "./dispatch.ts";
import type { Links } from "./links.ts";
import { forgetJobs, forgetOld, forgetRequests } from "./retention.ts";
import type { Claim, Sending, Store } from "./store/store.ts";
import { type Ticked, type TickOptions, tick } from "./tick.ts";
import { WorldCache } from "./world.ts";

export interface EngineOptions {
  store: Store;
  channels: Channel[];
  links: Links;
  clock: Clock;
  worker: string;
  jitter: () => number;
  secret: (name: string) => string | undefined;
  /** Contacts in one transaction (default 1,000). */
  batch?: number;
  uncertain?: "hold" | "resend";
  allowPrivate?: boolean;
  /** Tells the operator what is odd; without personal data. */
  warn: (message: string) => void;
}

/** What a run until idle did. */
export interface Worked {
  ticked: Ticked;
  dispatched: Dispatched;
  recovered: { again: number; uncertain: number };
}

/** When old lines of the journal are deleted, where a setting says how long they are kept. */
const NIGHTLY = "17 3 * * *";
/** A tick's time before it lets others have the thread, in milliseconds. */
const BUDGET = 50;
/** Contacts in one transaction while others may want the thread: a whole batch holds it for a tenth of a second. */
const LIVE_BATCH = 250;
/** While so many sends are under way, further ones are left in the outbox. */
const MOST_UNDER_WAY = 1000;
/** How often an engine looks whether another has died, in milliseconds. */
const LOOK_AFTER_OTHERS = 2000;
/** More rounds than any workspace needs: a bug, not a busy one. */
const MOST_ROUNDS = 1_000_000;

/** Ticks and dispatches: on a cron pattern, and at once when something arrives. */
export class Engine {
  readonly worlds: WorldCache;
  readonly #options: EngineOptions;
  readonly #breakers: Map<string, Breaker>;
  readonly #abort = new AbortController();
  #cron: Cron | null = null;
  #nightly: Cron | null = null;
  #ticking: Promise<void> | null = null;
  #dispatching: Promise<void> | null = null;
  #again = false;
  #lives = false;
  /** When it was last looked whether another engine has died. */
  #recovered = 0;
  /** What lets go of the store when the engine stops. */
  readonly #ends: (() => Promise<void>)[] = [];
  #dispatchAgain = false;
  /** Sends claimed by batches, under way. */
  readonly #underWay = new Set<Promise<void>>();
  #sendsUnderWay = 0;
  /** When the last tick ended, for the health page; null before the first. */
  lastTick: number | null = null;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.worlds = new WorldCache(options.store, options.links);
    this.#breakers = new Map(options.channels.map((channel) => [channel.name, new Breaker()]));
  }

  get breakers(): ReadonlyMap<string, Breaker> {
    return this.#breakers;
  }

  /** Starts the cron tick after deciding about what a crash left behind. */
  async start(pattern: string): Promise<void> {
    await this.#live();
    this.#ends.push(await this.#options.store.onWork(() => this.wake()));
    await this.#recover();
    this.#cron = new Cron(pattern, { catch: (error) => this.#complain(error) }, () => this.wake());
    const { store, clock } = this.#options;
    const complain = (error: unknown): void => this.#complain(error);
    this.#nightly = new Cron(NIGHTLY, { protect: true, catch: complain }, async () => {
      await forgetRequests(store, clock());
      await forgetJobs(store, clock());
      await forgetOld(store, clock());
    });
    this.wake();
  }

  /** Something arrived: tick now, not at the next second. */
  wake(): void {
    if (this.#abort.signal.aborted) return;
    if (this.#ticking) {
      this.#again = true;
      return;
    }
    this.#ticking = this.#tickWhileBusy()
      .catch((error) => this.#complain(error))
      .finally(() => {
        this.#ticking = null;
      });
  }

  /** Stops taking work, waits for what is under way, closes the channels. */
  async stop(): Promise<void> {
    this.#cron?.stop();
    this.#nightly?.stop();
    this.#abort.abort();
    await this.#ticking;
    await this.#dispatching;
    await Promise.all(this.#underWay);
    await Promise.all(this.#options.channels.map((channel) => channel.close()));
    await Promise.all(this.#ends.splice(0).map((end) => end()));
  }

  /** What this worker sends is its own from now on. */
  async #live(): Promise<void> {
    const { store, worker } = this.#options;
    if (this.#lives) return;
    this.#lives = true;
    this.#ends.push(await store.live(worker));
  }

  /** Decides about what dead workers were sending. */
  async #recover(): Promise<void> {
    const now = this.#options.clock();
    this.#recovered = now;
    await recover(await this.#dispatchOptions(), now);
  }

  /** Works until nothing is due and nothing waits to be sent at the clock's moment. */
  async untilIdle(): Promise<Worked> {
    await this.#live();
    const options = await this.#dispatchOptions();
    const recovered = await recover(options, this.#options.clock());
    const ticked: Ticked = { contacts: 0, fired: 0, decided: 0, more: false };
    const dispatched = noneDispatched();
    const { clock, batch = 1000 } = this.#options;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const sent = noneDispatched();
      let before: Promise<void> = Promise.resolve();
      const now = await this.#tick({
        batch,
        claim: () => this.#claim(options),
        // The disk is waited for while the next batch is worked.
        send: async (sends, durable) => {
          await before;
          before = durable.then(() => deliver(options, sends, sent, clock));
        },
      });
      await before;
      const rest = await dispatch(options, clock);
      ticked.contacts += now.contacts;
      ticked.fired += now.fired;
      ticked.decided += now.decided;
      const moved = addUp(dispatched, sent) + addUp(dispatched, rest);
      if (now.contacts + now.fired + now.decided + moved === 0) break;
    }
    return { ticked, dispatched, recovered };
  }

  async #tickWhileBusy(): Promise<void> {
    do {
      this.#again = false;
      const { store, clock } = this.#options;
      if (store.shared && clock() >= this.#recovered + LOOK_AFTER_OTHERS) await this.#recover();
      const { more } = await this.#tick(await this.#whileOthersWait());
      this.#dispatch();
      if (more) this.#again = true;
      // Requests and sends that are under way get their turn between two ticks.
      await new Promise((done) => setImmediate(done));
    } while (this.#again && !this.#abort.signal.aborted);
    this.lastTick = this.#options.clock();
  }

  /** How a tick works while others may want the thread. */
  async #whileOthersWait(): Promise<Omit<TickOptions, "warn">> {
    const options = await this.#dispatchOptions();
    return {
      batch: Math.min(this.#options.batch ?? LIVE_BATCH, LIVE_BATCH),
      budget: BUDGET,
      elapsed: () => performance.now(),
      claim: () => this.#claim(options),
      send: (sends, durable) => this.#send(options, sends, durable),
    };
  }

  #tick(how: Omit<TickOptions, "warn">): Promise<Ticked> {
    const { store, clock, warn } = this.#options;
    return tick(store, this.worlds, clock(), { ...how, warn });
  }

  #claim(options: DispatchOptions): Claim | null {
    const { clock, worker } = this.#options;
    if (this.#abort.signal.aborted || this.#sendsUnderWay >= MOST_UNDER_WAY) return null;
    return { worker, channels: claimable(options, clock()) };
  }

  /** A provider takes its time: the tick goes on meanwhile. */
  #send(options: DispatchOptions, sends: Sending[], durable: Promise<void>): void {
    this.#sendsUnderWay += sends.length;
    const total = noneDispatched();
    const sending = durable
      .then(() => deliver(options, sends, total, this.#options.clock))
      .catch((error) => this.#complain(error))
      .finally(() => {
        this.#sendsUnderWay -= sends.length;
        this.#underWay.delete(sending);
        if (addUp(noneDispatched(), total) > total.sent) this.wake();
      });
    this.#underWay.add(sending);
  }

  #dispatch(): void {
    if (this.#dispatching) {
      this.#dispatchAgain = true;
      return;
    }
    this.#dispatching = this.#dispatchWhileBusy()
      .catch((error) => this.#complain(error))
      .finally(() => {
        this.#dispatching = null;
      });
  }

  async #dispatchWhileBusy(): Promise<void> {
    do {
      this.#dispatchAgain = false;
      const sent = await dispatch(await this.#dispatchOptions(), this.#options.clock);
      // Answers, and what doesn't go, are inputs: contacts are due because of them.
      if (addUp(noneDispatched(), sent) > sent.sent) this.wake();
    } while (this.#dispatchAgain && !this.#abort.signal.aborted);
  }

  async #dispatchOptions(): Promise<DispatchOptions> {
    const {
      store,
      channels,
      worker,
      jitter,
      secret,
      allowPrivate,
      uncertain = "hold",
    } = this.#options;
    return {
      store,
      worlds: this.worlds,
      channels,
      breakers: this.#breakers,
      worker,
      installation: await store.installation(),
      jitter,
      secret,
      uncertain,
      signal: this.#abort.signal,
      ...(allowPrivate ? { allowPrivate } : {}),
    };
  }

  #complain(error: unknown): void {
    this.#options.warn(error instanceof Error ? error.message : String(error));
  }
}

function addUp(total: Dispatched, more: Dispatched): number {
  total.sent += more.sent;
  total.skipped += more.skipped;
  total.failed += more.failed;
  total.later += more.later;
  total.uncertain += more.uncertain;
  total.answered += more.answered;
  for (const detail of more.details) total.details.add(detail);
  return more.sent + more.skipped + more.failed + more.answered + more.uncertain;
}
