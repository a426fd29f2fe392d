import IntlMessageFormat from "intl-messageformat";
import type { Label, Language, Say, Text } from "../../../../nodes/node.ts";
import { sayIn } from "../../../../nodes/say.ts";
import { preferences } from "../preferences.svelte.ts";
import type { Catalogue, Key } from "./en.ts";

export type { Key } from "./en.ts";
export type Values = Record<string, string | number>;

const KEPT = "tawasul.language";
/** Digits are named, Latin ones unless the person wants others: what `ar` alone gives differs between browsers. */
const localeOf = (language: Language): string =>
  language === "ar" ? `ar-u-nu-${preferences.digits}` : "en-GB";
const CATALOGUES: Record<Language, () => Promise<Catalogue>> = {
  en: async () => (await import("./en.ts")).en,
  ar: async () => (await import("./ar.ts")).ar,
};

/** The interface's language: kept in this browser, else the first of the browser's languages that we speak. */
class I18n {
  #language = $state.raw<Language>("en");
  #catalogue = $state.raw<Catalogue | null>(null);
  readonly say: Say = $derived(sayIn(this.#language));

  get language(): Language {
    return this.#language;
  }

  get dir(): "ltr" | "rtl" {
    return this.#language === "ar" ? "rtl" : "ltr";
  }

  /** Somebody chose it in this browser; else it is the browser's own. */
  get isChosen(): boolean {
    return localStorage.getItem(KEPT) !== null;
  }

  /** What `Intl` takes. */
  get locale(): string {
    return localeOf(this.#language);
  }

  get catalogue(): Catalogue {
    if (!this.#catalogue)
      throw new Error("the words were asked for before start() had loaded them");
    return this.#catalogue;
  }

  /** Loads the words; call it once, before anything is drawn. */
  start(): Promise<void> {
    return this.#load(preferred());
  }

  /** Changes the language of the whole interface and keeps the choice. */
  async choose(language: Language): Promise<void> {
    localStorage.setItem(KEPT, language);
    await this.#load(language);
  }

  async #load(language: Language): Promise<void> {
    const catalogue = await CATALOGUES[language]();
    this.#catalogue = catalogue;
    this.#language = language;
    document.documentElement.lang = language;
    document.documentElement.dir = this.dir;
  }
}

function preferred(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "en" || kept === "ar") return kept;
  for (const wanted of navigator.languages) {
    const language = wanted.split("-")[0];
    if (language === "en" || language === "ar") return language;
  }
  return "en";
}

export const i18n = new I18n();

const compiled = new Map<string, IntlMessageFormat>();

/** A sentence of the interface; `values` fill its places and choose its plural. */
export function t(key: Key, values?: Values): string {
  const { catalogue, locale } = i18n;
  const message = catalogue[key];
  const id = `${locale} ${key}`;
  let format = compiled.get(id);
  if (!format) {
    format = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
    compiled.set(id, format);
  }
  const said = format.format(values);
  return typeof said === "string" ? said : String(said);
}

/** One of the program's own two texts. */
export const label = (both: Label): string => i18n.say(both);

/** A text of a flow document, in the reader's language where it has one. */
export const text = (given: Text | undefined): string => i18n.say.text(given);

const formats = new Map<string, Intl.DateTimeFormat>();

const DATE = { day: "numeric", month: "short", year: "numeric" } as const;
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

/** A moment in the reader's zone, written as the options say. */
function written(at: Moment, options: Intl.DateTimeFormatOptions, calendar = "gregory"): string {
  const locale = `${i18n.locale}${i18n.locale.includes("-u-") ? "" : "-u"}-ca-${calendar}`;
  const { zone } = preferences;
  const id = `${locale} ${zone} ${Object.values(options).join()}`;
  let format = formats.get(id);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...options, ...(zone ? { timeZone: zone } : {}) });
    formats.set(id, format);
  }
  return format.format(new Date(at));
}

/** With the Hijri date behind it, where the reader wants both. */
const dated = (text: string, at: Moment): string =>
  preferences.calendar === "both" ? `${text} · ${written(at, DATE, "islamic-umalqura")}` : text;

const SPANS: [unit: "year" | "month" | "week" | "day" | "hour" | "minute", ms: number][] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["week", 604_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

type Moment = number | string | Date;

/** Numbers and moments as the reader writes them. A moment is milliseconds since 1970 or ISO 8601. */
export const format = {
  number: (n: number): string => new Intl.NumberFormat(i18n.locale).format(n),
  percent: (share: number): string =>
    new Intl.NumberFormat(i18n.locale, { style: "percent", maximumFractionDigits: 1 }).format(
      share,
    ),
  /** 22 Nov 2026 */
  date: (at: Moment): string => dated(written(at, DATE), at),
  /** 21:05 */
  time: (at: Moment): string => written(at, TIME),
  /** 22 Nov 2026, 21:05 */
  moment: (at: Moment): string => dated(written(at, { ...DATE, ...TIME }), at),
  /** The day as 2026-11-22, in the reader's zone: what moments of one day have in common. */
  day: (at: Moment): string => {
    const { zone } = preferences;
    const options = { dateStyle: "short", ...(zone ? { timeZone: zone } : {}) } as const;
    return new Intl.DateTimeFormat("sv-SE", options).format(new Date(at));
  },
  /** “5 minutes ago”, “in 3 days” */
  ago: (at: Moment, now: number = Date.now()): string => {
    const ms = new Date(at).getTime() - now;
    const words = new Intl.RelativeTimeFormat(i18n.locale, { numeric: "auto" });
    for (const [unit, span] of SPANS) {
      if (Math.abs(ms) >= span) return words.format(Math.trunc(ms / span), unit);
    }
    return words.format(0, "second");
  },
  /** “3 days”: a length of time (milliseconds) in its largest unit. */
  span: (ms: number): string => {
    const [unit, length] = SPANS.find(([, span]) => ms >= span) ?? ["minute", 60_000];
    const options = { style: "unit", unit, unitDisplay: "long" } as const;
    return new Intl.NumberFormat(i18n.locale, options).format(Math.max(1, Math.floor(ms / length)));
  },
  list: (words: string[]): string =>
    new Intl.ListFormat(i18n.locale, { type: "conjunction" }).format(words),
};
