import type { Calendar, Instant } from "../../nodes/node.ts";
import { addDuration, parseDuration } from "./duration.ts";
import { readWritten } from "./moment.ts";
import { minutesOf } from "./window.ts";
import { DAY, dayNumber, instantOf, MINUTE, TimeError, wallClock } from "./zone.ts";

/** How a date comes back, as a `trigger.date` says it. */
export interface Recurrence {
  /** The field's value: ISO date or date-time. */
  date: string;
  every: "year" | "month" | "once";
  calendar: Calendar;
  /** Signed ISO 8601 duration: `-P3D` is three days before. */
  offset?: string;
  /** HH:MM; else the date's own time, else 00:00. */
  at?: string;
  zone: string;
  after: Instant;
  /** Strictly later than `after`. */
  strict?: boolean;
}

/** A day in a calendar. `month` counts from 1. */
interface CalendarDay {
  year: number;
  month: number;
  day: number;
}

/** A month: the number of its first day (0 is 1970-01-01) and its length. */
interface Month {
  first: number;
  length: number;
}

// 300 years of months are known in Umm al-Qura; asking Temporal for one costs a microsecond or two.
const hijriMonths = new Map<number, Month>();

function hijriMonth(year: number, month: number): Month {
  const key = year * 12 + month;
  const known = hijriMonths.get(key);
  if (known) return known;
  const first = Temporal.PlainDate.from({ calendar: "islamic-umalqura", year, month, day: 1 });
  const date = first.withCalendar("iso8601");
  const found = {
    first: Date.UTC(date.year, date.month - 1, date.day) / DAY,
    length: first.daysInMonth,
  };
  hijriMonths.set(key, found);
  return found;
}

function monthOf(calendar: Calendar, year: number, month: number): Month {
  if (calendar === "islamic-umalqura") return hijriMonth(year, month);
  const first = Date.UTC(year, month - 1, 1) / DAY;
  return { first, length: Date.UTC(year, month, 1) / DAY - first };
}

/** The number of a day; one that its month doesn't have falls on the month's last. */
function numberOf(calendar: Calendar, year: number, month: number, day: number): number {
  const { first, length } = monthOf(calendar, year, month);
  return first + Math.min(day, length) - 1;
}

/** How many days a month has. */
export const lengthOf = (calendar: Calendar, year: number, month: number): number =>
  monthOf(calendar, year, month).length;

/** The day of a calendar that has this number (0 is 1970-01-01). */
export function calendarDay(calendar: Calendar, day: number): CalendarDay {
  const date = new Date(day * DAY);
  const [year, month, dayOfMonth] = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
  ];
  if (calendar === "gregory") return { year, month, day: dayOfMonth };
  const hijri = new Temporal.PlainDate(year, month, dayOfMonth).withCalendar(calendar);
  return { year: hijri.year, month: hijri.month, day: hijri.day };
}

/** The date as it stands on the wall clock of `zone`. */
function wallOf(value: unknown, zone: string): { wall: number; timed: boolean } | null {
  const written = readWritten(value);
  if (!written) return null;
  if (written.offset === null) return written;
  return { wall: wallClock(written.wall - written.offset, zone), timed: true };
}

function opposite(duration: string): string {
  return duration.startsWith("-") ? duration.slice(1) : `-${duration.replace(/^\+/, "")}`;
}

/**
 * The first moment at or after `after` (strictly with `strict`) at which the date comes round, plus the
 * offset; null when there is none or the value is no date. It comes round from the date itself on, never
 * earlier. Throws TimeError on an offset that is no duration.
 */
export function nextRecurrence(recurrence: Recurrence): Instant | null {
  const { date, every, calendar, offset, at, zone, after, strict = false } = recurrence;
  const origin = wallOf(date, zone);
  if (!origin) return null;
  if (offset !== undefined && !parseDuration(offset)) {
    throw new TimeError(`“${offset}” is not an ISO 8601 duration`, offset);
  }
  const originDay = dayNumber(origin.wall);
  const time = at === undefined ? origin.wall - originDay * DAY : minutesOf(at) * MINUTE;
  const momentOn = (day: number): Instant => {
    const moment = instantOf(day * DAY + time, zone);
    return offset === undefined ? moment : addDuration(moment, offset, zone);
  };
  const fits = (moment: Instant) => (strict ? moment > after : moment >= after);
  if (every === "once") {
    const moment = momentOn(originDay);
    return fits(moment) ? moment : null;
  }
  const anchor = calendarDay(calendar, originDay);
  const around = offset === undefined ? after : addDuration(after, opposite(offset), zone);
  const near = calendarDay(calendar, Math.max(dayNumber(wallClock(around, zone)), originDay));
  // One period early and some late: month lengths make the way back by `opposite` a few days unsure.
  for (let k = -1; k <= 3; k++) {
    const months = every === "year" ? anchor.month - 1 + k * 12 : near.month - 1 + k;
    const index = near.year * 12 + months;
    const day = numberOf(calendar, Math.floor(index / 12), (index % 12) + 1, anchor.day);
    if (day < originDay) continue;
    const moment = momentOn(day);
    if (fits(moment)) return moment;
  }
  return null;
}

/** Whether the day of `at` in `zone` is the yearly return of a date (or the date itself); false when `value` is no date. */
export function isAnniversary(
  value: unknown,
  at: Instant,
  zone: string,
  calendar: Calendar,
): boolean {
  const origin = wallOf(value, zone);
  if (!origin) return false;
  const originDay = dayNumber(origin.wall);
  const today = dayNumber(wallClock(at, zone));
  if (today < originDay) return false;
  const anchor = calendarDay(calendar, originDay);
  const { year } = calendarDay(calendar, today);
  return today === numberOf(calendar, year, anchor.month, anchor.day);
}
