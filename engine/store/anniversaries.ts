import type { Calendar, Instant } from "../../nodes/index.ts";
import { DAY, dayNumber, wallClock } from "../core/zone.ts";
import { momentsOn, type Spans } from "./spans.ts";

/** The dates whose yearly return falls on one day: day numbers (0 is 1970-01-01) and, for moments, stretches. */
export interface Anniversaries {
  days: number[];
  moments: Spans;
  /** Days in UTC that a stretch touches: a quick first look for the database. */
  near: number[];
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
  const moments = days.flatMap((day) => [...momentsOn(day * DAY, (day + 1) * DAY, zone)]);
  const near = new Set<number>();
  for (const [start, end] of moments) {
    for (let day = dayNumber(start); day * DAY < end; day++) near.add(day);
  }
  const found = { days, moments, near: [...near] };
  // The day changes and the zones of one workspace are few: the last ones are enough.
  if (kept.size >= 8) kept.clear();
  kept.set(key, found);
  return found;
}

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
