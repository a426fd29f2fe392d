import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../../engine/store/sqlite/database.ts";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import { load, people, run, T0, turn } from "./make.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ["journal_mode", "wal"],
  ["synchronous", 2],
  ["foreign_keys", 1],
  ["secure_delete", 1],
  ["busy_timeout", 10_000],
])(
  "%s is %s, so that what was committed survives power loss and what was erased is gone",
  (name, value) => {
    const { db } = openDatabase(join(folder, "a.db"), T0);
    const row = db.query(`PRAGMA ${name}`).get() as Record<string, unknown>;
    expect(Object.values(row)).toEqual([value]);
    db.close();
  },
);

test("what was written is there after closing and opening again", async () => {
  const file = join(folder, "a.db");
  const store = openSqlite(file, { now: T0 });
  const name = await store.installation();
  const [ann = ""] = await people(store, "ann@x.example");
  await turn(store, ann, T0, (c) => void c.runs.add(run()));
  await store.close();
  const again = openSqlite(file, { now: T0 + 1 });
  expect(await again.installation()).toBe(name);
  expect((await load(again, ann)).runs).toEqual([run()]);
  await again.close();
});

test("a file that is no database is refused and stays as it was", async () => {
  const file = join(folder, "a.db");
  await Bun.write(file, "name,email\nAnn,ann@x.example\n".repeat(50));
  expect(() => openSqlite(file, { now: T0 })).toThrow("not a database");
  expect(readFileSync(file, "utf8")).toContain("ann@x.example");
});

test.each([
  [
    "contacts that are due",
    "SELECT contact FROM marks WHERE due <= 5 ORDER BY due, contact LIMIT 9",
    "marks_due",
  ],
  [
    "sends that are due",
    "SELECT id FROM outbox WHERE state = 'queued' AND due_at <= 5 ORDER BY due_at, id LIMIT 9",
    "outbox_open",
  ],
  [
    "sends under way",
    "SELECT id FROM outbox WHERE due_at IS NOT NULL AND state = 'sending' AND worker <> 'a'",
    "outbox_open",
  ],
  [
    "pending inputs",
    "SELECT seq FROM inputs WHERE contact IN (1, 2) AND data IS NOT NULL",
    "inputs_pending",
  ],
  [
    "open runs of a version",
    "SELECT 1 FROM runs WHERE flow = 'a' AND version = 1 AND state IN ('active', 'paused')",
    "runs_flow",
  ],
])("%s are found by index, however many others there are", (_, query, index) => {
  const { db } = openDatabase(":memory:", T0);
  const plan = db.query(`EXPLAIN QUERY PLAN ${query}`).all() as { detail: string }[];
  const text = plan.map((p) => p.detail).join("\n");
  expect(text).toContain(index);
  expect(text).not.toMatch(/SCAN (contacts|marks|outbox|inputs|runs)(?! USING)|USE TEMP B-TREE/);
  db.close();
});
