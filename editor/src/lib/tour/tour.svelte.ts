import { ApiError, api } from "../api/index.ts";
import { router } from "../router.svelte.ts";

/** Kept once the tour was gone through or skipped. */
const KEY = "tawasul.tour";

/** The stops, in order; each points at the element with this `data-tour`. */
export const STOPS = ["flows", "canvas", "publish", "contacts", "today"] as const;
export type Stop = (typeof STOPS)[number];

/** Where a stop is; null: the page that the stop before led to. */
const PATHS: Record<Stop, () => Promise<string | null> | string | null> = {
  flows: () => "/flows",
  canvas: anyFlow,
  publish: () => null,
  contacts: () => "/contacts",
  today: () => "/today",
};

/** A flow that runs, else any; null when there is none. */
async function anyFlow(): Promise<string | null> {
  try {
    const { items } = await (await api.flows.index.$get()).json();
    const flow = items.find((one) => one.state === "live" && one.counts.active > 0) ?? items[0];
    return flow ? `/flows/${flow.id}` : null;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

/** The tour of five stops: shown once by itself, and whenever somebody asks for it. */
class Tour {
  #at = $state.raw<number | null>(null);
  #back: string | null = null;

  /** Null while nobody takes the tour. */
  get stop(): Stop | null {
    return this.#at === null ? null : (STOPS[this.#at] ?? null);
  }

  get number(): number {
    return (this.#at ?? 0) + 1;
  }

  get isLast(): boolean {
    return this.number === STOPS.length;
  }

  /** Starts the tour for whoever has never seen it and begins at the first page. */
  offer(): void {
    if (localStorage.getItem(KEY) === null && router.path === "/flows") this.start();
  }

  start(): void {
    this.#back = router.path;
    void this.#go(0);
  }

  async next(): Promise<void> {
    if (this.#at === null) return;
    if (this.isLast) this.end();
    else await this.#go(this.#at + 1);
  }

  async back(): Promise<void> {
    if (this.#at !== null && this.#at > 0) await this.#go(this.#at - 1);
  }

  /** Ends it, whether skipped or gone through; it isn't shown by itself again. */
  end(): void {
    this.#at = null;
    localStorage.setItem(KEY, "done");
    if (this.#back !== null && this.#back !== router.path) router.go(this.#back);
  }

  async #go(at: number): Promise<void> {
    const stop = STOPS[at] ?? "flows";
    // Back from the contacts leads to the flow again, not to the list.
    const path = await PATHS[stop === "publish" ? "canvas" : stop]();
    if (path !== null && path !== router.path) router.go(path);
    this.#at = at;
  }
}

export const tour = new Tour();
