import { Database } from "bun:sqlite";
import { getTableName, is, Table } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { StoreRefused } from "../../engine/store/errors.ts";
import { MIGRATIONS, migrate } from "../../engine/store/sqlite/migrations.ts";
import * as schema from "../../engine/store/sqlite/schema.ts";
import { T0 } from "./make.ts";

const tables: SQLiteTable[] = Object.values(schema).filter((t) => is(t, Table));

const LAST = MIGRATIONS.length;

interface Column {
  name: string;
  type: string;
  notnull: number;
  pk: number;
  dflt_value: string | null;
}

function fresh(): Database {
  const db = new Database(":memory:");
  migrate(db, T0);
  return db;
}

test("migrations make every table of the schema and no other", () => {
  const made = fresh()
    .query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all() as { name: string }[];
  expect(made.map((t) => t.name).sort()).toEqual(
    [...tables.map(getTableName), "migrations"].sort(),
  );
});

test.each(tables.map((t) => [getTableName(t), t] as const))(
  "schema and migrations agree on %s",
  (name, table) => {
    const db = fresh();
    const config = getTableConfig(table);
    const composite = config.primaryKeys[0]?.columns.map((c) => c.name) ?? [];
    const made = db.query(`SELECT * FROM pragma_table_info('${name}')`).all() as Column[];
    expect(
      made.map((c) => [
        c.name,
        c.type,
        c.notnull === 1 || c.pk > 0,
        c.pk > 0,
        c.dflt_value !== null,
      ]),
    ).toEqual(
      config.columns.map((c) => {
        const key = c.primary || composite.includes(c.name);
        return [
          c.name,
          c.getSQLType().toUpperCase(),
          c.notNull || key,
          key,
          c.default !== undefined,
        ];
      }),
    );
    const indexes = db
      .query(
        `SELECT name, "unique", partial FROM pragma_index_list('${name}') WHERE origin = 'c' ORDER BY name`,
      )
      .all() as { name: string; unique: number; partial: number }[];
    const columnsOf = (index: string) =>
      (db.query(`SELECT name FROM pragma_index_info('${index}')`).all() as { name: string }[]).map(
        (c) => c.name,
      );
    expect(
      indexes.map((i) => [i.name, i.unique === 1, i.partial === 1, columnsOf(i.name)]),
    ).toEqual(
      config.indexes
        .map(({ config: i }) => [
          i.name,
          i.unique,
          i.where !== undefined,
          i.columns.map((c) => ("name" in c ? c.name : "")),
        ])
        .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    );
    const references = db
      .query(`SELECT "from", "table" FROM pragma_foreign_key_list('${name}') ORDER BY 1`)
      .all();
    expect(references).toEqual(
      config.foreignKeys.map((f) => {
        const { columns, foreignTable } = f.reference();
        return { from: columns[0]?.name ?? "", table: getTableName(foreignTable) };
      }),
    );
  },
);

test("a migration that has run doesn't run again, and what was stored stays", () => {
  const db = fresh();
  db.run("INSERT INTO settings (name, value) VALUES ('a', '1')");
  const next = [
    ...MIGRATIONS,
    {
      version: LAST + 1,
      name: "more",
      sql: "ALTER TABLE settings ADD COLUMN note TEXT",
    },
  ];
  migrate(db, T0 + 1, next);
  migrate(db, T0 + 2, next);
  expect(db.query("SELECT * FROM settings").all()).toEqual([{ name: "a", value: "1", note: null }]);
  expect(db.query("SELECT version, at FROM migrations").all()).toEqual([
    ...MIGRATIONS.map(({ version }) => ({ version, at: T0 })),
    { version: LAST + 1, at: T0 + 1 },
  ]);
});

test("a migration that fails leaves the database as it was", () => {
  const db = fresh();
  const next = [
    ...MIGRATIONS,
    { version: LAST + 1, name: "good", sql: "CREATE TABLE extra (a INTEGER)" },
    { version: LAST + 2, name: "bad", sql: "CREATE TABLE settings (a INTEGER)" },
  ];
  expect(() => migrate(db, T0, next)).toThrow("already exists");
  expect(db.query("SELECT max(version) AS v FROM migrations").get()).toEqual({ v: LAST });
  expect(db.query("SELECT name FROM sqlite_master WHERE name = 'extra'").all()).toEqual([]);
});

test("a disk that fills while tables are made is told as that, and the database is as it was", () => {
  const db = new Database(":memory:");
  db.run("PRAGMA max_page_count = 20");
  expect(() => migrate(db, T0)).toThrow(expect.objectContaining({ code: "SQLITE_FULL" }));
  expect(db.inTransaction).toBe(false);
  expect(db.query("SELECT count(*) AS n FROM sqlite_master").get()).toEqual({ n: 0 });
});

test("who stands where and what was reached are counted once for a store that had no such sums", () => {
  const db = new Database(":memory:");
  migrate(db, T0, MIGRATIONS.slice(0, 1));
  db.run(
    "INSERT INTO contacts (pk, id, seed, created, source, fields, folded) VALUES (1, 'a', 'a', 0, '', '{}', jsonb('{}'))",
  );
  const run = db.prepare(
    "INSERT INTO runs (contact, flow, n, version, state, node, since, entered, rest) VALUES (1, 'f', ?, 1, ?, 'wait', 0, 0, '{}')",
  );
  ["active", "active", "failed", "completed"].forEach((state, i) => void run.run(i + 1, state));
  db.run(
    `INSERT INTO journal_turns (contact, flow, version, n, at, lines) VALUES (1, 'f', 1, 1, 0,
       '[[0,"goal",null,{"value":12.5}],[1,"goal","won",{}],[2,"step","wait",{"output":"next"}]]')`,
  );
  migrate(db, T0 + 1);
  expect(
    db.query("SELECT node, kind, name, count FROM sums ORDER BY kind, node, name").values(),
  ).toEqual([
    ["", "goal", "reached", 1],
    ["", "goal", "thousandths", 12_500],
    ["won", "goal", "reached", 1],
    ["wait", "here", "active", 2],
    ["wait", "here", "failed", 1],
  ]);
});

test("segments that were listened to before listening had numbers are still listened to, their members known", () => {
  const before = MIGRATIONS.filter(({ name }) => name !== "sweeps" && name !== "standing");
  const [sweeps] = MIGRATIONS.filter(({ name }) => name === "sweeps");
  const db = new Database(":memory:");
  migrate(db, T0, before.slice(0, 1));
  db.run(
    "INSERT INTO flows (id, draft, version, updated) VALUES ('f', '{}', 1, 0), ('draft', '{}', NULL, 0)",
  );
  db.run(`INSERT INTO settings VALUES ('listens:f', '["a","b"]'), ('listens:g', '["b"]')`);
  db.run(sweeps?.sql ?? "");
  expect(
    db
      .query("SELECT name, value FROM settings WHERE name NOT LIKE 'listens%' ORDER BY name")
      .values(),
  ).toEqual([
    ["listening", '{"last":0,"segments":{"a":{"n":0,"at":0},"b":{"n":0,"at":0}}}'],
    ["timers:f", "true"],
  ]);
});

test("what moves at every turn is taken out of the contact, and lines written before are read as they were", () => {
  const db = new Database(":memory:");
  migrate(db, T0, MIGRATIONS.slice(0, 7));
  const add = db.prepare(
    `INSERT INTO contacts (pk, id, seed, created, source, due, touched, drawn, members, fields, folded)
     VALUES (?1, ?1, 'a', 0, '', ?2, ?3, ?4, '{}', '{}', jsonb('{}'))`,
  );
  add.run(1, 5, 7, '{"f/half":"a"}');
  add.run(2, null, null, "{}");
  db.run(
    `INSERT INTO journal_turns (contact, flow, version, n, at, lines) VALUES (1, 'f', 1, 1, 0,
       '[[3,"step","wait",{"output":"next"}]]')`,
  );
  migrate(db, T0 + 1);
  expect(db.query("SELECT * FROM marks").all()).toEqual([
    { contact: 1, due: 5, touched: 7, drawn: '{"f/half":"a"}', fired: null, members: null },
  ]);
  expect(db.query("SELECT seq, kind, node, detail FROM journal").all()).toEqual([
    { seq: 3, kind: "step", node: "wait", detail: '{"output":"next"}' },
  ]);
});

test("a database of a newer program is refused with a sentence in both languages", () => {
  const db = fresh();
  db.run("INSERT INTO migrations (version, name, at) VALUES (99, 'future', 0)");
  expect(() => migrate(db, T0)).toThrow(StoreRefused);
  try {
    migrate(db, T0);
  } catch (error) {
    expect((error as StoreRefused).message).toContain("schema version 99");
    expect((error as StoreRefused).ar).toContain("99");
  }
});
