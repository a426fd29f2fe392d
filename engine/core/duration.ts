import type { Instant } from "../../nodes/node.ts";
import { Bounded } from "./bounded.ts";
import { DAY, dayNumber, instantOf, TimeError, wallClock } from "./zone.ts";

/** The parts of an ISO 8601 duration: whole, none negative; `sign` is -1 for one that goes back. */
export interface DurationParts {
  sign: 1 | -1;
  years: number;
  months: number;
  weeks: number;
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
  milliseconds: number;
}

interface Parsed {
  parts: Readonly<DurationParts>;
  /** Signed months and days, where there are any: these need a calendar and a zone. */
  calendar: { months: number; days: number } | null;
  /** The time parts, signed, in milliseconds. */
  exact: number;
}

// Temporal also reads lower case and is left to judge the order of the parts.
const SHAPE = /^[+-]?P[0-9YMWDTHS.,]+$/;
const MAX_YEARS = 100;
const parsed = new Bounded<Parsed | false>(2_000);

function readDuration(text: string): Parsed | false {
  if (text.length > 64 || !SHAPE.test(text)) return false;
  let d: Temporal.Duration;
  try {
    d = Temporal.Duration.from(text);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
  const sign = d.sign < 0 ? -1 : 1;
  const { years, months, weeks, days, hours, minutes, seconds, milliseconds } = d.abs();
  const time = hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + milliseconds;
  const inYears = years + months / 12 + (weeks * 7 + days + time / 86_400_000) / 365.2425;
  if (inYears > MAX_YEARS) return false;
  const dated = years !== 0 || months !== 0 || weeks !== 0 || days !== 0;
  return {
    parts: { sign, years, months, weeks, days, hours, minutes, seconds, milliseconds },
    calendar: dated
      ? { months: sign * (years * 12 + months), days: sign * (weeks * 7 + days) }
      : null,
    exact: sign * time,
  };
}

const lookUp = (text: string): Parsed | false => parsed.get(text, () => readDuration(text));

/** The parts of a signed ISO 8601 duration (`P3D`, `PT30M`, `-P1M`); null when it is none or is longer than 100 years. */
export function parseDuration(text: unknown): DurationParts | null {
  if (typeof text !== "string") return null;
  const found = lookUp(text);
  return found ? { ...found.parts } : null;
}

/**
 * `from` and a duration: calendar parts on the wall clock of `zone`, then time parts exactly; a signed
 * one goes back. Throws TimeError on what `parseDuration` refuses.
 */
export function addDuration(from: Instant, duration: string, zone: string): Instant {
  const found = lookUp(duration);
  if (!found) throw new TimeError(`“${duration}” is not an ISO 8601 duration`, duration);
  const { calendar, exact } = found;
  if (!calendar) return from + exact;
  const wall = wallClock(from, zone);
  const day = dayNumber(wall);
  const later = (calendar.months === 0 ? day : monthsLater(day, calendar.months)) + calendar.days;
  return instantOf(later * DAY + (wall - day * DAY), zone) + exact;
}

/** The day so many months on; one that its month doesn't have falls on the month's last, as Temporal constrains. */
function monthsLater(day: number, months: number): number {
  const date = new Date(day * DAY);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const [year, index] = [Math.floor(month / 12), ((month % 12) + 12) % 12];
  const first = firstOf(year, index);
  return first + Math.min(date.getUTCDate(), firstOf(year, index + 1) - first) - 1;
}

/** The number of a month's first day; `Date.UTC` would take years below 100 for those of a century. */
function firstOf(year: number, month: number): number {
  const date = new Date(0);
  return date.setUTCFullYear(year, month, 1) / DAY;
}
