import type { CountryCode } from "libphonenumber-js/max";
import { normaliseEmail, normalisePhone } from "./normalise.ts";
import { readable, unreadable } from "./problems.ts";
import { cleanName, foldName } from "./text.ts";
import type { Read } from "./types.ts";

/** Where a column goes: a field's name, `full_name` (parted into two), or null to leave it out. */
export type Target = string | null;

/** Column header → field, given by a person; what it doesn't name is guessed. */
export type ColumnMap = Record<string, Target>;

/** Headers in use, folded (case, spaces and signs aside), English and Arabic. */
const HEADERS: Record<string, string[]> = {
  email: [
    "email",
    "e-mail",
    "mail",
    "email address",
    "e-mail address",
    "primary email",
    "البريد",
    "البريد الإلكتروني",
    "بريد إلكتروني",
    "الإيميل",
    "ايميل",
    "عنوان البريد الإلكتروني",
  ],
  phone: [
    "phone",
    "phone number",
    "mobile",
    "mobile number",
    "mobile phone",
    "cell",
    "cell phone",
    "cellphone",
    "tel",
    "telephone",
    "whatsapp",
    "whatsapp number",
    "primary phone",
    "contact number",
    "الهاتف",
    "هاتف",
    "رقم الهاتف",
    "الجوال",
    "جوال",
    "رقم الجوال",
    "الموبايل",
    "موبايل",
    "رقم الموبايل",
    "المحمول",
    "رقم المحمول",
    "الهاتف المحمول",
    "النقال",
    "رقم النقال",
    "واتساب",
    "رقم الواتساب",
  ],
  first_name: [
    "first name",
    "firstname",
    "given name",
    "forename",
    "الاسم الأول",
    "الإسم الأول",
    "اسم أول",
  ],
  last_name: [
    "last name",
    "lastname",
    "surname",
    "family name",
    "second name",
    "الاسم الأخير",
    "اسم العائلة",
    "العائلة",
    "اللقب",
    "الكنية",
    "الاسم الثاني",
  ],
  full_name: [
    "name",
    "full name",
    "fullname",
    "contact name",
    "customer name",
    "client name",
    "الاسم",
    "الاسم الكامل",
    "الاسم بالكامل",
    "اسم العميل",
    "اسم الزبون",
    "اسم جهة الاتصال",
  ],
  country: ["country", "country code", "الدولة", "البلد", "الدوله", "رمز الدولة"],
  city: ["city", "town", "المدينة", "مدينة"],
  locale: ["locale", "language", "lang", "اللغة", "لغة"],
  timezone: ["timezone", "time zone", "المنطقة الزمنية", "التوقيت"],
  birthday: [
    "birthday",
    "birth date",
    "birthdate",
    "date of birth",
    "dob",
    "تاريخ الميلاد",
    "الميلاد",
    "عيد الميلاد",
  ],
  tags: ["tags", "labels", "الوسوم", "العلامات", "علامات", "وسوم"],
  consent: ["consent", "opt in", "الموافقة", "موافقة"],
  created_at: [
    "created at",
    "created",
    "created on",
    "date created",
    "create date",
    "date added",
    "تاريخ الإضافة",
    "تاريخ الإنشاء",
    "تاريخ التسجيل",
  ],
  company: [
    "company",
    "company name",
    "organization",
    "organisation",
    "الشركة",
    "اسم الشركة",
    "المؤسسة",
    "الجهة",
  ],
  job: ["job", "job title", "position", "الوظيفة", "المسمى الوظيفي", "المهنة"],
  type: ["type", "contact type", "النوع", "نوع العميل"],
  source: ["source", "lead source", "المصدر", "مصدر العميل"],
  owner: ["owner", "contact owner", "assigned to", "المسؤول", "مسؤول المتابعة"],
  lifecycle: ["lifecycle", "lifecycle stage", "مرحلة العميل"],
  preferred_channel: ["preferred channel", "قناة التواصل المفضلة", "القناة المفضلة"],
  preferred_times: [
    "preferred times",
    "preferred time",
    "preferred contact time",
    "وقت الاتصال المفضل",
  ],
  stage: ["stage", "pipeline stage", "deal stage", "المرحلة"],
  score: ["score", "engagement score", "النقاط"],
};

const byHeader = new Map(
  Object.entries(HEADERS).flatMap(([field, headers]) =>
    [field, ...headers].map((header) => [foldName(header), field] as const),
  ),
);

/** Rows looked at to recognise a column by its cells. */
export const SAMPLE = 200;

/**
 * Guesses where each column goes: by its header, else by its cells (e-mail addresses, phone numbers),
 * else to a custom field named as the header is. A field taken by an earlier column is not taken again,
 * save that a second phone or e-mail column stands in where the first is empty.
 */
export function guessTargets(
  header: readonly string[],
  sample: readonly (readonly string[])[],
  country: CountryCode | null = null,
): Target[] {
  const named = header.map((name) => byHeader.get(foldName(name)) ?? null);
  const taken = new Set<string>();
  const targets = header.map((name, i): Target => {
    const field = named[i] ?? null;
    if (field === null) return customField(name);
    if (taken.has(field) && field !== "email" && field !== "phone") return customField(name);
    taken.add(field);
    return field;
  });
  for (const [field, looksLikeIt] of [
    ["email", (cell: string) => normaliseEmail(cell) !== null],
    ["phone", (cell: string) => looksLikePhone(cell, country)],
  ] as const) {
    if (taken.has(field)) continue;
    const found = header.findIndex((_, i) => named[i] === null && mostly(sample, i, looksLikeIt));
    if (found >= 0) targets[found] = field;
  }
  return targets;
}

/** Names that would change the object itself, not a field of it. */
const REFUSED = new Set(["__proto__"]);

/** The custom field of a column: its header as it is; a column without a header has none. */
export function customField(header: string): Target {
  const name = cleanName(header);
  return name === "" || REFUSED.has(name) ? null : name;
}

/** Nine in ten filled cells, so that a few mistypings don't hide what a column is. */
function mostly(
  sample: readonly (readonly string[])[],
  column: number,
  test: (cell: string) => boolean,
): boolean {
  let filled = 0;
  let hits = 0;
  for (const cells of sample) {
    const cell = cells[column]?.trim();
    if (!cell) continue;
    filled++;
    if (test(cell)) hits++;
  }
  return filled > 0 && hits >= filled * 0.9;
}

/** A bare number may be an amount or an id: a phone number begins with +, 0 or is long and known. */
function looksLikePhone(cell: string, country: CountryCode | null): boolean {
  const digits = cell.normalize("NFKC").replace(/[^\p{Nd}]/gu, "");
  if (digits.length < 8 || digits.length > 15 || /\d{1,4}[-/]\d{1,2}[-/]\d{1,4}\b/.test(cell)) {
    return false;
  }
  return normalisePhone(cell, country) !== null;
}

/** Reads a map file: a JSON object of column header → field name or null. */
export function parseMap(json: string): Read<ColumnMap> {
  let map: unknown;
  try {
    map = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return unreadable("bad-json");
    throw error;
  }
  if (typeof map !== "object" || map === null || Array.isArray(map)) {
    return unreadable("bad-map", JSON.stringify(map));
  }
  const targets: ColumnMap = {};
  for (const [header, field] of Object.entries(map)) {
    const name = typeof field === "string" ? customField(field) : field;
    if (name !== null && typeof name !== "string") return unreadable("bad-map", header);
    if (field !== null && name === null) return unreadable("bad-map", header);
    targets[cleanName(header)] = name;
  }
  return readable(targets);
}

/** Puts what a person mapped over what was guessed; a header that the file doesn't have is refused. */
export function applyMap(
  header: readonly string[],
  guessed: readonly Target[],
  map: ColumnMap,
): Read<Target[]> {
  const names = header.map(cleanName);
  for (const name of Object.keys(map)) {
    if (!names.includes(name)) return unreadable("map-unknown-column", name);
  }
  return readable(
    guessed.map((target, i) => {
      const name = names[i] ?? "";
      if (Object.hasOwn(map, name)) return map[name] ?? null;
      // A guess gives way to what a person chose for another column.
      const chosen = target !== null && Object.values(map).includes(target);
      return chosen ? leftOver(name, target) : target;
    }),
  );
}

const leftOver = (header: string, target: string): Target => {
  const own = customField(header);
  return own === target ? null : own;
};
