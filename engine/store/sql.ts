import type { Op } from "../../nodes/index.ts";
import type { Spans } from "./spans.ts";

/** A piece of SQL with what its question marks are bound to, in order. */
export interface Sql {
  sql: string;
  params: (string | number)[];
}

const isSql = (value: unknown): value is Sql =>
  typeof value === "object" && value !== null && "sql" in value;

/** Pieces are put in as they are, everything else is bound. */
export function sql(strings: TemplateStringsArray, ...values: (Sql | string | number)[]): Sql {
  let text = strings[0] ?? "";
  const params: (string | number)[] = [];
  values.forEach((value, i) => {
    text += isSql(value) ? value.sql : "?";
    if (isSql(value)) params.push(...value.params);
    else params.push(value);
    text += strings[i + 1] ?? "";
  });
  return { sql: text, params };
}

export const NEVER: Sql = { sql: "FALSE", params: [] };
export const ALWAYS: Sql = { sql: "TRUE", params: [] };

/** Halved again and again: databases bound the depth of an expression, not its width. */
function join(parts: Sql[], word: "AND" | "OR"): Sql {
  const [only] = parts;
  if (parts.length <= 1) return only ?? (word === "AND" ? ALWAYS : NEVER);
  const half = parts.length >> 1;
  const [left, right] = [join(parts.slice(0, half), word), join(parts.slice(half), word)];
  return { sql: `(${left.sql} ${word} ${right.sql})`, params: [...left.params, ...right.params] };
}

export const all = (parts: Sql[]): Sql =>
  join(
    parts.filter((p) => p !== ALWAYS),
    "AND",
  );
export const any = (parts: Sql[]): Sql =>
  join(
    parts.filter((p) => p !== NEVER),
    "OR",
  );
/** Its operand is never null: every comparison says yes or no. */
export const not = (part: Sql): Sql => sql`(NOT ${part})`;

/** How a database reads the comparable copies (see `comparable.ts`) and other JSON. */
export interface Dialect {
  /** A condition that may be null, as a yes or no. */
  sure(condition: Sql): Sql;
  exists(of: Sql, key: string): Sql;
  /** `value` is folded. */
  text(of: Sql, key: string, op: Op, value: string): Sql;
  compareNumber(of: Sql, key: string, op: Op, value: number): Sql;
  isBoolean(of: Sql, key: string, value: boolean): Sql;
  /** Whether a list has the value, folded. */
  listHas(of: Sql, key: string, value: string | number | boolean | null): Sql;
  /** A date of the copy, in milliseconds; null when there is none. */
  number(of: Sql, kind: "i" | "l" | "d", key: string): Sql;
  within(value: Sql, spans: Spans): Sql;
  dayOf(milliseconds: Sql): Sql;
  /** The comparable copy of a field that is a moment in a column, which may be null. */
  momentCopy(key: string, column: Sql): Sql;
  /** The values of a JSON list, to stand after IN. */
  list(json: string): Sql;
  /** The elements of a JSON list as rows with `value`, to be looked into. */
  each(json: Sql): Sql;
  /** The texts of a JSON list as rows with `value`. */
  texts(json: Sql): Sql;
  /** A text in a JSON object. */
  part(json: Sql, name: string): Sql;
  /** A moment in a JSON object. */
  moment(json: Sql, name: string): Sql;
  isTrue(json: Sql, name: string): Sql;
  /** A text in a JSON object by its plain name; null when it is no text. */
  rawText(json: Sql, name: string): Sql;
  /** The greater of a value, which may be null and then makes it null, and a number. */
  atLeast(value: Sql, least: number): Sql;
}

export const raw = (text: string): Sql => ({ sql: text, params: [] });
const path = (kind: string, key: string): string => `$.${kind}."${key}"`;
const typeAt = (of: Sql, key: string): Sql => sql`json_type(${of}, ${path("v", key)})`;
const valueAt = (of: Sql, key: string): Sql => sql`json_extract(${of}, ${path("v", key)})`;
/** A number as JSON spells it, read as JSON's numbers are: whatever the reader rounds, both sides round alike. */
const literal = (value: number): Sql =>
  sql`CAST(json_extract(${JSON.stringify(value)}, '$') AS REAL)`;
const sure = (condition: Sql): Sql => sql`coalesce(${condition}, FALSE)`;
export const COMPARISONS: Partial<Record<Op, string>> = {
  "=": "=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

function compareText(value: Sql, op: Op, right: string): Sql {
  const length = [...right].length;
  switch (op) {
    case "contains":
      return right === "" ? ALWAYS : sql`instr(${value}, ${right}) > 0`;
    case "starts-with":
      return right === "" ? ALWAYS : sql`instr(${value}, ${right}) = 1`;
    case "ends-with":
      return right === "" ? ALWAYS : sql`substr(${value}, ${-length}) = ${right}`;
    default: {
      const comparison = COMPARISONS[op];
      return comparison === undefined ? NEVER : sql`${value} ${raw(comparison)} ${right}`;
    }
  }
}

/** Whether a moment lies in one of the spans; null lies in none. */
export const within = (value: Sql, spans: Spans): Sql =>
  sure(
    any(
      spans.map(([start, end]) =>
        all([
          start === Number.NEGATIVE_INFINITY ? ALWAYS : sql`${value} >= ${start}`,
          end === Number.POSITIVE_INFINITY ? ALWAYS : sql`${value} < ${end}`,
          sql`${value} IS NOT NULL`,
        ]),
      ),
    ),
  );

/** SQLite reads JSONB by path; yes and no come out as 1 and 0, lists as their text, so types are asked for. */
export const sqlite: Dialect = {
  sure,
  exists: (of, key) => sql`(${typeAt(of, key)} IS NOT NULL)`,
  text(of, key, op, value) {
    const compared = compareText(valueAt(of, key), op, value);
    if (compared === NEVER) return NEVER;
    // Few rows are equal, so the type is asked for last; for the other operators nothing is known before.
    return op === "="
      ? sure(sql`${compared} AND ${typeAt(of, key)} = 'text'`)
      : sure(sql`${typeAt(of, key)} = 'text' AND ${compared}`);
  },
  compareNumber(of, key, op, value) {
    const comparison = COMPARISONS[op];
    if (comparison === undefined) return NEVER;
    return sure(
      sql`${typeAt(of, key)} IN ('integer', 'real') AND CAST(${valueAt(of, key)} AS REAL) ${raw(comparison)} ${literal(value)}`,
    );
  },
  isBoolean: (of, key, value) => sure(sql`${typeAt(of, key)} = ${String(value)}`),
  listHas(of, key, value) {
    if (value === null) return NEVER;
    const rows = sql`${typeAt(of, key)} = 'array' AND EXISTS (SELECT 1 FROM json_each(${of}, ${path("v", key)}) x WHERE`;
    if (typeof value === "string")
      return sure(sql`${rows} x.type = 'text' AND x.value = ${value})`);
    if (typeof value === "boolean") return sure(sql`${rows} x.type = ${String(value)})`);
    return sure(
      sql`${rows} x.type IN ('integer', 'real') AND CAST(x.value AS REAL) = ${literal(value)})`,
    );
  },
  number: (of, kind, key) => sql`json_extract(${of}, ${path(kind, key)})`,
  within,
  dayOf: (ms) => sql`CAST(floor(${ms} / 86400000.0) AS INTEGER)`,
  momentCopy: (key, column) =>
    sql`CASE WHEN ${column} IS NULL THEN '{}' ELSE json_object('v', json_object(${key},
      strftime('%Y-%m-%dt%H:%M:%S', ${column} / 1000, 'unixepoch') ||
      CASE ${column} % 1000 WHEN 0 THEN 'z' ELSE printf('.%03dz', ${column} % 1000) END),
      'i', json_object(${key}, ${column})) END`,
  list: (json) => sql`(SELECT value FROM json_each(${json}))`,
  each: (json) => sql`json_each(${json})`,
  texts: (json) => sql`json_each(${json})`,
  part: (json, name) => sql`json_extract(${json}, ${`$."${name}"`})`,
  moment: (json, name) => sql`json_extract(${json}, ${`$."${name}"`})`,
  isTrue: (json, name) => sure(sql`json_type(${json}, ${`$."${name}"`}) = 'true'`),
  rawText: (json, name) =>
    sql`(SELECT f.value FROM json_each(${json}) f WHERE f.key = ${name} AND f.type = 'text' AND f.value <> '')`,
  atLeast: (value, least) => sql`max(${value}, ${least})`,
};
