import type { Instant } from "../../nodes/index.ts";
import type { ContactRow } from "../contacts/types.ts";
import { hash01 } from "../core/hash.ts";
import { DAY } from "../core/zone.ts";
import type { Entry, MadeUp } from "./plan.ts";

const NAMES: Readonly<Record<string, { first: readonly string[]; last: readonly string[] }>> = {
  ar: {
    first: [
      "سارة",
      "عمر",
      "نورة",
      "خالد",
      "ليلى",
      "يوسف",
      "مريم",
      "أحمد",
      "هند",
      "فهد",
      "دانة",
      "سالم",
    ],
    last: [
      "العتيبي",
      "الحربي",
      "منصور",
      "الخطيب",
      "حداد",
      "الشمري",
      "نجار",
      "الزهراني",
      "درويش",
      "القحطاني",
    ],
  },
  en: {
    first: [
      "Sara",
      "Omar",
      "Emma",
      "Daniel",
      "Layla",
      "Adam",
      "Maya",
      "James",
      "Nora",
      "Leo",
      "Hana",
      "Sam",
    ],
    last: [
      "Haddad",
      "Miller",
      "Khan",
      "Rossi",
      "Nasser",
      "Berg",
      "Silva",
      "Young",
      "Farouk",
      "Novak",
    ],
  },
};

/** Whether a person belongs to a share of all. Drawn by what it is about and who it is: always the same. */
export const isAmong = (share: number, ...parts: string[]): boolean => hash01(parts) * 100 < share;

/** One of a list, drawn likewise. */
export const drawn = <T>(list: readonly T[], ...parts: string[]): T | undefined =>
  list[Math.floor(hash01(parts) * list.length)];

/** When somebody comes in: within the first days of the span. */
export const comesIn = ({ over }: Entry, from: Instant, key: string): Instant =>
  from + Math.floor((hash01(["comes-in", key]) * over * DAY) / 1000) * 1000;

/** People who don't exist, with the addresses of examples. `created` is null for those who were always there. */
export function madeUp(
  { count, zones, languages, tags, consent }: MadeUp,
  entry: Entry,
  from: Instant,
): ContactRow[] {
  return Array.from({ length: count }, (_, i) => {
    const key = `person${i + 1}@example.com`;
    const locale = drawn(languages, "language", key) ?? "en";
    const names = NAMES[locale.split("-")[0] ?? ""] ?? NAMES.en;
    const zone = drawn(zones, "zone", key);
    return {
      key,
      line: i + 1,
      fields: {
        email: key,
        phone: `+96650${String(i + 1).padStart(7, "0")}`,
        first_name: drawn(names?.first ?? [], "first", key) ?? "",
        last_name: drawn(names?.last ?? [], "last", key) ?? "",
        locale,
        ...(zone === undefined ? {} : { timezone: zone }),
      },
      tags: tags.filter(({ tag, share }) => isAmong(share, "tag", tag, key)).map(({ tag }) => tag),
      consent: isAmong(consent, "consent", key) ? ["email", "sms", "whatsapp"] : [],
      // Whoever comes in by a trigger comes to be in the span, so that what is new about them is.
      created: entry.how === "triggers" ? comesIn(entry, from, key) + 1000 : null,
      flags: [],
    };
  });
}
