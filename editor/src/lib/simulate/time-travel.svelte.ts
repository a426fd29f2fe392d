import type { InferResponseType } from "hono/client";
import { api } from "../api/index.ts";
import type { Canvas } from "../canvas/canvas.svelte.ts";
import { i18n } from "../i18n/index.svelte.ts";

type Simulation = InferResponseType<(typeof api.simulations)[":id"]["$get"]>;
type Report = NonNullable<Simulation["report"]>;
type Person = InferResponseType<(typeof api.simulations)[":id"]["people"]["$get"]>["items"][number];
export type Story = InferResponseType<(typeof api.simulations)[":id"]["people"][":place"]["$get"]>;

const DAY = 86_400_000;
/** After a stream that broke off; milliseconds. */
const AGAIN = 500;

/** A simulation of the open draft: what is asked for, how far it is, and the moment of it that the canvas shows. */
export class TimeTravel {
  who = $state("madeUp");
  count = $state(100);
  addresses = $state("");
  months = $state(3);
  how = $state<"hand" | "triggers">("hand");
  over = $state(7);
  opens = $state(40);
  clicks = $state(10);
  replies = $state(3);
  answers = $state(60);

  id = $state.raw("");
  running = $state.raw(false);
  /** 0–1 */
  done = $state.raw(0);
  /** Why there is nothing new to see: it failed, or was stopped before it ended. */
  ended = $state.raw<"failed" | "cancelled" | null>(null);
  report = $state.raw<Report | null>(null);
  before = $state.raw<Report | null>(null);
  people = $state.raw<Person[]>([]);
  next = $state.raw<string | null>(null);
  total = $state.raw(0);
  group = $state.raw<number | null>(null);
  #frame = $state(0);
  readonly #canvas: Canvas;
  #events: EventSource | null = null;

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  get frame(): number {
    return this.#frame;
  }

  /** The canvas shows how things stood at the end of this frame. */
  set frame(frame: number) {
    this.#frame = frame;
    this.show();
  }

  /** Puts the moment that was looked at on the canvas. */
  show(): void {
    const frame = this.#frame;
    if (!this.report) return;
    const passed: Record<string, Record<string, number>> = {};
    const here: Record<string, number> = {};
    for (const [node, figures] of Object.entries(this.report.nodes)) {
      here[node] = until(figures.here, frame);
      passed[node] = Object.fromEntries(
        Object.entries(figures.passed).map(([output, sparse]) => [output, until(sparse, frame)]),
      );
    }
    this.#canvas.simulated = { passed, here };
  }

  /** Runs the draft as it is drawn now. Throws `ApiError` when it may not be. */
  async run(): Promise<void> {
    this.ended = null;
    const from = Date.now();
    const answer = await api.simulations.index.$post({
      json: {
        flow: this.#canvas.flow.doc as never,
        people: this.#who(),
        from: new Date(from).toISOString(),
        until: new Date(from + this.months * 30 * DAY).toISOString(),
        entry: { how: this.how, over: this.over },
        does: {
          ...{
            opens: this.opens,
            clicks: this.clicks,
            replies: this.replies,
            bounces: 1,
            optsOut: 0.5,
          },
          ...{
            rates: 20,
            answers: this.answers,
            declines: Math.min(10, 100 - this.answers),
            finishes: 90,
          },
        },
        happens: [],
      },
    });
    const { id } = await answer.json();
    this.id = id;
    this.running = true;
    this.done = 0;
    const { state, report } = await this.#outcome(id).finally(() => {
      this.running = false;
    });
    if (state === "failed" || state === "cancelled") this.ended = state;
    if (!report) return;
    this.before = this.report;
    this.report = report;
    this.frame = report.frames.length - 1;
    await this.list(null);
  }

  #who() {
    if (this.who === "all") return { all: true as const };
    if (this.who === "contacts")
      return { contacts: this.addresses.split(/[\s,،;؛]+/).filter(Boolean) };
    if (this.who.startsWith("segment:")) return { rule: { segment: this.who.slice(8) } as never };
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return {
      madeUp: {
        count: this.count,
        zones: [zone],
        languages: [i18n.language],
        tags: [],
        consent: 95,
      },
    };
  }

  /** How it ended. A stream that breaks off is taken up again for as long as the server knows the run. */
  async #outcome(id: string): Promise<Simulation> {
    for (;;) {
      await this.#follow(id);
      const now = await (await api.simulations[":id"].$get({ param: { id } })).json();
      if (now.state !== "running" && now.state !== "waiting") return now;
      await new Promise((done) => setTimeout(done, AGAIN));
    }
  }

  #follow(id: string): Promise<void> {
    return new Promise((ended) => {
      const events = new EventSource(`/api/simulations/${id}/events`);
      this.#events = events;
      const close = (): void => {
        events.close();
        ended();
      };
      events.onerror = close;
      events.addEventListener("progress", (event) => {
        const { state, at } = JSON.parse(event.data) as { state: string; at: string };
        this.done = (Date.parse(at) - Date.now()) / (this.months * 30 * DAY);
        if (state !== "running" && state !== "waiting") close();
      });
    });
  }

  async stop(): Promise<void> {
    await api.simulations[":id"].$delete({ param: { id: this.id } });
  }

  /** The people whom a group of the report is about; null: all. */
  async list(group: number | null): Promise<void> {
    this.group = group;
    this.people = [];
    this.next = "0";
    await this.more();
  }

  async more(): Promise<void> {
    const query = {
      limit: "50",
      ...(this.next && this.next !== "0" ? { cursor: this.next } : {}),
      ...(this.group === null ? {} : { group: String(this.group) }),
    };
    const answer = await api.simulations[":id"].people.$get({ param: { id: this.id }, query });
    const { items, total, next } = await answer.json();
    this.people = [...this.people, ...items];
    this.total = total;
    this.next = next;
  }

  async story(place: number): Promise<Story> {
    const param = { id: this.id, place: String(place) };
    return (await api.simulations[":id"].people[":place"].$get({ param })).json();
  }

  /** The live figures come back. */
  leave(): void {
    this.#events?.close();
    this.#canvas.simulated = null;
  }
}

/** Sum of a sparse count (`[frame, count, …]`) up to a frame, itself among it. */
function until(sparse: readonly number[], frame: number): number {
  let sum = 0;
  for (let i = 0; i < sparse.length && (sparse[i] ?? 0) <= frame; i += 2) sum += sparse[i + 1] ?? 0;
  return sum;
}

/** All of a sparse count. */
export const totalOf = (sparse: readonly number[] = []): number =>
  until(sparse, Number.POSITIVE_INFINITY);

/** What a sparse count says of one frame. */
export function at(sparse: readonly number[], frame: number): number {
  for (let i = 0; i < sparse.length; i += 2) if (sparse[i] === frame) return sparse[i + 1] ?? 0;
  return 0;
}
