import type { Day, Window } from "../../nodes/node.ts";
import { fold, latinDigits } from "./text.ts";
import { DAYS } from "./window.ts";

// Folded: ة is ه, أ is ا. The article ال is taken off before looking up.
const DAY_NAMES: Record<string, Day> = {
  اثنين: "mon",
  لاثنين: "mon",
  ثلاثاء: "tue",
  ثلاثا: "tue",
  اربعاء: "wed",
  اربعا: "wed",
  خميس: "thu",
  جمعه: "fri",
  سبت: "sat",
  احد: "sun",
  لاحد: "sun",
};
const ENGLISH_DAY =
  /^(mon(?:days?)?|tue(?:s|sdays?)?|wed(?:s|nesdays?)?|thu(?:r|rs|rsdays?)?|fri(?:days?)?|sat(?:urdays?)?|sun(?:days?)?)$/;
const EVERY_DAY = new Set(["daily", "everyday", "every day", "يوميا", "كل يوم"]);
const LONGEST = 1_000;

type Token =
  | { kind: "day"; day: Day }
  | { kind: "time"; minutes: number; half: "am" | "pm" | null; hour: number }
  | { kind: "every" | "to" | "after" | "before" | "end" | "join" };

const WORD =
  /(every day|كل يوم)|(\d{1,2})(?:[:.](\d{2}))?(?:\s*(am|pm|a\.m\.|p\.m\.|صباحا|مساء|ص|م)(?![\p{L}\p{N}]))?|([\p{L}]+)|([-–—])|([;؛\n|])|([,،&+])|\s+/guy;

function dayNamed(word: string): Day | null {
  if (ENGLISH_DAY.test(word)) return DAYS.find((day) => word.startsWith(day)) ?? null;
  const bare = word.replace(/^ال/, "");
  return DAY_NAMES[bare] ?? DAY_NAMES[word] ?? null;
}

function wordToken(word: string): Token | null {
  const day = dayNamed(word);
  if (day) return { kind: "day", day };
  if (EVERY_DAY.has(word)) return { kind: "every" };
  if (/^(to|till|until|الي|حتي|ل)$/.test(word)) return { kind: "to" };
  if (/^(after|بعد)$/.test(word)) return { kind: "after" };
  if (/^(before|قبل)$/.test(word)) return { kind: "before" };
  return /^(and|from|at|on|و|من|يوم|ايام|في)$/.test(word) ? { kind: "join" } : null;
}

function timeToken(
  hourText: string,
  minuteText: string | undefined,
  half: string | undefined,
): Token | null {
  const [hour, minute] = [Number(hourText), Number(minuteText ?? 0)];
  const part = half === undefined ? null : /^(a|ص)/.test(half) ? "am" : "pm";
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null;
  if (part && (hour < 1 || hour > 12)) return null;
  return { kind: "time", minutes: inHalf(hour, minute, part), half: part, hour };
}

const inHalf = (hour: number, minute: number, half: "am" | "pm" | null): number =>
  (half === null ? hour : (hour % 12) + (half === "pm" ? 12 : 0)) * 60 + minute;

function tokens(text: string): Token[] | null {
  const found: Token[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < text.length) {
    const match = WORD.exec(text);
    if (!match) return null;
    const [, every, hour, minute, half, word, dash, end, comma] = match;
    let token: Token | null | undefined;
    if (every) token = { kind: "every" };
    else if (hour !== undefined) token = timeToken(hour, minute, half);
    // Arabic writes "and" onto the next word: والاثنين.
    else if (word) token = wordToken(word) ?? wordToken(word.replace(/^و/, ""));
    else if (dash) token = { kind: "to" };
    else if (end) token = { kind: "end" };
    else if (comma) token = { kind: "join" };
    else continue;
    if (!token) return null;
    found.push(token);
  }
  return found;
}

/** One group of the text: its days, and its hours (none: the whole day). */
interface Group {
  days: Day[];
  hours: { from?: number; to?: number }[];
}

type TimeOf = Extract<Token, { kind: "time" }>;

/** "4-8pm" means 16:00–20:00 and "9-5pm" 09:00–17:00: a half named once holds where it keeps the order. */
function startOf(from: TimeOf, to: TimeOf): number {
  if (from.half !== null || to.half === null || from.hour < 1 || from.hour > 12)
    return from.minutes;
  const minute = from.minutes % 60;
  const same = inHalf(from.hour, minute, to.half);
  return same < to.minutes ? same : inHalf(from.hour, minute, to.half === "pm" ? "am" : "pm");
}

function daysBetween(first: Day, last: Day): Day[] {
  const days: Day[] = [];
  for (let i = DAYS.indexOf(first); ; i = (i + 1) % 7) {
    const day = DAYS[i];
    if (day === undefined) return days;
    days.push(day);
    if (day === last) return days;
  }
}

/** Reads what begins at token `i` into the group; gives the index after it, or null. */
function readItem(list: readonly Token[], i: number, group: Group): number | null {
  const [token, second, third] = [list[i], list[i + 1], list[i + 2]];
  if (!token) return null;
  if (token.kind === "every") {
    group.days.push(...DAYS);
    return i + 1;
  }
  if (token.kind === "day") {
    const range = second?.kind === "to" && third?.kind === "day" ? third.day : null;
    group.days.push(...(range ? daysBetween(token.day, range) : [token.day]));
    return i + (range ? 3 : 1);
  }
  if (token.kind === "time" && second?.kind === "to" && third?.kind === "time") {
    group.hours.push({ from: startOf(token, third), to: third.minutes });
    return i + 3;
  }
  if ((token.kind === "after" || token.kind === "before") && second?.kind === "time") {
    group.hours.push(token.kind === "after" ? { from: second.minutes } : { to: second.minutes });
    return i + 2;
  }
  return null;
}

function groups(list: readonly Token[]): Group[] | null {
  const found: Group[] = [];
  let group: Group = { days: [], hours: [] };
  let i = 0;
  while (i < list.length) {
    const kind = list[i]?.kind;
    if (kind === "join") {
      i += 1;
      continue;
    }
    const newDays = (kind === "day" || kind === "every") && group.hours.length > 0;
    if (kind === "end" || newDays) {
      found.push(group);
      group = { days: [], hours: [] };
      if (kind === "end") {
        i += 1;
        continue;
      }
    }
    const next = readItem(list, i, group);
    if (next === null) return null;
    i = next;
  }
  found.push(group);
  return found.filter((g) => g.days.length > 0 || g.hours.length > 0);
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** A window of days and minutes; null when it has no length. 00:00 and 24:00 are where a day begins and ends anyway. */
function windowOf(days: Day[], from: number | undefined, to: number | undefined): Window | null {
  const window: Window = {};
  const distinct = DAYS.filter((day) => days.includes(day));
  if (distinct.length > 0 && distinct.length < 7) window.days = distinct;
  const start = from === 1440 ? 0 : (from ?? 0);
  const end = to === undefined || to === 0 ? 1440 : to;
  if (start === end) return null;
  if (start === 0 && end === 1440) return { days: window.days ?? [...DAYS] };
  if (start !== 0) window.from = clock(start);
  if (end !== 1440) window.to = clock(end);
  return window;
}

function fromText(text: string): Window[] {
  const list = tokens(latinDigits(fold(text)));
  const found = list && groups(list);
  if (!found) return [];
  const windows = found.flatMap(({ days, hours }) =>
    (hours.length > 0 ? hours : [{}]).map(({ from, to }: { from?: number; to?: number }) =>
      windowOf(days, from, to),
    ),
  );
  return windows.every((window) => window !== null) ? windows : [];
}

function minutesIn(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return undefined;
  const match =
    typeof value === "string" ? /^(\d{1,2}):(\d{2})$/.exec(latinDigits(value.trim())) : null;
  if (!match) return null;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minutes <= 1440 ? minutes : null;
}

function fromObject(value: unknown): Window | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { days = [], from, to, ...unknown } = value as Record<string, unknown>;
  const named = days === null ? [] : days;
  if (!Array.isArray(named) || Object.keys(unknown).length > 0) return null;
  const read = named.map((day) => (typeof day === "string" ? dayNamed(fold(day.trim())) : null));
  const [start, end] = [minutesIn(from), minutesIn(to)];
  if (read.includes(null) || start === null || end === null) return null;
  if (read.length === 0 && start === undefined && end === undefined) return null;
  return windowOf(
    read.filter((day) => day !== null),
    start,
    end,
  );
}

/**
 * The windows in a contact's `preferred_times`: a window or a list of them, the JSON text of one, or words
 * such as `sun-thu 16:00-20:00; fri 10-12` in English or Arabic. What can't be read as a whole gives none.
 */
export function parseWindows(value: unknown): Window[] {
  if (typeof value === "string") {
    const text = value.trim();
    if (text === "" || text.length > LONGEST) return [];
    return /^[[{]/.test(text) ? parseWindows(readJson(text)) : fromText(text);
  }
  const list = Array.isArray(value) ? value.slice(0, 50) : [value];
  const windows = list.flatMap((item): (Window | null)[] => {
    if (typeof item !== "string") return [fromObject(item)];
    const read = item.length > LONGEST ? [] : fromText(item);
    return read.length > 0 ? read : [null];
  });
  return windows.every((window) => window !== null) ? windows : [];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
