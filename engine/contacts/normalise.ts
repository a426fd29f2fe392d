import {
  type CountryCode,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import { validZone } from "../core/zone.ts";
import { plainInternational, plainLocal } from "./phone-plans.ts";
import { cleanText, latinDigits, stripInvisible } from "./text.ts";

// RFC 5321 lengths; letters of any script may stand in both parts (RFC 6531).
const LOCAL = /^[^\s@<>()[\]\\,;:"\uFFFD\p{Cc}]{1,64}$/u;
const HOST =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}][\p{L}\p{M}\p{N}-]*$/u;
// What most addresses look like: all that is asked for below holds for whatever fits, whole and in lower case.
const PLAIN_EMAIL =
  /^[a-z0-9_+-]{1,20}(?:\.[a-z0-9_+-]{1,20}){0,2}@(?:[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?\.){1,4}[a-z]{2,12}$/;

/**
 * An e-mail address in lower case without what people and programs write around it (`mailto:`,
 * `Ann <ann@x.example>`, invisible marks, full-width letters); null when it is none.
 */
export function normaliseEmail(text: string): string | null {
  const lower = text.toLowerCase();
  if (PLAIN_EMAIL.test(lower)) return lower;
  let address = text;
  if (!/^[!-~]*$/.test(address)) address = stripInvisible(address.normalize("NFKC")).trim();
  const bracketed = /<([^<>]*)>$/.exec(address);
  if (bracketed) address = (bracketed[1] ?? "").trim();
  address = address.replace(/^mailto:\s*/i, "").toLowerCase();
  if (address.length > 254) return null;
  const at = address.lastIndexOf("@");
  const local = address.slice(0, Math.max(at, 0));
  const host = address.slice(at + 1);
  if (!LOCAL.test(local) || local.startsWith(".") || local.endsWith(".") || local.includes("..")) {
    return null;
  }
  return host.length >= 4 && HOST.test(host) && !host.endsWith("-") ? address : null;
}

/**
 * A phone number in E.164, read in `country` (ISO 3166) unless it begins with + or 00; null when it
 * can't be read. Of several numbers in a cell the first that can be read counts. A number whose length
 * is right but whose range is not yet known is taken: a lost number is worse than one that doesn't answer.
 */
export function normalisePhone(text: string, country: CountryCode | null): string | null {
  const quick = E164.test(text) ? plainInternational(text.slice(1)) : null;
  if (quick !== null) return quick;
  const plain = /^[ -~]*$/.test(text) ? text : stripInvisible(latinDigits(text.normalize("NFKC")));
  const cleaned = plain
    .trim()
    .replace(/^(?:tel|sms|whatsapp|phone)\s*:\s*/i, "")
    // What spreadsheets make of a long number.
    .replace(/^(\+?\d{8,15})\.0$/, "$1");
  if (cleaned.length > 250) return null;
  const whole = readPhone(cleaned, country);
  if (whole || !/[/;,،|\n]/.test(cleaned)) return whole;
  for (const part of cleaned.split(/[/;,،|\n]/)) {
    const phone = readPhone(part.trim(), country);
    if (phone) return phone;
  }
  return null;
}

const E164 = /^\+[1-9]\d{6,14}$/;
/** Signs that only part the digits. */
const PARTED = /^[\d ().-]+$/;
const PHONE_SIGNS = /^[+\d\s().\-‐-―−·•_x#ext]*$/i;

function readPhone(text: string, country: CountryCode | null): string | null {
  if (text === "" || !PHONE_SIGNS.test(text)) return null;
  const number = text.replace(/\s*(?:ext\.?|x|#)\s*\d{1,7}$/i, "");
  const digits = number.replace(/\D/g, "");
  // 00 is dialled before a country code nearly everywhere; right-to-left programs put the + at the end.
  const international = /^[\s(]*(?:\+|00)|\d\s*\+$/.test(number);
  if (international) {
    const abroad = digits.replace(/^00/, "");
    return plainInternational(abroad) ?? accept(parse(`+${abroad}`, null));
  }
  const quick = country && PARTED.test(number) ? plainLocal(digits, country) : null;
  if (quick !== null) return quick;
  const local = country ? parse(number, country) : undefined;
  if (local?.isValid()) return local.number;
  // `966501234567`: a country code without its plus sign.
  const abroad = digits.startsWith("0") ? undefined : parse(`+${digits}`, null);
  return abroad?.isValid() ? abroad.number : accept(local);
}

const accept = (phone: PhoneNumber | undefined): string | null =>
  phone?.isPossible() ? phone.number : null;

const parse = (text: string, country: CountryCode | null): PhoneNumber | undefined =>
  parsePhoneNumberFromString(text, {
    ...(country ? { defaultCountry: country } : {}),
    extract: false,
  });

const zones = new Map<string, string | null>();
const ZONES_KEPT = 2_000;

/** The IANA name of a time zone in its usual spelling (`asia/riyadh` → `Asia/Riyadh`); null when there is none. */
export function normaliseZone(text: string): string | null {
  const known = zones.get(text);
  if (known !== undefined) return known;
  const name = cleanText(text).replaceAll(" ", "_");
  const zone = validZone(name) ? new Temporal.ZonedDateTime(0n, name).timeZoneId : null;
  if (zones.size >= ZONES_KEPT) zones.clear();
  zones.set(text, zone);
  return zone;
}

/** A BCP 47 tag in its usual spelling (`AR_sa` → `ar-SA`); null when it is none. */
export function normaliseLocale(text: string): string | null {
  const tag = cleanText(text).replaceAll("_", "-");
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(tag)) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** First and last name of a full one. The parts of "عبد الله" and "أبو بكر" stay together. */
export function splitName(full: string): { first: string; last: string } {
  const words = full.split(" ");
  const compound = /^(?:عبد|أبو|ابو|أم|ام)$/.test(words[0] ?? "") && words.length > 2;
  const cut = compound ? 2 : 1;
  return { first: words.slice(0, cut).join(" "), last: words.slice(cut).join(" ") };
}
