import type { Day } from "../../nodes/index.ts";
import { checkSegments } from "../core/check.ts";
import { holidayProblems } from "../core/holidays.ts";
import type { Workspace } from "../core/state.ts";
import { DAYS, validZone } from "../core/time.ts";

/** A workspace with nothing set: UTC, English, consent granted. The weekend matters once there are hours. */
export const plainWorkspace = (): Workspace => ({
  timezone: "UTC",
  locale: "en",
  consent: "granted",
  segments: {},
  fields: {},
  hours: null,
  weekend: ["fri", "sat"],
  holidays: [],
});

/** Reads a workspace file over the defaults; every problem is a sentence. */
export function readWorkspace(
  value: unknown,
  base: Workspace,
): { workspace: Workspace; problems: string[] } {
  if (!isRecord(value)) {
    return { workspace: base, problems: ["the workspace must be a JSON object"] };
  }
  const problems: string[] = [];
  for (const [key, given] of Object.entries(value)) {
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key as keyof Workspace] : null;
    if (check === null) {
      problems.push(`unknown key “${key}”; known are ${Object.keys(CHECKS).join(", ")}`);
    } else problems.push(...check(given));
  }
  return { workspace: { ...base, ...value } as Workspace, problems };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isDay = (value: unknown): boolean => DAYS.includes(value as Day);
const isTime = (value: unknown): boolean =>
  typeof value === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(value);
const isListOf = (value: unknown, is: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(is);

/** A window of days and times; null stands for none. */
function isWindow(value: unknown): boolean {
  if (value === null) return true;
  if (!isRecord(value)) return false;
  const { days, from, to, ...unknown } = value;
  return (
    Object.keys(unknown).length === 0 &&
    (days === undefined || (isListOf(days, isDay) && (days as unknown[]).length > 0)) &&
    [from, to].every((time) => time === undefined || isTime(time)) &&
    (from === undefined || from !== to)
  );
}

const must = (holds: boolean, sentence: string): string[] => (holds ? [] : [sentence]);

/** What is wrong with each part, as sentences. */
const CHECKS: Record<keyof Workspace, (given: unknown) => string[]> = {
  segments: (given) =>
    isRecord(given)
      ? checkSegments(given as Workspace["segments"]).map(({ message }) => message.en)
      : ["“segments” must be an object of names and rules"],
  fields: (given) =>
    must(
      isRecord(given) && Object.values(given).every((type) => typeof type === "string"),
      '“fields” must be an object of names and types, such as {"size": "number"}',
    ),
  locale: (given) =>
    must(
      typeof given === "string" && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(given),
      "“locale” must be a language tag such as ar or en-GB",
    ),
  consent: (given) =>
    must(given === "granted" || given === "denied", "“consent” must be granted or denied"),
  hours: (given) =>
    must(
      isWindow(given),
      '“hours” must be a window such as {"days": ["sun"], "from": "09:00", "to": "17:00"}',
    ),
  weekend: (given) =>
    must(
      isListOf(given, isDay) && new Set(given as Day[]).size < 7,
      `“weekend” must be a list of days out of ${DAYS.join(", ")}, and not all of them`,
    ),
  holidays: (given) =>
    Array.isArray(given)
      ? holidayProblems(given).map(({ message }) => `“holidays”: ${message.en}`)
      : ['“holidays” must be a list such as ["2026-09-23", "hijri:10-01/P3D"]'],
  timezone: (given) =>
    must(validZone(given), `“timezone”: there is no zone ${JSON.stringify(given)}`),
};
