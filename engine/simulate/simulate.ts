import type { Instant, Starts } from "../../nodes/index.ts";
import type { ContactRow } from "../contacts/types.ts";
import type { Changes } from "../core/changes.ts";
import type { Flow } from "../core/flow.ts";
import { takeTurn } from "../core/interpreter.ts";
import { compareLines, type JournalLine, journalLine, keyOfContact } from "../core/journal.ts";
import { baseline } from "../core/segments.ts";
import type { ContactState, Input, Line, Request, Workspace } from "../core/state.ts";
import { iso } from "../core/time.ts";
import { isPerContact, scheduleNext, scheduleZone } from "../core/timers.ts";
import { audienceHolds } from "../core/triggers.ts";
import type { World } from "../core/turn.ts";
import { decideWinner, winnerOf } from "../core/winner.ts";
import { type Actor, prepare } from "./actor.ts";
import type { ScriptedEvent } from "./events.ts";
import { DueHeap } from "./heap.ts";
import { type Outcome, Tally } from "./outcome.ts";
import { People } from "./people.ts";

export type { Outcome } from "./outcome.ts";

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

type Schedule = Starts & { on: "schedule" };

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
  readonly #people = new People();
  readonly #heap = new DueHeap();
  readonly #schedules: { flow: Flow; node: string; starts: Schedule; next: Instant | null }[] = [];
  readonly #warnings = new Set<string>();
  readonly #lines: Line[] = [];
  readonly #tally: Tally;

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
    this.#tally = new Tally(job.flow.id, flows);
    this.#history = { ...this.#world, flows: new Map(), versions: new Map() };
  }

  /** Runs the whole span. */
  run(): Outcome {
    this.#arrive();
    this.#script();
    this.#plans();
    this.#begin();
    let rounds = 0;
    for (
      let at = this.#nextMoment();
      at !== null && at < this.#job.until;
      at = this.#nextMoment()
    ) {
      this.#moment(at);
      if (++rounds % 512 === 0) this.#job.progress?.(at);
    }
    return this.#tally.finish(this.#people.actors, this.#warnings);
  }

  #arrive(): void {
    for (const row of this.#job.contacts) {
      const created = row.created ?? this.#job.from;
      const begins = Math.max(this.#job.from, created);
      this.#people.add(row, { created, begins, born: begins > this.#job.from });
    }
  }

  /** Gives every scripted event to its contact, in order of time; those before the span become history at once. */
  #script(): void {
    const { events, from, until } = this.#job;
    for (const event of events) {
      if (event.at >= until) continue;
      const actor = this.#people.at(event.contact);
      if (event.what.kind === "created") {
        if (actor) this.#warn(`event ${event.line}: ${event.contact} exists already`);
        else if (!event.what.row) this.#warn(`event ${event.line}: ${event.what.why}`);
        else {
          const begins = Math.max(from, event.at);
          this.#people.add(event.what.row, { created: event.at, begins, born: event.at >= from });
        }
        continue;
      }
      if (!actor) {
        this.#warn(`event ${event.line}: nobody has the address ${event.contact}`);
        continue;
      }
      if (event.at >= from && event.at < actor.begins) {
        this.#warn(`event ${event.line}: ${event.contact} doesn't exist yet at ${iso(event.at)}`);
        continue;
      }
      this.#give(actor, event);
    }
  }

  #give(actor: Actor, event: ScriptedEvent): void {
    const { what } = event;
    if (event.at < this.#job.from) {
      if (what.kind === "webhook") prepare(actor, what);
      // History sets facts and fires nothing: a turn in a world without flows.
      if (what.kind === "input") takeTurn(this.#history, actor.state, [what.input], event.at);
    } else actor.script.push(event);
    if (what.kind !== "input") return;
    // Later events may name the contact by the address that it has by then.
    if (what.input.kind === "set") this.#people.know(actor, what.input.fields);
    if (what.input.kind !== "erase") return;
    actor.erases = true;
    this.#people.forget(actor);
  }

  /** Schedules that are the same for all contacts. */
  #plans(): void {
    for (const flow of this.#world.flows.values()) {
      for (const { node, starts } of flow.triggers) {
        if (starts.on !== "schedule" || isPerContact(starts)) continue;
        const zone = scheduleZone(flow, starts, this.#job.workspace.timezone);
        this.#schedules.push({
          flow,
          node,
          starts,
          next: scheduleNext(starts, this.#job.from - 1, zone),
        });
      }
    }
  }

  #begin(): void {
    const isManual = this.#job.flow.triggers.some((t) => t.starts.on === "manual");
    this.#people.actors.forEach((actor, who) => {
      const at = actor.begins;
      if (at >= this.#job.until) return;
      if (isManual)
        actor.inputs.push({ kind: "enroll", flow: this.#job.flow.id, at, id: "#enroll" });
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
      const actor = this.#people.actors[who];
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
      if (event.what.kind === "webhook") prepare(actor, event.what);
      else if (event.what.kind === "input") inputs.push(event.what.input);
    }
    const changes = takeTurn(this.#world, actor.state, [...inputs, ...fires], at);
    this.#take(changes, actor);
    const script = actor.script[actor.next]?.at ?? null;
    const due =
      changes.due === null ? script : script === null ? changes.due : Math.min(changes.due, script);
    if (due !== null && due < this.#job.until) this.#wake(actor, who, Math.max(due, at + 1));
  }

  #take(changes: Changes, actor: Actor): void {
    for (const warning of changes.warnings)
      this.#warn(`${keyOfContact(actor.state) ?? "?"}: ${warning}`);
    for (const { flow, node, at } of changes.arrivals) {
      const place = `${flow}/${node}`;
      if (!this.#arrivals.has(place) && !this.#decisions.has(place)) this.#arrivals.set(place, at);
    }
    for (const line of changes.lines) this.#lines.push(line);
  }

  #fireSchedules(at: Instant): void {
    for (const schedule of this.#schedules) {
      if (schedule.next !== at) continue;
      const { flow, node, starts } = schedule;
      schedule.next = scheduleNext(
        starts,
        at,
        scheduleZone(flow, starts, this.#job.workspace.timezone),
      );
      this.#people.actors.forEach((actor, who) => {
        if (actor.begins > at || actor.state.contact.erased) return;
        // Nothing else happens to the contact now, so whoever isn't in the audience need not be looked at.
        if (actor.due !== at && !audienceHolds(this.#world, actor.state, flow, starts, at)) return;
        actor.inputs.push({
          kind: "fire",
          flow: flow.id,
          node,
          moment: at,
          at,
          id: `#${flow.id}/${at}`,
        });
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
      const states = this.#people.actors.map((actor) => actor.state);
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
      this.#people.actors.forEach((actor, who) => {
        if (
          !actor.state.runs.some((r) => r.flow === id && r.node === node && r.waiting === "winner")
        )
          return;
        actor.inputs.push({ kind: "decided", flow: id, node, at, id: `#decided/${place}` });
        this.#wake(actor, who, at);
      });
    }
  }

  #answer(request: Request, state: ContactState): { status: number; body: unknown } {
    return (
      this.#people.known(state.contact.id)?.answers.get(request.node)?.shift() ?? {
        status: 200,
        body: {},
      }
    );
  }

  /** Writes the lines of one moment in the journal's order. */
  #flush(): void {
    if (this.#lines.length > 1) this.#lines.sort(compareLines);
    for (const line of this.#lines) {
      const actor = line.contact === null ? undefined : this.#people.known(line.contact);
      this.#tally.count(line);
      const key = actor ? keyOfContact(actor.state) : null;
      this.#job.write?.(journalLine(line, key, actor?.erases === true));
    }
    this.#lines.length = 0;
  }

  #warn(warning: string): void {
    if (this.#warnings.size < 1000) this.#warnings.add(warning);
  }
}
