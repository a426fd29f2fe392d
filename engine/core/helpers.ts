import type { Label } from "../../nodes/node.ts";
import { Bounded } from "./bounded.ts";
import { HelperError } from "./template-error.ts";
import { latinDigits } from "./text.ts";
import { moment } from "./time.ts";

/** What a helper knows of the person it writes for. `locale` is a valid BCP 47 tag, `zone` a valid IANA name. */
export interface HelperEnv {
  locale: string;
  zone: string;
  /** `contact.recommendations`, if any. */
  recommendations: unknown;
}

/** One helper of templates: what it takes and what it gives. */
export interface Helper {
  /** Fewest and most arguments. */
  takes: readonly [number, number];
  /** Named arguments it knows. */
  named?: readonly string[];
  /** Its arguments may be missing without being listed as such. */
  quiet?: boolean;
  /** A mistake that shows in the written arguments; undefined stands for one known only when rendered. */
  mistake?(args: readonly unknown[], named: Readonly<Record<string, unknown>>): Label | null;
  /** Undefined: the value can't be shown so and counts as missing. Throws HelperError. */
  call(args: readonly unknown[], named: Readonly<Record<string, unknown>>, env: HelperEnv): unknown;
}

const DATE_STYLES: Record<string, Intl.DateTimeFormatOptions> = {
  short: { dateStyle: "short" },
  medium: { dateStyle: "medium" },
  long: { dateStyle: "long" },
  full: { dateStyle: "full" },
  time: { timeStyle: "short" },
  datetime: { dateStyle: "medium", timeStyle: "short" },
  hijri: { dateStyle: "long", calendar: "islamic-umalqura" },
};
const PLURALS = ["zero", "one", "two", "few", "many", "other"] as const;

const dateFormats = new Bounded<Intl.DateTimeFormat>(500);
const numberFormats = new Bounded<Intl.NumberFormat>(1_000);
const pluralRules = new Bounded<Intl.PluralRules>(200);
const listFormats = new Bounded<Intl.ListFormat>(200);
const locales = new Bounded<string>(500);
const currencies = new Set(Intl.supportedValuesOf("currency"));

// Intl's narrow spaces are in no SMS alphabet: one of them would make a message cost more than twice.
const plainSpaces = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");

function readLocale(tag: string): string {
  try {
    const locale = new Intl.Locale(tag.trim().replaceAll("_", "-"));
    // Arabic shows Latin digits and the Gregorian calendar unless the tag itself asks otherwise.
    if (locale.language !== "ar") return locale.toString();
    return new Intl.Locale(locale, {
      numberingSystem: locale.numberingSystem ?? "latn",
      calendar: locale.calendar ?? "gregory",
    }).toString();
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}

/** The first readable BCP 47 tag as Intl is asked for it, else English. */
export function helperLocale(...tags: unknown[]): string {
  for (const tag of tags) {
    if (typeof tag !== "string" || tag === "" || tag.length > 64) continue;
    const locale = locales.get(tag, () => readLocale(tag));
    if (locale !== "") return locale;
  }
  return "en";
}

/** A number, or text that is one (Arabic-Indic and Persian digits too); undefined for anything else. */
function readNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.length > 40) return undefined;
  const text = latinDigits(value.trim()).replace("٫", ".");
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function formatNumber(value: number, locale: string, currency?: string): string {
  const format = numberFormats.get(`${locale} ${currency ?? ""}`, () =>
    currency === undefined
      ? new Intl.NumberFormat(locale)
      : new Intl.NumberFormat(locale, { style: "currency", currency }),
  );
  return plainSpaces(format.format(value));
}

/** A list in the reader's language: "a, b, and c". */
export function writeList(items: readonly string[], locale: string): string {
  const format = listFormats.get(
    locale,
    () => new Intl.ListFormat(locale, { type: "conjunction" }),
  );
  return format.format(items);
}

const styleMistake = (style: unknown): Label | null =>
  style === undefined || (typeof style === "string" && Object.hasOwn(DATE_STYLES, style))
    ? null
    : {
        en: `“${String(style)}” is no style of a date; there are ${Object.keys(DATE_STYLES).join(", ")}`,
        ar: `«${String(style)}» ليس نمطًا للتاريخ؛ الأنماط هي ${Object.keys(DATE_STYLES).join("، ")}`,
      };

const isCurrency = (code: unknown): code is string =>
  typeof code === "string" && currencies.has(code.toUpperCase());

const currencyMistake = (code: unknown): Label | null =>
  code === undefined || isCurrency(code)
    ? null
    : {
        en: `“${String(code)}” is no ISO 4217 currency code, such as SAR or USD`,
        ar: `«${String(code)}» ليس رمز عملة وفق ISO 4217 مثل SAR أو USD`,
      };

function refuse(mistake: Label | null): void {
  if (mistake) throw new HelperError(mistake);
}

const date: Helper = {
  takes: [1, 2],
  mistake: ([, style]) => styleMistake(style),
  call([value, style = "medium"], _named, { locale, zone }) {
    refuse(styleMistake(style));
    const at = moment(value, zone);
    if (at === null) return undefined;
    const format = dateFormats.get(
      `${locale} ${zone} ${String(style)}`,
      () => new Intl.DateTimeFormat(locale, { ...DATE_STYLES[String(style)], timeZone: zone }),
    );
    return plainSpaces(format.format(at));
  },
};

const number: Helper = {
  takes: [1, 1],
  call([value], _named, { locale }) {
    const read = readNumber(value);
    return read === undefined ? undefined : formatNumber(read, locale);
  },
};

const money: Helper = {
  takes: [2, 2],
  mistake: ([, code]) => currencyMistake(code),
  call([amount, code], _named, { locale }) {
    refuse(currencyMistake(code));
    const read = readNumber(amount);
    return read === undefined ? undefined : formatNumber(read, locale, String(code).toUpperCase());
  },
};

const plural: Helper = {
  takes: [1, 1],
  named: PLURALS,
  mistake: (_args, named) =>
    Object.hasOwn(named, "other")
      ? null
      : { en: "{{plural}} needs the form other=", ar: "تحتاج {{plural}} إلى الصيغة other=" },
  call([n], named, { locale }) {
    const read = readNumber(n);
    if (read === undefined) return undefined;
    const rules = pluralRules.get(locale, () => new Intl.PluralRules(locale));
    const category = read === 0 && named.zero !== undefined ? "zero" : rules.select(read);
    const form = String(named[category] ?? named.other ?? "");
    return form.includes("#") ? form.replaceAll("#", formatNumber(read, locale)) : form;
  },
};

const isMissing = (value: unknown): boolean =>
  value === undefined || value === null || value === "";

const orElse: Helper = {
  takes: [2, 2],
  quiet: true,
  call: ([value, other]) => (isMissing(value) ? (other ?? "") : value),
};

const upper: Helper = {
  takes: [1, 1],
  call: ([value], _named, { locale }) => String(value).toLocaleUpperCase(locale),
};

const lower: Helper = {
  takes: [1, 1],
  call: ([value], _named, { locale }) => String(value).toLocaleLowerCase(locale),
};

const eq: Helper = {
  takes: [2, 2],
  quiet: true,
  call: ([a, b]) => (a ?? null) === (b ?? null),
};

function productName(item: unknown): string[] {
  if (typeof item === "string") return [item];
  if (typeof item !== "object" || item === null || !("name" in item)) return [];
  return typeof item.name === "string" ? [item.name] : [];
}

const recommend: Helper = {
  takes: [0, 1],
  quiet: true,
  call([count], _named, { recommendations }) {
    if (typeof recommendations === "string") return recommendations;
    if (!Array.isArray(recommendations)) return "";
    const most = readNumber(count) ?? recommendations.length;
    return recommendations.flatMap(productName).slice(0, Math.max(0, most));
  },
};

/** Every helper that templates may call. A map, so that no name reaches a prototype. */
export const HELPERS: ReadonlyMap<string, Helper> = new Map([
  ["date", date],
  ["number", number],
  ["money", money],
  ["plural", plural],
  ["default", orElse],
  ["upper", upper],
  ["lower", lower],
  ["eq", eq],
  ["recommend", recommend],
]);
