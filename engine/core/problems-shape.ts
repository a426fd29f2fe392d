import type { Label } from "../../nodes/index.ts";
import { error, excerpt, type Finding } from "./problems.ts";

/** Sentences about the shape of values: keys, kinds, choices, lengths, ways of writing. */

const KINDS: Record<string, Label> = {
  string: { en: "a text", ar: "نصًّا" },
  number: { en: "a number", ar: "رقمًا" },
  integer: { en: "a whole number", ar: "عددًا صحيحًا" },
  boolean: { en: "true or false", ar: "true أو false" },
  array: { en: "a list […]", ar: "قائمة […]" },
  object: { en: "an object {…}", ar: "كائنًا {…}" },
  null: { en: "null", ar: "null" },
};

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value;

const kinds = (names: readonly string[], language: "en" | "ar"): string =>
  names.map((name) => KINDS[name]?.[language] ?? name).join(language === "en" ? " or " : " أو ");

const hintEn = (near: string | null): string => (near === null ? "" : `; did you mean “${near}”?`);
const hintAr = (near: string | null): string => (near === null ? "" : `؛ هل تقصد «${near}»؟`);
const end = (hint: string): string => (hint === "" ? "." : hint);

export const missingKey = (key: string, label: Label | null): Finding =>
  error(
    "missing-key",
    label ? `“${label.en}” must be given (key “${key}”).` : `the key “${key}” must be given.`,
    label ? `يجب تحديد «${label.ar}» (المفتاح «${key}»).` : `يجب تحديد المفتاح «${key}».`,
  );

export const unknownKey = (key: string, near: string | null): Finding =>
  error(
    "unknown-key",
    `unknown key “${excerpt(key)}”${end(hintEn(near))}`,
    `مفتاح غير معروف «${excerpt(key)}»${end(hintAr(near))}`,
  );

export function wrongType(value: unknown, wanted: unknown): Finding {
  const names = Array.isArray(wanted) ? wanted.map(String) : [String(wanted)];
  const there = kindOf(value);
  // A fraction where a whole number belongs: both would read "a number".
  const what = there === "number" || there === "string" ? `“${excerpt(value)}”` : "this";
  const whatAr = there === "number" || there === "string" ? `«${excerpt(value)}»` : "هذه القيمة";
  return error(
    "wrong-type",
    `${what} is ${kinds([there], "en")}, but ${kinds(names, "en")} belongs here.`,
    `يجب أن تكون القيمة هنا ${kinds(names, "ar")}، لكن ${whatAr} ليست كذلك.`,
  );
}

export const wrongForm = (value: unknown, wanted: readonly string[]): Finding =>
  wanted.length > 0 && !wanted.includes(kindOf(value))
    ? wrongType(value, [...new Set(wanted)])
    : notAllowed(value);

export function notAChoice(
  value: unknown,
  options: readonly string[],
  near: string | null,
): Finding {
  const shown = options.slice(0, 20).map((o) => `“${o}”`);
  const one = options.length === 1;
  const listEn = one ? `only ${shown[0]} is possible` : `choose one of ${shown.join(", ")}`;
  const list = options.slice(0, 20).map((o) => `«${o}»`);
  const listAr = one ? `المسموح هو ${list[0]} فقط` : `اختر واحدًا من ${list.join("، ")}`;
  return error(
    "not-a-choice",
    `“${excerpt(value)}” is not possible here; ${listEn}${near ? ` (did you mean “${near}”?)` : ""}.`,
    `«${excerpt(value)}» غير ممكن هنا؛ ${listAr}${near ? ` (هل تقصد «${near}»؟)` : ""}.`,
  );
}

export const wrongFormat = (value: unknown, hint: Label | null): Finding =>
  error(
    "wrong-format",
    `“${excerpt(value)}” isn't written as it must be${hint ? `; ${hint.en}` : ""}.`,
    `«${excerpt(value)}» غير مكتوب بالشكل المطلوب${hint ? `؛ ${hint.ar}` : ""}.`,
  );

export const noLanguage = (name: string): Finding =>
  error(
    "language",
    `“${excerpt(name)}” is not a language code; write “en”, “ar” or another one such as “pt-BR”.`,
    `«${excerpt(name)}» ليس رمز لغة؛ اكتب «ar» أو «en» أو رمزًا آخر مثل «pt-BR».`,
  );

export const empty: Finding = error(
  "empty",
  "nothing is written here; fill it in or leave the key out.",
  "لا شيء مكتوب هنا؛ املأ القيمة أو احذف المفتاح.",
);

export const tooShort = (limit: number): Finding =>
  error(
    "too-short",
    `this is too short; it takes at least ${limit} characters.`,
    `النص قصير جدًّا؛ الحد الأدنى لعدد الأحرف هو ${limit}.`,
  );

export const tooLong = (limit: number): Finding =>
  error(
    "too-long",
    `this is too long; at most ${limit.toLocaleString("en")} characters fit.`,
    `النص طويل جدًّا؛ الحد الأقصى لعدد الأحرف هو ${limit.toLocaleString("en")}.`,
  );

export const tooSmall = (value: unknown, limit: number, inclusive: boolean): Finding =>
  error(
    "too-small",
    `${excerpt(value)} is too small; it must be ${inclusive ? `${limit} or more` : `more than ${limit}`}.`,
    `القيمة ${excerpt(value)} صغيرة جدًّا؛ يجب أن تكون ${inclusive ? `${limit} أو أكثر` : `أكبر من ${limit}`}.`,
  );

export const tooLarge = (value: unknown, limit: number, inclusive: boolean): Finding =>
  error(
    "too-large",
    `${excerpt(value)} is too large; it must be ${inclusive ? `${limit} or less` : `less than ${limit}`}.`,
    `القيمة ${excerpt(value)} كبيرة جدًّا؛ يجب أن تكون ${inclusive ? `${limit} أو أقل` : `أصغر من ${limit}`}.`,
  );

export const tooFew = (limit: number): Finding =>
  error(
    "too-few",
    `too few entries; at least ${limit} belong here.`,
    `عدد العناصر قليل جدًّا؛ الحد الأدنى هنا هو ${limit}.`,
  );

export const tooMany = (limit: number): Finding =>
  error(
    "too-many",
    `too many entries; at most ${limit.toLocaleString("en")} fit here.`,
    `عدد العناصر كبير جدًّا؛ الحد الأقصى هنا هو ${limit.toLocaleString("en")}.`,
  );

export const repeated = (value: unknown): Finding =>
  error(
    "repeated",
    `“${excerpt(value)}” stands here twice; once is enough.`,
    `«${excerpt(value)}» مكرر هنا؛ تكفي مرة واحدة.`,
  );

export const time = (value: unknown): Finding =>
  error(
    "time",
    `“${excerpt(value)}” is not a time of day; write hours and minutes such as 09:00 or 17:30.`,
    `«${excerpt(value)}» ليس وقتًا من اليوم؛ اكتب الساعات والدقائق مثل 09:00 أو 17:30.`,
  );

export const notAllowed = (value: unknown): Finding =>
  error(
    "not-allowed",
    `“${excerpt(value)}” can't stand here.`,
    `لا يمكن أن تكون القيمة هنا «${excerpt(value)}».`,
  );
