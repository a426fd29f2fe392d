import type { Instant } from "../../nodes/index.ts";
import type { Changes } from "../core/changes.ts";
import type { ContactState, Line, Run } from "../core/state.ts";
import { count, framesOf, type Sparse } from "./frames.ts";

/** Something that held people up, kept a message back or ended a run early, and how often. */
export interface Group {
  about:
    | "waiting"
    | "paused"
    | "skipped"
    | "cancelled"
    | "failed"
    | "exited"
    | "ignored"
    | "bounced";
  /** One of the journal's closed list. */
  reason: string;
  /** Null: the flow as a whole. */
  node: string | null;
  count: number;
  people: number;
}

/** What became of a simulated span; frames are days (hours of a short one). */
export interface Figures {
  frames: Instant[];
  /** Of the flow that was asked about. Passed by output, how many more stand there, messages by state. */
  nodes: Record<
    string,
    { passed: Record<string, Sparse>; here: Sparse; messages: Record<string, number> }
  >;
  entered: Sparse;
  /** Messages that went, by channel; of every flow that ran. */
  sent: Record<string, Sparse>;
  calls: Sparse;
  tasks: Sparse;
  goals: Sparse;
  goalValue: number;
  /** Runs by how they stand at the end. */
  ends: Record<string, number>;
  /** What was opened, clicked, answered. */
  receipts: Record<string, number>;
  groups: Group[];
  lines: number;
}

/** One person at the end of the span. */
export interface Person {
  state: ContactState;
  entered: Instant | null;
  sent: number;
  kept: number;
  last: Instant | null;
  /** Places of `nodes` in the order of the document, that the person has been at. */
  visited: Set<string>;
  /** Places of `groups`. */
  groups: Set<number>;
}

/** Looks at every turn of a span and keeps sums alone; what it keeps grows with nodes, days and people, not with lines. */
export class Ledger {
  readonly figures: Figures;
  readonly #flow: string;
  readonly #people = new Map<ContactState, Person>();
  readonly #stood = new Map<Run, string | null>();
  readonly #groups = new Map<string, number>();
  #frame = 0;

  constructor(flow: string, span: { from: Instant; until: Instant; zone: string }) {
    this.#flow = flow;
    this.figures = {
      frames: framesOf(span.from, span.until, span.zone),
      nodes: {},
      entered: [],
      sent: {},
      calls: [],
      tasks: [],
      goals: [],
      goalValue: 0,
      ends: {},
      receipts: {},
      groups: [],
      lines: 0,
    };
  }

  see({ state, runs, lines }: Changes, at: Instant): void {
    const { frames } = this.figures;
    while (at >= (frames[this.#frame + 1] ?? Number.POSITIVE_INFINITY)) this.#frame++;
    const person = this.person(state);
    for (const line of lines) this.#line(line, person);
    for (const run of runs) if (run.flow === this.#flow) this.#stand(run, person);
  }

  person(state: ContactState): Person {
    const known = this.#people.get(state);
    if (known) return known;
    const fresh: Person = {
      state,
      entered: null,
      sent: 0,
      kept: 0,
      last: null,
      visited: new Set(),
      groups: new Set(),
    };
    this.#people.set(state, fresh);
    return fresh;
  }

  /** How everybody's runs of the flow stand now. */
  finish(people: readonly ContactState[]): Person[] {
    const { ends } = this.figures;
    return people.map((state) => {
      for (const run of state.runs) {
        if (run.flow === this.#flow) ends[run.state] = (ends[run.state] ?? 0) + 1;
      }
      return this.person(state);
    });
  }

  #node(id: string): Figures["nodes"][string] {
    const { nodes } = this.figures;
    nodes[id] ??= { passed: {}, here: [], messages: {} };
    return nodes[id];
  }

  /** A run stands at one place after each turn, however many it passed in it. */
  #stand(run: Run, person: Person): void {
    const was = this.#stood.get(run) ?? null;
    const open = run.state === "active" || run.state === "paused";
    const is = open ? run.node : null;
    if (open) this.#stood.set(run, is);
    else this.#stood.delete(run);
    if (is !== null) person.visited.add(is);
    if (was === is) return;
    if (was !== null) count(this.#node(was).here, this.#frame, -1);
    if (is !== null) count(this.#node(is).here, this.#frame, 1);
  }

  #line(line: Line, person: Person): void {
    const { figures } = this;
    figures.lines++;
    person.last = line.at;
    const isOwn = line.flow === this.#flow;
    const { node, detail } = line;
    if (line.kind === "message") this.#message(line, person, isOwn);
    if (line.kind === "task" && detail.state === "open") {
      count(detail.task === "call" ? figures.calls : figures.tasks, this.#frame, 1);
    }
    if (!isOwn) return;
    switch (line.kind) {
      case "entered":
        person.entered ??= line.at;
        count(figures.entered, this.#frame, 1);
        break;
      case "step":
        if (node === null) break;
        person.visited.add(node);
        this.#pass(node, String(detail.output));
        break;
      case "goal":
        count(figures.goals, this.#frame, 1);
        if (typeof detail.value === "number") figures.goalValue += detail.value;
        break;
      case "waiting":
        if (detail.for === "window" || detail.for === "cap") this.#group("waiting", line, person);
        break;
      case "paused":
        this.#group("paused", { ...line, detail: { reason: "reply" } }, person);
        break;
      case "exited":
      case "failed":
      case "ignored":
        this.#group(line.kind, line, person);
    }
  }

  #pass(node: string, output: string): void {
    const { passed } = this.#node(node);
    passed[output] ??= [];
    count(passed[output], this.#frame, 1);
  }

  #message(line: Line, person: Person, isOwn: boolean): void {
    const { figures } = this;
    const { node, detail } = line;
    const state = String(detail.state);
    if (isOwn && node !== null) {
      const { messages } = this.#node(node);
      messages[state] = (messages[state] ?? 0) + 1;
    }
    if (state === "sent") {
      const channel = String(detail.channel);
      figures.sent[channel] ??= [];
      count(figures.sent[channel], this.#frame, 1);
      person.sent++;
      return;
    }
    if (state === "skipped" || state === "cancelled" || state === "failed") {
      person.kept++;
      if (isOwn) this.#group(state === "failed" ? "bounced" : state, line, person);
      return;
    }
    figures.receipts[state] = (figures.receipts[state] ?? 0) + 1;
  }

  #group(about: Group["about"], { node, detail }: Line, person: Person): void {
    const { groups } = this.figures;
    const reason = String(detail.reason ?? detail.for ?? "");
    const name = `${about}/${reason}/${node ?? ""}`;
    let place = this.#groups.get(name);
    if (place === undefined) {
      place = groups.length;
      groups.push({ about, reason, node, count: 0, people: 0 });
      this.#groups.set(name, place);
    }
    const group = groups[place];
    if (!group) return;
    group.count++;
    if (person.groups.has(place)) return;
    person.groups.add(place);
    group.people++;
  }
}
