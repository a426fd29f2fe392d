import { contactsOf } from "../../engine/contacts/read.ts";
import type { ContactRow } from "../../engine/contacts/types.ts";
import { eventsOf, type ScriptedEvent } from "../../engine/simulate/events.ts";
import type { Plan } from "./generate.ts";
import {
  CHANNELS,
  DAY,
  EVENTS,
  given,
  HOUR,
  MINUTE,
  maybe,
  NAMES,
  type Random,
  rng,
  some,
  TAGS,
  TOPICS,
  ZONES,
} from "./words.ts";

export interface People {
  contacts: ContactRow[];
  events: ScriptedEvent[];
  /** The events as a file would have them, for the checker: it reads them by itself. */
  script: Record<string, unknown>[];
}

const iso = (at: number): string => new Date(at).toISOString();
const date = (random: Random): string =>
  iso(Date.UTC(1970 + random.below(40), random.below(12), 1 + random.below(31))).slice(0, 10);

function contact(random: Random, i: number, { from, until }: Plan): Record<string, unknown> {
  const hasEmail = random.chance(0.85);
  return given({
    email: hasEmail ? `c${i}@x.example` : undefined,
    phone: !hasEmail || random.chance(0.7) ? `+9665000010${String(i).padStart(2, "0")}` : undefined,
    first_name: maybe(random, 0.8, () => random.pick(NAMES)),
    last_name: maybe(random, 0.5, () => random.pick(NAMES)),
    locale: maybe(random, 0.7, () => random.pick(["en", "ar", "ar-EG", "fr", "he"])),
    timezone: maybe(random, 0.6, () => random.pick([...ZONES, "Mars/Base"])),
    city: maybe(random, 0.6, () => random.pick(["Riyadh", "الرِّياض", "مكة المكرمة", "5"])),
    birthday: maybe(random, 0.7, () => (random.chance(0.2) ? "1992-02-29" : date(random))),
    joined: maybe(random, 0.5, () =>
      iso(from - random.below(400) * DAY + random.below(500) * DAY).slice(0, random.pick([10, 19])),
    ),
    score: maybe(random, 0.5, () => random.below(30)),
    member: maybe(random, 0.5, () => random.chance(0.5)),
    preferred_times: maybe(random, 0.2, () =>
      random.pick(["Sun-Thu 16:00-20:00", "sat 09:00-12:00", "daily 22:00-02:00"]),
    ),
    tags: maybe(random, 0.6, () => some(random, TAGS, 1, 3)),
    consent: maybe(random, 0.4, () => some(random, [...CHANNELS], 0, 3)),
    created_at: maybe(random, 0.25, () =>
      iso(from + random.below(Math.floor((until - from) / HOUR)) * HOUR),
    ),
  });
}

function happening(random: Random, doc: Plan["doc"], live: boolean): Record<string, unknown> {
  const of = (...types: string[]): string[] =>
    doc.nodes.filter((n) => types.includes(n.type)).map((n) => n.id);
  const node = (...types: string[]): string => random.pick([...of(...types), "nowhere"]);
  const kind = random.below(live ? 19 : 20);
  if (kind < 4) {
    const data = given({
      amount: maybe(random, 0.7, () => random.pick([5, 50, 120.5, "60"])),
      order_id: maybe(random, 0.6, () => random.pick([1, 2, "A-3", true])),
      item: maybe(random, 0.3, () => ({ id: random.below(3), name: random.pick(NAMES) })),
      items: maybe(random, 0.2, () => some(random, NAMES, 1, 3)),
      when: maybe(random, 0.3, () => "2026-07-01T08:00"),
    });
    return given({
      event: random.pick(EVENTS),
      data,
      id: maybe(random, 0.3, () => `id-${random.below(12)}`),
    });
  }
  if (kind < 6) return { addTag: random.pick(TAGS) };
  if (kind === 6) return { removeTag: random.pick(TAGS) };
  if (kind < 9) {
    return random.pick([
      { set: { city: random.pick(["Riyadh", "جدة", ""]) } },
      { set: { score: random.below(30), lifecycle: random.pick(["new", "client"]) } },
      { set: { timezone: random.pick(ZONES) } },
      { set: { birthday: date(random) } },
      { set: { joined: null } },
    ]);
  }
  if (kind < 11) {
    const words = [
      "I want the offer",
      "عرض",
      "price?",
      "hello 👋🏽",
      "STOP",
      "إلغاء",
      "start",
      "help",
      "cancel my order",
    ];
    return { inbound: { channel: random.pick(CHANNELS), text: random.pick(words) } };
  }
  if (kind < 14) {
    const event = random.pick([
      "delivered",
      "opened",
      "clicked",
      "clicked",
      "replied",
      "bounced",
      "complained",
    ]);
    return {
      message: given({
        node: node("email", "sms", "whatsapp", "survey"),
        event,
        machine: maybe(random, 0.2, () => true),
      }),
    };
  }
  if (kind < 16)
    return {
      task: {
        node: node("call", "task"),
        outcome: random.pick(["answered", "no-answer", "not-interested", "done"]),
      },
    };
  if (kind === 16) {
    return {
      consent: given({
        channel: random.pick(CHANNELS),
        granted: random.chance(0.5),
        topic: maybe(random, 0.3, () => random.pick(TOPICS)),
      }),
    };
  }
  if (kind === 17)
    return {
      survey: given({
        node: node("survey"),
        score: random.below(11),
        comment: maybe(random, 0.3, () => "ok 👍"),
      }),
    };
  if (kind === 18) return random.chance(0.15) ? { erase: true } : { addTag: random.pick(TAGS) };
  return {
    webhook: {
      node: node("webhook"),
      status: random.pick([200, 204, 404, 500]),
      body: random.pick([{ score: 9 }, "text", [1], null]),
    },
  };
}

/** Random contacts of a plan and all that happens to them; the same seed gives the same. */
export function people(plan: Plan, { live = false } = {}): People {
  const random = rng(plan.seed ^ 0x5eed);
  const { from, until, workspace, doc, others } = plan;
  const records = Array.from({ length: 3 + random.below(8) }, (_, i) => contact(random, i, plan));
  const read = contactsOf(records, { workspace });
  if (!read.ok) throw new Error(read.problem.message.en);
  const contacts = read.value.people.sort((a, b) => (a.created ?? from) - (b.created ?? from));
  const keys = contacts.map((c) => c.key);
  const hours = Math.floor((until - from) / HOUR);
  const begin = live ? 0 : -240;
  const script: Record<string, unknown>[] = Array.from(
    { length: random.below(contacts.length * 14) },
    () => {
      const at =
        from + (begin + random.below(hours - begin)) * HOUR + random.pick([0, 0, 15, 30]) * MINUTE;
      const about = random.pick(random.chance(0.3) ? [doc, ...others] : [doc]);
      return { at: iso(at), contact: random.pick(keys), ...happening(random, about, live) };
    },
  );
  for (let i = random.below(3); i > 0; i--) {
    const at = iso(from + random.below(hours) * HOUR);
    script.push({
      at,
      contact: `new${i}@x.example`,
      created: { first_name: random.pick(NAMES), timezone: random.pick(ZONES) },
    });
  }
  const { events, problems } = eventsOf(
    script.map((value, i) => ({ line: i + 1, value })),
    workspace,
  );
  if (problems[0]) throw new Error(problems[0].message.en);
  return { contacts, events, script };
}
