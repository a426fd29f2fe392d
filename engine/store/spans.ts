import type { Instant } from "../../nodes/index.ts";
import { addDuration, parseDuration, TimeError } from "../core/time.ts";
import { DAY, dayNumber, instantOf, wallClock } from "../core/zone.ts";

/**
 * Questions about time turned round: of which moments does `f(moment, now)` hold? A database can't add a
 * month in a time zone to a million rows, but it can compare each with a few numbers. A clock change or a
 * month's end makes such an answer several stretches, so answers are sets.
 */
export type Spans = readonly (readonly [from: number, to: number])[];

const EVER: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Sorted, and with what touches joined. */
export function union(...sets: Spans[]): Spans {
  const all = sets
    .flat()
    .filter(([from, to]) => from < to)
    .sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of all) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

export function complement(set: Spans): Spans {
  const gaps: [number, number][] = [];
  let from = EVER[0];
  for (const [start, end] of union(set)) {
    gaps.push([from, start]);
    from = end;
  }
  gaps.push([from, EVER[1]]);
  return gaps.filter(([start, end]) => start < end);
}

export const intersection = (a: Spans, b: Spans): Spans =>
  complement(union(complement(a), complement(b)));

/** Moments before `at`, and those from `at` on. */
export const before = (at: Instant): Spans => [[EVER[0], at]];
export const from = (at: Instant): Spans => [[at, EVER[1]]];

/** Changes of the zone's offset from `start` on and before `end`, with the offsets on both sides. */
function changesOf(
  zone: string,
  start: Instant,
  end: Instant,
): { at: Instant; was: number; is: number }[] {
  const changes: { at: Instant; was: number; is: number }[] = [];
  let here = Temporal.Instant.fromEpochMilliseconds(start - 1).toZonedDateTimeISO(zone);
  for (;;) {
    const next = here.getTimeZoneTransition("next");
    if (next === null || next.epochMilliseconds >= end) return changes;
    const at = next.epochMilliseconds;
    changes.push({ at, was: wallClock(at - 1, zone) - (at - 1), is: wallClock(at, zone) - at });
    here = next;
  }
}

/** The wall-clock times of `zone` that name a moment before `at`. */
function wallsBefore(at: Instant, zone: string): Spans {
  const first = at - 3 * DAY;
  const last = at + 3 * DAY;
  const cuts = changesOf(zone, first - DAY, last + DAY).flatMap((c) => [c.at + c.was, c.at + c.is]);
  const edges = [first, ...cuts.filter((c) => c > first && c < last).sort((a, b) => a - b), last];
  const pieces: [number, number][] = [[EVER[0], first]];
  edges.slice(0, -1).forEach((start, i) => {
    // Between two edges the wall clock runs as time does.
    const ahead = start - instantOf(start, zone);
    pieces.push([start, Math.min(edges[i + 1] ?? last, at + ahead)]);
  });
  return union(pieces);
}

/** The wall-clock times of `zone` that name a moment of the set. */
export function wallsOf(set: Spans, zone: string): Spans {
  return union(
    ...set.map(([start, end]) => {
      const early = end === EVER[1] ? [EVER] : wallsBefore(end, zone);
      return start === EVER[0] ? early : intersection(early, complement(wallsBefore(start, zone)));
    }),
  );
}

/** The moments at which the wall clock of `zone` shows a time in [start, end). */
export function momentsOn(start: number, end: number, zone: string): Spans {
  const changes = changesOf(zone, start - 2 * DAY, end + 2 * DAY);
  const edges = [start - 2 * DAY, ...changes.map((c) => c.at), end + 2 * DAY];
  return union(
    edges.slice(0, -1).map((edge, i) => {
      const offset = wallClock(edge, zone) - edge;
      return [
        Math.max(edge, start - offset),
        Math.min(edges[i + 1] ?? edge, end - offset),
      ] as const;
    }),
  );
}

/** Ends of months and clock changes reach no further than this. */
const UNSURE_DAYS = 9;

/**
 * The moments m with m + `duration` later than `now`, as `addDuration` counts. Throws TimeError on what is no
 * duration.
 */
export function stillAhead(now: Instant, duration: string, zone: string): Spans {
  const parts = parseDuration(duration);
  if (!parts) throw new TimeError(`“${duration}” is not an ISO 8601 duration`, duration);
  const { sign, years, months, weeks, days, hours, minutes, seconds, milliseconds } = parts;
  const exact = sign * (((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds);
  if (years === 0 && months === 0 && weeks === 0 && days === 0) return from(now - exact + 1);
  const calendar = {
    years: sign * years,
    months: sign * months,
    weeks: sign * weeks,
    days: sign * days,
  };
  const later = complement(wallsBefore(now - exact + 1, zone));
  const opposite = sign < 0 ? duration.slice(1) : `-${duration.replace(/^\+/, "")}`;
  const middle = dayNumber(wallClock(addDuration(now, opposite, zone), zone));
  const [first, last] = [middle - UNSURE_DAYS, middle + UNSURE_DAYS];
  const pieces: Spans[] = [from(instantOf(last * DAY, zone) - DAY / 2)];
  for (let day = first; day < last; day++) {
    const date = Temporal.PlainDate.from("1970-01-01").add({ days: day });
    const shift = date.until(date.add(calendar), { largestUnit: "days" }).days * DAY;
    const there = intersection(later, [[day * DAY + shift, (day + 1) * DAY + shift]]);
    for (const [start, end] of there) pieces.push(momentsOn(start - shift, end - shift, zone));
  }
  return union(...pieces);
}
