import { Database } from "bun:sqlite";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Instant } from "../nodes/index.ts";
import { iso } from "./core/time.ts";
import { lockFolder } from "./open.ts";
import { rememberStatements } from "./store/sqlite/statements.ts";
import { openSqlite } from "./store/sqlite/store.ts";
import type { Store } from "./store/store.ts";

/** A copy can't be made, or what was given is no copy that can be put back: one sentence. */
export class BackupError extends Error {
  override name = "BackupError";
}

/** How much a copy holds. */
export interface Counts {
  flows: number;
  contacts: number;
  enrollments: number;
  messages: number;
  journal: number;
}

const FILE = "tawasul.sqlite";
/** What SQLite keeps beside a database while it is open. */
const SIDES = ["-wal", "-shm", "-journal"];

/**
 * Writes a consistent copy of a living store into a new file, readable by its owner alone. The file appears under
 * its name only when it is whole and checked. Throws `BackupError`.
 */
export async function backupTo(store: Store, file: string): Promise<Counts> {
  const target = resolve(file);
  if (existsSync(target))
    throw new BackupError(`“${file}” exists already; a backup never overwrites anything.`);
  mkdirSync(dirname(target), { recursive: true });
  const part = `${target}.part-${process.pid}`;
  try {
    await store.backup(part);
    chmodSync(part, 0o600);
    checkCopy(part, file);
    const counts = countsOf(part);
    syncFile(part);
    moveNew(part, target, file);
    syncFolder(dirname(target));
    return counts;
  } finally {
    removeWithSides(part);
  }
}

/** Gives the file its name unless something has that name meanwhile. */
function moveNew(from: string, to: string, called: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST")
      throw new BackupError(`“${called}” exists already; a backup never overwrites anything.`, {
        cause: error,
      });
    // Some disks know no second name for a file.
    renameSync(from, to);
  }
}

/** What a restore did. */
export interface Restored {
  counts: Counts;
  /** Flows that were live and are paused now. */
  paused: number;
  /** Messages that may have gone out since the copy was made. */
  uncertain: number;
  /** Where the database that was there before lies now; null: there was none. */
  before: string | null;
}

/**
 * Puts a copy in the place of a data folder's database, after checking a working copy of it; what was there before
 * stays beside it. Throws `BackupError`, `OpenError` while an engine holds the folder, `StoreRefused` for a newer copy.
 */
export async function restoreFrom(file: string, data: string, at: Instant): Promise<Restored> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new BackupError(`There is no backup “${file}”.`);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(data);
  const target = join(data, FILE);
  const part = join(data, `${FILE}.restoring`);
  try {
    removeWithSides(part);
    copyFileSync(file, part);
    chmodSync(part, 0o600);
    checkCopy(part, file);
    const done = await prepare(part, at);
    const counts = countsOf(part);
    const before = setAside(target, at);
    syncFile(part);
    renameSync(part, target);
    syncFolder(data);
    return { counts, ...done, before };
  } finally {
    removeWithSides(part);
    unlock();
  }
}

/** Brings the schema up to date, pauses the flows and doubts what was not yet sent, before anything is replaced. */
async function prepare(part: string, at: Instant): Promise<{ paused: number; uncertain: number }> {
  const store = openSqlite(part, { now: at });
  try {
    return await store.afterRestore(at);
  } finally {
    await store.close();
  }
}

/** Keeps the old database under another name; the new one then takes its place in one step. */
function setAside(target: string, at: Instant): string | null {
  if (!existsSync(target)) {
    // What an older database left would be read into the new one.
    for (const side of SIDES) rmSync(`${target}${side}`, { force: true });
    return null;
  }
  const before = freeName(`${target}.before-restore-${iso(at).replaceAll(/[:.]/g, "-")}`);
  if (isClosed(target)) {
    keepAs(target, before);
    return before;
  }
  // Too broken to be closed in order: it goes as it is, with what belongs to it.
  renameSync(target, before);
  for (const side of SIDES) {
    if (existsSync(`${target}${side}`)) renameSync(`${target}${side}`, `${before}${side}`);
  }
  return before;
}

function keepAs(target: string, before: string): void {
  try {
    linkSync(target, before);
  } catch {
    // Some disks know no second name for a file.
    copyFileSync(target, before);
  }
}

function freeName(name: string): string {
  for (let n = 1; ; n++) {
    const free = n === 1 ? name : `${name}-${n}`;
    if (!existsSync(free)) return free;
  }
}

/** Opens a database for a moment and really closes it: one with open statements would stay locked. */
function onDatabase<T>(path: string, work: (db: Database) => T): T {
  const db = new Database(path, { readwrite: true });
  const finalize = rememberStatements(db);
  try {
    return work(db);
  } finally {
    finalize();
    db.close();
  }
}

/** Writes everything into the one file; false when the database can't be read. Throws while somebody else has it open. */
function isClosed(target: string): boolean {
  try {
    onDatabase(target, (db) => {
      db.run("PRAGMA busy_timeout = 2000");
      db.run("PRAGMA wal_checkpoint(TRUNCATE)");
      db.run("PRAGMA journal_mode = DELETE");
    });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "SQLITE_BUSY" || code === "SQLITE_LOCKED") {
      throw new BackupError(
        "Another program has the database open; stop it first. Nothing was replaced.",
        {
          cause: error,
        },
      );
    }
    return false;
  }
  return !SIDES.some((side) => existsSync(`${target}${side}`));
}

/** Reads the whole copy: that it is a database of this program, and sound. Throws `BackupError`. */
function checkCopy(path: string, called: string): void {
  const strange = `“${called}” is not a backup of this program; nothing was replaced.`;
  if (!isSqlite(path)) throw new BackupError(strange);
  const damaged = `The backup “${called}” is damaged; nothing was replaced.`;
  try {
    onDatabase(path, (db) => {
      const rows = db.prepare("PRAGMA integrity_check(1)").all() as { integrity_check: string }[];
      if (rows[0]?.integrity_check !== "ok") throw new BackupError(damaged);
      if (db.prepare("PRAGMA foreign_key_check").all().length > 0) throw new BackupError(damaged);
      if (!isOurs(db)) throw new BackupError(strange);
    });
  } catch (error) {
    throw error instanceof BackupError ? error : new BackupError(damaged, { cause: error });
  }
}

function isSqlite(path: string): boolean {
  const head = Buffer.alloc(16);
  const fd = openSync(path, "r");
  try {
    readSync(fd, head, 0, 16, 0);
  } finally {
    closeSync(fd);
  }
  return head.toString("latin1") === "SQLite format 3\0";
}

const isOurs = (db: Database): boolean =>
  db
    .prepare(
      "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name IN ('migrations', 'contacts', 'runs')",
    )
    .all().length === 3;

const countsOf = (path: string): Counts =>
  onDatabase(path, (db) => {
    const count = (of: string): number =>
      (db.prepare(`SELECT count(*) AS n FROM ${of}`).get() as { n: number }).n;
    return {
      flows: count("flows"),
      contacts: count("contacts WHERE erased = 0"),
      enrollments: count("runs"),
      messages: count("outbox WHERE kind = 'message'"),
      // What was sent the journal shows from the outbox.
      journal:
        count("journal") + count("outbox WHERE kind = 'message' AND state = 'sent' AND told = 1"),
    };
  });

function syncFile(path: string): void {
  const fd = openSync(path, "r+");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes a new name durable. */
function syncFolder(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function removeWithSides(path: string): void {
  for (const side of ["", ...SIDES]) rmSync(`${path}${side}`, { force: true });
}
