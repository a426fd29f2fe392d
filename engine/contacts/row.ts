import type { Instant } from "../../nodes/node.ts";
import { moment } from "../core/moment.ts";
import type { Value, Workspace } from "../core/state.ts";
import { countryCode, countryOfZone } from "./countries.ts";
import {
  normaliseEmail,
  normaliseLocale,
  normalisePhone,
  normaliseZone,
  splitName,
} from "./normalise.ts";
import { type Place, rowProblem } from "./problems.ts";
import { cleanName, cleanText } from "./text.ts";
import type { Column, ColumnType, ContactRow, RowProblem, RowProblemCode } from "./types.ts";
import { readValue } from "./values.ts";

export interface RowOptions {
  workspace: Pick<Workspace, "timezone" | "fields">;
  /** Country (code or name) of phone numbers that don't say theirs; default: that of the workspace's zone. */
  country?: string | null;
  /** What a row's number counts, for the sentences. */
  unit?: Place["unit"];
  /** Some letters of the file could not be decoded, so each row is looked at for them. */
  damaged?: boolean;
}

/** What came of one row: a clean one or none, and everything that was wrong with it. */
export interface RowRead {
  line: number;
  row: ContactRow | null;
  problems: RowProblem[];
  /** As the file has them, for whoever mends the row; of a file alone. */
  cells?: readonly string[];
}

const NAMES = new Set(["first_name", "last_name"]);
const CHANNELS: readonly string[] = ["email", "sms", "whatsapp", "call", "letter"];

/** Turns the cells of rows into clean contacts, always the same way for `simulate` and `import`. */
export class RowReader {
  readonly #columns: Column[];
  readonly #countryColumns: number[];
  readonly #country: ReturnType<typeof countryCode>;
  readonly #options: RowOptions;

  constructor(columns: Column[], options: RowOptions) {
    this.#columns = columns;
    this.#options = options;
    this.#countryColumns = columns.flatMap((c, i) => (c.field === "country" ? [i] : []));
    this.#country = options.country
      ? countryCode(options.country)
      : countryOfZone(options.workspace.timezone);
  }

  /** Reads one row; `cells` stand as the columns do and may be values of a JSON list. */
  read(line: number, cells: readonly unknown[]): RowRead {
    const one = new OneRow(line, this.#options, this.#countryOf(cells));
    for (let i = 0; i < this.#columns.length; i++) {
      const column = this.#columns[i];
      if (column?.field) one.take(column, column.field, cells[i]);
    }
    return one.finish();
  }

  #countryOf(cells: readonly unknown[]): ReturnType<typeof countryCode> {
    for (const i of this.#countryColumns) {
      const cell = cells[i];
      const code = typeof cell === "string" && cell !== "" ? countryCode(cleanText(cell)) : null;
      if (code) return code;
    }
    return this.#country;
  }
}

class OneRow {
  readonly #fields: Record<string, Value> = {};
  readonly #problems: RowProblem[] = [];
  readonly #flags: RowProblemCode[] = [];
  readonly #place: Place;
  #tags: string[] = [];
  #consent: string[] | null = null;
  #created: Instant | null = null;
  #fullName = "";

  constructor(
    readonly line: number,
    readonly options: RowOptions,
    readonly country: ReturnType<typeof countryCode>,
  ) {
    this.#place = { line, unit: options.unit ?? "line" };
  }

  take(column: Column, field: string, cell: unknown): void {
    if (cell === null || cell === undefined || cell === "") return;
    if (field === "tags") {
      for (const tag of words(cell)) if (!this.#tags.includes(tag)) this.#tags.push(tag);
      return;
    }
    if (field === "consent") {
      this.#takeConsent(column, cell);
      return;
    }
    if (column.fullName && typeof cell === "string") {
      this.#fullName ||= cleanName(cell);
      return;
    }
    // Of two columns for one field the first that is filled counts.
    if (Object.hasOwn(this.#fields, field)) return;
    if (typeof cell === "object" || (typeof cell !== "string" && !isText(field))) {
      this.#takeValue(column, field, cell);
      return;
    }
    const text = cleanText(String(cell));
    if (text === "") return;
    if (this.options.damaged && text.includes("\uFFFD")) this.#flag("broken-text", column, text);
    this.#takeText(column, field, text);
  }

  #takeText(column: Column, field: string, text: string): void {
    if (field === "created_at") this.#takeCreated(column, text);
    else if (NAMES.has(field)) this.#fields[field] = cleanName(text);
    else {
      const [value, code] = this.#normalise(column.type, field, text);
      if (value === null) this.#flag(code, column, text);
      else this.#fields[field] = value;
    }
  }

  /** A cell's value, null when it can't be read, and what is then wrong with it. */
  #normalise(type: ColumnType, field: string, text: string): [Value, RowProblemCode] {
    switch (field) {
      case "email":
        return [normaliseEmail(text), "bad-email"];
      case "phone":
        return [normalisePhone(text, this.country), "bad-phone"];
      case "timezone":
        return [normaliseZone(text), "bad-timezone"];
      case "locale":
        return [normaliseLocale(text), "bad-locale"];
      default:
        return [readValue(text, type) ?? null, type.type === "date" ? "bad-date" : "bad-value"];
    }
  }

  /** A value of a JSON list that has a type of its own. */
  #takeValue(column: Column, field: string, value: unknown): void {
    const fits = isText(field) ? false : fitsType(value, column.type);
    if (fits && isValue(value)) this.#fields[field] = value;
    else this.#flag("bad-value", column, value);
  }

  #takeCreated(column: Column, text: string): void {
    if (this.#created !== null) return;
    const order =
      column.type.type === "date" ? column.type : ({ type: "date", order: "day-first" } as const);
    const written = readValue(text, order);
    this.#created = moment(written, this.options.workspace.timezone);
    if (this.#created === null) this.#flag("bad-date", column, text);
  }

  #takeConsent(column: Column, cell: unknown): void {
    const given = words(cell).map((word) => word.toLowerCase());
    // An empty cell says nothing; only an empty list says that no channel may be used.
    if (given.length === 0 && !Array.isArray(cell)) return;
    this.#consent = [];
    for (const channel of given) {
      if (CHANNELS.includes(channel)) {
        if (!this.#consent.includes(channel)) this.#consent.push(channel);
      } else if (channel !== "none") this.#flag("unknown-channel", column, channel);
    }
  }

  #flag(code: RowProblemCode, column: Column, cell: unknown): void {
    if (!this.#flags.includes(code)) this.#flags.push(code);
    this.#problems.push(rowProblem(this.#place, code, { column: column.header, cell }));
  }

  finish(): RowRead {
    const fields = this.#fields;
    if (this.#fullName) {
      const { first, last } = splitName(this.#fullName);
      if (!Object.hasOwn(fields, "first_name") && !Object.hasOwn(fields, "last_name")) {
        fields.first_name = first;
        if (last) fields.last_name = last;
      }
    }
    const key = fields.email ?? fields.phone;
    if (typeof key !== "string") {
      this.#problems.push(rowProblem(this.#place, "no-identifier"));
      return { line: this.line, row: null, problems: this.#problems };
    }
    const row: ContactRow = {
      key,
      line: this.line,
      fields,
      tags: this.#tags,
      consent: this.#consent,
      created: this.#created,
      flags: this.#flags,
    };
    return { line: this.line, row, problems: this.#problems };
  }
}

const TEXTS = new Set(["email", "phone", "timezone", "locale", "created_at", ...NAMES]);

/** Fields that are always text, whatever their cells look like. */
export const isText = (field: string): boolean => TEXTS.has(field);

/** Tags or channels: text parted by `|`, or a list of texts. */
function words(cell: unknown): string[] {
  const parts = Array.isArray(cell) ? cell : String(cell).split("|");
  return parts.map((part) => cleanName(String(part))).filter((word) => word !== "");
}

function fitsType(value: unknown, type: ColumnType): boolean {
  if (type.type === "number") return typeof value === "number";
  if (type.type === "yes/no") return typeof value === "boolean";
  return type.type === "text";
}

/** How deep a value of a field may be nested. */
const DEPTH = 16;

/** Whether a value read from JSON is one that a field may hold. */
function isValue(value: unknown, depth = 0): value is Value {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "object" && value !== null) {
    return depth < DEPTH && Object.values(value).every((inner) => isValue(inner, depth + 1));
  }
  return value === null || typeof value === "string" || typeof value === "boolean";
}
