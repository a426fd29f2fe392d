import type { Day, Say } from "./node.ts";

/** The repetitions that people name; `custom` is a pattern that only cron itself can say. */
export type Repeat =
  | { every: "minutes"; minutes: number }
  | { every: "hour"; minute: number }
  | { every: "day"; time: string }
  | { every: "week"; time: string; days: Day[] }
  | { every: "month"; time: string; day: number }
  | { every: "year"; time: string; day: number; month: number }
  | { every: "custom"; pattern: string };

/** As cron counts: Sunday is 0. */
export const CRON_WEEK: readonly Day[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const two = (n: number): string => String(n).padStart(2, "0");

/** Days of the week in a cron field; null for what it can't say as single days. */
function daysOf(field: string): Day[] | null {
  const days = new Set<number>();
  for (const part of field.toLowerCase().split(",")) {
    const [from, to] = part.split("-").map((word) => {
      const named = (CRON_WEEK as readonly string[]).indexOf(word);
      return named >= 0 ? named : /^[0-7]$/.test(word) ? Number(word) : Number.NaN;
    });
    if (from === undefined || Number.isNaN(from) || Number.isNaN(to ?? 0)) return null;
    for (let day = from; day <= (to ?? from); day += 1) days.add(day % 7);
  }
  return CRON_WEEK.filter((_, i) => days.has(i));
}

const numberIn = (text: string, min: number, max: number): number | null => {
  const n = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return n >= min && n <= max ? n : null;
};

/** A cron pattern of five fields (or six, at second 0) as one of the repetitions that people name. */
export function repeatOf(pattern: string): Repeat {
  const custom: Repeat = { every: "custom", pattern };
  const all = pattern.trim().split(/\s+/);
  const parts = all.length === 6 && all[0] === "0" ? all.slice(1) : all;
  const [minute, hour, day, month, week] = parts;
  if (parts.length !== 5 || !minute || !hour || !day || !month || !week) return custom;
  const free = day === "*" && month === "*" && week === "*";
  const step = /^\*\/(\d{1,2})$/.exec(minute)?.[1];
  if (step && hour === "*" && free && 60 % Number(step) === 0)
    return { every: "minutes", minutes: Number(step) };
  const m = numberIn(minute, 0, 59);
  if (m === null) return custom;
  if (hour === "*") return free ? { every: "hour", minute: m } : custom;
  const h = numberIn(hour, 0, 23);
  if (h === null) return custom;
  const time = `${two(h)}:${two(m)}`;
  if (free) return { every: "day", time };
  if (day === "*" && month === "*") {
    const days = daysOf(week);
    return days ? { every: "week", time, days } : custom;
  }
  const n = numberIn(day, 1, 31);
  if (week !== "*" || n === null) return custom;
  if (month === "*") return { every: "month", time, day: n };
  const inYear = numberIn(month, 1, 12);
  return inYear === null ? custom : { every: "year", time, day: n, month: inYear };
}

/** The pattern of a repetition. */
export function patternOf(repeat: Repeat): string {
  if (repeat.every === "custom") return repeat.pattern;
  if (repeat.every === "minutes") return `*/${repeat.minutes} * * * *`;
  if (repeat.every === "hour") return `${repeat.minute} * * * *`;
  const [h = 0, m = 0] = repeat.time.split(":").map(Number);
  if (repeat.every === "day") return `${m} ${h} * * *`;
  if (repeat.every === "month") return `${m} ${h} ${repeat.day} * *`;
  if (repeat.every === "year") return `${m} ${h} ${repeat.day} ${repeat.month} *`;
  const days = repeat.days.map((day) => CRON_WEEK.indexOf(day)).sort((a, b) => a - b);
  return `${m} ${h} * * ${days.join(",") || "*"}`;
}

/** A name of the calendar; which year it is asked of doesn't matter. */
const monthName = (say: Say, month: number): string =>
  new Intl.DateTimeFormat(say.language, { month: "long", timeZone: "UTC" }).format(
    new Date(Date.UTC(2000, month - 1, 1)),
  );

/** A repetition in plain words: "Every Sun at 09:00". A pattern that people have no words for is said as it stands. */
export function cronInWords(say: Say, pattern: string): string {
  const repeat = repeatOf(pattern);
  switch (repeat.every) {
    case "minutes": {
      const every = say.duration(`PT${repeat.minutes}M`);
      return say({ en: `Every ${every}`, ar: `كل ${every}` });
    }
    case "hour": {
      const past = two(repeat.minute);
      return say({ en: `Every hour at :${past}`, ar: `كل ساعة عند الدقيقة ${past}` });
    }
    case "day":
      return say({ en: `Every day at ${repeat.time}`, ar: `كل يوم الساعة ${repeat.time}` });
    case "week": {
      const days = say.days(repeat.days);
      return say({ en: `Every ${days} at ${repeat.time}`, ar: `كل ${days} الساعة ${repeat.time}` });
    }
    case "month":
      return say({
        en: `On day ${repeat.day} of every month at ${repeat.time}`,
        ar: `يوم ${repeat.day} من كل شهر الساعة ${repeat.time}`,
      });
    case "year": {
      const month = monthName(say, repeat.month);
      return say({
        en: `Every year on ${repeat.day} ${month} at ${repeat.time}`,
        ar: `كل سنة يوم ${repeat.day} ${month} الساعة ${repeat.time}`,
      });
    }
    case "custom":
      return say({ en: `By the pattern ${pattern}`, ar: `بالنمط ${pattern}` });
  }
}
