import type { Instant, Language } from "../../nodes/index.ts";
import type { ContactState } from "../core/state.ts";
import type { Plan } from "./plan.ts";
import type { Story } from "./span.ts";
import type { List, Query, Report, Said, Told } from "./talk.ts";

/** One simulation that somebody asked for. */
export interface Run {
  readonly id: string;
  readonly flow: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  /** How far it is: people read, then virtual time. */
  people: number;
  from: Instant;
  until: Instant;
  at: Instant;
  report: Report | null;
  /** What went wrong, for the operator. */
  fault: string | null;
}

/** Reads real people page by page, and stops when told so. */
export type Reader = (signal: AbortSignal) => AsyncIterable<ContactState[]>;

interface Kept {
  run: Run;
  plan: Plan;
  reader: Reader | null;
  worker: Worker | null;
  abort: AbortController;
  listeners: Set<() => void>;
  asked: Map<number, (said: Said | null) => void>;
  used: number;
}

interface Options {
  /** How many are kept, finished ones among them; the one unused for longest goes. */
  keep?: number;
  /** How many run at a time; the engine needs the other processors. */
  atOnce?: number;
  /** Seconds that one may take. */
  seconds?: number;
  /** Hears of one that went wrong. */
  failed?: (run: Run) => void;
}

/** Too many simulations wait already. */
export class MachineBusy extends Error {
  override name = "MachineBusy";
}

/** Runs simulations in threads of their own: they read, nothing else; the engine goes on beside them. */
export class TimeMachine {
  readonly #all = new Map<string, Kept>();
  readonly #keep: number;
  readonly #atOnce: number;
  readonly #seconds: number;
  readonly #failed: (run: Run) => void;
  #asks = 0;
  #uses = 0;

  constructor({ keep = 6, atOnce = 1, seconds = 120, failed = () => undefined }: Options = {}) {
    this.#keep = keep;
    this.#atOnce = atOnce;
    this.#seconds = seconds;
    this.#failed = failed;
  }

  /** Begins one as soon as there is room; `reader` hands in real people. Throws `MachineBusy`. */
  start(id: string, plan: Plan, reader: Reader | null): Run {
    this.#makeRoom();
    const run: Run = {
      id,
      flow: plan.doc.id,
      state: "waiting",
      people: plan.people?.count ?? 0,
      from: plan.from,
      until: plan.until,
      at: plan.from,
      report: null,
      fault: null,
    };
    this.#all.set(id, {
      run,
      plan,
      reader,
      worker: null,
      abort: new AbortController(),
      listeners: new Set(),
      asked: new Map(),
      used: this.#uses++,
    });
    this.#next();
    return run;
  }

  get(id: string): Run | null {
    const kept = this.#all.get(id);
    if (kept) kept.used = this.#uses++;
    return kept?.run ?? null;
  }

  /** Calls `told` whenever something changed; returns how to stop that. */
  watch(id: string, told: () => void): () => void {
    const kept = this.#all.get(id);
    kept?.listeners.add(told);
    return () => kept?.listeners.delete(told);
  }

  /** Ends it wherever it is; what it has found is gone. */
  cancel(id: string): void {
    const kept = this.#all.get(id);
    if (!kept) return;
    if (kept.run.state === "waiting" || kept.run.state === "running") kept.run.state = "cancelled";
    this.#end(kept);
    this.#next();
  }

  /** A page of the people; null when it isn't done or was dropped. */
  async list(id: string, query: Query): Promise<List | null> {
    const said = await this.#ask(id, (ask) => ({ kind: "list", ask, query }));
    return said?.kind === "list" ? said.list : null;
  }

  async story(id: string, place: number, language: Language): Promise<Story | null> {
    const said = await this.#ask(id, (ask) => ({ kind: "story", ask, place, language }));
    return said?.kind === "story" ? said.story : null;
  }

  /** Ends all of them: the program stops. */
  close(): void {
    for (const kept of this.#all.values()) this.#end(kept);
    this.#all.clear();
  }

  #ask(id: string, told: (ask: number) => Told): Promise<Said | null> {
    const kept = this.#all.get(id);
    if (kept?.run.state !== "done" || !kept.worker) return Promise.resolve(null);
    kept.used = this.#uses++;
    const ask = this.#asks++;
    return new Promise((answered) => {
      kept.asked.set(ask, answered);
      kept.worker?.postMessage(told(ask));
    });
  }

  #makeRoom(): void {
    const idle = [...this.#all.values()]
      .filter(({ run }) => run.state !== "waiting" && run.state !== "running")
      .sort((a, b) => a.used - b.used);
    for (const oldest of idle) {
      if (this.#all.size < this.#keep) return;
      this.#end(oldest);
      this.#all.delete(oldest.run.id);
    }
    if (this.#all.size >= this.#keep) throw new MachineBusy("too many simulations wait already");
  }

  #next(): void {
    const all = [...this.#all.values()];
    let room = this.#atOnce - all.filter(({ run }) => run.state === "running").length;
    for (const kept of all) {
      if (room <= 0) return;
      if (kept.run.state !== "waiting") continue;
      room--;
      void this.#begin(kept);
    }
  }

  async #begin(kept: Kept): Promise<void> {
    const { run, plan, reader, abort } = kept;
    run.state = "running";
    const worker = new Worker(new URL("./worker.ts", import.meta.url).href);
    // A program that stops doesn't wait for it. (The browser's types, which the editor needs, don't know this.)
    (worker as unknown as { unref(): void }).unref();
    kept.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Said>) => this.#hear(kept, data);
    worker.onerror = (event) => this.#fail(kept, event.message);
    this.#tell(kept);
    try {
      for await (const states of reader?.(abort.signal) ?? []) {
        if (abort.signal.aborted) return;
        run.people += states.length;
        worker.postMessage({ kind: "people", states } satisfies Told);
        this.#tell(kept);
      }
      if (abort.signal.aborted) return;
      worker.postMessage({ kind: "run", plan, seconds: this.#seconds } satisfies Told);
    } catch (error) {
      this.#fail(kept, error instanceof Error ? error.message : String(error));
    }
  }

  #hear(kept: Kept, said: Said): void {
    const { run } = kept;
    if (said.kind === "list" || said.kind === "story") {
      kept.asked.get(said.ask)?.(said);
      kept.asked.delete(said.ask);
      return;
    }
    if (run.state !== "running") return;
    if (said.kind === "failed") {
      this.#fail(kept, said.message);
      return;
    }
    if (said.kind === "progress") run.at = said.at;
    else {
      run.at = said.report.end;
      run.report = said.report;
      run.state = "done";
      this.#next();
    }
    this.#tell(kept);
  }

  #fail(kept: Kept, message: string): void {
    kept.run.state = "failed";
    kept.run.fault = message;
    this.#end(kept);
    this.#failed(kept.run);
    this.#next();
  }

  #end(kept: Kept): void {
    kept.abort.abort();
    kept.worker?.terminate();
    kept.worker = null;
    for (const answered of kept.asked.values()) answered(null);
    kept.asked.clear();
    this.#tell(kept);
  }

  #tell({ listeners }: Kept): void {
    for (const told of [...listeners]) told();
  }
}
