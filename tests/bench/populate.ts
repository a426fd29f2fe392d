import { Database } from "bun:sqlite";
import { closeSync, fsyncSync, openSync } from "node:fs";

const SEED = 1000;
const PER_TRANSACTION = 50;

/**
 * Multiplies the first thousand contacts of a store (with their tags and runs) to `total`, by SQL on the store's own
 * tables: through the store a million would take the better part of a minute, and their making isn't measured.
 */
export function multiply(file: string, total: number): void {
  const db = new Database(file);
  for (const pragma of ["journal_mode = WAL", "synchronous = OFF", "cache_size = -65536"]) {
    db.run(`PRAGMA ${pragma}`);
  }
  const contacts = db.prepare(
    `INSERT INTO contacts (pk, id, key, email, phone, seed, created, source, fields, folded)
     SELECT pk + ?1, substr(id, 1, 24) || printf('%012x', pk + ?1), e, e, '+9665' || printf('%08d', pk + ?1), e, created,
       source, json_set(fields, '$.email', e), jsonb_set(folded, '$.v.email', e)
     FROM (SELECT *, 'person' || (pk + ?1) || '@example.com' AS e FROM contacts WHERE pk <= ${SEED}) ORDER BY pk`,
  );
  const marks = db.prepare(
    `INSERT INTO marks (contact, due, touched, drawn, fired, members)
     SELECT contact + ?1, due, touched, drawn, fired, members FROM marks WHERE contact <= ${SEED}`,
  );
  const tags = db.prepare(
    `INSERT INTO tags (contact, tag, since, expires) SELECT contact + ?1, tag, since, expires FROM tags WHERE contact <= ${SEED}`,
  );
  const runs = db.prepare(
    `INSERT INTO runs (contact, flow, n, version, state, node, waiting, until, since, entered, rest)
     SELECT contact + ?1, flow, n, version, state, node, waiting, until, since, entered, rest FROM runs WHERE contact <= ${SEED}`,
  );
  for (let copy = 1; copy < total / SEED; copy += PER_TRANSACTION) {
    db.transaction(() => {
      for (let i = copy; i < Math.min(total / SEED, copy + PER_TRANSACTION); i++) {
        for (const statement of [contacts, marks, tags, runs]) statement.run(i * SEED);
      }
    })();
  }
  db.run("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  // Else the first durable commit that is measured would wait for all of this to reach the disk.
  const written = openSync(file, "r+");
  fsyncSync(written);
  closeSync(written);
}

export const MADE_BY_SQL =
  "contacts beyond the first 1,000 were made by SQL on the store's tables; their making isn't measured";
