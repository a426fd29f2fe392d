import type { Label } from "../../../../nodes/index.ts";

/** The repetitions that a form offers; `custom` is a pattern that only cron itself can say. */
export type Repeat =
  | { every: "hour"; minute: number }
  | { every: "day"; time: string }
  | { every: "week"; time: string; days: number[] }
  | { every: "month"; time: string; day: number }
  | { every: "custom"; pattern: string };

const NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const two = (n: number): string => String(n).padStart(2, "0");

/** Days of the week in a cron field, 0 being Sunday; null for what it can't say as single days. */
function daysOf(field: string): number[] | null {
  const days = new Set<number>();
  for (const part of field.toLowerCase().split(",")) {
    const [from, to] = part.split("-").map((word) => {
      const named = NAMES.indexOf(word);
      return named >= 0 ? named : /^[0-7]$/.test(word) ? Number(word) : Number.NaN;
    });
    if (from === undefined || Number.isNaN(from) || Number.isNaN(to ?? 0)) return null;
    for (let day = from; day <= (to ?? from); day += 1) days.add(day % 7);
  }
  return [...days].sort((a, b) => a - b);
}

const numberIn = (text: string, min: number, max: number): number | null => {
  const n = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return n >= min && n <= max ? n : null;
};

/** A cron pattern as one of the repetitions that a form offers. */
export function repeatOf(pattern: string): Repeat {
  const custom: Repeat = { every: "custom", pattern };
  const parts = pattern.trim().split(/\s+/);
  const [minute, hour, day, month, week] = parts;
  if (parts.length !== 5 || !minute || !hour || !day || !week || month !== "*") return custom;
  const m = numberIn(minute, 0, 59);
  if (m === null) return custom;
  if (hour === "*") return day === "*" && week === "*" ? { every: "hour", minute: m } : custom;
  const h = numberIn(hour, 0, 23);
  if (h === null) return custom;
  const time = `${two(h)}:${two(m)}`;
  if (day === "*" && week === "*") return { every: "day", time };
  if (day === "*") {
    const days = daysOf(week);
    return days ? { every: "week", time, days } : custom;
  }
  const n = numberIn(day, 1, 31);
  return week === "*" && n !== null ? { every: "month", time, day: n } : custom;
}

/** The pattern of a repetition. */
export function patternOf(repeat: Repeat): string {
  if (repeat.every === "custom") return repeat.pattern;
  if (repeat.every === "hour") return `${repeat.minute} * * * *`;
  const [h = 0, m = 0] = repeat.time.split(":").map(Number);
  if (repeat.every === "day") return `${m} ${h} * * *`;
  if (repeat.every === "week") return `${m} ${h} * * ${repeat.days.join(",") || "*"}`;
  return `${m} ${h} ${repeat.day} * *`;
}

export const REPEATS: Record<Repeat["every"], Label> = {
  hour: { en: "Every hour", ar: "كل ساعة" },
  day: { en: "Every day", ar: "كل يوم" },
  week: { en: "Every week", ar: "كل أسبوع" },
  month: { en: "Every month", ar: "كل شهر" },
  custom: { en: "By a cron pattern", ar: "بنمط cron" },
};
