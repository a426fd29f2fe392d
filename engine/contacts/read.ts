import type { Workspace } from "../core/state.ts";
import { openText, type Source } from "./bytes.ts";
import { countryCode, countryOfZone } from "./countries.ts";
import { type Csv, MAX_COLUMNS, readCsv } from "./csv.ts";
import {
  applyMap,
  type ColumnMap,
  customField,
  guessTargets,
  SAMPLE,
  type Target,
} from "./mapping.ts";
import { mergeRows, type Person } from "./match.ts";
import { readable, rowProblem, unreadable } from "./problems.ts";
import { isText, type RowOptions, type RowRead, RowReader } from "./row.ts";
import type { Column, ColumnType, ContactRow, Read, RowProblem } from "./types.ts";
import { TypeGuess } from "./values.ts";

export interface ReadOptions {
  /** `fields` fixes the types of custom fields that are known already. */
  workspace: Pick<Workspace, "timezone" | "fields">;
  /** Country (code or name) of phone numbers that don't say theirs; default: that of the workspace's zone. */
  country?: string | null;
}

/** A whole file of contacts, cleaned and merged. */
export interface Contacts {
  people: Person[];
  problems: RowProblem[];
  /** Rows that were read, rejected ones among them. */
  rows: number;
  /** Types of the file's custom fields: `number`, `date`, `yes/no` or `text`. */
  fields: Record<string, string>;
}

/** JSON is read at once, so its size has a bound; CSV has none. */
const MAX_JSON_MB = 256;

/**
 * Reads a file of contacts into memory, as `simulate` does: CSV, or a JSON list (`.json`, or text that
 * begins with `[`). Columns are taken by their documented names alone; any other is a custom field.
 */
export async function readContacts(source: Source, options: ReadOptions): Promise<Read<Contacts>> {
  const json = await readJson(source);
  if (!json.ok) return json;
  if (json.value !== null) {
    let list: unknown;
    try {
      list = JSON.parse(json.value);
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof RangeError)
        return unreadable("bad-json");
      throw error;
    }
    return contactsOf(list, options);
  }
  const csv = await readCsv(source);
  if (!csv.ok) return csv;
  const targets = csv.value.header.map(customField);
  const missing = withoutIdentifier(targets, csv.value.header);
  if (missing) return missing;
  const columns = await typeColumns(csv.value, targets, options.workspace.fields);
  const rows: ContactRow[] = [];
  const problems: RowProblem[] = [];
  let count = 0;
  for await (const batch of readRows(csv.value, columns, options)) {
    for (const read of batch) {
      count++;
      if (read.row) rows.push(read.row);
      problems.push(...read.problems);
    }
  }
  return readable({ people: mergeRows(rows), problems, rows: count, fields: typesOf(columns) });
}

/** The text of a JSON file; null when it is none. */
async function readJson(source: Source): Promise<Read<string | null>> {
  const opened = await openText(source);
  if (!opened.ok) return opened;
  const name = typeof source === "string" ? source.toLowerCase() : "";
  const isJson = name.endsWith(".json");
  let text = "";
  for await (const chunk of opened.value.chunks()) {
    text += chunk;
    if (!isJson && (name.endsWith(".csv") || !text.trimStart().startsWith("[")))
      return readable(null);
    if (text.length > MAX_JSON_MB << 20) return unreadable("too-big", "", MAX_JSON_MB);
  }
  return readable(isJson || text !== "" ? text : null);
}

/** The same for a list already parsed: a scenario's contacts, or the fields of one that is created. */
export function contactsOf(list: unknown, options: ReadOptions): Read<Contacts> {
  if (!Array.isArray(list)) return unreadable("not-a-list");
  const header = new Set<string>();
  for (const record of list)
    if (isRecord(record)) for (const name of Object.keys(record)) header.add(name);
  if (header.size > MAX_COLUMNS) return unreadable("too-many-columns", "", MAX_COLUMNS);
  const names = [...header];
  const targets = names.map(customField);
  const missing = names.length > 0 ? withoutIdentifier(targets, names) : null;
  if (missing) return missing;
  const guesses = targets.map((target) => new TypeGuess(target === "created_at"));
  for (const record of list) {
    if (!isRecord(record)) continue;
    for (const [i, name] of names.entries()) guesses[i]?.see(cellOf(record, name));
  }
  const columns = columnsOf(names, targets, guesses, options.workspace.fields);
  const reader = new RowReader(columns, { ...options, unit: "record" });
  const rows: ContactRow[] = [];
  const problems: RowProblem[] = [];
  list.forEach((record: unknown, i) => {
    if (!isRecord(record)) {
      problems.push(rowProblem({ line: i + 1, unit: "record" }, "bad-record"));
      return;
    }
    const read = reader.read(
      i + 1,
      names.map((name) => cellOf(record, name)),
    );
    if (read.row) rows.push(read.row);
    problems.push(...read.problems);
  });
  return readable({
    people: mergeRows(rows),
    problems,
    rows: list.length,
    fields: typesOf(columns),
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const cellOf = (record: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function withoutIdentifier(targets: Target[], header: string[]) {
  if (targets.includes("email") || targets.includes("phone")) return null;
  return unreadable("no-identifier-column", header.map((name) => `“${name}”`).join(", "));
}

/** Types of built-in fields in an import, where no column decides them anew. */
const BUILT_IN: Record<string, string> = {
  country: "text",
  city: "text",
  birthday: "date",
  type: "text",
  lifecycle: "text",
  preferred_channel: "text",
  stage: "text",
  score: "number",
  owner: "text",
  source: "text",
};

/**
 * Decides where each column of an import goes (by `map`, else by header and cells) and what its cells
 * are. Reads the file once; `readRows` reads it again.
 */
export async function planImport(
  csv: Csv,
  options: ReadOptions & { map?: ColumnMap },
): Promise<Read<Column[]>> {
  const sample: string[][] = [];
  for await (const batch of csv.rows()) {
    for (const row of batch) if (!row.problem && sample.length < SAMPLE) sample.push(row.cells);
    if (sample.length >= SAMPLE) break;
  }
  const country = options.country
    ? countryCode(options.country)
    : countryOfZone(options.workspace.timezone);
  const guessed = guessTargets(csv.header, sample, country);
  const mapped = applyMap(csv.header, guessed, options.map ?? {});
  if (!mapped.ok) return mapped;
  const missing = withoutIdentifier(mapped.value, csv.header);
  if (missing) return missing;
  const declared = { ...BUILT_IN, ...options.workspace.fields };
  const columns = await typeColumns(csv, mapped.value, declared);
  return readable(
    columns.map((column) =>
      column.field === "full_name" ? { ...column, field: "first_name", fullName: true } : column,
    ),
  );
}

/** Rows that are read together: one by one, the waiting for each would cost more than the reading. */
const BATCH = 1000;

/** Clean rows of a CSV file in its order, a thousand at a time, in bounded memory. */
export async function* readRows(
  csv: Csv,
  columns: Column[],
  options: ReadOptions,
): AsyncGenerator<RowRead[]> {
  const rowOptions: RowOptions = { ...options, damaged: csv.damaged };
  const reader = new RowReader(columns, rowOptions);
  let batch: RowRead[] = [];
  for await (const rows of csv.rows()) {
    for (const { line, cells, problem } of rows) {
      const read = problem ? { line, row: null, problems: [problem] } : reader.read(line, cells);
      batch.push({ ...read, cells });
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function typeColumns(
  csv: Csv,
  targets: Target[],
  declared: Record<string, string>,
): Promise<Column[]> {
  const guesses = targets.map(
    (target) =>
      new TypeGuess(target === "created_at" || (target !== null && declared[target] === "date")),
  );
  const looked = guesses.flatMap((guess, i) => {
    const target = targets[i];
    const known = !target || target === "tags" || target === "consent";
    return known || (isText(target) && target !== "created_at") ? [] : [{ guess, i }];
  });
  for await (const batch of csv.rows()) {
    for (const { cells } of batch) for (const { guess, i } of looked) guess.see(cells[i]);
  }
  return columnsOf(csv.header, targets, guesses, declared);
}

function columnsOf(
  header: string[],
  targets: Target[],
  guesses: TypeGuess[],
  declared: Record<string, string>,
): Column[] {
  return header.map((name, i): Column => {
    const field = targets[i] ?? null;
    const guess = guesses[i] ?? new TypeGuess();
    return {
      header: name,
      field,
      type: field === null ? { type: "text" } : typeOf(field, guess, declared),
    };
  });
}

function typeOf(field: string, guess: TypeGuess, declared: Record<string, string>): ColumnType {
  if (field === "created_at") return { type: "date", order: guess.order() };
  if (isText(field)) return { type: "text" };
  const type = Object.hasOwn(declared, field) ? declared[field] : undefined;
  if (type === undefined) return guess.type();
  if (type === "date") return { type, order: guess.order() };
  return type === "number" || type === "yes/no" ? { type } : { type: "text" };
}

function typesOf(columns: Column[]): Record<string, string> {
  const types: Record<string, string> = {};
  for (const { field, type } of columns) {
    if (field && !isText(field) && field !== "tags" && field !== "consent")
      types[field] = type.type;
  }
  return types;
}
