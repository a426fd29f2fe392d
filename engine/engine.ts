import { Cron } from "croner";
import { Breaker } from "./channels/backoff.ts";
import type { Channel } from "./channels/channel.ts";
import type { Clock } from "./clock.ts";
import { type Dispatched, type DispatchOptions, dispatch, recover } from "./dispatch.ts";
import type { Links } from "./links.ts";
import { forgetOld, forgetRequests } from "./retention.ts";
import type { Store } from "./store/store.ts";
import { type Ticked, tick } from "./tick.ts";
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
  #dispatchAgain = false;
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
    await recover(await this.#dispatchOptions(), this.#options.clock());
    this.#cron = new Cron(pattern, { catch: (error) => this.#complain(error) }, () => this.wake());
    const { store, clock } = this.#options;
    const complain = (error: unknown): void => this.#complain(error);
    this.#nightly = new Cron(NIGHTLY, { protect: true, catch: complain }, async () => {
      await forgetRequests(store, clock());
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
    await Promise.all(this.#options.channels.map((channel) => channel.close()));
  }

  /** Works until nothing is due and nothing waits to be sent at the clock's moment. */
  async untilIdle(): Promise<Worked> {
    const options = await this.#dispatchOptions();
    const recovered = await recover(options, this.#options.clock());
    const ticked: Ticked = { contacts: 0, fired: 0, decided: 0, more: false };
    const dispatched: Dispatched = {
      sent: 0,
      skipped: 0,
      failed: 0,
      later: 0,
      uncertain: 0,
      answered: 0,
      details: new Set(),
    };
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const now = await this.#tick(undefined);
      const sent = await dispatch(options, this.#options.clock);
      ticked.contacts += now.contacts;
      ticked.fired += now.fired;
      ticked.decided += now.decided;
      const moved = addUp(dispatched, sent);
      if (now.contacts + now.fired + now.decided + moved === 0) break;
    }
    return { ticked, dispatched, recovered };
  }

  async #tickWhileBusy(): Promise<void> {
    do {
      this.#again = false;
      const { more } = await this.#tick(BUDGET);
      this.#dispatch();
      if (more) this.#again = true;
      // Requests and sends that are under way get their turn between two ticks.
      await new Promise((done) => setImmediate(done));
    } while (this.#again && !this.#abort.signal.aborted);
    this.lastTick = this.#options.clock();
  }

  #tick(budget: number | undefined): Promise<Ticked> {
    const { store, clock, batch = 1000, warn } = this.#options;
    return tick(store, this.worlds, clock(), {
      batch: budget === undefined ? batch : Math.min(batch, LIVE_BATCH),
      warn,
      ...(budget === undefined ? {} : { budget, elapsed: () => performance.now() }),
    });
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
      // Answers and receipts are inputs: contacts may be due because of them.
      if (sent.answered + sent.sent + sent.failed + sent.skipped > 0) this.wake();
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
