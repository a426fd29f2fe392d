/** How a person reads dates and numbers. */
export interface Reading {
  /** `both`: Hijri dates (Umm al-Qura) beside Gregorian ones. */
  calendar: "gregorian" | "both";
  /** Digits in Arabic: 123 or ١٢٣. */
  digits: "latn" | "arab";
  /** IANA name; empty: the browser's zone. */
  zone: string;
}

const KEY = "tawasul.reading";
const USUAL: Reading = { calendar: "gregorian", digits: "latn", zone: "" };

function kept(): Reading {
  try {
    const { calendar, digits, zone } = JSON.parse(
      localStorage.getItem(KEY) ?? "{}",
    ) as Partial<Reading>;
    return {
      calendar: calendar === "both" ? "both" : "gregorian",
      digits: digits === "arab" ? "arab" : "latn",
      zone: typeof zone === "string" && isZone(zone) ? zone : "",
    };
  } catch (error) {
    if (error instanceof SyntaxError) return USUAL;
    throw error;
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The person's calendar, digits and zone, kept in this browser. */
class Preferences {
  #reading = $state.raw<Reading>(kept());

  get calendar(): Reading["calendar"] {
    return this.#reading.calendar;
  }

  get digits(): Reading["digits"] {
    return this.#reading.digits;
  }

  get zone(): string {
    return this.#reading.zone;
  }

  change(change: Partial<Reading>): void {
    this.#reading = { ...this.#reading, ...change };
    localStorage.setItem(KEY, JSON.stringify(this.#reading));
  }
}

export const preferences = new Preferences();
