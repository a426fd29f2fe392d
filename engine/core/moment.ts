import type { Instant } from "../../nodes/node.ts";
import { Bounded } from "./bounded.ts";
import { DAY, instantOf } from "./zone.ts";

/** A written date: its wall clock in milliseconds, whether a time was written, and the offset if one was. */
export interface Written {
  wall: number;
  timed: boolean;
  /** Milliseconds east of UTC; null: local to whoever reads it. */
  offset: number | null;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-]\d{2}(?::?\d{2})?))?)?$/;

/** Whether a text begins as a date may: with a digit, or with a space that is trimmed. Most texts are seen off here. */
function mayBeDate(text: string): boolean {
  const first = text.charCodeAt(0);
  return first <= 0x39 ? first >= 0x30 || first <= 0x20 : first === 0xa0 || first >= 0x1680;
}

/** Dates that were read: those of a flow are the same for all its contacts, and many contacts share theirs. */
const written = new Bounded<Written | "none">(2_000);

/** Reads an ISO 8601 date or date-time; null for anything else, days that don't exist among it. */
export function readWritten(value: unknown): Written | null {
  if (typeof value !== "string" || value.length > 40 || !mayBeDate(value)) return null;
  const read = written.get(value, () => readIso(value) ?? "none");
  return read === "none" ? null : read;
}

function readIso(value: string): Written | null {
  const match = ISO.exec(value.trim());
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  const [y, mo, d] = [Number(year), Number(month), Number(day)];
  const [h, mi, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  if (h > 23 || mi > 59 || s > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d) return null;
  const ms = fraction ? Number(fraction.slice(0, 3).padEnd(3, "0")) : 0;
  const east = offset === undefined ? null : readOffset(offset);
  if (east !== null && Math.abs(east) >= DAY) return null;
  return {
    wall: date.getTime() + ((h * 60 + mi) * 60 + s) * 1000 + ms,
    timed: hour !== undefined,
    offset: east,
  };
}

function readOffset(text: string): number {
  if (text === "Z" || text === "z") return 0;
  const digits = text.slice(1).replace(":", "").padEnd(4, "0");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (text.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** An ISO 8601 date (its midnight) or date-time, local to `zone` unless it has an offset; null when it is none. A number is no date. */
export function moment(value: unknown, zone: string): Instant | null {
  const written = readWritten(value);
  if (!written) return null;
  return written.offset === null ? instantOf(written.wall, zone) : written.wall - written.offset;
}

/** An ISO 8601 date-time with `Z` or an offset, or a date alone, which is midnight in UTC; null when it is neither. */
export function parseInstant(text: unknown): Instant | null {
  const written = readWritten(text);
  if (!written) return null;
  if (written.offset !== null) return written.wall - written.offset;
  return written.timed ? null : written.wall;
}

let last = { at: Number.NaN, text: "" };

/** ISO 8601 in UTC with `Z`; milliseconds only when there are any. */
export function iso(instant: Instant): string {
  // Whatever happens at one moment is written with that moment, for one contact after the other.
  if (last.at !== instant) {
    last = { at: instant, text: new Date(instant).toISOString().replace(".000Z", "Z") };
  }
  return last.text;
}
