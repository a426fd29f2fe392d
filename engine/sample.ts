import type { Instant } from "../nodes/index.ts";
import type { FlowDoc } from "./core/document.ts";
import { enrollInput, eventInput } from "./intake.ts";
import { publishFlow } from "./publish.ts";
import type { ContactWrite, Store } from "./store/store.ts";

/** First name, last name, city, zone, language, tags. The people are made up. */
type Person = readonly [string, string, string, string, "ar" | "en", string];

const RIYADH = "Asia/Riyadh";
const PEOPLE: readonly Person[] = [
  ["سارة", "القحطاني", "الرياض", RIYADH, "ar", "lead"],
  ["محمد", "الحربي", "جدة", RIYADH, "ar", "lead"],
  ["نورة", "الشمري", "الدمام", RIYADH, "ar", "client|vip"],
  ["عبدالله", "الزهراني", "الرياض", RIYADH, "ar", "lead"],
  ["ريم", "العتيبي", "أبها", RIYADH, "ar", "lead"],
  ["خالد", "الدوسري", "الخبر", RIYADH, "ar", "client"],
  ["لمى", "الغامدي", "المدينة المنورة", RIYADH, "ar", "lead"],
  ["فهد", "المطيري", "بريدة", RIYADH, "ar", "interested"],
  ["هند", "السبيعي", "الرياض", RIYADH, "ar", "lead"],
  ["ماجد", "الشهري", "تبوك", RIYADH, "ar", "lead"],
  ["مريم", "المنصوري", "أبوظبي", "Asia/Dubai", "ar", "client"],
  ["راشد", "الكعبي", "دبي", "Asia/Dubai", "ar", "lead"],
  ["شيخة", "النعيمي", "الشارقة", "Asia/Dubai", "ar", "lead"],
  ["أحمد", "عبد الرحمن", "القاهرة", "Africa/Cairo", "ar", "lead"],
  ["منى", "حسن", "الإسكندرية", "Africa/Cairo", "ar", "client"],
  ["كريم", "فؤاد", "الجيزة", "Africa/Cairo", "ar", "lead"],
  ["دينا", "شريف", "المنصورة", "Africa/Cairo", "ar", "interested"],
  ["ليث", "العبادي", "عمّان", "Asia/Amman", "ar", "lead"],
  ["رنا", "الخطيب", "إربد", "Asia/Amman", "ar", "lead"],
  ["يوسف", "بناني", "الدار البيضاء", "Africa/Casablanca", "ar", "client"],
  ["سلمى", "العلوي", "الرباط", "Africa/Casablanca", "ar", "lead"],
  ["حسين", "الموسوي", "الكويت", "Asia/Kuwait", "ar", "lead"],
  ["دانة", "العنزي", "الكويت", "Asia/Kuwait", "ar", "lead"],
  ["جاسم", "الكواري", "الدوحة", "Asia/Qatar", "ar", "lead"],
  ["Emily", "Carter", "London", "Europe/London", "en", "lead"],
  ["James", "Whitfield", "Manchester", "Europe/London", "en", "client"],
  ["Aisha", "Rahman", "Birmingham", "Europe/London", "en", "lead"],
  ["Oliver", "Brandt", "Berlin", "Europe/Berlin", "en", "lead"],
  ["Sofia", "Lindqvist", "Stockholm", "Europe/Stockholm", "en", "interested"],
  ["Lucas", "Moreau", "Paris", "Europe/Paris", "en", "lead"],
  ["Hannah", "Novak", "Prague", "Europe/Prague", "en", "lead"],
  ["Daniel", "Okafor", "Lagos", "Africa/Lagos", "en", "lead"],
  ["Grace", "Mwangi", "Nairobi", "Africa/Nairobi", "en", "client"],
  ["Priya", "Menon", "Bengaluru", "Asia/Kolkata", "en", "lead"],
  ["Arjun", "Bhat", "Mumbai", "Asia/Kolkata", "en", "lead"],
  ["Mei", "Tanaka", "Osaka", "Asia/Tokyo", "en", "lead"],
  ["Noah", "Bennett", "Toronto", "America/Toronto", "en", "lead"],
  ["Chloe", "Ramirez", "Austin", "America/Chicago", "en", "vip|client"],
  ["Ethan", "Brooks", "Seattle", "America/Los_Angeles", "en", "lead"],
  ["Zoe", "Harper", "Sydney", "Australia/Sydney", "en", "lead"],
];

/** Every so many have no phone, and every so many allow no e-mails. */
const WITHOUT_PHONE = 4;
const WITHOUT_CONSENT = 13;
const DAY = 86_400_000;

const SOURCES = ["form", "campaign", "referral"];

/** The domain is reserved (RFC 2606), and so are the numbers: 555-0100 to 555-0199 reach nobody. */
function contactOf(
  [first, last, city, timezone, locale, tags]: Person,
  i: number,
  at: Instant,
): ContactWrite {
  const number = String(i + 1).padStart(2, "0");
  const allowsNone = i % WITHOUT_CONSENT === WITHOUT_CONSENT - 1;
  return {
    id: null,
    fields: {
      email: `person${number}@example.com`,
      ...(i % WITHOUT_PHONE === WITHOUT_PHONE - 1 ? {} : { phone: `+120255501${number}` }),
      first_name: first,
      last_name: last,
      city,
      timezone,
      locale,
      source: SOURCES[i % SOURCES.length] ?? "form",
    },
    tags: [...tags.split("|"), "sample"],
    consent: allowsNone ? [] : i % 2 === 0 ? ["email", "sms", "whatsapp"] : ["email"],
    created: at - (PEOPLE.length - i) * DAY,
    source: "sample",
  };
}

/**
 * Fills an empty workspace with made-up people and published flows, so that the first minute shows something: the
 * leads enter `flows.enroll`, and orders of the clients set off the others, whose confirmations wait for no window.
 * False: there is something already, and nothing was done.
 */
export async function loadSample(
  store: Store,
  flows: { enroll: FlowDoc; others: FlowDoc[] },
  at: Instant,
): Promise<boolean> {
  const [contacts, known] = await Promise.all([
    store.contacts(null, at, { limit: 1 }),
    store.flows(),
  ]);
  if (contacts.length + known.length > 0) return false;
  for (const doc of [flows.enroll, ...flows.others]) {
    await store.saveDraft(doc, at);
    await publishFlow(store, doc.id, at);
  }
  await store.writeContacts(
    PEOPLE.map((person, i) => contactOf(person, i, at)),
    at,
    false,
  );
  await store.addInputForAll({ tag: "lead" }, enrollInput(flows.enroll.id, "sample", at), at);
  const clients = await store.contacts({ tag: "client" }, at, { limit: 100 });
  const orders = clients.map(({ id, fields }, i) => {
    const isSaudi = fields.timezone === RIYADH;
    const data = {
      order_id: `S-${1001 + i}`,
      amount: 120 + 45 * i,
      currency: isSaudi ? "SAR" : "USD",
    };
    return { contact: id, input: eventInput("order.placed", data, `sample-${1001 + i}`, at) };
  });
  await store.addInputs(orders);
  return true;
}
