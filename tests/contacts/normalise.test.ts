import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countryCode, countryOfZone } from "../../engine/contacts/countries.ts";
import {
  normaliseEmail,
  normaliseLocale,
  normalisePhone,
  normaliseZone,
  splitName,
} from "../../engine/contacts/normalise.ts";
import { cleanName, cleanText } from "../../engine/contacts/text.ts";

describe("e-mail addresses", () => {
  it.each([
    ["Ann@X.Example", "ann@x.example"],
    ["mailto:ann@x.example", "ann@x.example"],
    ["Ann Lee <Ann@x.example>", "ann@x.example"],
    ["ann\u200B@x.example\u200F", "ann@x.example"],
    ["ａｎｎ＠ｘ．ｅｘａｍｐｌｅ", "ann@x.example"],
    ["ann+tag@sub.x.example", "ann+tag@sub.x.example"],
    ["o'neil@x.example", "o'neil@x.example"],
    ["سارة@موقع.شبكة", "سارة@موقع.شبكة"],
  ])("reads %j as %j", (text, email) => expect(normaliseEmail(text)).toBe(email));

  it.each([
    "ann",
    "ann@",
    "@x.example",
    "ann@x",
    "ann@@x.example",
    "ann lee@x.example",
    "a@x.example, b@x.example",
    ".ann@x.example",
    "ann.@x.example",
    "a..b@x.example",
    "ann@-x.example",
    "ann@x..example",
    "ann@10.0.0.1",
    `${"a".repeat(65)}@x.example`,
    "a\uFFFDb@x.example",
  ])("refuses %j", (text) => expect(normaliseEmail(text)).toBeNull());
});

describe("phone numbers", () => {
  it.each([
    ["0501234567", "SA", "+966501234567"],
    ["٠٥٠١٢٣٤٥٦٧", "SA", "+966501234567"],
    ["966501234567", "SA", "+966501234567"],
    ["00966 50 123 4567", "US", "+966501234567"],
    ["(+966) 501234567", null, "+966501234567"],
    ["+966 (0) 50 123 4567", null, "+966501234567"],
    ["966501234567+", null, "+966501234567"],
    ["966501234567.0", "SA", "+966501234567"],
    ["010-00217832", "EG", "+201000217832"],
    ["٢٠١٠٨٥٥٥٩٨٦٦", "EG", "+201085559866"],
    ["(+20) 1091040009", "SA", "+201091040009"],
    ["۰۵۰-۸۱۷۱۸۸۶", "AE", "+971508171886"],
    ["00971503585744", "YE", "+971503585744"],
    ["971508972632", "US", "+971508972632"],
    ["0772672094", "YE", "+967772672094"],
    ["+۹۶۷ ۷۷ ۵۸۸ ۲۵۳۸", "YE", "+967775882538"],
    ["079-3312240", "JO", "+962793312240"],
    ["962799630912", null, "+962799630912"],
    ["(202) 555-0123", "US", "+12025550123"],
    ["1-202-555-0123 ext. 12", "US", "+12025550123"],
    ["tel:+1 202 555 0123", null, "+12025550123"],
    ["\u202A+966 50 123 4567\u202C", null, "+966501234567"],
    ["رقم/0501234567", "SA", "+966501234567"],
    ["0501234567 / 0559999999", "SA", "+966501234567"],
    ["+15551234567", null, "+15551234567"],
  ] as const)("reads %j in %s as %s", (text, country, phone) =>
    expect(normalisePhone(text, country)).toBe(phone),
  );

  it.each([
    ["0501234567", null],
    ["12345", "SA"],
    ["+999123", null],
    ["call me", "SA"],
    ["9.66501E+11", "SA"],
    ["", "SA"],
    ["1".repeat(300), "SA"],
  ] as const)("can't read %j in %s", (text, country) =>
    expect(normalisePhone(text, country)).toBeNull(),
  );
});

describe("countries", () => {
  it.each([
    ["SA", "SA"],
    ["sa", "SA"],
    ["Saudi Arabia", "SA"],
    ["KSA", "SA"],
    ["السعودية", "SA"],
    ["المملكة العربية السعودية", "SA"],
    ["الإمارات", "AE"],
    ["الامارات العربية المتحدة", "AE"],
    ["UAE", "AE"],
    ["مصر", "EG"],
    ["اليمن", "YE"],
    ["الأردن", "JO"],
    ["عُمان", "OM"],
    ["فلسطين", "PS"],
    ["United States", "US"],
    ["بريطانيا", "GB"],
    ["Atlantis", null],
  ])("reads %j as %s", (name, code) => expect(countryCode(name)).toBe(code));

  it.each([
    ["Asia/Riyadh", "SA"],
    ["Africa/Cairo", "EG"],
    ["America/New_York", "US"],
    ["UTC", null],
  ])("finds the country of %s", (zone, code) => expect(countryOfZone(zone)).toBe(code));
});

describe("names, zones and languages", () => {
  it.each([
    ["  Ann \u00A0  Lee ", "Ann Lee"],
    ["\u200Fسارة\u200E", "سارة"],
    ["می\u200Cخواهم", "می\u200Cخواهم"],
    ["Ann\u0000\nLee", "Ann Lee"],
    ["\u200B", ""],
  ])("cleans the name %j", (text, name) => expect(cleanName(text)).toBe(name));

  it("keeps the lines of a text", () => expect(cleanText(" a\n b ")).toBe("a\n b"));

  it.each([
    ["asia/riyadh", "Asia/Riyadh"],
    ["America/New York", "America/New_York"],
    ["UTC", "UTC"],
    ["+03:00", null],
    ["Mars/Base", null],
  ])("reads the zone %j as %s", (text, zone) => expect(normaliseZone(text)).toBe(zone));

  it.each([
    ["ar", "ar"],
    ["AR_sa", "ar-SA"],
    ["en-GB", "en-GB"],
    ["Arabic language", null],
    ["x", null],
  ])("reads the language %j as %s", (text, tag) => expect(normaliseLocale(text)).toBe(tag));

  it.each([
    ["Ann Lee Smith", "Ann", "Lee Smith"],
    ["Ann", "Ann", ""],
    ["عبد الله الحربي", "عبد الله", "الحربي"],
    ["أبو بكر", "أبو", "بكر"],
  ])("parts the full name %j", (full, first, last) =>
    expect(splitName(full)).toEqual({ first, last }),
  );
});

describe("direction marks at the ends of a cell", () => {
  it.each([
    ["a pair around everything goes", "\u2067سارة\u2069", "سارة"],
    ["so do pairs in pairs, with spaces between", " \u202B \u2067 سارة\u2069 \u202C ", "سارة"],
    ["and a pair around nothing", "Ann \u2067\u200F\u2069", "Ann"],
    ["and half a pair", "\u2067Ann", "Ann"],
    ["and an end that nothing began", "Ann\u202C", "Ann"],
    ["and single marks", "\u200FAnn\u200E", "Ann"],
    ["a pair that closes at the end stays", "Ann \u2067سارة\u2069", "Ann \u2067سارة\u2069"],
    ["one that opens at the start too", "\u2067سارة\u2069 Ann", "\u2067سارة\u2069 Ann"],
    [
      "two pairs side by side are no pair around everything",
      "\u2067سارة\u2069 \u2067ريم\u2069",
      "\u2067سارة\u2069 \u2067ريم\u2069",
    ],
    [
      "what is outside of a pair that stays goes",
      "\u200F Ann \u2067سارة\u2069\u200F ",
      "Ann \u2067سارة\u2069",
    ],
    [
      "an isolate's end closes what was left open in it",
      "Ann \u2067\u202Bسارة\u2069",
      "Ann \u2067\u202Bسارة\u2069",
    ],
  ])("%s", (_, text, clean) => expect(cleanText(text)).toBe(clean));

  it("never leave half a pair behind, and cleaning again changes nothing", () => {
    const piece = fc.constantFrom(
      "\u202A",
      "\u202B",
      "\u202C",
      "\u2067",
      "\u2069",
      "\u200F",
      " ",
      "a",
      "س",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const text = pieces.join("");
        const clean = cleanText(text);
        expect(cleanText(clean)).toBe(clean);
        expect(halves(clean)).toBeLessThanOrEqual(halves(text));
      }),
    );
  });
});

/** Direction marks that have no other half. */
function halves(text: string): number {
  const open: string[] = [];
  let alone = 0;
  for (const mark of text) {
    if ("\u202A\u202B\u2067".includes(mark)) open.push(mark);
    if (mark !== "\u202C" && mark !== "\u2069") continue;
    const isIsolate = mark === "\u2069";
    const at = isIsolate ? open.lastIndexOf("\u2067") : open.length - 1;
    if (at < 0 || (open[at] === "\u2067") !== isIsolate) alone++;
    else alone += open.splice(at).length - 1;
  }
  return alone + open.length;
}
