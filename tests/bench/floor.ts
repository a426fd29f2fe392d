import { Database } from "bun:sqlite";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const BATCH = 1000;
const STEPS = 6;
/** Where the tags stand in a line of the import's file. */
const TAGS = 6;

/**
 * The floor: bun:sqlite doing one enrollment update by key (with a due index) and one journal insert a step, in
 * batches of 1,000 with `synchronous=FULL`. Steps a second; nothing is decided, rendered or sent.
 */
export function floorRate(folder: string, enrollments: number): number {
  const db = new Database(join(folder, "floor.sqlite"), { create: true });
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL"]) db.run(`PRAGMA ${pragma}`);
  db.run(
    "CREATE TABLE enrollment (id INTEGER PRIMARY KEY, node TEXT NOT NULL, due INTEGER) STRICT",
  );
  db.run("CREATE INDEX enrollment_due ON enrollment (due) WHERE due IS NOT NULL");
  db.run(
    "CREATE TABLE journal (id INTEGER PRIMARY KEY, enrollment INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, node TEXT NOT NULL) STRICT",
  );
  const insert = db.prepare("INSERT INTO enrollment (id, node, due) VALUES (?, 'n0', ?)");
  db.transaction(() => {
    for (let id = 1; id <= enrollments; id++) insert.run(id, id);
  })();
  const update = db.prepare("UPDATE enrollment SET node = ?, due = ? WHERE id = ?");
  const line = db.prepare(
    "INSERT INTO journal (enrollment, at, kind, node) VALUES (?, ?, 'step', ?)",
  );
  const step = db.transaction((from: number, node: string, at: number) => {
    const last = Math.min(from + BATCH - 1, enrollments);
    for (let id = from; id <= last; id++) {
      update.run(node, at + id, id);
      line.run(id, at, node);
    }
  });
  const started = performance.now();
  for (let from = 1; from <= enrollments; from += BATCH) {
    for (let n = 1; n <= STEPS; n++) step(from, `n${n}`, n * 1000);
  }
  const seconds = (performance.now() - started) / 1000;
  db.close();
  return (enrollments * STEPS) / seconds;
}

/**
 * The floor of an import: a file's lines cut at their commas and put into bun:sqlite, a contact with its two copies
 * of the fields and the indexes that matching needs, and a row for each tag; in batches of 1,000 with
 * `synchronous=FULL`. Rows a second; nothing is checked, normalised, matched or folded.
 */
export async function importFloor(folder: string, file: string): Promise<number> {
  const db = new Database(join(folder, "import-floor.sqlite"), { create: true });
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "cache_size = -24576"])
    db.run(`PRAGMA ${pragma}`);
  db.run(
    "CREATE TABLE contact (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, email TEXT UNIQUE, phone TEXT, fields TEXT NOT NULL, copy BLOB NOT NULL) STRICT",
  );
  db.run("CREATE INDEX contact_phone ON contact (phone)");
  db.run(
    "CREATE TABLE tag (contact INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (contact, tag)) STRICT, WITHOUT ROWID",
  );
  db.run("CREATE INDEX tag_tag ON tag (tag, contact)");
  const contact = db.prepare(
    "INSERT OR IGNORE INTO contact (id, email, phone, fields, copy) VALUES (?, ?, ?, ?, jsonb(?))",
  );
  const tag = db.prepare("INSERT OR IGNORE INTO tag (contact, tag) VALUES (?, ?)");
  let header: string[] = [];
  const write = db.transaction((lines: string[]) => {
    for (const line of lines) {
      const cells = line.split(",");
      const fields = JSON.stringify(Object.fromEntries(header.map((name, i) => [name, cells[i]])));
      const [email = "", phone = ""] = cells;
      const made = contact.run(Bun.randomUUIDv7(), email, phone, fields, fields);
      for (const name of cells[TAGS]?.split("|") ?? []) tag.run(made.lastInsertRowid, name);
    }
  });
  const started = performance.now();
  let rows = 0;
  let batch: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (header.length === 0) header = line.split(",");
    else if (batch.push(line) === BATCH) {
      write(batch);
      rows += batch.length;
      batch = [];
    }
  }
  write(batch);
  const seconds = (performance.now() - started) / 1000;
  db.close();
  return (rows + batch.length) / seconds;
}
