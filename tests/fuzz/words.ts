import type { Random } from "../store/random.ts";

export { type Random, rng } from "../store/random.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Zones with and without clock changes, on half hours, over the date line; one that doesn't exist. */
export const ZONES = [
  "UTC",
  "Asia/Riyadh",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "Australia/Lord_Howe",
];

/** Names in many scripts, with marks of direction, joiners, combining signs and emoji. */
export const NAMES = [
  "Ann",
  "أحمد",
  "عبد الله",
  "فاطِمَة",
  "نـــور",
  "شیرین",
  "דוד",
  "Иван",
  "Ελένη",
  "李小龍",
  "さくら",
  "김민준",
  "आरती",
  "ธนพร",
  "አበበ",
  "Նարեկ",
  "ნინო",
  "Zoë Ångström",
  "O'Brien-Łukasz",
  "\u200fليلى\u200e",
  "\u202bמירה\u202c",
  "👩🏽‍🚀 Nova",
  "e\u0301lodie",
  '<b>Bob</b> & "co"',
  "{{contact.email}}",
  "__proto__",
];

export const TAGS = ["lead", "vip", "client", "quoted", "عميل"];
export const EVENTS = ["order.placed", "page.visited", "quote.sent", "ping"];
export const CHANNELS = ["email", "sms", "whatsapp"] as const;
export const TOPICS = ["offers", "news"];
/** From minutes to months, in calendar and exact parts. */
export const SHORT = ["PT1M", "PT30M", "PT6H", "PT24H"];
export const LONG = ["P1D", "P2D", "P3D", "P1W", "P10D", "PT36H", "P1M", "P1DT3H"];

export const maybe = <T>(random: Random, share: number, make: () => T): T | undefined =>
  random.chance(share) ? make() : undefined;

/** Leaves out what is undefined, as a document has it. */
export const given = <T extends Record<string, unknown>>(record: T): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** Between `least` and `most` of them, in random order, each once. */
export function some<T>(random: Random, list: readonly T[], least: number, most: number): T[] {
  const left = [...list];
  const count = Math.min(left.length, least + random.below(most - least + 1));
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0] as T);
}

export const duration = (random: Random): string => random.pick([...SHORT, ...LONG]);

export const time = (random: Random): string =>
  `${String(random.below(24)).padStart(2, "0")}:${random.pick(["00", "15", "30", "59"])}`;

const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Any window: hours, hours over midnight, days alone, both. */
export function window(random: Random): Record<string, unknown> {
  const from = time(random);
  let to = time(random);
  while (to === from) to = time(random);
  const days = some(random, WEEK, 1, 6);
  switch (random.below(5)) {
    case 0:
      return { days };
    case 1:
      return { days, from };
    case 2:
      return { from, to };
    default:
      return { days, from, to };
  }
}

/** A text with merge fields, loops and helpers; missing values on purpose. */
export function text(random: Random): string | Record<string, string> {
  const parts = [
    "Hello {{contact.first_name}}",
    '{{default contact.first_name "friend"}}',
    "{{param.brand}}",
    "{{event.amount}}",
    "{{#if contact.last_name}}{{contact.last_name}}{{else}}—{{/if}}",
    "{{#each event.items}}{{this}},{{/each}}",
    "{{date contact.birthday}}",
    "{{number contact.score}}",
    '{{plural contact.score one="point" other="points"}}',
    "{{upper contact.city}}",
    '{{money event.amount "SAR"}}',
    "{{money event.amount contact.city}}",
    "{{flow.name}} {{links.unsubscribe}}",
    "مرحبًا 👋🏽 \u200f{{contact.city}}",
    "plain words",
  ];
  const write = (): string =>
    some(random, parts.slice(0, random.chance(0.1) ? parts.length : 11), 1, 3).join(" · ");
  return random.chance(0.5) ? write() : { en: write(), ar: `${write()} يا {{contact.first_name}}` };
}
