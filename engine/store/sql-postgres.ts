import { ALWAYS, COMPARISONS, type Dialect, NEVER, raw, type Sql, sql, within } from "./sql.ts";

const valueAt = (of: Sql, key: string): Sql => sql`(${of} -> 'v' -> ${key})`;
const typeAt = (of: Sql, key: string): Sql => sql`jsonb_typeof(${valueAt(of, key)})`;
const textAt = (of: Sql, key: string): Sql => sql`(${of} -> 'v' ->> ${key}) COLLATE "C"`;
const sure = (condition: Sql): Sql => sql`coalesce(${condition}, FALSE)`;
/** PostgreSQL may look at both sides of AND in any order: only CASE keeps a cast from what it can't cast. */
const onlyIf = (condition: Sql, then: Sql): Sql =>
  sql`CASE WHEN ${condition} THEN ${then} ELSE FALSE END`;

/** PostgreSQL reads `jsonb` by name; texts compare byte by byte, as SQLite and the journal's order do. */
export const postgresDialect: Dialect = {
  sure,
  exists: (of, key) => sql`(${valueAt(of, key)} IS NOT NULL)`,
  text(of, key, op, value) {
    const compared = compareText(textAt(of, key), op, value);
    return compared === NEVER ? NEVER : sure(sql`${typeAt(of, key)} = 'string' AND ${compared}`);
  },
  compareNumber(of, key, op, value) {
    const comparison = COMPARISONS[op];
    if (comparison === undefined) return NEVER;
    return onlyIf(
      sql`${typeAt(of, key)} = 'number'`,
      sql`${valueAt(of, key)}::float8 ${raw(comparison)} CAST(${JSON.stringify(value)} AS float8)`,
    );
  },
  isBoolean: (of, key, value) => sure(sql`${valueAt(of, key)} = CAST(${String(value)} AS jsonb)`),
  listHas(of, key, value) {
    if (value === null) return NEVER;
    const element =
      typeof value === "string"
        ? sql`to_jsonb(${value})`
        : sql`CAST(${JSON.stringify(value)} AS jsonb)`;
    // A text contains itself for PostgreSQL, so only lists are asked.
    return onlyIf(sql`${typeAt(of, key)} = 'array'`, sql`${valueAt(of, key)} @> ${element}`);
  },
  number: (of, kind, key) => sql`(${of} -> ${raw(`'${kind}'`)} ->> ${key})::float8`,
  within,
  dayOf: (ms) => sql`floor((${ms})::float8 / 86400000)`,
  momentCopy: (key, column) =>
    sql`CASE WHEN ${column} IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('v', jsonb_build_object(${key},
      to_char(to_timestamp(${column} / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD"t"HH24:MI:SS') ||
      CASE ${column} % 1000 WHEN 0 THEN 'z' ELSE '.' || lpad((${column} % 1000)::text, 3, '0') || 'z' END),
      'i', jsonb_build_object(${key}, ${column})) END`,
  list: (json) => sql`(SELECT value::float8 FROM json_array_elements_text(${json}::json))`,
  each: (json) => sql`json_array_elements(${json})`,
  texts: (json) => sql`json_array_elements_text(${json})`,
  part: (json, name) => sql`${json} ->> ${name}`,
  moment: (json, name) => sql`(${json} ->> ${name})::bigint`,
  isTrue: (json, name) => sure(sql`(${json} -> ${name})::text = 'true'`),
  rawText: (json, name) =>
    sql`CASE WHEN json_typeof(${json} -> ${name}) = 'string' THEN nullif(${json} ->> ${name}, '') END`,
  // `greatest` passes over what is null.
  atLeast: (value, least) =>
    sql`CASE WHEN (${value}) IS NOT NULL THEN greatest(${value}, ${least}) END`,
};

function compareText(value: Sql, op: string, right: string): Sql {
  const length = [...right].length;
  switch (op) {
    case "contains":
      return right === "" ? ALWAYS : sql`strpos(${value}, ${right}) > 0`;
    case "starts-with":
      return right === "" ? ALWAYS : sql`starts_with(${value}, ${right})`;
    case "ends-with":
      return right === "" ? ALWAYS : sql`right(${value}, ${raw(String(length))}) = ${right}`;
    default: {
      const comparison = COMPARISONS[op as keyof typeof COMPARISONS];
      return comparison === undefined ? NEVER : sql`${value} ${raw(comparison)} ${right}`;
    }
  }
}

/**
 * A piece with `$1`, `$2` … for its question marks, beginning after `before` that are there already. Each says its
 * type: PostgreSQL can't always tell, and would round a fraction that is compared with a whole number.
 */
export function numbered(piece: Sql, before: number): string {
  let n = 0;
  return piece.sql.replaceAll("?", () => {
    const value = piece.params[n++];
    const type =
      typeof value === "string" ? "text" : Number.isSafeInteger(value) ? "bigint" : "float8";
    return `$${before + n}::${type}`;
  });
}
