import type { Calendar, Instant, Label, Text } from "../../nodes/node.ts";
import { calendarDay, lengthOf } from "./calendar.ts";
import { DAY, dayNumber, wallClock } from "./zone.ts";

/**
 * Days on which the workspace rests. A text is one day (`2026-09-23`), the same day of every year (`09-23`), or of
 * every Hijri year (`hijri:10-01`); `/P3D` behind it makes it three days. The object says the same, with a name.
 */
export type Holiday =
  | string
  | {
      /** `YYYY-MM-DD` or `MM-DD`, in `calendar`. */
      date: string;
      calendar?: Calendar;
      /** How many days it lasts, 1 to 31. */
      days?: number;
      name?: Text;
    };

interface Rest {
  calendar: Calendar;
  /** Null: every year. */
  year: number | null;
  month: number;
  day: number;
  days: number;
  name?: Text;
}

/** A day of rest as the journal shows it: its date by the Gregorian calendar, and its name. */
export interface RestDay {
  date: string;
  /** Absent where the holiday has none. */
  name?: Text;
}

const WRITTEN = /^(hijri:)?(?:(\d{4})-)?(\d{2})-(\d{2})(?:\/P(\d{1,2})D)?$/;
const LONGEST = 31;

function read(given: unknown): Rest | null {
  if (typeof given === "string") return readText(given);
  if (typeof given !== "object" || given === null || Array.isArray(given)) return null;
  const {
    date,
    calendar = "gregory",
    days = 1,
    name,
    ...unknown
  } = given as Record<string, unknown>;
  if (Object.keys(unknown).length > 0 || typeof date !== "string" || /[:/]/.test(date)) return null;
  if (calendar !== "gregory" && calendar !== "islamic-umalqura") return null;
  if (name !== undefined && !isText(name)) return null;
  const rest = readText(`${calendar === "gregory" ? "" : "hijri:"}${date}/P${String(days)}D`);
  return rest && (name === undefined ? rest : { ...rest, name });
}

function readText(text: string): Rest | null {
  const match = WRITTEN.exec(text);
  if (!match) return null;
  const [, hijri, year, month, day, days = "1"] = match;
  const rest: Rest = {
    calendar: hijri === undefined ? "gregory" : "islamic-umalqura",
    year: year === undefined ? null : Number(year),
    month: Number(month),
    day: Number(day),
    days: Number(days),
  };
  return isDay(rest) && rest.days >= 1 && rest.days <= LONGEST ? rest : null;
}

/** A leap year stands for every year: 29 February comes round, though not each time. */
const LEAP_YEAR = 2024;

function isDay({ calendar, year, month, day }: Rest): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  if (year === null && calendar === "islamic-umalqura") return day <= 30;
  return day <= lengthOf(calendar, year ?? LEAP_YEAR, month);
}

const isText = (name: unknown): name is Text =>
  typeof name === "string" ||
  (typeof name === "object" &&
    name !== null &&
    !Array.isArray(name) &&
    Object.values(name).every((text) => typeof text === "string"));

/** What is wrong with a list of holidays; `at` is the place in the list. */
export function holidayProblems(given: readonly unknown[]): { at: number; message: Label }[] {
  return given.flatMap((holiday, at) => {
    if (read(holiday)) return [];
    const shown = JSON.stringify(holiday)?.slice(0, 80) ?? "";
    return [
      {
        at,
        message: {
          en: `${shown} is not a holiday: write 2026-09-23 for one day, 09-23 for the same day of every year, hijri:10-01 for 1 Shawwal of every year, and /P3D behind it for three days`,
          ar: `${shown} ليس عطلة صحيحة: اكتب 2026-09-23 ليوم واحد، أو 09-23 لليوم نفسه من كل سنة، أو hijri:10-01 لأول شوال من كل سنة، وأضف ‎/P3D لثلاثة أيام`,
        },
      },
    ];
  });
}

// The list is read once, and a day is looked up once: a held message asks for many days in a row.
const known = new WeakMap<readonly Holiday[], Map<number, RestDay | null>>();

/** The holiday on the day of `at` in `zone`; null on any other day. What can't be read is no holiday. */
export function holidayOn(holidays: readonly Holiday[], at: Instant, zone: string): RestDay | null {
  if (holidays.length === 0) return null;
  let days = known.get(holidays);
  if (!days) {
    days = new Map();
    known.set(holidays, days);
  }
  const today = dayNumber(wallClock(at, zone));
  const found = days.get(today);
  if (found !== undefined) return found;
  const rest = holidays.map(read).find((r) => r !== null && covers(r, today));
  const day = rest
    ? {
        date: new Date(today * DAY).toISOString().slice(0, 10),
        ...(rest.name === undefined ? {} : { name: rest.name }),
      }
    : null;
  if (days.size > 5_000) days.clear();
  days.set(today, day);
  return day;
}

function covers(rest: Rest, today: number): boolean {
  for (let back = 0; back < rest.days; back++) {
    const { year, month, day } = calendarDay(rest.calendar, today - back);
    if (month !== rest.month || (rest.year !== null && rest.year !== year)) continue;
    // A 30th falls on the 29th in a short month, as wherever a date comes round.
    const last = lengthOf(rest.calendar, year, month);
    if (day === Math.min(rest.day, last)) return true;
  }
  return false;
}
