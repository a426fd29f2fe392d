import type { Instant } from "../../nodes/index.ts";
import type { ContactRow } from "../contacts/types.ts";
import type { Changes } from "../core/changes.ts";
import type { Flow } from "../core/flow.ts";
import { takeTurn } from "../core/interpreter.ts";
import { baseline } from "../core/react.ts";
import type { Contact, ContactState, Input, Line, Request, Workspace } from "../core/state.ts";
import { iso } from "../core/time.ts";
import { isPerContact, scheduleNext, scheduleZone } from "../core/timers.ts";
import type { World } from "../core/turn.ts";
import { decideWinner, winnerOf } from "../core/winner.ts";
import type { ScriptedEvent } from "./events.ts";
import { DueHeap } from "./heap.ts";
import { compareLines, type JournalLine, journalLine, keyOfContact } from "./lines.ts";

export interface Simulation {
  /** The flow that is simulated; its `trigger.manual` enrolls every contact. */
  flow: Flow;
  /** Flows that `start-flow`, tags and events may reach. */
  others: Flow[];
  contacts: ContactRow[];
  events: ScriptedEvent[];
  /** The span is [from, until). */
  from: Instant;
  until: Instant;
  workspace: Workspace;
  /** Gets every line, in the journal's order. */
  write?: (line: JournalLine) => void;
  /** Called now and then with how far the virtual clock has come. */
  progress?: (at: Instant) => void;
}

/** Counts of a simulated span. */
export interface Outcome {
  contacts: number;
  enrollments: Record<string, number>;
  ignored: Record<string, number>;
  nodes: Record<string, { type: string; entered: number; left: Record<string, number>; here: number }>;
  messages: Record<string, Record<string, number>>;
  goals: number;
  lines: number;
  warnings: string[];
}

/** One simulated contact: its state, and what will happen to it. */
interface Actor {
  state: ContactState;
  script: ScriptedEvent[];
  next: number;
  /** Inputs of this moment that don't come from the script. */
  inputs: Input[];
  /** When it must be looked at. */
  due: Instant | null;
  exists: boolean;
  begins: Instant;
  /** Comes to be by an event, not by the file. */
  born: boolean;
  erases: boolean;
  answers: Map<string, { status: number; body: unknown }[]>;
}

/**
 * Runs flows over contacts on a virtual clock: the same interpreter as the live engine, with a channel that
 * says "sent" at once. Nothing leaves the program.
 */
export class Simulator {
  readonly #job: Simulation;
  readonly #world: World;
  readonly #history: World;
  readonly #decisions = new Map<string, string>();
  readonly #arrivals = new Map<string, Instant>();
  readonly #actors: Actor[] = [];
  readonly #byKey = new Map<string, Actor>();
  readonly #heap = new DueHeap();
  readonly #schedules: { flow: Flow; node: string; next: Instant | null }[] = [];
  readonly #warnings = new Set<string>();
  readonly #lines: Line[] = [];
  readonly #tally: Outcome = {
    contacts: 0,
    enrollments: {},
    ignored: {},
    nodes: {},
    messages: {},
    goals: 0,
    lines: 0,
    warnings: [],
  };

  constructor(job: Simulation) {
    this.#job = job;
    const flows = new Map([job.flow, ...job.others].map((flow) => [flow.id, flow]));
    this.#world = {
      workspace: job.workspace,
      flows,
      versions: new Map([...flows.values()].map((flow) => [`${flow.id}@${flow.version}`, flow])),
      decisions: this.#decisions,
      link: (kind, _contact, message) =>
        `https://example.com/${kind === "survey" ? "s" : "u"}/${encodeURIComponent(message)}`,
      deliver: () => "sent",
      answer: (request, state) => this.#answer(request, state),
      from: job.from,
    };
    this.#history = { ...this.#world, flows: new Map(), versions: new Map() };
  }

  /** Runs the whole span. */
  run(): Outcome {
    this.#people();
    this.#script();
    this.#plans();
    this.#begin();
    let rounds = 0;
    for (let at = this.#nextMoment(); at !== null && at < this.#job.until; at = this.#nextMoment()) {
      this.#moment(at);
      if (++rounds % 512 === 0) this.#job.progress?.(at);
    }
    return this.#finish();
  }

  #people(): void {
    for (const row of this.#job.contacts) {
      const begins = Math.max(this.#job.from, row.created ?? this.#job.from);
      this.#add(row, row.created ?? this.#job.from, begins, begins > this.#job.from);
    }
  }

  #add(row: ContactRow, created: Instant, begins: Instant, born: boolean): Actor {
    const actor: Actor = {
      state: freshState(row, created),
      script: [],
      next: 0,
      inputs: [],
      due: null,
      exists: false,
      begins,
      born,
      erases: false,
      answers: new Map(),
    };
    this.#actors.push(actor);
    this.#know(actor);
    return actor;
  }

  #know(actor: Actor): void {
    const { email, phone } = actor.state.contact.fields;
    for (const key of [email, phone]) {
      if (typeof key === "string" && !this.#byKey.has(key)) this.#byKey.set(key, actor);
    }
  }

  /** Gives every scripted event to its contact; those before the span become history at once. */
  #script(): void {
    const { events, from, until } = this.#job;
    for (const event of events) {
      if (event.at >= until) continue;
      let actor = this.#byKey.get(event.contact);
      if (event.what.kind === "created") {
        if (actor) {
          this.#warn(`event ${event.line}: ${event.contact} exists already`);
          continue;
        }
        if (!event.what.row) {
          this.#warn(`event ${event.line}: ${event.what.why}`);
          continue;
        }
        actor = this.#add(event.what.row, event.at, Math.max(from, event.at), event.at >= from);
      }
      if (!actor) {
        this.#warn(`event ${event.line}: nobody has the address ${event.contact}`);
        continue;
      }
      if (event.what.kind === "created") continue;
      if (event.at >= from && event.at < actor.begins) {
        this.#warn(`event ${event.line}: ${event.contact} doesn't exist yet at ${iso(event.at)}`);
        continue;
      }
      if (event.what.kind === "input" && event.what.input.kind === "erase") actor.erases = true;
      if (event.at < from) this.#past(actor, event);
      else actor.script.push(event);
    }
  }

  /** History sets facts and fires nothing: a turn in a world without flows. */
  #past(actor: Actor, event: ScriptedEvent): void {
    if (event.what.kind !== "input") return;
    takeTurn(this.#history, actor.state, [event.what.input], event.at);
    this.#know(actor);
  }

  /** Schedules that are the same for all contacts. */
  #plans(): void {
    for (const flow of this.#world.flows.values()) {
      for (const { node, starts } of flow.triggers) {
        if (starts.on !== "schedule" || isPerContact(starts)) continue;
        const zone = scheduleZone(flow, starts, this.#job.workspace.timezone);
        this.#schedules.push({ flow, node, next: scheduleNext(starts, this.#job.from - 1, zone) });
      }
    }
  }

  #begin(): void {
    const isManual = this.#job.flow.triggers.some((t) => t.starts.on === "manual");
    this.#actors.forEach((actor, who) => {
      const at = actor.begins;
      if (at >= this.#job.until) return;
      if (isManual) actor.inputs.push({ kind: "enroll", flow: this.#job.flow.id, at, id: "#enroll" });
      if (actor.born) actor.inputs.push({ kind: "created", at, id: "#created" });
      else baseline(this.#world, actor.state, at);
      this.#wake(actor, who, at);
    });
  }

  #wake(actor: Actor, who: number, at: Instant): void {
    if (actor.due !== null && actor.due <= at) return;
    actor.due = at;
    this.#heap.push(at, who);
  }

  /** The next moment at which something happens; null: never again. */
  #nextMoment(): Instant | null {
    let next = this.#heap.peek();
    const consider = (at: Instant | null): void => {
      if (at !== null && (next === null || at < next)) next = at;
    };
    for (const schedule of this.#schedules) consider(schedule.next);
    for (const [place, at] of this.#arrivals) consider(this.#decisionAt(place, at));
    return next;
  }

  #moment(at: Instant): void {
    this.#fireSchedules(at);
    this.#turns(at);
    this.#decide(at);
    this.#turns(at);
    this.#flush();
  }

  #turns(at: Instant): void {
    while (this.#heap.peek() === at) {
      const { who } = this.#heap.pop();
      const actor = this.#actors[who];
      if (!actor || actor.due !== at) continue;
      actor.due = null;
      this.#turn(actor, who, at);
    }
  }

  #turn(actor: Actor, who: number, at: Instant): void {
    const inputs: Input[] = actor.inputs.filter((input) => input.kind !== "fire");
    const fires = actor.inputs.filter((input) => input.kind === "fire");
    actor.inputs = [];
    actor.exists = true;
    for (; actor.next < actor.script.length; actor.next++) {
      const event = actor.script[actor.next];
      if (!event || event.at > at) break;
      if (event.what.kind === "webhook") this.#prepare(actor, event.what);
      else if (event.what.kind === "input") inputs.push(event.what.input);
    }
    const changes = takeTurn(this.#world, actor.state, [...inputs, ...fires], at);
    this.#take(changes, actor);
    const script = actor.script[actor.next]?.at ?? null;
    const due = changes.due === null ? script : script === null ? changes.due : Math.min(changes.due, script);
    if (due !== null && due < this.#job.until) this.#wake(actor, who, Math.max(due, at + 1));
  }

  #take(changes: Changes, actor: Actor): void {
    for (const warning of changes.warnings) this.#warn(`${keyOfContact(actor.state) ?? "?"}: ${warning}`);
    for (const { flow, node, at } of changes.arrivals) {
      const place = `${flow}/${node}`;
      if (!this.#arrivals.has(place) && !this.#decisions.has(place)) this.#arrivals.set(place, at);
    }
    this.#lines.push(...changes.lines);
    if (changes.contact) this.#know(actor);
  }

  #fireSchedules(at: Instant): void {
    for (const schedule of this.#schedules) {
      if (schedule.next !== at) continue;
      const trigger = schedule.flow.triggers.find((t) => t.node === schedule.node);
      if (trigger?.starts.on !== "schedule") continue;
      const zone = scheduleZone(schedule.flow, trigger.starts, this.#job.workspace.timezone);
      schedule.next = scheduleNext(trigger.starts, at, zone);
      this.#actors.forEach((actor, who) => {
        if (actor.begins > at || actor.state.contact.erased) return;
        const { id } = schedule.flow;
        actor.inputs.push({ kind: "fire", flow: id, node: schedule.node, moment: at, at, id: `#${id}/${at}` });
        this.#wake(actor, who, at);
      });
    }
  }

  #decisionAt(place: string, first: Instant): Instant | null {
    const [flow = "", node = ""] = place.split("/");
    const found = this.#world.flows.get(flow);
    const winner = found && winnerOf(found, node);
    return winner ? winner.decideAt(first, this.#job.workspace.timezone) : null;
  }

  /** Splits with a winner whose time has come: decided once, on what the variants' contacts did. */
  #decide(at: Instant): void {
    for (const [place, first] of this.#arrivals) {
      if (this.#decisionAt(place, first) !== at) continue;
      const [id = "", node = ""] = place.split("/");
      const flow = this.#world.flows.get(id);
      if (!flow) continue;
      this.#arrivals.delete(place);
      const states = this.#actors.map((actor) => actor.state);
      const decided = decideWinner(flow, node, states);
      this.#decisions.set(place, decided.winner);
      this.#lines.push({
        at,
        contact: null,
        flow: id,
        version: flow.version,
        enrollment: null,
        seq: 0,
        kind: "decided",
        node,
        detail: { winner: decided.winner, by: decided.by, numbers: decided.numbers },
      });
      this.#actors.forEach((actor, who) => {
        if (!actor.state.runs.some((r) => r.flow === id && r.node === node && r.waiting === "winner")) return;
        actor.inputs.push({ kind: "decided", flow: id, node, at, id: `#decided/${place}` });
        this.#wake(actor, who, at);
      });
    }
  }

  #prepare(actor: Actor, answer: { node: string; status: number; body: unknown }): void {
    const queue = actor.answers.get(answer.node) ?? [];
    queue.push({ status: answer.status, body: answer.body });
    actor.answers.set(answer.node, queue);
  }

  #answer(request: Request, state: ContactState): { status: number; body: unknown } {
    const actor = this.#byId(state.contact.id);
    return actor?.answers.get(request.node)?.shift() ?? { status: 200, body: {} };
  }

  /** Writes the lines of one moment in the journal's order. */
  #flush(): void {
    if (this.#lines.length > 1) this.#lines.sort(compareLines);
    for (const line of this.#lines) {
      const actor = line.contact === null ? undefined : this.#byId(line.contact);
      this.#count(line);
      const key = actor ? keyOfContact(actor.state) : null;
      this.#job.write?.(journalLine(line, key, actor?.erases === true));
    }
    this.#lines.length = 0;
  }

  readonly #ids = new Map<string, Actor>();
  #byId(id: string): Actor | undefined {
    if (this.#ids.size !== this.#actors.length) {
      for (const actor of this.#actors) this.#ids.set(actor.state.contact.id, actor);
    }
    return this.#ids.get(id);
  }

  #count(line: Line): void {
    const tally = this.#tally;
    tally.lines++;
    const place = this.#place(line);
    if (line.kind === "ignored") add(tally.ignored, String(line.detail.reason));
    if (line.kind === "goal") tally.goals++;
    if (line.kind === "message" && place) {
      tally.messages[place] ??= {};
      const state = String(line.detail.state);
      const reason = line.detail.reason === undefined ? "" : ` (${line.detail.reason})`;
      add(tally.messages[place], state + reason);
    }
    if (line.kind === "step" && place) {
      const node = this.#node(place, line);
      node.entered++;
      add(node.left, String(line.detail.output));
    }
  }

  #place(line: Line): string | null {
    if (line.node === null) return null;
    return line.flow === this.#job.flow.id ? line.node : `${line.flow}/${line.node}`;
  }

  #node(place: string, line: { flow: string; node: string | null }): Outcome["nodes"][string] {
    const type = this.#world.flows.get(line.flow)?.nodes.get(line.node ?? "")?.type.type ?? "";
    this.#tally.nodes[place] ??= { type, entered: 0, left: {}, here: 0 };
    return this.#tally.nodes[place] as Outcome["nodes"][string];
  }

  #finish(): Outcome {
    const tally = this.#tally;
    for (const { state, exists } of this.#actors) {
      if (exists) tally.contacts++;
      for (const run of state.runs) {
        add(tally.enrollments, run.state);
        if ((run.state !== "active" && run.state !== "paused") || run.node === null) continue;
        const place = run.flow === this.#job.flow.id ? run.node : `${run.flow}/${run.node}`;
        const node = this.#node(place, run);
        node.here++;
        node.entered++;
      }
    }
    tally.warnings = [...this.#warnings];
    return tally;
  }

  #warn(warning: string): void {
    if (this.#warnings.size < 1000) this.#warnings.add(warning);
  }
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** A contact that nothing has happened to. Its id and what splits are drawn from is its key. */
function freshState(row: ContactRow, created: Instant): ContactState {
  const contact: Contact = {
    id: row.key,
    seed: row.key,
    created,
    fields: { ...row.fields },
    fieldsSet: {},
    tags: Object.fromEntries(row.tags.map((tag) => [tag, { since: created, expires: null }])),
    consents: consentsOf(row.consent, created),
    stopped: [],
    suppressed: {},
    erased: false,
  };
  return { contact, events: [], messages: [], tasks: [], runs: [], drawn: {}, fired: {}, members: {} };
}

const CHANNELS = ["email", "sms", "whatsapp", "call", "letter"];

/** A list of channels says yes to them and no to the others; no list leaves it to the workspace. */
export function consentsOf(granted: string[] | null, at: Instant): Contact["consents"] {
  if (granted === null) return [];
  return [...new Set([...CHANNELS, ...granted])].map((channel) => ({
    channel,
    topic: "",
    granted: granted.includes(channel),
    at,
    source: "import",
  }));
}
