import type { Ctx, Instant, Text } from "../../nodes/index.ts";
import type { Flow, PlacedNode } from "./flow.ts";
import { hash01 } from "./hash.ts";
import { localeOf, renderText, resolveValue, runRule, valueAt, zoneOf } from "./scope.ts";
import type { ContactState, Run } from "./state.ts";
import { pickText } from "./template.ts";
import { addDuration, atTime, dayOf, moment, opening } from "./time.ts";
import type { Turn } from "./turn.ts";

/** What a node asked and saw, for its step's line. */
export interface Seen {
  rule?: string;
  facts: Record<string, unknown>;
}

/** The answers to what a node may ask, for one step. All are pure functions of the turn. */
export function ctxOf(turn: Turn, run: Run, flow: Flow, node: PlacedNode, asOf?: Instant): { ctx: Ctx; seen: Seen } {
  const zone = zoneOf(turn.world, turn.state, flow.timezone);
  const seen: Seen = { facts: {} };
  const place = `${flow.id}/${node.id}`;
  const ctx: Ctx = {
    zone,
    holds(rule, pointer) {
      const where = node.type.type === "wait-for" ? "wait" : "node";
      const { holds } = runRule(turn, run, flow, rule, where, seen.facts, asOf);
      // The last one looked at is the one that decided: a switch stops at the case that holds.
      seen.rule = `/nodes/${node.index}/data${pointer}`;
      return holds;
    },
    after: (from, duration) => addDuration(from, duration, zone),
    opening: (window, from, strict) => opening(window, from, zone, strict),
    at: (time, days, from, strict) => atTime(time, days, from, zone, strict),
    moment: (value) => moment(value, zone),
    day: (n, time, from) => dayOf(n, time, from, zone),
    best: (within, from, strict) => bestHour(turn.state, within, from, zone, strict === true),
    value: (path) => valueAt(turn, run, flow, path),
    render(text: Text) {
      const picked = pickText(text, localeOf(turn.world, turn.state), turn.world.workspace.locale);
      return renderText(turn, run, flow, picked.text, { html: false, message: null }).text;
    },
    resolve: (value) => resolveValue(turn, run, flow, value),
    draw: (salt) => hash01([flow.id, node.id, turn.state.contact.seed, salt]),
    drawn: () => (Object.hasOwn(turn.state.drawn, place) ? turn.state.drawn[place] : undefined),
    decision: () => turn.world.decisions.get(place) ?? null,
  };
  return { ctx, seen };
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
