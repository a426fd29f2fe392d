import fc from "fast-check";
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import examples from "libphonenumber-js/mobile/examples";
import { describe, expect, it } from "vitest";
import { normaliseEmail, normalisePhone } from "../../engine/contacts/normalise.ts";
import { readDate, readNumber } from "../../engine/contacts/values.ts";

const COUNTRIES = getCountries();
const country = fc.constantFrom<CountryCode>(...COUNTRIES);
const digits = (min: number, max: number) =>
  fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));

const parse = (text: string, of?: CountryCode): PhoneNumber | undefined =>
  parsePhoneNumberFromString(text, { ...(of ? { defaultCountry: of } : {}), extract: false });
const possible = (phone: PhoneNumber | undefined) => (phone?.isPossible() ? phone.number : null);

/** What the library says of a number dialled in a country. */
function byLibrary(text: string, of: CountryCode): string | null {
  const local = parse(text, of);
  if (local?.isValid()) return local.number;
  const bare = text.replace(/\D/g, "");
  const abroad = bare.startsWith("0") ? undefined : parse(`+${bare}`);
  return abroad?.isValid() ? abroad.number : possible(local);
}

/** Numbers of a country that begin as a real one does and go on at random, a digit too many or too few among them. */
const national = fc
  .tuple(country, fc.nat(3), digits(12, 12), fc.integer({ min: -1, max: 1 }))
  .map(([of, kept, random, more]) => {
    const real = getExampleNumber(of, examples)?.nationalNumber ?? "501234567";
    return { of, text: (real.slice(0, kept + 1) + random).slice(0, real.length + more) };
  });

describe("phone numbers read at a glance are those that the library reads", () => {
  it("with their country code, of every country", () => {
    fc.assert(
      fc.property(national, fc.constantFrom("", "", "0"), ({ of, text }, prefix) => {
        const number = `+${getCountryCallingCode(of)}${prefix}${text}`;
        expect(normalisePhone(number, null)).toBe(possible(parse(number)));
      }),
      { numRuns: 1000 },
    );
  });

  it("as they are dialled inside every country, with and without signs between the digits", () => {
    const prefix = fc.constantFrom("", "", "0", "0", "1", "8", "06");
    const sign = fc.constantFrom("", "", " ", "-", ".", ") ");
    fc.assert(
      fc.property(national, prefix, sign, ({ of, text: number }, start, between) => {
        const text = `${start}${number.slice(0, 3)}${between}${number.slice(3)}`;
        if (!text.startsWith("00")) expect(normalisePhone(text, of)).toBe(byLibrary(text, of));
      }),
      { numRuns: 1500 },
    );
  });
});

it("e-mail addresses read at a glance are those that the whole look gives", () => {
  const part = fc.stringMatching(/^[A-Za-z0-9._+-]{1,24}$/);
  fc.assert(
    fc.property(part, part, fc.constantFrom("com", "c0m", "example", "x"), (local, host, end) => {
      const address = `${local}@${host}.${end}`;
      // In angle brackets an address is always looked at whole.
      expect(normaliseEmail(address)).toBe(normaliseEmail(`<${address}>`));
    }),
    { numRuns: 1000 },
  );
});

it("numbers and dates read at a glance are those that the whole look gives", () => {
  // A mark that isn't seen changes nothing, but asks for the whole look.
  const look = "\u200E";
  fc.assert(
    fc.property(fc.stringMatching(/^-?[0-9.,]{1,17}$/), (text) => {
      expect(readNumber(text)).toBe(readNumber(look + text));
    }),
    { numRuns: 1000 },
  );
  const date = fc.stringMatching(/^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$/);
  fc.assert(
    fc.property(date, (text) => {
      expect(readDate(text, "day-first")).toBe(readDate(text + look, "day-first"));
    }),
    { numRuns: 1000 },
  );
});
