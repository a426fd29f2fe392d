import type { Op, Rule } from "../../nodes/index.ts";
import type { Changes } from "../../engine/core/changes.ts";
import type { Message, Receipt, Value } from "../../engine/core/state.ts";
import { DAY, HOUR, message, task } from "./make.ts";

export interface Random {
  below(n: number): number;
  pick<T>(list: readonly T[]): T;
  chance(share: number): boolean;
}

/** mulberry32: a run can be repeated by its seed. */
export function rng(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    below,
    pick: <T>(list: readonly T[]) => list[below(list.length)] as T,
    chance: (share) => next() < share,
  };
}

const TEXTS = ["Riyadh", "riyadh", "RIYADH", "الرياض", "اَلرِّيَاض", "الرياضـ", "أحمد", "احمد", "مكة", "مكه", "5", "ﬁve", "five", "true", "", "a\"b", "[\"five\"]", "Straße", "ya"];
const NUMBERS = [0, 5, 5.5, -3, 1e21, 1152921504606847000, 0.1 + 0.2, 0.3, 1_000_000];
const FIELDS = ["city", "first_name", "score", "birthday", "created_at", "last_touch_at", "hobbies", "my \"odd\" field", "a.b", "phone", "vip"];
const EVENTS = ["order.placed", "visit", "ping"];
const PATHS = ["amount", "item.name", "item", "items.0", "items.length", "when", "tags"];
const CHANNELS = ["email", "sms", "whatsapp", "telegram", "city"];
const DURATIONS = ["P1D", "P3D", "P1M", "P1Y", "PT24H", "PT30M", "P1M1DT2H", "P1W", "P2M", "PT0S", "P13M", "-P1D"];
const OPS: Op[] = ["=", "!=", "<", "<=", ">", ">=", "contains", "starts-with", "ends-with", "in", "exists", "missing", "before", "after", "within-last", "within-next"];
const DATE_OPS: Op[] = ["before", "after", "within-last", "within-next"];
const RECEIPTS: Receipt["event"][] = ["sent", "delivered", "opened", "clicked", "replied", "bounced", "complained", "failed"];

/** Near `now`, or near `now` moved by one of the durations, where the edges are; sometimes anywhere. */
function instant(random: Random, now: number): number {
  const back = random.pick([0, 0, 1, 3, 7, 27, 28, 29, 30, 31, 32, 61, 365, 366, 396]);
  const near = random.pick([0, 1, -1, HOUR, -HOUR, HOUR / 2, -HOUR / 2, HOUR * 11, -HOUR * 13, 1, 0]);
  const sign = random.chance(0.85) ? -1 : 1;
  return now + sign * back * DAY + near;
}

function date(random: Random, now: number): string {
  if (random.chance(0.06)) return random.pick(["2026-02-30", "0004-02-29", "1962-05-01T00:00:00Z", "2024-02-29", "2026-13-01", "9999-12-31"]);
  const years = random.pick([0, 0, 0, 1, 2, 24, 30, 60]);
  const at = new Date(instant(random, now));
  at.setUTCFullYear(at.getUTCFullYear() - years);
  const text = at.toISOString();
  switch (random.below(5)) {
    case 0:
    case 1:
      return text.slice(0, 10);
    case 2:
      return text.slice(0, 19);
    case 3:
      return `${text.slice(0, 16)}+03:00`;
    default:
      return text;
  }
}

function value(random: Random, now: number): Value {
  switch (random.below(8)) {
    case 0:
    case 1:
      return random.pick(TEXTS);
    case 2:
      return random.pick(NUMBERS);
    case 3:
      return random.chance(0.5);
    case 4:
    case 5:
      return date(random, now);
    case 6:
      return [random.pick(TEXTS), random.pick(NUMBERS), random.chance(0.5), null];
    default:
      return random.chance(0.5) ? { name: random.pick(TEXTS) } : null;
  }
}

function eventData(random: Random, now: number): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  if (random.chance(0.7)) data.amount = random.pick([...NUMBERS, "5", null]);
  if (random.chance(0.5)) data.item = random.chance(0.8) ? { name: value(random, now) } : random.pick(TEXTS);
  if (random.chance(0.3)) data.items = [value(random, now), value(random, now)];
  if (random.chance(0.3)) data.when = date(random, now);
  if (random.chance(0.3)) data.tags = [random.pick(TEXTS), random.pick(TEXTS)];
  return data;
}

/** Fills one contact with everything that rules read. */
export function randomContact(random: Random, now: number, changes: Changes, i: number): void {
  const { contact } = changes.state;
  for (const field of FIELDS) {
    if (field !== "created_at" && random.chance(0.5)) contact.fields[field] = value(random, now);
  }
  if (random.chance(0.6)) contact.fields.phone = `+96650000${1000 + (i % 40)}`;
  if (random.chance(0.3)) contact.fields.telegram = random.pick(["@ann", "@bob"]);
  changes.contact = true;
  changes.tags = true;
  changes.consents = true;
  for (const tag of ["vip", "lead"]) {
    if (random.chance(0.5)) {
      const expires = random.chance(0.5) ? null : instant(random, now);
      contact.tags[tag] = { since: now - DAY, expires };
    }
  }
  for (let k = random.below(6); k > 0; k--) {
    contact.consents.push({
      channel: random.pick(CHANNELS),
      topic: random.pick(["", "", "offers"]),
      granted: random.chance(0.6),
      at: now - random.below(3) * HOUR,
      source: "test",
    });
  }
  if (random.chance(0.2)) contact.stopped = [random.pick(CHANNELS)];
  if (random.chance(0.2)) contact.suppressed[`email:${String(contact.fields.email)}`] = "bounced";
  if (random.chance(0.2) && typeof contact.fields.phone === "string") contact.suppressed[`sms:${contact.fields.phone}`] = "x";
  if (random.chance(0.2)) contact.suppressed["telegram:@ann"] = "bounced";
  for (let k = random.below(6); k > 0; k--) {
    changes.events.push({ id: `e${k}`, name: random.pick(EVENTS), at: instant(random, now), data: eventData(random, now) });
  }
  for (let k = random.below(4); k > 0; k--) changes.messages.add(randomMessage(random, now, k));
  for (let k = random.below(3); k > 0; k--) {
    changes.tasks.add(
      task({
        key: `welcome.${k}.call.1`,
        kind: random.pick(["call", "task"]),
        flow: random.pick(["welcome", "other"]),
        node: random.pick(["call", "hello"]),
        closed: random.chance(0.7) ? instant(random, now) : null,
        outcome: random.pick(["answered", "timeout", "cancelled", "done", null]),
      }),
    );
  }
}

function randomMessage(random: Random, now: number, k: number): Message {
  const receipts = Array.from({ length: random.below(5) }, (): Receipt => ({
    event: random.pick(RECEIPTS),
    at: instant(random, now),
    ...(random.chance(0.3) ? { link: random.pick(["https://x.example/a", "https://x.example/b"]) } : {}),
    ...(random.chance(0.2) ? { machine: random.chance(0.8) } : {}),
  }));
  return message({
    flow: random.pick(["welcome", "other"]),
    n: k,
    node: random.pick(["hello", "offer"]),
    channel: random.pick(["email", "sms", "letter", "notify"]),
    state: random.pick(["queued", "sent", "cancelled"]),
    receipts,
  });
}

const optional = <T>(random: Random, name: string, make: () => T): Record<string, T> =>
  random.chance(0.4) ? { [name]: make() } : {};

function comparison(random: Random, now: number): { op: Op; value?: unknown } {
  const op = random.chance(0.4) ? random.pick(DATE_OPS) : random.pick(OPS);
  if (op === "within-last" || op === "within-next") {
    return { op, value: random.pick(DURATIONS.filter((d) => !d.startsWith("-"))) };
  }
  if (op === "in") return { op, value: [value(random, now), value(random, now), random.pick(TEXTS)] };
  if (op === "contains" || op === "starts-with" || op === "ends-with") {
    return { op, value: random.pick([...TEXTS, "a", "ي", "ah", 5, true]) };
  }
  return { op, value: DATE_OPS.includes(op) && random.chance(0.9) ? date(random, now) : value(random, now) };
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
        ...optional(random, "where", () => [{ data: random.pick(PATHS), ...comparison(random, now) }]),
      };
    case 8:
      return {
        message: random.pick(RECEIPTS),
        ...place(),
        ...optional(random, "channel", () => random.pick(["email", "sms", "notify"])),
        ...optional(random, "link", () => "https://x.example/a"),
      };
    case 9:
      return { task: "done", ...place(), ...optional(random, "outcome", () => random.pick(["answered", "timeout"])) };
    case 10:
      return { consent: random.pick(CHANNELS), ...optional(random, "topic", () => "offers") };
    default:
      return random.chance(0.8)
        ? {
            touches: random.below(4),
            op: random.pick(["=", "!=", "<", "<=", ">", ">=", "exists", "missing", "contains", "before"]),
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
