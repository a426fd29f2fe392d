import type { Calendar, Instant } from "../../nodes/index.ts";
import { DAY, dayNumber, wallClock } from "../core/zone.ts";
import { momentsOn, type Spans, union } from "./spans.ts";

/** The dates whose yearly return falls on one day. Days are numbers, 0 being 1970-01-01. */
export interface Anniversaries {
  days: number[];
  /** The same days as moments, by the offset (milliseconds) that the zone had then. */
  byOffset: ReadonlyMap<number, number[]>;
  /** Days on which the zone changed its offset. */
  odd: Spans;
}

const FIRST_YEAR = 0;
const kept = new Map<string, Anniversaries>();

/** What has its anniversary on the day of `now` in `zone`, from the year 0 to that day. */
export function anniversariesOn(now: Instant, zone: string, calendar: Calendar): Anniversaries {
  const today = dayNumber(wallClock(now, zone));
  const key = `${today} ${calendar} ${zone}`;
  const known = kept.get(key);
  if (known) return known;
  const days = originsOf(today, calendar);
  const byOffset = new Map<number, number[]>();
  const odd: (readonly [number, number])[] = [];
  for (const day of days) {
    const spans = momentsOn(day * DAY, (day + 1) * DAY, zone);
    const [only] = spans;
    const offset = only ? day * DAY - only[0] : 0;
    if (spans.length === 1 && only && only[1] - only[0] === DAY && isSteady(only, offset, zone)) {
      const list = byOffset.get(offset);
      if (list) list.push(day);
      else byOffset.set(offset, [day]);
    } else {
      odd.push(...spans);
    }
  }
  const found = { days, byOffset, odd: union(odd) };
  // The day changes and the zones of one workspace are few: the last ones are enough.
  if (kept.size >= 8) kept.clear();
  kept.set(key, found);
  return found;
}

const isSteady = ([start, end]: readonly [number, number], offset: number, zone: string): boolean =>
  wallClock(start, zone) - start === offset && wallClock(end - 1, zone) - (end - 1) === offset;

function originsOf(today: number, calendar: Calendar): number[] {
  const epoch = Temporal.PlainDate.from("1970-01-01");
  const date = epoch.add({ days: today }).withCalendar(calendar);
  const { year, month, day, daysInMonth } = date;
  const first = epoch.with({ year: FIRST_YEAR, month: 1, day: 1 }).withCalendar(calendar).year;
  const origins: number[] = [];
  for (let y = first; y <= year; y++) {
    const start = Temporal.PlainDate.from({ calendar, year: y, month, day: 1 });
    // Days that this year's month doesn't have fall on its last.
    const to = day === daysInMonth ? start.daysInMonth : Math.min(day, start.daysInMonth);
    for (let d = day; d <= to; d++) {
      const origin = epoch.until(start.with({ day: d }).withCalendar("iso8601")).days;
      if (origin <= today) origins.push(origin);
    }
  }
  return origins;
}
