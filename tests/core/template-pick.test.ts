import { describe, expect, test } from "vitest";
import { onePath, pickText } from "../../engine/core/template.ts";

describe("a template that is one path", () => {
  test.each([
    ["{{event.amount}}", "event.amount"],
    ["{{ contact.city }}", "contact.city"],
    ["{{{event.a.b}}}", "event.a.b"],
    ["{{this.event.a}}", "event.a"],
    [" {{event.amount}}", null],
    ["{{event.amount}}{{event.amount}}", null],
    ["{{upper event.amount}}", null],
    ["{{recommend}}", null],
    ["{{event.[a.b]}}", null],
    ["{{event.constructor}}", null],
    ["{{this}}", null],
    ["{{../event.amount}}", null],
    ["{{@root.event.amount}}", null],
    ["{{@index}}", null],
    ["{{'event.amount'}}", null],
    ["{{5}}", null],
    ["{{event.amount", null],
    ["event.amount", null],
    ["", null],
  ])("%s: %s", (source, path) => expect(onePath(source)).toBe(path));
});

describe("the text in the contact's language", () => {
  const both = { en: "Hello", "ar-EG": "أهلاً", ar: "مرحبًا" };
  test.each([
    ["ar-EG", "en", "ar-EG"],
    ["AR-eg", "en", "ar-EG"],
    ["ar_EG", "en", "ar-EG"],
    ["ar-SA", "en", "ar"],
    ["fr", "ar", "ar"],
    ["fr", "de", "en"],
    [undefined, "ar", "ar"],
    ["", "en-GB", "en"],
  ])("contact %s, workspace %s: %s", (locale, fallback, picked) => {
    expect(pickText(both, locale, fallback)).toEqual({
      text: both[picked as keyof typeof both],
      locale: picked,
    });
  });
  test("a plain text is for everybody", () => {
    expect(pickText("Hi", "ar", "en")).toEqual({ text: "Hi", locale: "ar" });
    expect(pickText("Hi", undefined, "en")).toEqual({ text: "Hi", locale: "en" });
  });
  test("no text at all is empty", () => {
    expect(pickText({}, "ar", "en")).toEqual({ text: "", locale: "en" });
  });
});
