import type { Value } from "../core/state.ts";
import { cleanText, latinDigits, stripInvisible } from "./text.ts";
import type { ColumnType, DateOrder } from "./types.ts";

const NUMBER = /^-?(?:\d+(?:\.\d+)?|\.\d+|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?)$/;
// Numbers that are names, not amounts: 00123 (a post code), 16 digits and more (a card, an account).
const CODE = /^-?0\d|\d{16,}/;

const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,14})$/;

/** A number written in any of the digits; null when it is none. */
export function readNumber(text: string): number | null {
  if (PLAIN_NUMBER.test(text)) return Number(text);
  const plain = latinDigits(stripInvisible(text))
    .replaceAll("٫", ".")
    .replaceAll("٬", ",")
    .replace(/^−/, "-");
  if (!NUMBER.test(plain) || CODE.test(plain)) return null;
  const number = Number(plain.replaceAll(",", ""));
  return Object.is(number, -0) ? 0 : number;
}

const YES = new Set(["yes", "true", "y", "نعم", "صح"]);
const NO = new Set(["no", "false", "n", "لا", "خطأ"]);

/** Yes or no in English or Arabic; null when it is neither. */
export function readYesNo(text: string): boolean | null {
  if (text.length > 12) return null;
  const word = stripInvisible(text).trim().toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : null;
}

const DATE =
  /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:(?:\s*[Tt,،]\s*|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?|ص|م)?\s*([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;

const PLAIN_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * A date or date-time as ISO 8601 (`2024-03-15`, `2024-03-15T14:30`, with its offset if it has one);
 * null when it is none. The year has four digits and comes first or last; `order` reads 03/04/2024.
 */
export function readDate(text: string, order: DateOrder): string | null {
  if (text.length > 60) return null;
  const plain = PLAIN_DATE.exec(text);
  if (plain) return dayExists(Number(plain[1]), Number(plain[2]), Number(plain[3])) ? text : null;
  const match = DATE.exec(latinDigits(stripInvisible(text)).trim());
  if (!match) return null;
  const [, a = "", , b = "", c = "", hour, minute = "", second, fraction, half, offset] = match;
  const yearFirst = a.length === 4;
  if (yearFirst ? c.length > 2 : a.length > 2 || c.length !== 4) return null;
  const year = yearFirst ? a : c;
  const dayLast = yearFirst || order === "month-first";
  const month = yearFirst ? b : dayLast ? a : b;
  const day = yearFirst ? c : dayLast ? b : a;
  if (!dayExists(Number(year), Number(month), Number(day))) return null;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (hour === undefined) return date;
  const h = hourOf(Number(hour), half);
  if (h === null || Number(minute) > 59 || Number(second ?? 0) > 59) return null;
  const east = offset === undefined ? "" : readOffset(offset);
  if (east === null) return null;
  const rest = second === undefined ? "" : `:${second}${milliseconds(fraction)}`;
  return `${date}T${String(h).padStart(2, "0")}:${minute}${rest}${east}`;
}

function dayExists(year: number, month: number, day: number): boolean {
  // Other centuries are mistypings, or years of another calendar that must not be taken for these.
  if (year < 1800 || year > 2300 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour <= 23 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (/^[pم]/i.test(half) ? 12 : 0);
}

function milliseconds(fraction: string | undefined): string {
  if (fraction === undefined || Number(fraction) === 0) return "";
  return `.${fraction.slice(0, 3).padEnd(3, "0")}`;
}

function readOffset(text: string): string | null {
  if (text === "Z" || text === "z") return "Z";
  const digits = text.slice(1).replace(":", "").padEnd(4, "0");
  const [hours, minutes] = [digits.slice(0, 2), digits.slice(2)];
  return Number(hours) <= 23 && Number(minutes) <= 59 ? `${text[0]}${hours}:${minutes}` : null;
}

/** A filled cell as its column's type says; undefined when it doesn't fit. */
export function readValue(text: string, type: ColumnType): Value | undefined {
  switch (type.type) {
    case "text":
      return text;
    case "number":
      return readNumber(text) ?? undefined;
    case "yes/no":
      return readYesNo(text) ?? undefined;
    case "date":
      return readDate(text, type.order) ?? undefined;
  }
}

/** Looks at the cells of one column and says what they all are. */
export class TypeGuess {
  readonly #dates: boolean;
  #filled = 0;
  #number = true;
  #yesNo = true;
  #dayFirst = 0;
  #monthFirst = 0;

  /** `dates`: the column is known to hold dates, and only their order is sought. */
  constructor(dates = false) {
    this.#dates = dates;
  }

  /** One cell; empty ones say nothing. A value of a JSON list keeps its own type. */
  see(cell: unknown): void {
    if (cell === null || cell === undefined) return;
    if (typeof cell === "string") {
      this.#seeText(cell);
      return;
    }
    this.#filled++;
    if (typeof cell !== "number") this.#number = false;
    if (typeof cell !== "boolean") this.#yesNo = false;
  }

  #seeText(cell: string): void {
    const dates = this.#dates || this.#allDates();
    // Once a column is known to be text, nothing can change that.
    if (!dates && !this.#number && !this.#yesNo) return;
    const text = cleanText(cell);
    if (text === "") return;
    this.#filled++;
    if (this.#number && readNumber(text) === null) this.#number = false;
    if (this.#yesNo && readYesNo(text) === null) this.#yesNo = false;
    if (!dates) return;
    const date = readDate(text, "day-first");
    if (date !== null) this.#dayFirst++;
    // One that begins with its year reads alike in both orders.
    const isSame = date !== null && text.startsWith(date.slice(0, 4));
    if (isSame || readDate(text, "month-first") !== null) this.#monthFirst++;
  }

  #allDates(): boolean {
    return Math.max(this.#dayFirst, this.#monthFirst) === this.#filled;
  }

  /** Number, date or yes/no if every filled cell is one, else text. */
  type(): ColumnType {
    if (this.#filled === 0) return { type: "text" };
    if (this.#number) return { type: "number" };
    if (this.#yesNo) return { type: "yes/no" };
    return this.#allDates() ? { type: "date", order: this.order() } : { type: "text" };
  }

  /** Day first, unless month first makes dates of more cells. */
  order(): DateOrder {
    return this.#monthFirst > this.#dayFirst ? "month-first" : "day-first";
  }
}
