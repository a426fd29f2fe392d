import { describe, expect, it } from "vitest";
import { applyMap, guessTargets, parseMap } from "../../engine/contacts/mapping.ts";

const HEADERS: [string, string | null][] = [
  ["Email Address", "email"],
  ["E-MAIL", "email"],
  ["البريد الإلكتروني", "email"],
  ["البريد الالكتروني", "email"],
  ["Mobile", "phone"],
  ["phone_number", "phone"],
  ["جوال", "phone"],
  ["رقم الجوّال", "phone"],
  ["First Name", "first_name"],
  ["الاسم الأول", "first_name"],
  ["اسم العائلة", "last_name"],
  ["الاسم", "full_name"],
  ["Full name", "full_name"],
  ["Company", "company"],
  ["الشركة", "company"],
  ["الدولة", "country"],
  ["تاريخ الميلاد", "birthday"],
  ["created_at", "created_at"],
  ["Favourite  colour ", "Favourite colour"],
  ["", null],
  ["__proto__", null],
];

describe("where a column goes", () => {
  it.each(HEADERS)("%j → %j by its header", (header, target) =>
    expect(guessTargets([header], [])).toEqual([target]),
  );

  it("is found by its cells when its header says nothing", () => {
    const sample = [
      ["Ann@x.example", "0501234567", "1200"],
      ["", "+966 55 999 9999", "1300"],
      ["bob@x.example", "00966551234567", ""],
    ];
    expect(guessTargets(["c1", "c2", "c3"], sample, "SA")).toEqual(["email", "phone", "c3"]);
  });

  it("is a custom field when most cells are something else, or a date", () => {
    const sample = [
      ["a@x.example", "15-03-2024"],
      ["unknown", "16-03-2024"],
    ];
    expect(guessTargets(["c1", "c2"], sample, "SA")).toEqual(["c1", "c2"]);
  });

  it("is a stand-in for a second phone, and a custom field for a second city", () => {
    const header = ["Mobile", "Phone", "City", "المدينة"];
    expect(guessTargets(header, [])).toEqual(["phone", "phone", "city", "المدينة"]);
  });
});

describe("a map file", () => {
  const header = ["Mail", "Work mail", "Notes"];
  const guessed = ["email", "email", "Notes"];

  it("wins over what was guessed, and the guess gives way", () => {
    const mapped = applyMap(header, guessed, { "Work mail": "email", Notes: null });
    expect(mapped).toEqual({ ok: true, value: ["Mail", "email", null] });
  });

  it("is refused when it names a column that the file doesn't have", () => {
    expect(applyMap(header, guessed, { Mial: "email" })).toMatchObject({
      ok: false,
      problem: {
        code: "map-unknown-column",
        message: { en: "The map names a column “Mial” that the file doesn't have." },
      },
    });
  });

  it.each([
    ["{", "bad-json"],
    ["[]", "bad-map"],
    ['{"Mail": 5}', "bad-map"],
    ['{"Mail": ""}', "bad-map"],
  ])("%s is refused as %s", (json, code) =>
    expect(parseMap(json)).toMatchObject({ ok: false, problem: { code } }),
  );

  it("is an object of headers and fields", () => {
    expect(parseMap('{" Mail ": "email", "Notes": null}')).toEqual({
      ok: true,
      value: { Mail: "email", Notes: null },
    });
  });
});
