import type { Instant } from "../../nodes/node.ts";
import { Bounded } from "./bounded.ts";

/** Milliseconds of a day on the wall clock. */
export const DAY = 86_400_000;
export const MINUTE = 60_000;

/** A value that is not the time, zone or duration that it should be; `value` is what was given. */
export class TimeError extends Error {
  override readonly name = "TimeError";
  constructor(
    message: string,
    readonly value: unknown,
  ) {
    super(message);
  }
}

/** A stretch `[from, to)` of instants in which a zone keeps one offset (milliseconds east of UTC). */
interface Span {
  from: number;
  to: number;
  offset: number;
}

// Offsets change about twice a year, so nearly every question is answered by a stretch already known.
const spans = new Map<string, Span[]>();
const SPANS_KEPT = 8;
const ZONES_KEPT = 1_000;

function findSpan(at: Instant, zone: string): Span {
  let here: Temporal.ZonedDateTime;
  try {
    here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  } catch (cause) {
    throw Object.assign(new TimeError(`No moment ${at} in the time zone “${zone}”`, zone), {
      cause,
    });
  }
  const before = here.add({ milliseconds: 1 }).getTimeZoneTransition("previous");
  const after = here.getTimeZoneTransition("next");
  return {
    from: before?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    to: after?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offset: here.offsetNanoseconds / 1_000_000,
  };
}

function spanAt(at: Instant, zone: string): Span {
  let known = spans.get(zone);
  if (known) {
    for (const span of known) if (at >= span.from && at < span.to) return span;
  }
  const span = findSpan(at, zone);
  if (!known) {
    if (spans.size >= ZONES_KEPT) spans.clear();
    known = [];
    spans.set(zone, known);
  }
  if (known.length >= SPANS_KEPT) known.pop();
  known.unshift(span);
  return span;
}

/**
 * The wall clock of `zone` at an instant, as milliseconds since 1970-01-01T00:00 on that clock:
 * divided by `DAY` it gives day and time of day.
 */
export function wallClock(at: Instant, zone: string): number {
  return at + spanAt(at, zone).offset;
}

/**
 * The instant at which the wall clock of `zone` shows `wall` (milliseconds, as `wallClock` gives).
 * A time that doesn't exist or exists twice resolves as Temporal's `disambiguation: "compatible"`.
 */
export function instantOf(wall: number, zone: string): Instant {
  const span = spanAt(wall, zone);
  // No offset reaches a day, so within a day of no change there is only one answer.
  if (wall - DAY >= span.from && wall + DAY < span.to) return wall - span.offset;
  return Temporal.Instant.fromEpochMilliseconds(wall)
    .toZonedDateTimeISO("UTC")
    .toPlainDateTime()
    .toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;
}

/** The number of the day that `wall` lies in, 0 being 1970-01-01. */
export const dayNumber = (wall: number): number => Math.floor(wall / DAY);

/** Weekday of a day number: 0 Monday … 6 Sunday. */
export const weekday = (day: number): number => (((day + 3) % 7) + 7) % 7;

const valid = new Bounded<boolean>(2_000);
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

function zoneExists(zone: string): boolean {
  try {
    // Temporal also reads whole date-times here; the pattern above keeps those out.
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Whether `zone` is an IANA time zone name, such as `Asia/Riyadh`; offsets like `+03:00` are none. */
export function validZone(zone: unknown): zone is string {
  if (typeof zone !== "string" || zone.length > 64 || !ZONE_NAME.test(zone)) return false;
  return valid.get(zone, () => zoneExists(zone));
}
