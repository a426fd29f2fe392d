import { type CountryCode, getCountries, isSupportedCountry } from "libphonenumber-js/max";
import { foldName } from "./text.ts";

/** Names in use that differ from the standard ones, folded as `foldName` does. */
const ALIASES: Record<string, CountryCode> = {
  ksa: "SA",
  saudi: "SA",
  kingdomofsaudiarabia: "SA",
  السعوديه: "SA",
  العربيهالسعوديه: "SA",
  uae: "AE",
  emirates: "AE",
  الامارات: "AE",
  دولهالاماراتالعربيهالمتحده: "AE",
  جمهوريهمصرالعربيه: "EG",
  الجمهوريهاليمنيه: "YE",
  المملكهالاردنيهالهاشميه: "JO",
  دولهالكويت: "KW",
  دولهقطر: "QA",
  مملكهالبحرين: "BH",
  سلطنهعمان: "OM",
  palestine: "PS",
  فلسطين: "PS",
  الجمهوريهالعربيهالسوريه: "SY",
  usa: "US",
  us: "US",
  unitedstatesofamerica: "US",
  america: "US",
  امريكا: "US",
  الولاياتالمتحدهالامريكيه: "US",
  uk: "GB",
  greatbritain: "GB",
  britain: "GB",
  england: "GB",
  بريطانيا: "GB",
  انجلترا: "GB",
  turkey: "TR",
  turkiye: "TR",
};

let names: Map<string, CountryCode> | null = null;

function countryNames(): Map<string, CountryCode> {
  if (names) return names;
  names = new Map();
  for (const language of ["en", "ar"]) {
    const say = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (const code of getCountries()) {
      const name = say.of(code);
      if (name) names.set(foldName(name), code);
    }
  }
  for (const [name, code] of Object.entries(ALIASES)) names.set(name, code);
  return names;
}

const known = new Map<string, CountryCode | null>();
const KNOWN_KEPT = 5_000;

/** ISO 3166 code of a country written as a code or as its name in English or Arabic; null when it is none. */
export function countryCode(text: string): CountryCode | null {
  const remembered = known.get(text);
  if (remembered !== undefined) return remembered;
  const code = text.trim().toUpperCase();
  const found = isSupportedCountry(code) ? code : (countryNames().get(foldName(text)) ?? null);
  if (known.size >= KNOWN_KEPT) known.clear();
  known.set(text, found);
  return found;
}

let zones: Map<string, CountryCode> | null = null;

/** The country that an IANA time zone lies in (`Asia/Riyadh` → `SA`); null for `UTC` and the like. */
export function countryOfZone(zone: string): CountryCode | null {
  if (!zones) {
    zones = new Map();
    for (const code of getCountries()) {
      const region: Intl.Locale & { getTimeZones?(): string[] | undefined } = new Intl.Locale(
        `und-${code}`,
      );
      for (const name of region.getTimeZones?.() ?? []) {
        if (!zones.has(name)) zones.set(name, code);
      }
    }
  }
  return zones.get(zone) ?? null;
}
