import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  Metadata,
} from "libphonenumber-js/max";

/** Methods of the library's metadata that its types leave out; a test holds the answers here against the library's. */
interface FullPlan {
  possibleLengths(): number[];
  IDDPrefix(): string;
  nationalNumberPattern(): string;
  nationalPrefixForParsing(): string | undefined;
  type(name: string): { pattern(): string; possibleLengths(): number[] | undefined } | undefined;
}

interface Plan {
  callingCode: string;
  lengths: ReadonlySet<number>;
  /** What is dialled before a number inside the country; null: nothing. */
  prefix: RegExp | null;
  /** What is dialled before one abroad. */
  abroad: RegExp;
  pattern: RegExp;
  types: { pattern: RegExp; lengths: readonly number[] | null }[];
}

const TYPES = [
  "FIXED_LINE",
  "MOBILE",
  "PREMIUM_RATE",
  "TOLL_FREE",
  "SHARED_COST",
  "VOIP",
  "PERSONAL_NUMBER",
  "PAGER",
  "UAN",
  "VOICEMAIL",
];

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

function planOf(country: CountryCode): Plan {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const full = metadata.numberingPlan as unknown as FullPlan;
  const prefix = full.nationalPrefixForParsing();
  return {
    callingCode: getCountryCallingCode(country),
    lengths: new Set(full.possibleLengths()),
    prefix: prefix ? new RegExp(`^(?:${prefix})`) : null,
    abroad: new RegExp(`^(?:${full.IDDPrefix()})`),
    pattern: whole(full.nationalNumberPattern()),
    types: TYPES.flatMap((name) => {
      const type = full.type(name);
      const pattern = type?.pattern();
      return type && pattern
        ? [{ pattern: whole(pattern), lengths: type.possibleLengths() ?? null }]
        : [];
    }),
  };
}

/** Calling code → the plans of the countries that share it, the main one first. */
let byCode: Map<string, Plan[]> | null = null;
const plans = new Map<CountryCode, Plan>();

function load(): Map<string, Plan[]> {
  if (byCode) return byCode;
  byCode = new Map();
  for (const country of getCountries()) {
    const plan = planOf(country);
    plans.set(country, plan);
    byCode.set(plan.callingCode, [...(byCode.get(plan.callingCode) ?? []), plan]);
  }
  return byCode;
}

/**
 * The E.164 number of digits with their country code, where it is plain that nothing has to be taken away from
 * them and that every country of that code has numbers so long; null: the library has to be asked.
 */
export function plainInternational(digits: string): string | null {
  const codes = load();
  for (let length = 1; length <= 3; length++) {
    const sharing = codes.get(digits.slice(0, length));
    if (!sharing) continue;
    const national = digits.slice(length);
    const isPlain = sharing.every(
      ({ prefix, lengths }) => lengths.has(national.length) && !prefix?.test(national),
    );
    return isPlain ? `+${digits}` : null;
  }
  return null;
}

/**
 * The E.164 number of digits as they are dialled inside `country`, where it is plain that they are a valid number of
 * it; null: the library has to be asked.
 */
export function plainLocal(digits: string, country: CountryCode): string | null {
  const codes = load();
  const plan = plans.get(country);
  if (!plan || codes.get(plan.callingCode)?.length !== 1) return null;
  const { prefix, pattern, callingCode, abroad, lengths, types } = plan;
  if (digits.startsWith(callingCode) || abroad.test(digits)) return null;
  const dialled = prefix?.exec(digits);
  // Groups in it would be rewritten by rules of the country's own.
  if (dialled && (dialled.length > 1 || pattern.test(digits))) return null;
  const national = dialled ? digits.slice(dialled[0].length) : digits;
  if (!lengths.has(national.length) || !pattern.test(national)) return null;
  const isValid = types.some(
    (type) => (type.lengths?.includes(national.length) ?? true) && type.pattern.test(national),
  );
  return isValid ? `+${callingCode}${national}` : null;
}
