import type { Instant, Op, Where } from "../../nodes/index.ts";
import type { ContactState } from "./state.ts";
import { fold } from "./text.ts";
import { addDuration, iso, moment, parseDuration } from "./time.ts";

/** Whether something holds, and the moment at which time alone may flip that (null: only a change can). */
export interface Verdict {
  holds: boolean;
  until: Instant | null;
}

/** The moment and zone in which dates are compared. */
export interface When {
  now: Instant;
  zone: string;
}

const NO: Verdict = { holds: false, until: null };

/** A contact's field as rules and templates see it; undefined when missing. */
export function fieldOf(state: ContactState, name: string): unknown {
  if (name === "created_at") return iso(state.contact.created);
  const value = Object.hasOwn(state.contact.fields, name) ? state.contact.fields[name] : undefined;
  return value === null || value === "" ? undefined : value;
}

/** Follows a dotted path through plain data; own properties only. */
export function dig(data: unknown, path: string): unknown {
  let at: unknown = data;
  for (const part of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at === null ? undefined : at;
}

/** Compares two values as the contract says: folded text, numbers as numbers, never across types. */
export function compare(left: unknown, op: Op, right: unknown): boolean {
  if (op === "exists") return left !== undefined && left !== null && left !== "";
  if (op === "missing") return left === undefined || left === null || left === "";
  if (op === "!=") return !compare(left, "=", right);
  if (left === undefined || left === null || left === "") return false;
  if (op === "in") {
    return Array.isArray(right) && right.some((r) => compare(left, "=", r));
  }
  if (Array.isArray(left)) {
    return op === "contains" && left.some((l) => compare(l, "=", right));
  }
  if (typeof left === "string" && typeof right === "string") {
    return compareText(fold(left), op, fold(right));
  }
  if (typeof left === "number" && typeof right === "number") {
    return (
      (op === "=" && left === right) ||
      (op === "<" && left < right) ||
      (op === "<=" && left <= right) ||
      (op === ">" && left > right) ||
      (op === ">=" && left >= right)
    );
  }
  return typeof left === "boolean" && typeof right === "boolean" && op === "=" && left === right;
}

function compareText(left: string, op: Op, right: string): boolean {
  switch (op) {
    case "=":
      return left === right;
    case "contains":
      return left.includes(right);
    case "starts-with":
      return left.startsWith(right);
    case "ends-with":
      return left.endsWith(right);
    case "<":
      return order(left, right) < 0;
    case "<=":
      return order(left, right) <= 0;
    case ">":
      return order(left, right) > 0;
    case ">=":
      return order(left, right) >= 0;
    default:
      return false;
  }
}

/** By code point, as databases order UTF-8; JavaScript's own order puts emoji before some private letters. */
function order(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a[i]?.codePointAt(0) ?? 0) - (b[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** `compare`, and the operators on dates. */
export function compareOn(left: unknown, op: Op, right: unknown, when: When): Verdict {
  if (op !== "before" && op !== "after" && op !== "within-last" && op !== "within-next") {
    return { holds: compare(left, op, right), until: null };
  }
  const at = moment(left, when.zone);
  if (at === null || typeof right !== "string") return NO;
  if (op === "before" || op === "after") {
    const other = moment(right, when.zone);
    if (other === null) return NO;
    return { holds: op === "before" ? at < other : at > other, until: null };
  }
  return within(left, at, op, right, when);
}

/**
 * `within-last` holds from the moment until moment + duration; `within-next` from moment − duration
 * until the moment (a date without a time: until its day is over).
 */
function within(
  left: unknown,
  at: Instant,
  op: "within-last" | "within-next",
  duration: string,
  { now, zone }: When,
): Verdict {
  // A template may have given something else: a comparison is never an error.
  if (parseDuration(duration)?.sign !== 1) return NO;
  const [start, end] =
    op === "within-last"
      ? [at, addDuration(at, duration, zone)]
      : [
          addDuration(at, `-${duration}`, zone),
          isDateOnly(left) ? addDuration(at, "P1D", zone) : at + 1,
        ];
  if (now < start) return { holds: false, until: start };
  if (now < end) return { holds: true, until: end };
  return NO;
}

const isDateOnly = (value: unknown): boolean =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value.trim());

/** Whether all comparisons hold for an event's data. `resolve` fills in values that are templates. */
export function fits(
  data: unknown,
  where: readonly Where[] | undefined,
  when: When,
  resolve: (value: unknown) => unknown,
): Verdict {
  const verdict: Verdict = { holds: true, until: null };
  for (const { data: path, op, value } of where ?? []) {
    const { holds, until } = compareOn(dig(data, path), op, resolve(value), when);
    verdict.holds &&= holds;
    verdict.until = earlier(verdict.until, until);
  }
  return verdict;
}

/** The earlier of two moments, either of which may never come. */
export const earlier = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
