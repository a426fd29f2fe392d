import type { Instant, Starts } from "../../nodes/index.ts";
import type { Flow } from "./flow.ts";
import { fieldOf } from "./compare.ts";
import { readsOf } from "./rules-reads.ts";
import { segmentHolds, zoneOf } from "./scope.ts";
import { watchedSegments } from "./segments.ts";
import { addDuration, cronNext, moment, nextRecurrence, parseInstant } from "./time.ts";
import type { ContactState } from "./state.ts";
import { note, type Turn } from "./turn.ts";

/** A moment counts as missed when the program looks at it later than this. */
const MISSED = 60_000;
/** Never more moments of one schedule at once. */
const MOST_CAUGHT_UP = 1000;

interface Timer {
  flow: Flow;
  node: string;
  /** `flow/node`, under which `fired` remembers. */
  key: string;
  starts: Extract<Starts, { on: "date" | "idle" | "schedule" }>;
}

const cache = new WeakMap<object, Timer[]>();

/** Triggers whose moments are each contact's own: dates, silences, schedules at the contact's hour. */
function timersOf(turn: Turn): Timer[] {
  const cached = cache.get(turn.world.flows);
  if (cached) return cached;
  const timers: Timer[] = [];
  for (const flow of turn.world.flows.values()) {
    for (const { node, starts } of flow.triggers) {
      const isOwn =
        starts.on === "date" || starts.on === "idle" || (starts.on === "schedule" && isPerContact(starts));
      if (isOwn) timers.push({ flow, node, key: `${flow.id}/${node}`, starts });
    }
  }
  cache.set(turn.world.flows, timers);
  return timers;
}

/** Whether a schedule fires at each contact's own hour. */
export const isPerContact = (starts: Extract<Starts, { on: "schedule" }>): boolean =>
  starts.timezone === "contact";

/** The zone of a schedule that is the same for all contacts. */
export const scheduleZone = (
  flow: Flow,
  starts: Extract<Starts, { on: "schedule" }>,
  workspaceZone: string,
): string => starts.timezone ?? (flow.timezone === "contact" ? workspaceZone : flow.timezone);

/** The next moment of a schedule after `after`; null when there is none. */
export function scheduleNext(
  starts: Extract<Starts, { on: "schedule" }>,
  after: Instant,
  zone: string,
): Instant | null {
  if (starts.cron !== undefined) return cronNext(starts.cron, after, zone);
  const at = moment(starts.at, zone);
  return at !== null && at > after ? at : null;
}

/** Which of the moments missed since `after` are fired at `now`, and where to go on. */
export function caughtUp(
  starts: Extract<Starts, { on: "schedule" }>,
  after: Instant,
  now: Instant,
  zone: string,
): { moments: Instant[]; last: Instant } {
  const moments: Instant[] = [];
  let last = after;
  for (let at = scheduleNext(starts, after, zone); at !== null && at <= now; at = scheduleNext(starts, at, zone)) {
    last = at;
    if (starts.catchUp === "none" && now - at > MISSED) continue;
    if (starts.catchUp !== "all") moments.length = 0;
    moments.push(at);
    if (moments.length >= MOST_CAUGHT_UP) break;
  }
  return { moments, last };
}

/** What a timer's next moment was computed from, and that moment. */
interface Known {
  from: readonly unknown[];
  next: Instant | null;
}

// A contact is looked at far more often than what its timers depend on changes.
const known = new WeakMap<ContactState, Map<Timer, Known>>();

/** What `compute` gives, kept for as long as `from` stays the same. */
function remembered(turn: Turn, timer: Timer, from: readonly unknown[], compute: () => Instant | null): Instant | null {
  let timers = known.get(turn.state);
  if (!timers) {
    timers = new Map();
    known.set(turn.state, timers);
  }
  const kept = timers.get(timer);
  if (kept?.from.every((value, i) => value === from[i])) return kept.next;
  const next = compute();
  timers.set(timer, { from, next });
  return next;
}

/** Fires what is due of this contact's own timers and time-relative segments; true when something did. */
export function fireTimers(turn: Turn): boolean {
  let fired = false;
  for (const timer of timersOf(turn)) {
    const next = timerNext(turn, timer);
    if (next === null || next > turn.now) continue;
    for (const at of dueMoments(turn, timer, next)) {
      fired = true;
      note(turn, {
        keys: [],
        at: turn.now,
        depth: 0,
        what: { kind: "fire", flow: timer.flow.id, node: timer.node, moment: at },
      });
    }
  }
  return flipSegments(turn) || fired;
}

function dueMoments(turn: Turn, timer: Timer, next: Instant): Instant[] {
  const { starts, key } = timer;
  const { fired } = turn.state;
  turn.changes.contact = true;
  if (starts.on === "schedule") {
    const zone = zoneOf(turn.world, turn.state, "contact");
    const { moments, last } = caughtUp(starts, scheduleFrom(turn, timer), turn.now, zone);
    fired[key] = last;
    return moments;
  }
  fired[key] = starts.on === "idle" ? silenceFrom(turn) : next;
  return [next];
}

const scheduleFrom = (turn: Turn, { key, flow }: Timer): Instant =>
  turn.state.fired[key] ?? Math.max(flow.firstPublished, turn.state.contact.created) - 1;

/** The next moment of a timer for this contact. */
function timerNext(turn: Turn, timer: Timer): Instant | null {
  const { starts, flow, key } = timer;
  const { contact, fired } = turn.state;
  if (starts.on === "schedule") {
    const after = scheduleFrom(turn, timer);
    const zone = zoneOf(turn.world, turn.state, "contact");
    return remembered(turn, timer, [after, zone], () => scheduleNext(starts, after, zone));
  }
  const zone = zoneOf(turn.world, turn.state, flow.timezone);
  const last = fired[key];
  if (starts.on === "idle") {
    const { last_touch_at: touch, last_reply_at: reply } = contact.fields;
    return remembered(turn, timer, [last, zone, touch, reply], () => {
      const base = silenceFrom(turn);
      return last === base ? null : addDuration(base, starts.for, zone);
    });
  }
  const value = fieldOf(turn.state, starts.field);
  if (typeof value !== "string") return null;
  const set = contact.fieldsSet[starts.field] ?? contact.created;
  return remembered(turn, timer, [last, zone, value, set], () =>
    nextDate(starts, value, zone, Math.max(flow.firstPublished, set), last),
  );
}

/** Moments before `floor` don't fire: the flow was not published then, or the field not set. */
function nextDate(
  starts: Extract<Starts, { on: "date" }>,
  date: string,
  zone: string,
  floor: Instant,
  fired: Instant | undefined,
): Instant | null {
  const { every, calendar, offset, at } = starts;
  const isAgain = fired !== undefined && fired >= floor;
  const after = isAgain ? fired : floor;
  return nextRecurrence({ date, every, calendar, offset, at, zone, after, strict: isAgain });
}

/** Since when nobody has touched the contact and the contact has said nothing. */
function silenceFrom(turn: Turn): Instant {
  const { contact } = turn.state;
  const last = ["last_touch_at", "last_reply_at"].map((field) => {
    const value = contact.fields[field];
    return typeof value === "string" ? (parseInstant(value) ?? 0) : 0;
  });
  return Math.max(contact.created, turn.world.from ?? 0, ...last);
}

/** Time-relative segments that triggers listen to: looked at when their moment comes. */
function flipSegments(turn: Turn): boolean {
  let fired = false;
  for (const name of watchedSegments(turn)) {
    const rule = turn.world.workspace.segments[name];
    if (!rule || !readsOf(rule, turn.world.workspace.segments).timed) continue;
    const { holds } = segmentHolds(turn, rule);
    if (holds === Object.hasOwn(turn.state.members, name)) continue;
    note(turn, { keys: [`segment:${name}`], at: turn.now, depth: 0, what: { kind: "other" } });
    fired = true;
  }
  return fired;
}

/** When this contact must next be looked at for its own timers or time-relative segments. */
export function nextTimer(turn: Turn): Instant | null {
  let next: Instant | null = null;
  const consider = (at: Instant | null): void => {
    if (at !== null && (next === null || at < next)) next = at;
  };
  for (const timer of timersOf(turn)) consider(timerNext(turn, timer));
  for (const name of watchedSegments(turn)) {
    const rule = turn.world.workspace.segments[name];
    if (rule && readsOf(rule, turn.world.workspace.segments).timed) {
      consider(segmentHolds(turn, rule).until);
    }
  }
  return next;
}
