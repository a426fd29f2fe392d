import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold, hasWord, keywordMatches, latinDigits, optWord } from "../../engine/core/text.ts";
import { gsmPlain, gsmSegments } from "../../nodes/gsm.ts";

describe("folding", () => {
  test.each([
    ["Riyadh", "riyadh"],
    ["ＲＩＹＡＤＨ ①", "riyadh 1"],
    ["ﬁle", "file"],
    ["CAFÉ", "café"],
    ["cafe\u0301", "café"],
    ["أحمد إبراهيم آمنة ٱلله", "احمد ابراهيم امنه الله"],
    ["ا\u0654حمد", "احمد"],
    ["مُحَمَّد", "محمد"],
    ["عـــرض", "عرض"],
    ["مصطفى", "مصطفي"],
    ["مكتبة", "مكتبه"],
    ["ﻋﺮﺽ", "عرض"],
    ["مسؤول شيء", "مسؤول شيء"],
    ["١٢٣ ۴۵۶", "١٢٣ ۴۵۶"],
    ["", ""],
  ])("%s is compared as %s", (text, folded) => expect(fold(text)).toBe(folded));

  test("folding twice changes nothing", () => {
    const unit = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: fc.constantFrom(..."أإآٱىةـ\u064b\u0651\u0654\u0670ابﷲﻼ".split("")) }),
    );
    fc.assert(
      fc.property(unit, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

test("Arabic-Indic and Persian digits become Latin ones, everything else stays", () => {
  expect(latinDigits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ 12 عرض")).toBe("0123456789 0123456789 12 عرض");
});

describe("a word has no letter, digit or mark on either side", () => {
  test.each([
    ["send me the OFFER, please", "offer", true],
    ["offers", "offer", false],
    ["reoffer", "offer", false],
    ["offer2", "offer", false],
    ["(offer)", "offer", true],
    ["offers or offer", "offer", true],
    ["أريد العرض", "عرض", false],
    ["أريد عَرْض؟", "عرض", true],
    ["عرضًا", "عرض", false],
    ["الأسعار", "الاسعار", true],
    ["special   offer today", "special offer", true],
    ["𝒂offer", "offer", false],
    ["🎁offer🎁", "offer", true],
    ["anything", "", false],
  ])("%s has %s: %s", (text, word, expected) => expect(hasWord(text, word)).toBe(expected));
});

describe("keywords", () => {
  test.each([
    ["word", "the offer!", true],
    ["word", "offers", false],
    ["exact", " Offer ", true],
    ["exact", "the offer", false],
    ["contains", "offers", true],
    ["contains", "price", false],
    ["any", "whatever", true],
  ] as const)("match %s on %j: %s", (match, text, expected) => {
    expect(keywordMatches(text, ["price list", "offer"], match)).toBe(expected);
  });

  test("the default is a word, and empty keywords match nothing", () => {
    expect(keywordMatches("my offer", ["offer"])).toBe(true);
    expect(keywordMatches("my offer", ["", " "], "contains")).toBe(false);
    expect(keywordMatches("my offer", [], "word")).toBe(false);
  });
});

describe("an opt-out word is the whole message", () => {
  test.each([
    ["STOP", "stop"],
    ["stop.", "stop"],
    [" Stop!! ", "stop"],
    ["“stop”", "stop"],
    ["STOP 🛑", "stop"],
    ["ＳＴＯＰ", "stop"],
    ["quit", "stop"],
    ["End", "stop"],
    ["revoke", "stop"],
    ["opt out", "stop"],
    ["Opt-Out", "stop"],
    ["cancel", "stop"],
    ["UNSUBSCRIBE", "stop"],
    ["stopall", "stop"],
    ["إيقاف", "stop"],
    ["ايقاف", "stop"],
    ["إلغاء", "stop"],
    ["الغاء", "stop"],
    ["توقف", "stop"],
    ["توقّف!", "stop"],
    ["إلغاء الاشتراك", "stop"],
    ["الغاء  الإشتراك", "stop"],
    ["\u200fتوقف\u200f", "stop"],
    ["start", "start"],
    ["ابدأ", "start"],
    ["إبدأ", "start"],
    ["HELP?", "help"],
    ["مساعدة", "help"],
    ["مساعده", "help"],
  ])("%j asks for %s", (text, word) => expect(optWord(text)).toBe(word));

  test.each([
    "cancel my order",
    "don't stop",
    "stopping",
    "stop stop",
    "لا توقف",
    "help me",
    "",
    "?!",
    "s.t.o.p",
    `stop${" ".repeat(200)}`,
  ])("%j is none", (text) => expect(optWord(text)).toBeNull());
});

describe("SMS segments", () => {
  test.each([
    ["", "GSM-7", 0, 0],
    ["Hello", "GSM-7", 5, 1],
    ["a".repeat(160), "GSM-7", 160, 1],
    ["a".repeat(161), "GSM-7", 161, 2],
    ["a".repeat(306), "GSM-7", 306, 2],
    ["a".repeat(307), "GSM-7", 307, 3],
    ["€".repeat(80), "GSM-7", 160, 1],
    ["€".repeat(81), "GSM-7", 162, 2],
    // an escaped character isn't cut: 76 a segment
    ["€".repeat(153), "GSM-7", 306, 3],
    ["مرحبا", "UCS-2", 5, 1],
    ["م".repeat(70), "UCS-2", 70, 1],
    ["م".repeat(71), "UCS-2", 71, 2],
    ["م".repeat(134), "UCS-2", 134, 2],
    ["م".repeat(135), "UCS-2", 135, 3],
    ["😀".repeat(35), "UCS-2", 70, 1],
    // nor is a surrogate pair: 33 a segment
    ["😀".repeat(67), "UCS-2", 134, 3],
    ["à ñ Ø", "GSM-7", 5, 1],
    ["á", "UCS-2", 1, 1],
  ])("%s", (text, encoding, characters, segments) => {
    expect(gsmSegments(text)).toMatchObject({ encoding, characters, segments });
  });

  test.each([
    ["", 160],
    ["a".repeat(100), 60],
    ["a".repeat(161), 145],
    ["م", 69],
    ["م".repeat(71), 63],
    ["😀".repeat(36), 61],
  ])("%j has room for %d characters more", (text, room) => {
    expect(gsmSegments(text).room).toBe(room);
    const more = gsmSegments(text).encoding === "GSM-7" ? "a" : "م";
    const { segments } = gsmSegments(text + more.repeat(room));
    expect(segments).toBe(Math.max(1, gsmSegments(text).segments));
    expect(gsmSegments(text + more.repeat(room + 1)).segments).toBe(segments + 1);
  });

  test("each character that forces UCS-2 is named once", () => {
    expect(gsmSegments("“a” “b”… €").beyond).toEqual(["“", "”", "…"]);
    expect(gsmSegments("plain €").beyond).toEqual([]);
  });

  test("typographic signs are written plainly where nothing else forces UCS-2", () => {
    expect(gsmPlain("“It’s” – now…\u00a0!")).toBe('"It\'s" - now... !');
    expect(gsmPlain("“مرحبا”")).toBeNull();
  });
});
