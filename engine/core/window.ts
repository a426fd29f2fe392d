import type { Day, Instant, Window } from "../../nodes/node.ts";
import { Bounded } from "./bounded.ts";
import { DAY, dayNumber, instantOf, MINUTE, TimeError, wallClock, weekday } from "./zone.ts";

/** The days of a week as documents name them, Monday first. */
export const DAYS: readonly Day[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const EVERY_DAY = 127;
/** Far enough to come past a weekday twice, should a clock change swallow the first. */
const DAYS_AHEAD = 15;
const MEETING_SPAN = 14 * DAY;

/** A time of day `HH:MM` in minutes after midnight. Throws TimeError on anything else. */
export const minutesOf = (time: string): number => minutes.get(time, () => readMinutes(time));

const minutes = new Bounded<number>(2_000);

function readMinutes(time: string): number {
  const match = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(time);
  if (!match) throw new TimeError(`“${time}” is not a time of day (HH:MM)`, time);
  return Number(match[1]) * 60 + Number(match[2]);
}

/** Days as bits, Monday the lowest; none given means all. */
function dayBits(days: readonly Day[] | undefined): number {
  let bits = 0;
  for (const day of days ?? []) bits |= 1 << DAYS.indexOf(day);
  return bits === 0 ? EVERY_DAY : bits;
}

const onDay = (bits: number, day: number): boolean => (bits & (1 << weekday(day))) !== 0;

interface Hours {
  bits: number;
  /** Milliseconds after the midnight of the day on which it opens; `to` may lie in the next day. */
  from: number;
  to: number;
  /** Names no times: a wait keeps its time of day. */
  wholeDay: boolean;
}

const known = new WeakMap<Window, Hours>();

/** A flow's windows are read once. */
function hoursOf(window: Window): Hours {
  const read = known.get(window) ?? readHours(window);
  known.set(window, read);
  return read;
}

function readHours(window: Window): Hours {
  const from = window.from === undefined ? 0 : minutesOf(window.from) * MINUTE;
  const to = window.to === undefined ? DAY : minutesOf(window.to) * MINUTE;
  return {
    bits: dayBits(window.days),
    from,
    // The checker refuses equal times; should they come all the same, a full day is no endless wait.
    to: to > from ? to : to + DAY,
    wholeDay: window.from === undefined && window.to === undefined,
  };
}

/** Whether `at` lies between an opening and its closing. Both are instants, so that a clock change moves them together. */
function isOpen(hours: Hours, at: Instant, zone: string): boolean {
  const today = dayNumber(wallClock(at, zone));
  if (hours.wholeDay) return onDay(hours.bits, today);
  // The neighbours too: over midnight, and where a clock change moves an opening into the next day.
  for (let day = today - 1; day <= today + 1; day++) {
    if (!onDay(hours.bits, day)) continue;
    if (at < instantOf(day * DAY + hours.from, zone)) continue;
    if (at < instantOf(day * DAY + hours.to, zone)) return true;
  }
  return false;
}

/** The first opening strictly after `from`. */
function nextOpening(hours: Hours, from: Instant, zone: string): Instant {
  const today = dayNumber(wallClock(from, zone));
  for (let day = today - 1; day <= today + DAYS_AHEAD; day++) {
    if (!onDay(hours.bits, day)) continue;
    const opens = instantOf(day * DAY + hours.from, zone);
    if (opens <= from) continue;
    // A gap can swallow a short window whole; it doesn't open that day.
    if (instantOf(day * DAY + hours.to, zone) > opens) return opens;
  }
  throw new TimeError("A window that never opens", hours);
}

/** The first of the given days strictly after the day of `from`, at the time of day of `from`. */
function sameTimeLater(hours: Hours, from: Instant, zone: string): Instant {
  const wall = wallClock(from, zone);
  const today = dayNumber(wall);
  for (let day = today + 1; day <= today + DAYS_AHEAD; day++) {
    if (!onDay(hours.bits, day)) continue;
    const moment = instantOf(wall + (day - today) * DAY, zone);
    if (moment > from) return moment;
  }
  throw new TimeError("A window that never opens", hours);
}

/** Whether `at` lies in the window. */
export function inWindow(window: Window, at: Instant, zone: string): boolean {
  return isOpen(hoursOf(window), at, zone);
}

/**
 * `from` itself when it lies in the window, else the next opening; with `strict` the next opening
 * strictly later in any case. A window of days alone keeps the time of day of `from`.
 */
export function opening(window: Window, from: Instant, zone: string, strict = false): Instant {
  const hours = hoursOf(window);
  if (!strict && isOpen(hours, from, zone)) return from;
  return hours.wholeDay ? sameTimeLater(hours, from, zone) : nextOpening(hours, from, zone);
}

function firstOpening(windows: readonly Window[], from: Instant, zone: string): Instant {
  if (windows.length === 0) return from;
  return Math.min(...windows.map((window) => opening(window, from, zone)));
}

/** As `firstOpening`, but days alone open at midnight: what is looked for is where two sets overlap. */
function firstInside(windows: readonly Hours[], from: Instant, zone: string): Instant {
  let first = Number.POSITIVE_INFINITY;
  for (const hours of windows) {
    if (isOpen(hours, from, zone)) return from;
    first = Math.min(first, nextOpening(hours, from, zone));
  }
  return first;
}

/**
 * The first moment at or after `from` that lies in one of `first` and in one of `second`; an empty list
 * holds nobody back. When the two don't meet within two weeks, `second` alone counts.
 */
export function openingOfAll(
  first: readonly Window[],
  second: readonly Window[],
  from: Instant,
  zone: string,
): Instant {
  if (second.length === 0) return firstOpening(first, from, zone);
  if (first.length === 0) return firstOpening(second, from, zone);
  const ours = first.map(hoursOf);
  const theirs = second.map(hoursOf);
  let moment = from;
  while (moment <= from + MEETING_SPAN) {
    const later = firstInside(theirs, firstInside(ours, moment, zone), zone);
    if (later === moment) return keepTime(ours, theirs, from, moment, zone);
    moment = later;
  }
  return firstOpening(second, from, zone);
}

/** Where two sets meet by days alone, at midnight, the time of day of `from` is kept. */
function keepTime(
  ours: readonly Hours[],
  theirs: readonly Hours[],
  from: Instant,
  moment: Instant,
  zone: string,
): Instant {
  const byDay = (set: readonly Hours[]) => set.some((h) => h.wholeDay && isOpen(h, moment, zone));
  if (moment === from || !byDay(ours) || !byDay(theirs)) return moment;
  const wall = wallClock(from, zone);
  const kept = wall - dayNumber(wall) * DAY + dayNumber(wallClock(moment, zone)) * DAY;
  return instantOf(kept, zone);
}

/** The first moment at `time` (HH:MM) on one of `days` (none: any day) at or after `from`; strictly later with `strict`. */
export function atTime(
  time: string,
  days: readonly Day[] | undefined,
  from: Instant,
  zone: string,
  strict = false,
): Instant {
  const minutes = minutesOf(time);
  const bits = dayBits(days);
  const today = dayNumber(wallClock(from, zone));
  for (let day = today - 1; day <= today + DAYS_AHEAD; day++) {
    if (!onDay(bits, day)) continue;
    const moment = instantOf(day * DAY + minutes * MINUTE, zone);
    if (strict ? moment > from : moment >= from) return moment;
  }
  throw new TimeError(`No day comes for ${time}`, days);
}

/** The n-th day since `from` (day 1 is the day of `from`), at `time` (HH:MM) or else at the time of day of `from`. */
export function dayOf(n: number, time: string | undefined, from: Instant, zone: string): Instant {
  if (time === undefined && n === 1) return from;
  const wall = wallClock(from, zone);
  const midnight = dayNumber(wall) * DAY;
  const timeOfDay = time === undefined ? wall - midnight : minutesOf(time) * MINUTE;
  return instantOf(midnight + (n - 1) * DAY + timeOfDay, zone);
}
