import { Database } from "bun:sqlite";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import { byHand, HOUR, liveUntil, T0 } from "./hand.ts";
import { chance, prepare } from "./setup.ts";

/** A database as it would be after a power loss at one point of its log, and what is wrong with it. */
export interface Cut {
  at: number;
  problems: string[];
  lines: number;
}

interface Turn {
  id: number;
  contact: number | null;
  flow: string;
  n: number | null;
  lines: string;
}

const CONTACTS = 120;

/**
 * Lets the engine work with everything still in the write-ahead log, then opens copies of which the log ends at
 * random places, as a power loss leaves it, and looks at what must hold in each.
 */
export async function cutLogs(cuts: number, seed: number): Promise<Cut[]> {
  const folder = mkdtempSync(join(tmpdir(), "tawasul-wal-"));
  try {
    const whole = join(folder, "whole.sqlite");
    const hand = byHand(() => ({ state: "sent" }), { path: whole, batch: 7 });
    await prepare(hand.store, CONTACTS, T0);
    const db = new Database(whole);
    db.run("PRAGMA wal_checkpoint(TRUNCATE)");
    copyFileSync(whole, join(folder, "base.sqlite"));
    await liveUntil(hand, T0 + HOUR);
    const log = readFileSync(`${whole}-wal`);
    const all = turnsOf(db);
    db.close();
    await hand.close();
    const random = chance(seed);
    const places = [
      0,
      log.length,
      ...Array.from({ length: cuts - 2 }, () => Math.floor(random() * log.length)),
    ];
    return places.map((at) => openCut(folder, log, at, all));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openCut(folder: string, log: Buffer, at: number, all: Turn[]): Cut {
  const file = join(folder, "cut.sqlite");
  for (const end of ["", "-wal", "-shm"]) rmSync(file + end, { force: true });
  copyFileSync(join(folder, "base.sqlite"), file);
  writeFileSync(`${file}-wal`, log.subarray(0, at));
  const store = openSqlite(file, { now: T0 });
  const db = new Database(file);
  const problems = problemsOf(db, all);
  const { n } = db.prepare("SELECT count(*) AS n FROM journal").get() as { n: number };
  db.close();
  void store.close();
  return { at, problems, lines: n };
}

const turnsOf = (db: Database): Turn[] =>
  db.prepare("SELECT id, contact, flow, n, lines FROM journal_turns ORDER BY id").all() as Turn[];

/** Everything that must hold whenever a store is opened: each query finds what must not be. */
const NEVER: Record<string, string> = {
  "a message key that is there twice":
    "SELECT contact, key FROM outbox GROUP BY 1, 2 HAVING count(*) > 1",
  "a run without the line that it entered":
    "SELECT * FROM runs r WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.contact = r.contact AND j.flow = r.flow AND j.n = r.n AND j.kind = 'entered')",
  "lines of a run that is not there":
    "SELECT * FROM journal j WHERE j.n IS NOT NULL AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.contact = j.contact AND r.flow = j.flow AND r.n = j.n)",
  "a number of a run's lines that is there twice":
    "SELECT contact, flow, n, seq FROM (SELECT contact, flow, n, seq FROM journal UNION ALL SELECT contact, flow, n, seq FROM outbox WHERE state = 'sent') WHERE n IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING count(*) > 1",
  // A queued message keeps a number free for the line that will say how it was decided; a sent one is that line.
  "a run that has fewer or more lines than it counted": `SELECT * FROM runs r WHERE (r.rest ->> '$.seq') <>
       (SELECT count(*) FROM journal j WHERE j.contact = r.contact AND j.flow = r.flow AND j.n = r.n)
       + (SELECT count(*) FROM outbox o WHERE o.contact = r.contact AND o.flow = r.flow AND o.n = r.n AND o.state IN ('queued', 'sending', 'sent'))`,
  "a message that went at no moment, or is still due":
    "SELECT id FROM outbox WHERE state = 'sent' AND (sent_at IS NULL OR due_at IS NOT NULL)",
  "a message without its text, or one on its way that nobody will send":
    "SELECT id FROM outbox WHERE content IS NULL OR (due_at IS NULL AND state <> 'sent')",
  "a sum that isn't the number of its lines": `SELECT s.* FROM sums s WHERE s.kind = 'passed' AND s.count <> (SELECT count(*) FROM journal j
       WHERE j.flow = s.flow AND j.node = s.node AND j.kind = 'step' AND j.detail ->> '$.output' = s.name)`,
  "a contact that is due by nothing: an open run that nobody will look at":
    "SELECT r.* FROM runs r LEFT JOIN marks m ON m.contact = r.contact WHERE r.state = 'active' AND r.until IS NOT NULL AND (m.due IS NULL OR m.due > r.until)",
};

function problemsOf(db: Database, all: Turn[]): string[] {
  const problems: string[] = [];
  const integrity = (db.prepare("PRAGMA integrity_check").get() as { integrity_check: string })
    .integrity_check;
  if (integrity !== "ok") problems.push(`integrity: ${integrity}`);
  if (db.prepare("PRAGMA foreign_key_check").all().length > 0)
    problems.push("a reference to nothing");
  for (const [what, sql] of Object.entries(NEVER)) {
    const found = db.prepare(sql).all();
    if (found.length > 0) problems.push(`${what}: ${JSON.stringify(found[0])}`);
  }
  const here = turnsOf(db);
  const differs = here.findIndex((turn, i) => JSON.stringify(turn) !== JSON.stringify(all[i]));
  if (differs !== -1) problems.push(`the journal is no prefix of the whole from row ${differs}`);
  return problems;
}
