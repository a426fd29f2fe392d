import type { Ctx, Day, Instant, Rule, Text, Window } from "../../nodes/index.ts";
import type { Flow, PlacedNode } from "./flow.ts";
import { hash01 } from "./hash.ts";
import { holidaysOf, onWorkday, openingOnWorkdays } from "./hours.ts";
import { isBack } from "./rules.ts";
import { localeOf, renderText, resolveValue, runRule, valueAt, zoneOf } from "./scope.ts";
import type { ContactState, Run } from "./state.ts";
import { pickText } from "./template.ts";
import { addDuration, atTime, dayOf, moment, opening } from "./time.ts";
import type { Turn } from "./turn.ts";

/** What a node asked and saw, for its step's line. */
export interface Seen {
  rule: string;
  facts: Record<string, unknown>;
}

/**
 * The answers to what a node may ask, for one step. All are pure functions of the turn. A class, because a dozen
 * closures for every step weigh as much as the rest of it.
 */
export class StepCtx implements Ctx {
  /** Null: it looked at no rule. */
  seen: Seen | null = null;
  /** What let the run go came from outside while it was under way. */
  byFresh = false;

  constructor(
    private readonly turn: Turn,
    private readonly run: Run,
    private readonly flow: Flow,
    private readonly node: PlacedNode,
    private readonly asOf?: Instant,
  ) {}

  get zone(): string {
    return zoneOf(this.turn.world, this.turn.state, this.flow.timezone);
  }

  holds(rule: Rule, pointer: string): boolean {
    const { turn, run, flow, node } = this;
    const where = node.type.type === "wait-for" ? "wait" : "node";
    this.seen ??= { rule: "", facts: {} };
    const { facts } = this.seen;
    const holds =
      where === "wait" && run.fresh?.length && isBack(run)
        ? this.#holdsByFresh(rule, run.fresh, facts)
        : runRule(turn, run, flow, rule, where, facts, this.asOf).holds;
    // The last one looked at is the one that decided: a switch stops at the case that holds.
    this.seen.rule = `/nodes/${node.index}/data${pointer}`;
    return holds;
  }
  /** Looks again with each fresh event, in the order in which they came; those after the one that made it hold are for the next time. */
  #holdsByFresh(rule: Rule, fresh: string[], facts: Record<string, unknown>): boolean {
    const { turn, run, flow } = this;
    for (let i = 1; i <= fresh.length; i++) {
      const counted = fresh.slice(0, i);
      if (!runRule(turn, run, flow, rule, "wait", facts, this.asOf, counted).holds) continue;
      run.fresh = fresh.slice(i);
      this.byFresh = true;
      return true;
    }
    return false;
  }
  after(from: Instant, duration: string): Instant {
    return addDuration(from, duration, this.zone);
  }
  opening(window: Window, from: Instant, strict?: boolean): Instant {
    const first = opening(window, from, this.zone, strict);
    const holidays = holidaysOf(this.turn.world.workspace, this.flow);
    return openingOnWorkdays(window, [], holidays, first, this.zone);
  }
  at(time: string, days: Day[] | undefined, from: Instant, strict?: boolean): Instant {
    const first = atTime(time, days, from, this.zone, strict);
    // Named days are working days; a time of any day comes on a holiday too.
    const holidays = days ? holidaysOf(this.turn.world.workspace, this.flow) : [];
    return onWorkday(first, holidays, this.zone, (moment) =>
      atTime(time, days, moment, this.zone, true),
    );
  }
  moment(value: unknown): Instant | null {
    return moment(value, this.zone);
  }
  day(n: number, time: string | undefined, from: Instant): Instant {
    return dayOf(n, time, from, this.zone);
  }
  best(within: string, from: Instant, strict?: boolean): Instant {
    return bestHour(this.turn.state, within, from, this.zone, strict === true);
  }
  value(path: string): unknown {
    return valueAt(this.turn, this.run, this.flow, path);
  }
  render(text: Text): string {
    const { world, state } = this.turn;
    const picked = pickText(text, localeOf(world, state), world.workspace.locale);
    return renderText(this.turn, this.run, this.flow, picked.text, { html: false, message: null })
      .text;
  }
  resolve(value: unknown): unknown {
    return resolveValue(this.turn, this.run, this.flow, value);
  }
  draw(salt: string): number {
    return hash01([this.flow.id, this.node.id, this.turn.state.contact.seed, salt]);
  }
  drawn(): string | undefined {
    const { drawn } = this.turn.state;
    const { place } = this.node;
    return Object.hasOwn(drawn, place) ? drawn[place] : undefined;
  }
  decision(): string | null {
    return this.turn.world.decisions.get(this.node.place) ?? null;
  }
}

/** Ten in the morning, until the contact has clicked or answered. */
const USUAL_HOUR = 10;

/** The next start of the hour at which the contact clicked and answered most, if it comes within the duration. */
export function bestHour(
  state: ContactState,
  within: string,
  from: Instant,
  zone: string,
  strict: boolean,
): Instant {
  const hours = new Array<number>(24).fill(0);
  for (const message of state.messages) {
    for (const receipt of message.receipts) {
      if ((receipt.event !== "clicked" && receipt.event !== "replied") || receipt.machine) continue;
      const hour = Temporal.Instant.fromEpochMilliseconds(receipt.at).toZonedDateTimeISO(zone).hour;
      hours[hour] = (hours[hour] ?? 0) + 1;
    }
  }
  const most = Math.max(...hours);
  const hour = most === 0 ? USUAL_HOUR : hours.indexOf(most);
  const at = atTime(`${String(hour).padStart(2, "0")}:00`, undefined, from, zone, strict);
  // Coming back at the same instant goes on at the next best hour, however far: else a loop would have no end.
  return strict || at <= addDuration(from, within, zone) ? at : from;
}
