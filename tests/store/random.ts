import type { Receipt, Value } from "../../engine/core/state.ts";
import type { Op } from "../../nodes/index.ts";
import { DAY, HOUR } from "./make.ts";

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

export const TEXTS = [
  "Riyadh",
  "riyadh",
  "RIYADH",
  "الرياض",
  "اَلرِّيَاض",
  "الرياضـ",
  "أحمد",
  "احمد",
  "مكة",
  "مكه",
  "5",
  "ﬁve",
  "five",
  "true",
  "",
  'a"b',
  '["five"]',
  "Straße",
  "ya",
];
export const NUMBERS = [0, 5, 5.5, -3, 1e21, 1152921504606847000, 0.1 + 0.2, 0.3, 1_000_000];
export const FIELDS = [
  "city",
  "first_name",
  "score",
  "birthday",
  "created_at",
  "last_touch_at",
  "hobbies",
  'my "odd" field',
  "a.b",
  "phone",
  "vip",
];
export const EVENTS = ["order.placed", "visit", "ping"];
export const PATHS = ["amount", "item.name", "item", "items.0", "items.length", "when", "tags"];
export const CHANNELS = ["email", "sms", "whatsapp", "telegram", "city"];
export const DURATIONS = [
  "P1D",
  "P3D",
  "P1M",
  "P1Y",
  "PT24H",
  "PT30M",
  "P1M1DT2H",
  "P1W",
  "P2M",
  "PT0S",
  "P13M",
  "-P1D",
];
export const OPS: Op[] = [
  "=",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "contains",
  "starts-with",
  "ends-with",
  "in",
  "exists",
  "missing",
  "before",
  "after",
  "within-last",
  "within-next",
];
export const DATE_OPS: Op[] = ["before", "after", "within-last", "within-next"];
export const RECEIPTS: Receipt["event"][] = [
  "sent",
  "delivered",
  "opened",
  "clicked",
  "replied",
  "bounced",
  "complained",
  "failed",
];

/** Near `now`, or near `now` moved by one of the durations, where the edges are; sometimes anywhere. */
export function instant(random: Random, now: number): number {
  const back = random.pick([0, 0, 1, 3, 7, 27, 28, 29, 30, 31, 32, 61, 365, 366, 396]);
  const near = random.pick([
    0,
    1,
    -1,
    HOUR,
    -HOUR,
    HOUR / 2,
    -HOUR / 2,
    HOUR * 11,
    -HOUR * 13,
    1,
    0,
  ]);
  const sign = random.chance(0.85) ? -1 : 1;
  return now + sign * back * DAY + near;
}

/** One at random; see `instant`. */
export function date(random: Random, now: number): string {
  if (random.chance(0.06))
    return random.pick([
      "2026-02-30",
      "0004-02-29",
      "1962-05-01T00:00:00Z",
      "2024-02-29",
      "2026-13-01",
      "9999-12-31",
    ]);
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

/** One at random; see `instant`. */
export function value(random: Random, now: number): Value {
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
