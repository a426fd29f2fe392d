import type { Instant, Starts } from "../../nodes/index.ts";
import { fieldOf } from "./compare.ts";
import type { Flow } from "./flow.ts";
import { type Reads, readsOf } from "./rules-reads.ts";
import { segmentHolds, zoneOf } from "./scope.ts";
import { watchedSegments } from "./segments.ts";
import type { ContactState } from "./state.ts";
import { addDuration, cronNext, moment, nextRecurrence, parseInstant } from "./time.ts";
import { type Change, concerns, note, type Turn } from "./turn.ts";

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

interface Timers {
  timers: readonly Timer[];
  /** Changes that move them, as keys. */
  reads: Reads;
}

const cache = new WeakMap<object, Timers>();

/** Triggers whose moments are each contact's own: dates, silences, schedules at the contact's hour. */
function timersOf(turn: Turn): Timers {
  const cached = cache.get(turn.world.flows);
  if (cached) return cached;
  const timers: Timer[] = [];
  const keys = new Set(["field:timezone"]);
  for (const flow of turn.world.flows.values()) {
    for (const { node, starts } of flow.triggers) {
      if (starts.on !== "date" && starts.on !== "idle" && starts.on !== "schedule") continue;
      if (starts.on === "schedule" && !isPerContact(starts)) continue;
      timers.push({ flow, node, key: `${flow.id}/${node}`, starts });
      if (starts.on === "date") keys.add(`field:${starts.field}`);
      if (starts.on === "idle") keys.add("field:last_touch_at").add("field:last_reply_at");
    }
  }
  const found = { timers, reads: { keys, timed: true } };
  cache.set(turn.world.flows, found);
  return found;
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
  for (
    let at = scheduleNext(starts, after, zone);
    at !== null && at <= now;
    at = scheduleNext(starts, at, zone)
  ) {
    last = at;
    if (starts.catchUp === "none" && now - at > MISSED) continue;
    if (starts.catchUp !== "all") moments.length = 0;
    moments.push(at);
    if (moments.length >= MOST_CAUGHT_UP) break;
  }
  return { moments, last };
}

/** A timer's next moment, and all that it was computed from. */
interface Known {
  timer: Timer;
  fired: Instant | undefined;
  zone: string;
  /** The date; for a silence the last touch. */
  value: unknown;
  /** When the date was set; for a silence the last reply. */
  set: unknown;
  next: Instant | null;
}

// A contact is looked at far more often than what its timers depend on changes.
const known = new WeakMap<ContactState, (Known | undefined)[]>();

/** Whether a change is one that the contact's own timers depend on. */
export const movesTimers = (turn: Turn, change: Change): boolean =>
  concerns(change, timersOf(turn).reads);

/** Fires what is due of this contact's own timers, each moment once. */
export function fireTimers(turn: Turn): void {
  if (turn.timers !== null) return;
  let moved = false;
  const next = eachNext(turn, (timer, at) => {
    moved = true;
    for (const moment of dueMoments(turn, timer, at)) {
      note(turn, {
        keys: [],
        at: turn.now,
        depth: 0,
        what: { kind: "fire", flow: timer.flow.id, node: timer.node, moment },
      });
    }
  });
  // What was due has another moment now, which may be due as well.
  if (!moved) turn.timers = { next };
}

function dueMoments(turn: Turn, timer: Timer, next: Instant): Instant[] {
  const { starts, key } = timer;
  const { fired } = turn.state;
  turn.changes.marks = true;
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

/** Hands over the timers that are due; gives the earliest moment of the others. */
function eachNext(turn: Turn, due: (timer: Timer, at: Instant) => void): Instant | null {
  const { timers } = timersOf(turn);
  if (timers.length === 0) return null;
  let slots = known.get(turn.state);
  if (!slots) {
    slots = [];
    known.set(turn.state, slots);
  }
  let next: Instant | null = null;
  for (let i = 0; i < timers.length; i++) {
    const timer = timers[i] as Timer;
    const slot = timerNext(turn, timer, slots[i]);
    slots[i] = slot;
    if (slot.next === null) continue;
    if (slot.next <= turn.now) due(timer, slot.next);
    else if (next === null || slot.next < next) next = slot.next;
  }
  return next;
}

function timerNext(turn: Turn, timer: Timer, kept: Known | undefined): Known {
  const { starts, flow, key } = timer;
  const { contact, fired } = turn.state;
  const last = fired[key];
  const zone = zoneOf(turn.world, turn.state, starts.on === "schedule" ? "contact" : flow.timezone);
  let value: unknown;
  let set: unknown;
  if (starts.on === "date") {
    value = fieldOf(turn.state, starts.field);
    set = contact.fieldsSet[starts.field];
  } else if (starts.on === "idle") {
    value = contact.fields.last_touch_at;
    set = contact.fields.last_reply_at;
  }
  const isSame =
    kept?.timer === timer &&
    kept.fired === last &&
    kept.zone === zone &&
    kept.value === value &&
    kept.set === set;
  return isSame
    ? kept
    : { timer, fired: last, zone, value, set, next: momentOf(turn, timer, zone, value, last) };
}

function momentOf(
  turn: Turn,
  timer: Timer,
  zone: string,
  value: unknown,
  fired: Instant | undefined,
): Instant | null {
  const { starts, flow } = timer;
  if (starts.on === "schedule") return scheduleNext(starts, scheduleFrom(turn, timer), zone);
  if (starts.on === "idle") {
    const base = silenceFrom(turn);
    return fired === base ? null : addDuration(base, starts.for, zone);
  }
  if (typeof value !== "string") return null;
  const { every, calendar, offset, at, field } = starts;
  const { contact } = turn.state;
  // Moments before the flow was published, or the field set, don't fire.
  const floor = Math.max(flow.firstPublished, contact.fieldsSet[field] ?? contact.created);
  const isAgain = fired !== undefined && fired >= floor;
  const after = isAgain ? fired : floor;
  return nextRecurrence({ date: value, every, calendar, offset, at, zone, after, strict: isAgain });
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
export function flipSegments(turn: Turn): void {
  for (const name of watchedSegments(turn)) {
    const rule = turn.world.workspace.segments[name];
    if (!rule || !readsOf(rule, turn.world.workspace.segments).timed) continue;
    const { holds } = segmentHolds(turn, rule);
    if (holds === Object.hasOwn(turn.state.members, name)) continue;
    note(turn, { keys: [`segment:${name}`], at: turn.now, depth: 0, what: { kind: "other" } });
  }
}

/** When this contact must next be looked at for its own timers or time-relative segments. */
export function nextTimer(turn: Turn): Instant | null {
  let next: Instant | null = null;
  const consider = (at: Instant | null): void => {
    if (at !== null && (next === null || at < next)) next = at;
  };
  consider(turn.timers === null ? eachNext(turn, (_, at) => consider(at)) : turn.timers.next);
  for (const name of watchedSegments(turn)) {
    const rule = turn.world.workspace.segments[name];
    if (rule && readsOf(rule, turn.world.workspace.segments).timed) {
      consider(segmentHolds(turn, rule).until);
    }
  }
  return next;
}
