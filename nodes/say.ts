import { templateInWords } from "./fields.ts";
import type { Day, Duration, Label, Language, Say, Text, Window } from "./node.ts";
import { ruleInWords } from "./say-rule.ts";

type Unit = "year" | "month" | "week" | "day" | "hour" | "minute" | "second";

const UNITS: readonly Unit[] = ["year", "month", "week", "day", "hour", "minute", "second"];

/** One and two are words of their own; then 3–10, 11–99 and the rest (100, 0.5). */
const ARABIC_UNITS: Record<
  Unit,
  [one: string, two: string, few: string, many: string, other: string]
> = {
  year: ["سنة", "سنتان", "سنوات", "سنة", "سنة"],
  month: ["شهر", "شهران", "أشهر", "شهرًا", "شهر"],
  week: ["أسبوع", "أسبوعان", "أسابيع", "أسبوعًا", "أسبوع"],
  day: ["يوم", "يومان", "أيام", "يومًا", "يوم"],
  hour: ["ساعة", "ساعتان", "ساعات", "ساعة", "ساعة"],
  minute: ["دقيقة", "دقيقتان", "دقائق", "دقيقة", "دقيقة"],
  second: ["ثانية", "ثانيتان", "ثوانٍ", "ثانية", "ثانية"],
};

const WEEK: readonly Day[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const DAY_NAMES: Record<Day, Label> = {
  mon: { en: "Mon", ar: "الاثنين" },
  tue: { en: "Tue", ar: "الثلاثاء" },
  wed: { en: "Wed", ar: "الأربعاء" },
  thu: { en: "Thu", ar: "الخميس" },
  fri: { en: "Fri", ar: "الجمعة" },
  sat: { en: "Sat", ar: "السبت" },
  sun: { en: "Sun", ar: "الأحد" },
};

const DURATION =
  /^([+-])?P(?=[0-9T])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

const arabicPlural = new Intl.PluralRules("ar");

/** The Arabic noun with its number: one and two have a form of their own and no digit. */
export function countArabic(
  n: number,
  [one, two, few, many, other]: readonly [string, string, string, string, string],
): string {
  switch (arabicPlural.select(n)) {
    case "one":
      return one;
    case "two":
      return two;
    case "few":
      return `${n} ${few}`;
    case "many":
      return `${n} ${many}`;
    default:
      return `${n} ${other}`;
  }
}

function unitInWords(language: Language, n: number, unit: Unit): string {
  if (language === "ar") return countArabic(n, ARABIC_UNITS[unit]);
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

function durationInWords(say: Say, duration: Duration): string {
  const match = DURATION.exec(duration);
  if (!match) return duration;
  const parts = UNITS.map((unit, i) => ({ unit, n: Number(match[i + 2] ?? 0) }));
  const words = parts.filter((p) => p.n > 0).map((p) => unitInWords(say.language, p.n, p.unit));
  return words.length > 0 ? say.list(words) : unitInWords(say.language, 0, "second");
}

/** Neighbouring days as pairs of first and last, round the end of the week too. */
function runsOf(days: readonly Day[]): Day[][] {
  const on = new Set(days);
  const starts = WEEK.filter((d, i) => on.has(d) && !on.has(WEEK[(i + 6) % 7] as Day));
  return starts.map((start) => {
    const run: Day[] = [];
    for (let i = WEEK.indexOf(start); on.has(WEEK[i % 7] as Day) && run.length < 7; i++) {
      run.push(WEEK[i % 7] as Day);
    }
    return run;
  });
}

function daysInWords(say: Say, days: readonly Day[]): string {
  if (new Set(days).size === 7) return say({ en: "every day", ar: "كل يوم" });
  const words = runsOf(days).flatMap((run) => {
    const names = run.map((d) => say(DAY_NAMES[d]));
    return run.length < 3 ? names : [`${names[0]}–${names[names.length - 1]}`];
  });
  return words.join(say({ en: ", ", ar: "، " }));
}

function windowInWords(say: Say, { days, from, to }: Window): string {
  const parts: string[] = [];
  if (from && to) parts.push(say({ en: `${from}–${to}`, ar: `من ${from} إلى ${to}` }));
  else if (from) parts.push(say({ en: `from ${from}`, ar: `من ${from}` }));
  else if (to) parts.push(say({ en: `until ${to}`, ar: `حتى ${to}` }));
  if (days && days.length > 0) parts.push(say.days(days));
  return parts.join(say({ en: ", ", ar: "، " }));
}

/** The text in a language: that language, a regional form of it, else the first given. */
export function inLanguage(text: Text | undefined, language: Language): string {
  if (text === undefined) return "";
  if (typeof text === "string") return text;
  const own = text[language];
  if (own !== undefined) return own;
  const regional = Object.keys(text).find((key) => key.toLowerCase().startsWith(`${language}-`));
  return (regional ? text[regional] : Object.values(text)[0]) ?? "";
}

/** A name that the document gives (or the id in its place) as a label in both languages. */
export function labelled(text: Text | undefined, id: string): Label {
  return { en: inLanguage(text, "en") || id, ar: inLanguage(text, "ar") || id };
}

/** The first line of a text, cut to `max` characters. */
export function short(text: string, max = 80): string {
  const line = text.trim().split(/\s*\n/, 1)[0] ?? "";
  const characters = [...line];
  return characters.length > max
    ? `${characters
        .slice(0, max - 1)
        .join("")
        .trimEnd()}…`
    : line;
}

/** The first line of a template as a person reads it, cut to `max` characters. */
export const brief = (say: Say, template: string, max?: number): string =>
  short(templateInWords(say, template), max);

/** A signed duration beside the moment it is counted from: "3 days before", "" for none. */
export function offsetInWords(say: Say, offset: Duration | undefined): string {
  if (offset === undefined || !/[1-9]/.test(offset)) return "";
  const words = say.duration(offset);
  return offset.startsWith("-")
    ? say({ en: `${words} before`, ar: `قبله بمدة: ${words}` })
    : say({ en: `${words} after`, ar: `بعده بمدة: ${words}` });
}

const listsIn = (language: Language) => ({
  and: new Intl.ListFormat(language, { type: "conjunction" }),
  or: new Intl.ListFormat(language, { type: "disjunction" }),
});
// Made once: making one takes longer than all that it is used for on a canvas of 500 nodes.
const LISTS = { en: listsIn("en"), ar: listsIn("ar") };

/** The writer of summaries in one language. An unreadable duration is said as it stands. */
export function sayIn(language: Language): Say {
  const say: Say = Object.assign((label: Label) => label[language], {
    language,
    text: (text: Text | undefined) => inLanguage(text, language),
    duration: (duration: Duration) => durationInWords(say, duration),
    window: (window: Window) => windowInWords(say, window),
    days: (days: Day[]) => daysInWords(say, days),
    rule: (rule: Parameters<Say["rule"]>[0]) => ruleInWords(say, rule),
    list: (words: string[], kind: "and" | "or" = "and") => LISTS[language][kind].format(words),
  });
  return say;
}
