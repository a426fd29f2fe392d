/** Durations as people say and type them; ISO 8601 behind. */
const UNITS = ["years", "months", "weeks", "days", "hours", "minutes", "seconds"] as const;
type Unit = (typeof UNITS)[number];

/** The letter of each unit in ISO 8601; those of the clock stand behind the T. */
const LETTER: Record<Unit, string> = {
  ...{ years: "Y", months: "M", weeks: "W", days: "D" },
  ...{ hours: "H", minutes: "M", seconds: "S" },
};
const CLOCK: ReadonlySet<Unit> = new Set(["hours", "minutes", "seconds"]);

/** How each unit is written, Arabic without its marks and with one alef; one and two of it have words of their own there. */
const SPELT: Record<Unit, { words: string[]; two: string[] }> = {
  years: {
    words: ["y", "yr", "yrs", "year", "years", "سنه", "سنوات", "عام", "اعوام"],
    two: ["سنتان", "سنتين", "عامان", "عامين"],
  },
  months: {
    words: ["mo", "mos", "mon", "month", "months", "شهر", "شهرا", "اشهر", "شهور"],
    two: ["شهران", "شهرين"],
  },
  weeks: {
    words: ["w", "wk", "wks", "week", "weeks", "اسبوع", "اسبوعا", "اسابيع"],
    two: ["اسبوعان", "اسبوعين"],
  },
  days: { words: ["d", "day", "days", "يوم", "يوما", "ايام"], two: ["يومان", "يومين"] },
  hours: { words: ["h", "hr", "hrs", "hour", "hours", "ساعه", "ساعات"], two: ["ساعتان", "ساعتين"] },
  minutes: {
    words: ["m", "min", "mins", "minute", "minutes", "دقيقه", "دقائق"],
    two: ["دقيقتان", "دقيقتين"],
  },
  seconds: {
    words: ["s", "sec", "secs", "second", "seconds", "ثانيه", "ثوان", "ثواني"],
    two: ["ثانيتان", "ثانيتين"],
  },
};
const ARABIC: ReadonlySet<string> = new Set(
  Object.values(SPELT).flatMap(({ words, two }) =>
    [...words, ...two].filter((word) => /[\u0600-\u06ff]/.test(word)),
  ),
);

const folded = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[\u064b-\u065f\u0640]/g, "")
    .replaceAll(/[أإآ]/g, "ا")
    .replaceAll("ة", "ه")
    .replaceAll(/[٠-٩]/g, (digit) => String("٠١٢٣٤٥٦٧٨٩".indexOf(digit)))
    .replaceAll("٫", ".");

/** The unit that a word names, and how many of it the word itself says; null for a word that is none. */
function unitOf(word: string): { unit: Unit; count: number } | null {
  // “and” is written together with the word behind it.
  const bare = word.startsWith("و") && ARABIC.has(word.slice(1)) ? word.slice(1) : word;
  for (const unit of UNITS) {
    if (SPELT[unit].words.includes(bare)) return { unit, count: 1 };
    if (SPELT[unit].two.includes(bare)) return { unit, count: 2 };
  }
  return null;
}

type Parts = Partial<Record<Unit, number>>;

/** ISO 8601 of what was counted; null where nothing was, or not as whole numbers (but for seconds). */
function isoOf(parts: Parts): string | null {
  const some = UNITS.filter((unit) => (parts[unit] ?? 0) > 0);
  const fits = some.every((unit) => {
    const n = parts[unit] ?? 0;
    return n <= 9_999_999 && (unit === "seconds" || Number.isInteger(n));
  });
  if (!fits || UNITS.every((unit) => parts[unit] === undefined)) return null;
  const written = (clock: boolean): string =>
    some
      .filter((unit) => CLOCK.has(unit) === clock)
      .map((unit) => `${parts[unit]}${LETTER[unit]}`)
      .join("");
  const time = written(true);
  return some.length === 0 ? "PT0S" : `P${written(false)}${time ? `T${time}` : ""}`;
}

/** Parts of an hour and of a day go on in the next smaller unit: 1.5 hours are 1 hour and 30 minutes. */
function add(parts: Parts, unit: Unit, count: number): void {
  const whole = Math.floor(count);
  const rest = count - whole;
  const smaller =
    unit === "hours"
      ? (["minutes", 60] as const)
      : unit === "days"
        ? (["hours", 24] as const)
        : unit === "weeks"
          ? (["days", 7] as const)
          : null;
  if (rest === 0 || !smaller) parts[unit] = (parts[unit] ?? 0) + count;
  else {
    if (whole > 0) parts[unit] = (parts[unit] ?? 0) + whole;
    add(parts, smaller[0], Math.round(rest * smaller[1] * 1000) / 1000);
  }
}

const ISO =
  /^p(?=\d|t\d)(?:\d+y)?(?:\d+m)?(?:\d+w)?(?:\d+d)?(?:t(?=\d)(?:\d+h)?(?:\d+m)?(?:\d+(?:\.\d+)?s)?)?$/;

/** ISO 8601 of a duration as it was typed, in English or Arabic: “1 month 2 days”, “3d”, “يومان وساعة”, `P3D`; null for what is none. */
export function readDuration(text: string): string | null {
  const plain = folded(text.trim());
  if (ISO.test(plain)) return plain.toUpperCase();
  const tokens = plain.match(/\d+(?:\.\d+)?|\p{L}+|[^\s\d\p{L}]/gu) ?? [];
  const parts: Parts = {};
  let count: number | null = null;
  for (const token of tokens) {
    if (/^[,،و]$|^and$/.test(token)) continue;
    if (/^\d/.test(token)) {
      if (count !== null) return null;
      count = Number(token);
      continue;
    }
    const named = unitOf(token);
    if (named === null || (named.count === 2 && count !== null)) return null;
    // An Arabic unit alone is one of it; an English one needs its number.
    if (count === null && !/[\u0600-\u06ff]/.test(token)) return null;
    add(parts, named.unit, count ?? named.count);
    count = null;
  }
  return count === null ? isoOf(parts) : null;
}

const USUAL = ["PT15M", "PT1H", "PT4H", "P1D", "P2D", "P3D", "P1W", "P2W", "P1M", "P3M", "P1Y"];
const BARE: readonly Unit[] = ["days", "hours", "minutes", "weeks", "months"];

/** What a beginning may mean: with nothing typed the usual spans, with a number alone at its end each unit of it. */
export function durationsFor(text: string): string[] {
  if (text.trim() === "") return USUAL;
  const whole = readDuration(text);
  if (whole !== null) return [whole];
  const [, before = "", number] = /^(.*?)(\d+)\s*$/.exec(folded(text)) ?? [];
  if (number === undefined) return [];
  const found = BARE.map((unit) => readDuration(`${before} ${number} ${unit}`));
  return found.filter((one) => one !== null);
}

/** Whether a duration counts backwards, and the same forwards. */
export const signOf = (duration: string): { before: boolean; bare: string } => ({
  before: duration.startsWith("-"),
  bare: duration.replace(/^[+-]/, ""),
});
