import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { Type } from "typebox";
import type { FlowCounts, Store } from "../store/store.ts";
import type { AppOptions, Env } from "./context.ts";
import { heartbeat } from "./heartbeat.ts";
import { flowOf } from "./input.ts";
import { HttpProblem } from "./problem.ts";
import { route, VIEWERS } from "./route.ts";
import { FlowId } from "./schemas.ts";

/** What changed of a flow's figures: all but the nodes is whole. */
type Told = (counts: FlowCounts) => void;

interface Watched {
  followers: Set<Told>;
  /** The figures as they were told, and each part as text, to see what changed. */
  counts: FlowCounts;
  known: Map<string, string>;
  timer: ReturnType<typeof setInterval>;
}

/** Milliseconds between two looks; one look serves everybody who follows a flow. */
const EVERY = 1_000;
const MOST_FOLLOWERS = 500;

/** Looks at the figures of the flows that somebody follows, once for all who do. */
export class LiveCounts {
  readonly #store: Store;
  readonly #every: number;
  readonly #watched = new Map<string, Watched>();
  #followers = 0;

  constructor(store: Store, every: number = EVERY) {
    this.#store = store;
    this.#every = every;
  }

  get full(): boolean {
    return this.#followers >= MOST_FOLLOWERS;
  }

  /** Tells all figures at once and from then on what changes; returns how to stop. */
  async follow(flow: string, told: Told): Promise<() => void> {
    const watched = this.#watched.get(flow) ?? (await this.#watch(flow));
    watched.followers.add(told);
    this.#followers++;
    told(watched.counts);
    return () => {
      if (!watched.followers.delete(told)) return;
      this.#followers--;
      if (watched.followers.size > 0) return;
      clearInterval(watched.timer);
      this.#watched.delete(flow);
    };
  }

  async #watch(flow: string): Promise<Watched> {
    const counts = await this.#store.flowCounts(flow);
    const raced = this.#watched.get(flow);
    if (raced) return raced;
    const timer = setInterval(() => void this.#look(flow), this.#every);
    timer.unref();
    const watched: Watched = { followers: new Set(), counts, known: partsOf(counts), timer };
    this.#watched.set(flow, watched);
    return watched;
  }

  async #look(flow: string): Promise<void> {
    const counts = await this.#store.flowCounts(flow);
    const watched = this.#watched.get(flow);
    if (!watched) return;
    const parts = partsOf(counts);
    const changed = Object.entries(counts.nodes).filter(
      ([node]) => parts.get(node) !== watched.known.get(node),
    );
    const isNew = changed.length > 0 || parts.get("") !== watched.known.get("");
    watched.counts = counts;
    watched.known = parts;
    if (!isNew) return;
    for (const told of watched.followers) told({ ...counts, nodes: Object.fromEntries(changed) });
  }
}

function partsOf({ nodes, ...whole }: FlowCounts): Map<string, string> {
  const parts = new Map([["", JSON.stringify(whole)]]);
  for (const [node, figures] of Object.entries(nodes)) parts.set(node, JSON.stringify(figures));
  return parts;
}

/** A stream ends after so long, and the browser opens another. */
const LIFE = 10 * 60_000;

/** `/api/flows/:id/stream`: the figures as they change. */
export function live({ store }: Pick<AppOptions, "store">) {
  const counts = new LiveCounts(store);
  return new Hono<Env>().get(
    "/:id/stream",
    route(
      {
        summary: "Streams a flow's figures: all of them, then what changes.",
        allow: VIEWERS,
        params: { id: FlowId },
        answers: { 200: Type.String({ contentMediaType: "text/event-stream" }) },
        problems: ["not-found", "unavailable"],
      },
      async (c, { param }) => {
        const { id } = await flowOf(store, param.id);
        if (counts.full) throw crowded;
        return streamSSE(c, async (stream) => {
          const stop = await counts.follow(id, (changed) => {
            void stream.writeSSE({ event: "counts", data: JSON.stringify(changed) });
          });
          await new Promise<void>((ended) => {
            const timer = setTimeout(ended, LIFE);
            timer.unref();
            const end = (): void => {
              clearTimeout(timer);
              rest();
              ended();
            };
            const rest = heartbeat(c, stream, end);
            stream.onAbort(end);
          });
          stop();
        });
      },
    ),
  );
}

const crowded = new HttpProblem("unavailable", {
  en: "Too many pages follow live figures now; the figures are still asked for every few seconds.",
  ar: "يتابع الأرقامَ الحية عدد كبير من الصفحات الآن؛ وتُحدَّث الأرقام كل بضع ثوانٍ.",
});
