import { Database } from "bun:sqlite";
import { join } from "node:path";

const BATCH = 1000;
const STEPS = 6;

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
