import type { Instant, Language } from "../../nodes/index.ts";
import { compileFlow, type Flow } from "../core/flow.ts";
import { keyOfContact } from "../core/journal.ts";
import type { ContactState, Content, Line } from "../core/state.ts";
import type { Decided, Simulation } from "../simulate/job.ts";
import { Simulator } from "../simulate/simulate.ts";
import { type Sentence, whyOf } from "../why/why.ts";
import { type Figures, Ledger, type Person } from "./figures.ts";
import { type Known, reactionsOf, scriptOf } from "./happenings.ts";
import { madeUp } from "./made-up.ts";
import type { Plan } from "./plan.ts";

/** Lines after which a span ends early. */
const MOST_LINES = 4_000_000;

/** Why a span ended before its time. */
export type Stopped = "lines" | "time" | "memory";

export interface Lived {
  figures: Figures;
  /** Where it ended: the plan's `until`, unless it was too much. */
  end: Instant;
  stopped: Stopped | null;
  people: Person[];
  decided: Decided[];
  warnings: string[];
}

/** One message that would be sent. */
export interface Sent {
  key: string;
  node: string;
  flow: string;
  channel: string;
  at: Instant;
  to: string | null;
  content: Content;
}

export interface Story {
  key: string | null;
  sentences: (Sentence & { message?: number })[];
  messages: Sent[];
}

/** A plan made ready: who there is, and what will happen to them. */
export class Span {
  readonly #plan: Plan;
  readonly #flow: Flow;
  readonly #others: Flow[];
  readonly #states: ContactState[];
  readonly #rows: ReturnType<typeof madeUp>;
  #decided: Decided[] | null = null;
  #end: Instant;

  /** `states` are real people; theirs are left as they are. */
  constructor(plan: Plan, states: ContactState[]) {
    const version = { version: 1, firstPublished: plan.from, paused: false };
    this.#plan = plan;
    this.#flow = compileFlow(plan.doc, { ...version, params: plan.params });
    this.#others = plan.others.map((doc) => compileFlow(doc, version));
    this.#states = states;
    this.#rows = plan.people ? madeUp(plan.people, plan.entry, plan.from) : [];
    this.#end = plan.until;
  }

  /** Lives through the whole span with everybody. `progress` gets the virtual clock, and says why it should end there. */
  run(progress: (at: Instant) => Stopped | null): Lived {
    const { from, until, workspace } = this.#plan;
    const ledger = new Ledger(this.#flow.id, { from, until, zone: workspace.timezone });
    const rows = this.#rows.map((_, i) => i);
    let stopped: Lived["stopped"] = null;
    const simulator = this.#simulator(
      rows,
      this.#states.map((_, i) => i),
      {
        watch: (changes, at) => ledger.see(changes, at),
        progress: (at) => {
          stopped = ledger.figures.lines > MOST_LINES ? "lines" : progress(at);
          return stopped === null;
        },
      },
    );
    const { warnings } = simulator.run();
    this.#decided = simulator.decided;
    this.#end = simulator.end;
    return {
      figures: ledger.figures,
      end: simulator.end,
      stopped,
      people: ledger.finish(simulator.people),
      decided: simulator.decided,
      warnings,
    };
  }

  /** What happened to one of the people, by their place: the same as when all ran, as nobody's way depends on others but by a split's winner. */
  story(place: number, language: Language): Story {
    const lines: Line[] = [];
    const isRow = place < this.#rows.length;
    const simulator = this.#simulator(
      isRow ? [place] : [],
      isRow ? [] : [place - this.#rows.length],
      {
        until: this.#end,
        decided: this.#decided ?? [],
        keepTexts: true,
        watch: ({ lines: own }) => void lines.push(...own),
      },
    );
    simulator.run();
    const [state] = simulator.people;
    if (!state) return { key: null, sentences: [], messages: [] };
    const messages = state.messages
      .filter((m) => m.state === "sent" && m.at >= this.#plan.from && m.content.locale !== "")
      .map(({ key, node, flow, channel, at, to, content }) => ({
        key,
        node,
        flow,
        channel,
        at,
        to,
        content,
      }));
    const { id } = this.#flow;
    const own = lines.filter((line) => line.flow === id);
    const told = whyOf({
      flow: id,
      lines: own,
      state,
      world: simulator.world,
      splits: (this.#decided ?? []).filter((decided) => decided.flow === id),
      now: this.#end,
      language,
    });
    const sentences = told.flatMap((sentence, i) => {
      const line = own[i];
      // Where everybody goes on by the only way there is, nothing is to be told.
      if (line?.kind === "step" && line.detail.output === "next" && !line.detail.reason) return [];
      if (line?.kind !== "message" || line.detail.state !== "sent") return [sentence];
      const message = messages.findIndex(
        (m) => m.flow === id && m.node === line.node && m.at === line.at,
      );
      return [message < 0 ? sentence : { ...sentence, message }];
    });
    return { key: keyOfContact(state), sentences, messages };
  }

  #simulator(
    rows: number[],
    states: number[],
    {
      watch,
      ...more
    }: Pick<Simulation, "progress"> & {
      watch: (...seen: Parameters<NonNullable<Simulation["watch"]>>) => void;
      until?: Instant;
      decided?: Decided[];
      keepTexts?: boolean;
    },
  ): Simulator {
    const { from, until, workspace, does } = this.#plan;
    const contacts = rows.flatMap((i) => this.#rows[i] ?? []);
    const own = states.flatMap((i) => {
      const state = this.#states[i];
      return state ? [structuredClone(state)] : [];
    });
    const people: Known[] = [
      ...contacts.map(({ key, created }) => ({ id: key, seed: key, created })),
      ...own.map(({ contact: { id, seed, created } }) => ({ id, seed, created })),
    ];
    const flows = new Map([this.#flow, ...this.#others].map((flow) => [flow.id, flow]));
    const react = reactionsOf(does, flows);
    return new Simulator({
      flow: this.#flow,
      others: this.#others,
      contacts,
      states: own,
      enroll: false,
      events: scriptOf(this.#plan, people),
      from,
      until,
      workspace,
      ...more,
      watch: (changes, at) => {
        watch(changes, at);
        return react(changes, at);
      },
    });
  }
}
