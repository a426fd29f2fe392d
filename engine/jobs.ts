import type { Instant, Label } from "../nodes/index.ts";
import type { Clock } from "./clock.ts";
import type { Sealed } from "./store/accounts.ts";
import type { JobRecord } from "./store/jobs.ts";
import type { Store } from "./store/store.ts";

/** `interrupted`: the process that did it is gone. */
export type JobState = "running" | "done" | "failed" | "cancelled" | "interrupted";

/** Work that takes longer than a request: where it stands, and what came of it. */
export interface Job {
  id: string;
  kind: string;
  /** What it works on, as people call it. */
  name: string | null;
  state: JobState;
  created: Instant;
  updated: Instant;
  progress: Progress;
  result: Record<string, unknown> | null;
  /** Why it failed. */
  problem: Label | null;
}

export interface Progress {
  done: number;
  /** An estimate while the work is under way; null: nobody knows. */
  total: number | null;
}

export type Outcome = { ok: true; result: Record<string, unknown> } | { ok: false; problem: Label };

/** Does the work; looks at the signal now and then, and throws its reason when it is given up. */
export type Work = (tell: (progress: Progress) => void, signal: AbortSignal) => Promise<Outcome>;

/** As many at once. */
const MOST = 4;
/** A running job is written down so often, milliseconds. */
const HEARTBEAT = 5000;
/** One that wasn't for so long has lost its process. */
const LOST = 30_000;

interface Running {
  job: Job;
  abort: AbortController;
  ended: Promise<void>;
  /** Those who wait for the next change. */
  waiting: Set<() => void>;
}

/** The jobs of this process, and those of others as the store knows them. */
export class Jobs {
  readonly #running = new Map<string, Running>();
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;

  constructor(options: { store: Store; clock: Clock; warn: (message: string) => void }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#warn = options.warn;
  }

  /** No more at once: whoever wants another must wait for one to end. */
  get isFull(): boolean {
    return this.#running.size >= MOST;
  }

  /** Begins a piece of work, and is back as soon as it is written down. */
  async start(
    begun: Pick<Job, "id" | "kind" | "name"> & { total: number | null },
    work: Work,
    note?: Sealed,
  ): Promise<Job> {
    const { id, kind, name, total } = begun;
    const now = this.#clock();
    const job: Job = {
      ...{ id, kind, name, state: "running", created: now, updated: now },
      ...{ progress: { done: 0, total }, result: null, problem: null },
    };
    const abort = new AbortController();
    const running: Running = { job, abort, ended: Promise.resolve(), waiting: new Set() };
    this.#running.set(id, running);
    await this.#save(job, note && this.#store.noted(note));
    const first = { ...job };
    running.ended = this.#run(running, work);
    return first;
  }

  async #run(running: Running, work: Work): Promise<void> {
    const { job, abort } = running;
    const heartbeat = setInterval(() => {
      job.updated = this.#clock();
      this.#save(job).catch((error: Error) => this.#warn(`job ${job.id}: ${error.message}`));
    }, HEARTBEAT);
    const tell = (progress: Progress): void => {
      job.progress = progress;
      changed(running);
    };
    try {
      const outcome = await work(tell, abort.signal);
      if (outcome.ok) Object.assign(job, { state: "done", result: outcome.result });
      else Object.assign(job, { state: "failed", problem: outcome.problem });
    } catch (error) {
      Object.assign(job, abort.signal.aborted ? { state: abort.signal.reason } : FAILED);
      if (!abort.signal.aborted) this.#warn(`job ${job.id}: ${(error as Error).message}`);
    } finally {
      clearInterval(heartbeat);
      job.updated = this.#clock();
      await this.#save(job).catch((error: Error) => this.#warn(`job ${job.id}: ${error.message}`));
      this.#running.delete(job.id);
      changed(running);
    }
  }

  #save(
    { id, kind, state, created, updated, ...detail }: Job,
    store: Store = this.#store,
  ): Promise<void> {
    return store.saveJob({
      id,
      kind,
      state,
      created,
      updated,
      detail: JSON.stringify(detail),
    });
  }

  async get(id: string): Promise<Job | null> {
    const own = this.#running.get(id);
    if (own) return { ...own.job };
    const record = await this.#store.job(id);
    return record && this.#read(record);
  }

  /** Newest first. */
  async list(filter: Parameters<Store["jobs"]>[0]): Promise<Job[]> {
    const records = await this.#store.jobs(filter);
    return records.map((record) => {
      const own = this.#running.get(record.id);
      return own ? { ...own.job } : this.#read(record);
    });
  }

  #read({ detail, state, ...record }: JobRecord): Job {
    const isLost = state === "running" && record.updated < this.#clock() - LOST;
    return {
      ...record,
      state: isLost ? "interrupted" : (state as JobState),
      ...(JSON.parse(detail) as Pick<Job, "name" | "progress" | "result" | "problem">),
    };
  }

  /** Asks a job to end where it is; false: it isn't running here. */
  cancel(id: string): boolean {
    const own = this.#running.get(id);
    own?.abort.abort("cancelled");
    return own !== undefined;
  }

  /** When something changed at the job; null: it runs in no hands of ours. */
  change(id: string): Promise<void> | null {
    const own = this.#running.get(id);
    return own ? new Promise((done) => own.waiting.add(done)) : null;
  }

  /** Gives up what is under way, and waits until it is written down. */
  async stop(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { abort } of all) abort.abort("interrupted");
    await Promise.all(all.map(({ ended }) => ended));
  }
}

function changed({ waiting }: Running): void {
  for (const done of waiting) done();
  waiting.clear();
}

const FAILED = {
  state: "failed",
  problem: {
    en: "It was not your doing; the program's output says more.",
    ar: "لست السبب، وفي مخرجات البرنامج مزيد من التفاصيل.",
  },
} as const;
