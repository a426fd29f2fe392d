import type { Op, Rule } from "../../nodes/index.ts";
import {
  CHANNELS,
  DATE_OPS,
  DURATIONS,
  date,
  EVENTS,
  FIELDS,
  OPS,
  PATHS,
  type Random,
  RECEIPTS,
  TEXTS,
  value,
} from "./random.ts";

const optional = <T>(random: Random, name: string, make: () => T): Record<string, T> =>
  random.chance(0.4) ? { [name]: make() } : {};

function comparison(random: Random, now: number): { op: Op; value?: unknown } {
  const op = random.chance(0.4) ? random.pick(DATE_OPS) : random.pick(OPS);
  if (op === "within-last" || op === "within-next") {
    return { op, value: random.pick(DURATIONS.filter((d) => !d.startsWith("-"))) };
  }
  if (op === "in")
    return { op, value: [value(random, now), value(random, now), random.pick(TEXTS)] };
  if (op === "contains" || op === "starts-with" || op === "ends-with") {
    return { op, value: random.pick([...TEXTS, "a", "ي", "ah", 5, true]) };
  }
  return {
    op,
    value: DATE_OPS.includes(op) && random.chance(0.9) ? date(random, now) : value(random, now),
  };
}

const SEGMENTS = ["nobody"];

/** Rules made from now on name this segment too: segments may not refer to each other in a circle. */
export const nameSegment = (name: string): void => void SEGMENTS.push(name);
export const forgetSegments = (): void => void SEGMENTS.splice(1);

function leaf(random: Random, now: number): Rule {
  const since = () => random.pick([...DURATIONS, "ever", "enrollment", "node"]);
  const place = () => ({
    ...optional(random, "node", () => random.pick(["hello", "offer", "call"])),
    ...optional(random, "flow", () => random.pick(["welcome", "other"])),
    ...optional(random, "since", since),
  });
  switch (random.below(12)) {
    case 0:
      return { tag: random.pick(["vip", "lead", "nobody"]) };
    case 1:
      return { segment: random.pick(SEGMENTS) };
    case 2:
    case 3:
    case 4:
      return { field: random.pick(FIELDS), ...comparison(random, now) };
    case 5:
      return {
        field: random.pick(["birthday", "created_at", "city"]),
        op: "anniversary",
        ...optional(random, "calendar", () => "islamic-umalqura" as const),
      };
    case 6:
    case 7:
      return {
        event: random.pick(EVENTS),
        ...optional(random, "count", () => 1 + random.below(3)),
        ...optional(random, "since", since),
        ...optional(random, "where", () => [
          { data: random.pick(PATHS), ...comparison(random, now) },
        ]),
      };
    case 8:
      return {
        message: random.pick(RECEIPTS),
        ...place(),
        ...optional(random, "channel", () => random.pick(["email", "sms", "notify"])),
        ...optional(random, "link", () => "https://x.example/a"),
      };
    case 9:
      return {
        task: "done",
        ...place(),
        ...optional(random, "outcome", () => random.pick(["answered", "timeout"])),
      };
    case 10:
      return { consent: random.pick(CHANNELS), ...optional(random, "topic", () => "offers") };
    default:
      return random.chance(0.8)
        ? {
            touches: random.below(4),
            op: random.pick([
              "=",
              "!=",
              "<",
              "<=",
              ">",
              ">=",
              "exists",
              "missing",
              "contains",
              "before",
            ]),
            ...optional(random, "since", since),
            ...optional(random, "channel", () => random.pick(["email", "call", "letter"])),
          }
        : { data: "amount", op: random.pick(OPS), value: 5 };
  }
}

export function randomRule(random: Random, now: number, depth: number): Rule {
  if (depth === 0) return leaf(random, now);
  const inner = () => randomRule(random, now, depth - 1);
  switch (random.below(5)) {
    case 0:
    case 1:
      return { all: Array.from({ length: random.below(3) + 1 }, inner) };
    case 2:
    case 3:
      return { any: Array.from({ length: random.below(4) }, inner) };
    default:
      return { not: inner() };
  }
}
