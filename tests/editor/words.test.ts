import IntlMessageFormat from "intl-messageformat";
import { describe, expect, test } from "vitest";
import { ar } from "../../editor/src/lib/i18n/ar.ts";
import { en, type Key } from "../../editor/src/lib/i18n/en.ts";
import { ourFiles, read } from "../tree.ts";

type Part = ReturnType<IntlMessageFormat["getAst"]>[number];
const keys = Object.keys(en) as Key[];
const parse = (message: string, locale: string): Part[] =>
  new IntlMessageFormat(message, locale, undefined, { ignoreTag: true }).getAst();

/** Places that values go into, inside of plurals too. */
function places(parts: Part[]): string[] {
  const found = parts.flatMap((part) => {
    if ("options" in part) {
      return [part.value, ...Object.values(part.options).flatMap((one) => places(one.value))];
    }
    const isPlace = part.type !== 0 && part.type !== 7;
    return isPlace && "value" in part ? [String(part.value)] : [];
  });
  return [...new Set(found)].sort();
}

/** The cases of every plural of a sentence. */
const plurals = (parts: Part[]): string[][] =>
  parts.flatMap((part) => ("pluralType" in part ? [Object.keys(part.options)] : []));

describe("the interface's words", () => {
  test("every sentence has the same places in both languages", () => {
    const differ = keys.filter(
      (key) => places(parse(en[key], "en")).join() !== places(parse(ar[key], "ar")).join(),
    );
    expect(differ).toEqual([]);
  });

  test("what is counted in English is counted in all six forms of Arabic", () => {
    const counted = keys.filter((key) => plurals(parse(en[key], "en")).length > 0);
    const forms = ["zero", "one", "two", "few", "many", "other"];
    const lacking = counted.filter((key) =>
      plurals(parse(ar[key], "ar")).some((cases) =>
        forms.some((form) => !cases.includes(form) && !(form === "zero" && cases.includes("=0"))),
      ),
    );
    expect(counted.length).toBeGreaterThan(5);
    expect(lacking).toEqual([]);
  });

  test("Arabic sentences are Arabic, but for names that are the same everywhere", () => {
    const latin = keys.filter(
      (key) => !/\p{Script=Arabic}/u.test(ar[key]) && /[A-Za-z]{4}/.test(ar[key]),
    );
    expect(latin.filter((key) => ar[key] === en[key] && / /.test(en[key]))).toEqual([]);
  });

  test("no sentence of one part of the catalogue takes the place of another's", () => {
    const parts = ourFiles().filter((f) => /^editor\/src\/lib\/i18n\/en.*\.ts$/.test(f));
    const all = parts.flatMap((f) => [...read(f).matchAll(/^ {2}"([^"]+)":/gm)].map((m) => m[1]));
    expect(parts.length).toBeGreaterThan(3);
    expect(all.filter((key, i) => all.indexOf(key) !== i)).toEqual([]);
  });

  test("every sentence is said somewhere", () => {
    const source = ourFiles()
      .filter(
        (f) =>
          /^editor\/src\/.*\.(?:ts|svelte)$/.test(f) &&
          !f.includes("/i18n/en") &&
          !f.includes("/i18n/ar"),
      )
      .map(read)
      .join("\n");
    const whole = new Set([...source.matchAll(/["'`]([\w.-]+)["'`]/g)].map((m) => m[1]));
    // `state.${name}` says every key that begins so; word("state", name) does too.
    const begun = [...source.matchAll(/`([\w-]+\.(?:[\w-]+\.)*)\$\{/g)].map((m) => m[1] ?? "");
    const kinds = [...source.matchAll(/word\("(\w+)"/g)].map((m) => `${m[1]}.`);
    const said = (key: string) =>
      whole.has(key) || [...begun, ...kinds].some((start) => key.startsWith(start));
    expect(keys.filter((key) => !said(key))).toEqual([]);
  });
});
