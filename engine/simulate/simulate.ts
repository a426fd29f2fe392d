import type { Instant, Starts } from "../../nodes/index.ts";
import type { Changes } from "../core/changes.ts";
import type { Flow } from "../core/flow.ts";
import { takeTurn } from "../core/interpreter.ts";
import { compareLines, journalLine, keyOfContact } from "../core/journal.ts";
import { baseline } from "../core/segments.ts";
import type { ContactState, Content, Line, Request } from "../core/state.ts";
import { iso } from "../core/time.ts";
import { isPerContact, scheduleNext, scheduleZone } from "../core/timers.ts";
import { audienceHolds } from "../core/triggers.ts";
import type { World } from "../core/turn.ts";
import { decideWinner, winnerOf } from "../core/winner.ts";
import { type Actor, add, prepare } from "./actor.ts";
import { partsOf, type ScriptedEvent } from "./events.ts";
import { DueHeap } from "./heap.ts";
import type { Decided, Simulation } from "./job.ts";
import { type Outcome, Tally } from "./outcome.ts";
import { People } from "./people.ts";

export type { Decided, Later, Simulation } from "./job.ts";
export type { Outcome } from "./outcome.ts";

type Schedule = Starts & { on: "schedule" };

/** What is left of a message's texts once its line is written. */
const TOLD: Content = { body: "", format: "text", locale: "" };

/** Turns between two calls of `progress`. */
const PROGRESS_TURNS = 512;

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
  /** What was decided, in order of time; with `decided` of the job, all that will be. */
  readonly decided: Decided[];
  #end: Instant;
  #turnsDone = 0;

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
    this.decided = [...(job.decided ?? [])];
    this.#end = job.until;
  }

  /** The world in which the people live: for who wants to tell of them afterwards. */
  get world(): World {
    return this.#world;
  }

  /** Where the span ended: its `until`, unless `progress` ended it. */
  get end(): Instant {
    return this.#end;
  }

  /** Everybody who was simulated, as they are at the end. */
  get people(): ContactState[] {
    return this.#people.actors.map((actor) => actor.state);
  }

  /** Runs the whole span. */
  run(): Outcome {
    this.#arrive();
    this.#script();
    this.#plans();
    this.#begin();
    for (let at = this.#nextMoment(); at !== null && at < this.#end; at = this.#nextMoment()) {
      this.#moment(at);
      if (this.#turnsDone < PROGRESS_TURNS) continue;
      this.#turnsDone = 0;
      if (this.#job.progress?.(at) === false) this.#end = at + 1;
    }
    return this.#tally.finish(this.#people.actors, this.#warnings);
  }

  #arrive(): void {
    for (const row of this.#job.contacts) {
      const created = row.created ?? this.#job.from;
      const begins = Math.max(this.#job.from, created);
      this.#people.add(row, { created, begins, born: begins > this.#job.from });
    }
    for (const state of this.#job.states ?? []) {
      const begins = Math.max(this.#job.from, state.contact.created);
      this.#people.take(state, { begins, born: begins > this.#job.from });
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
      for (const part of partsOf(event, this.#world.flows)) this.#give(actor, part);
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
    const { enroll = true, flow } = this.#job;
    const isManual = enroll && flow.triggers.some((t) => t.starts.on === "manual");
    this.#people.actors.forEach((actor, who) => {
      const at = actor.begins;
      if (at >= this.#job.until) return;
      if (isManual) actor.inputs.push({ kind: "enroll", flow: flow.id, at, id: "#enroll" });
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
    if (this.#job.decided) for (const { at } of this.#open()) consider(at);
    else for (const [place, at] of this.#arrivals) consider(this.#decisionAt(place, at));
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
    const given = actor.inputs;
    actor.inputs = [];
    const fires = given.length === 0 ? [] : given.filter((input) => input.kind === "fire");
    const inputs = fires.length === 0 ? given : given.filter((input) => input.kind !== "fire");
    actor.exists = true;
    for (; actor.next < actor.script.length; actor.next++) {
      const event = actor.script[actor.next];
      if (!event || event.at > at) break;
      if (event.what.kind === "webhook") prepare(actor, event.what);
      else if (event.what.kind === "input") inputs.push(event.what.input);
    }
    if (fires.length > 0) inputs.push(...fires);
    const changes = takeTurn(this.#world, actor.state, inputs, at);
    this.#turnsDone++;
    this.#take(changes, actor);
    for (const later of this.#job.watch?.(changes, at) ?? []) add(actor, later, at);
    if (!this.#job.keepTexts) for (const message of changes.messages) message.content = TOLD;
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

  /** Decisions of the job that are still to come. */
  #open(): Decided[] {
    return this.decided.filter(({ flow, node }) => !this.#decisions.has(`${flow}/${node}`));
  }

  /** Splits with a winner whose time has come: decided once, on what the variants' contacts did. */
  #decide(at: Instant): void {
    if (this.#job.decided) {
      for (const known of this.#open()) if (known.at <= at) this.#settle(known, at);
      return;
    }
    for (const [place, first] of this.#arrivals) {
      if (this.#decisionAt(place, first) !== at) continue;
      const [id = "", node = ""] = place.split("/");
      const flow = this.#world.flows.get(id);
      if (!flow) continue;
      this.#arrivals.delete(place);
      const states = this.#people.actors.map((actor) => actor.state);
      const { winner, by, numbers } = decideWinner(flow, node, states);
      const decided = { at, flow: id, node, winner, by, numbers };
      this.decided.push(decided);
      this.#settle(decided, at);
    }
  }

  /** Writes a decision and wakes those who wait for it. */
  #settle({ flow: id, node, winner, by, numbers }: Decided, at: Instant): void {
    const place = `${id}/${node}`;
    this.#decisions.set(place, winner);
    this.#lines.push({
      at,
      contact: null,
      flow: id,
      version: this.#world.flows.get(id)?.version ?? 0,
      enrollment: null,
      seq: 0,
      kind: "decided",
      node,
      detail: { winner, by, numbers },
    });
    this.#people.actors.forEach((actor, who) => {
      const waits = actor.state.runs.some(
        (r) => r.flow === id && r.node === node && r.waiting === "winner",
      );
      if (!waits) return;
      actor.inputs.push({ kind: "decided", flow: id, node, at, id: `#decided/${place}` });
      this.#wake(actor, who, at);
    });
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
