import { describe, expect, test } from "vitest";
import { compileTemplate, type RenderOptions, TemplateError } from "../../engine/core/template.ts";

function write(
  source: string,
  contact: Record<string, unknown> = {},
  event: Record<string, unknown> = {},
  options?: RenderOptions,
): string {
  const scope = { contact, event, steps: {}, param: {}, flow: {}, links: {} };
  return compileTemplate(source, { html: false }).render(scope, options).text;
}

describe("date", () => {
  test.each([
    ["", "May 1, 1990"],
    ["'short'", "5/1/90"],
    ["'medium'", "May 1, 1990"],
    ["'long'", "May 1, 1990"],
    ["'full'", "Tuesday, May 1, 1990"],
    ["'hijri'", "Shawwal 6, 1410 AH"],
  ])("style %s", (style, expected) => {
    expect(
      write(`{{date contact.birthday ${style}}}`, { locale: "en", birthday: "1990-05-01" }),
    ).toBe(expected);
  });

  test.each([
    [
      "the contact's zone",
      { timezone: "America/New_York" },
      { zone: "Asia/Riyadh" },
      "Mar 8, 2026, 10:30 AM",
    ],
    [
      "else the one handed in",
      { timezone: "Mars/Base" },
      { zone: "Asia/Riyadh" },
      "Mar 8, 2026, 5:30 PM",
    ],
    ["else UTC", {}, {}, "Mar 8, 2026, 2:30 PM"],
  ])("a moment is shown in %s", (_name, contact, options, expected) => {
    expect(
      write(
        "{{date event.at 'datetime'}}",
        { locale: "en", ...contact },
        { at: "2026-03-08T14:30:00Z" },
        options,
      ),
    ).toBe(expected);
  });

  test("a date alone is the same day in every zone", () => {
    for (const timezone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo"]) {
      expect(
        write("{{date event.d 'medium'}}", { locale: "en", timezone }, { d: "2026-04-24" }),
      ).toBe("Apr 24, 2026");
    }
  });

  test("the time of day has no space that would double an SMS's price", () => {
    expect(
      write("{{date event.at 'time'}}", { locale: "en" }, { at: "2026-03-08T14:30:00Z" }),
    ).toBe("2:30 PM");
  });

  test.each([
    ["ar", "1 مايو 1990"],
    ["ar-EG", "1 مايو 1990"],
    ["ar-SA", "1 مايو 1990"],
    ["ar-EG-u-nu-arab", "١ مايو ١٩٩٠"],
  ])(
    "%s shows Latin digits and the Gregorian calendar unless it says otherwise",
    (locale, expected) => {
      const shown = write("{{date contact.birthday 'long'}}", { locale, birthday: "1990-05-01" });
      expect(shown.replace(/[\u200e\u200f]/g, "")).toBe(expected);
    },
  );

  test("a Hijri date in Arabic", () => {
    expect(
      write("{{date contact.birthday 'hijri'}}", { locale: "ar-SA", birthday: "1990-05-01" }),
    ).toBe("6 شوال 1410 هـ");
  });

  test("a style that doesn't exist throws", () => {
    expect(() =>
      write("{{date event.at event.style}}", {}, { at: "2026-03-08", style: "tiny" }),
    ).toThrow(TemplateError);
  });
});

describe("number and money", () => {
  test.each([
    ["en", 1234.5, "1,234.5"],
    ["de", 1234.5, "1.234,5"],
    ["ar-EG", 1234.5, "1,234.5"],
    ["en", "٣٤٫٥", "34.5"],
    ["en", "-2", "-2"],
    ["en", 0, "0"],
    ["en", "1e3", ""],
    ["en", true, ""],
  ])("%s: %j is %j", (locale, value, expected) => {
    expect(write("{{number event.n}}", { locale }, { n: value })).toBe(expected);
  });

  test.each([
    ["en", 1234.5, "USD", "$1,234.50"],
    ["en", "99.5", "SAR", "SAR 99.50"],
    ["en", 5, "JPY", "¥5"],
    ["en", 5, "usd", "$5.00"],
    ["de", 1234.5, "EUR", "1.234,50 €"],
  ])("%s: %j %s is %s", (locale, amount, currency, expected) => {
    expect(write("{{money event.amount event.currency}}", { locale }, { amount, currency })).toBe(
      expected,
    );
  });

  test("in Arabic money has Latin digits", () => {
    const shown = write("{{money 1234.5 'SAR'}}", { locale: "ar-SA" });
    expect(shown.replace(/[\u200e\u200f]/g, "")).toBe("1,234.50 ر.س.");
  });

  test.each(["XX", "ABC", "dollars", "", 5, {}])("a currency %j throws", (currency) => {
    expect(() => write("{{money 5 event.currency}}", {}, { currency })).toThrow(
      "is no ISO 4217 currency code",
    );
  });
});

describe("plural", () => {
  const days =
    "{{plural event.n zero='لا أيام' one='يوم واحد' two='يومان' few='# أيام' many='# يومًا' other='# يوم'}}";
  test.each([
    [0, "لا أيام"],
    [1, "يوم واحد"],
    [2, "يومان"],
    [3, "3 أيام"],
    [10, "10 أيام"],
    [11, "11 يومًا"],
    [99, "99 يومًا"],
    [100, "100 يوم"],
    [103, "103 أيام"],
    [1002, "1,002 يوم"],
    ["11", "11 يومًا"],
  ])("Arabic has six forms: %j is %s", (n, expected) => {
    expect(write(days, { locale: "ar" }, { n })).toBe(expected);
  });

  test.each([
    [0, "no items"],
    [1, "1 item"],
    [2, "2 items"],
    [1.5, "1.5 items"],
  ])("English has two, and zero= is for 0 in any language: %s is %s", (n, expected) => {
    expect(
      write(
        "{{plural event.n zero='no items' one='# item' other='# items'}}",
        { locale: "en" },
        { n },
      ),
    ).toBe(expected);
  });

  test("a form that isn't given is other's", () => {
    expect(write("{{plural 2 other='# x'}}", { locale: "ar" })).toBe("2 x");
    expect(write("{{plural 0 one='a' other='# x'}}", { locale: "en" })).toBe("0 x");
  });

  test("a form may itself be a value", () => {
    expect(
      write("{{plural 2 one=event.a other=event.b}}", { locale: "en" }, { b: "# pieces" }),
    ).toBe("2 pieces");
  });
});

describe("texts", () => {
  test.each([
    ["{{upper event.t}} {{lower event.t}}", "en", "IXİ ixi̇"],
    ["{{upper event.t}} {{lower event.t}}", "tr", "İXİ ıxi"],
  ])("%s in %s", (source, locale, expected) => {
    const t = locale === "tr" ? { up: "ixi", low: "IXİ" } : { up: "ixİ", low: "IXİ" };
    const filled = source
      .replace("upper event.t", "upper event.up")
      .replace("lower event.t", "lower event.low");
    expect(write(filled, { locale }, t)).toBe(expected);
  });

  test.each([
    [
      "{{eq 1 1}} {{eq 1 '1'}} {{eq 'a' 'a'}} {{eq event.x null}} {{eq event.x event.y}}",
      "true false true true true",
    ],
    ["{{#eq event.a 'b'}}yes{{else}}no{{/eq}}", "yes"],
    ["{{#if (eq event.a 'c')}}yes{{else}}no{{/if}}", "no"],
    ["{{#unless (eq event.a 'c')}}yes{{/unless}}", "yes"],
  ])("%s", (source, expected) => expect(write(source, {}, { a: "b" })).toBe(expected));
});

describe("recommend", () => {
  test.each([
    ["{{recommend}}", ["Tea", "Cup", "Pot"], "Tea, Cup, and Pot"],
    ["{{recommend 2}}", [{ name: "Tea" }, { name: "Cup" }, { name: "Pot" }], "Tea and Cup"],
    ["{{#each (recommend 2)}}[{{this}}]{{/each}}", ["Tea", "Cup", "Pot"], "[Tea][Cup]"],
    ["{{recommend}}", "Tea", "Tea"],
    ["{{recommend}}", undefined, ""],
    ["{{recommend}}", [], ""],
    ["{{recommend}}", [5, null, {}], ""],
  ])("%s of %j is %j", (source, recommendations, expected) => {
    const contact = recommendations === undefined ? {} : { recommendations };
    expect(write(source, { locale: "en", ...contact })).toBe(expected);
  });
});

describe("the contact's locale", () => {
  test.each([
    [{ locale: "de-DE" }, {}, "1.234,5"],
    [{ locale: "de_DE" }, {}, "1.234,5"],
    [{ locale: "not a locale" }, { locale: "de" }, "1.234,5"],
    [{}, { locale: "de" }, "1.234,5"],
    [{ locale: 5 }, {}, "1,234.5"],
    [{}, {}, "1,234.5"],
  ])("%j with %j", (contact, options, expected) => {
    expect(write("{{number 1234.5}}", contact, {}, options)).toBe(expected);
  });
});
