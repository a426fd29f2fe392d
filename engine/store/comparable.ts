import { readWritten } from "../core/moment.ts";
import type { Value } from "../core/state.ts";
import { fold } from "../core/text.ts";
import { iso } from "../core/time.ts";

/**
 * The copy of data that rules compiled to SQL compare: no database folds Arabic or reads a date in a zone
 * as the interpreter does, so both are done once, when the data is written. Paths are flat (`order.id`).
 */
export interface Comparable {
  /** Path → folded text, number, yes/no, list of those, or `{}` for an object. Missing values aren't here. */
  v: Record<string, unknown>;
  /** Dates and date-times with an offset: the instant. */
  i?: Record<string, number>;
  /** Date-times local to the reader: milliseconds on the wall clock. */
  l?: Record<string, number>;
  /** Dates without a time: their midnight on the wall clock, in milliseconds. */
  d?: Record<string, number>;
}

const PLAIN_PATH = /^[\w .-]*$/;

/** A path as a key of the copy and as a label of SQLite's JSON paths, in which `"` can't be escaped. */
export const pathKey = (path: string): string =>
  PLAIN_PATH.test(path)
    ? path
    : path.replace(/["\\%\p{Cc}\p{Cs}]/gu, (c) => `%${c.charCodeAt(0).toString(16)};`);

const scalar = (value: unknown): unknown => (typeof value === "string" ? fold(value) : value);

/** Only scalars of a list can match; those that count as missing can't. */
const list = (values: unknown[]): unknown[] =>
  values
    .filter((v) => v !== null && v !== "" && v !== undefined && typeof v !== "object")
    .map(scalar);

function put(into: Comparable, key: string, value: unknown): void {
  into.v[key] = Array.isArray(value) ? list(value) : typeof value === "object" ? {} : scalar(value);
  const written = readWritten(value);
  if (!written) return;
  const kind = written.offset !== null ? "i" : written.timed ? "l" : "d";
  into[kind] ??= Object.create(null) as Record<string, number>;
  into[kind][key] = written.wall - (written.offset ?? 0);
}

const empty = (): Comparable => ({ v: Object.create(null) as Record<string, unknown> });
const missing = (value: unknown): boolean => value === null || value === undefined || value === "";

/** Fields that have a column of their own beside the JSON, because every message moves them. */
export const IN_COLUMNS: ReadonlySet<string> = new Set(["last_touch_at"]);

/** The comparable copy of a contact's fields, as JSON. A field's name is no path. */
export function comparableFields(fields: Record<string, Value>, created: number): string {
  const copy = empty();
  for (const name in fields) {
    const value = fields[name];
    if (!missing(value) && name !== "created_at" && !IN_COLUMNS.has(name))
      put(copy, pathKey(name), value);
  }
  put(copy, "created_at", iso(created));
  return JSON.stringify(copy);
}

/** The comparable copy of an event's data, as JSON, with every dotted path; null when there is nothing to compare. */
export function comparableData(data: Record<string, unknown>): string | null {
  const copy = empty();
  const walk = (value: object, prefix: string): void => {
    // A list's own length can be asked for as any other property.
    if (Array.isArray(value)) copy.v[pathKey(`${prefix}length`)] = value.length;
    for (const [name, inner] of Object.entries(value)) {
      // A path is split at its dots, so no path reaches a name that holds one.
      if (missing(inner) || name.includes(".")) continue;
      put(copy, pathKey(prefix + name), inner);
      if (typeof inner === "object") walk(inner, `${prefix}${name}.`);
    }
  };
  walk(data, "");
  return Object.keys(copy.v).length === 0 ? null : JSON.stringify(copy);
}
