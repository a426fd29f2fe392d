import { Database } from "bun:sqlite";
import { type BunSQLiteDatabase, drizzle } from "drizzle-orm/bun-sqlite";
import type { Instant } from "../../../nodes/index.ts";
import { logSyncOf } from "./log-sync.ts";
import { migrate } from "./migrations.ts";
import * as schema from "./schema.ts";
import { rememberStatements } from "./statements.ts";

/** What every part of the store works on. */
export interface Base {
  db: Database;
  /** For what isn't hot; the rest is prepared by hand. */
  orm: BunSQLiteDatabase<typeof schema>;
  /** One transaction that takes the write lock at once. `work` is synchronous; when it throws, nothing was written. */
  write<T>(work: () => T): T;
  /**
   * The same, but it survives a power loss only once what `durable` gives resolves: the disk is waited for while this
   * thread goes on. For what nobody was told of yet. Whatever leaves the program because of it waits for that.
   */
  writeSoon<T>(work: () => T): { result: T; durable: () => Promise<void> };
  /** How many transactions came to nothing: what was remembered of their rows isn't there. */
  readonly rollbacks: number;
  /** What `call` writes first (it must begin to at once) gets `beside` into its transaction. */
  with<T>(beside: Beside, call: () => T): T;
  /** Writes the log back into the file and lets go of it. */
  close(): void;
}

/** Something that belongs to another write. */
export interface Beside {
  /** Inside the transaction, at its end. */
  inside(): void;
  committed(): void;
}

/** Opens the file (`:memory:` for none), sets the pragmas and brings the schema up to date; `at` dates the migrations. */
export function openDatabase(path: string, at: Instant): Base {
  const db = new Database(path, { create: true, readwrite: true });
  const finalize = rememberStatements(db);
  const log = logSyncOf(path);
  const close = (): void => {
    finalize();
    log.close();
    db.close();
  };
  try {
    // A claim of a send must survive power loss, so every commit is synced; bun:sqlite's own defaults are weaker.
    for (const pragma of [
      "busy_timeout = 10000",
      "journal_mode = WAL",
      "synchronous = FULL",
      "foreign_keys = ON",
      "secure_delete = ON",
      "temp_store = MEMORY",
      "cache_size = -24576",
      "wal_autocheckpoint = 4000",
    ]) {
      db.run(`PRAGMA ${pragma}`);
    }
    migrate(db, at);
  } catch (error) {
    close();
    throw isFull(error) ? new DiskFull(path, error) : error;
  }
  let rollbacks = 0;
  let waiting: Beside | null = null;
  const counted = <T>(work: () => T): T => {
    const beside = waiting;
    waiting = null;
    try {
      const result = write(db, path, () => {
        const done = work();
        beside?.inside();
        return done;
      });
      beside?.committed();
      return result;
    } catch (error) {
      rollbacks++;
      throw error;
    }
  };
  return {
    db,
    orm: drizzle({ client: db, schema }),
    get rollbacks() {
      return rollbacks;
    },
    write: counted,
    writeSoon: (work) => {
      if (!isLogged(db, path)) return { result: counted(work), durable: () => Promise.resolve() };
      // Each commit is otherwise synced before it returns.
      db.run("PRAGMA synchronous = NORMAL");
      try {
        return { result: counted(work), durable: () => log.sync() };
      } finally {
        db.run("PRAGMA synchronous = FULL");
      }
    },
    with(beside, call) {
      waiting = beside;
      try {
        return call();
      } finally {
        waiting = null;
      }
    },
    close,
  };
}

/** Some file systems can't have a log in memory that is shared; there SQLite keeps another kind. */
function isLogged(db: Database, path: string): boolean {
  if (path === ":memory:") return false;
  const mode = db.query<{ journal_mode: string }, []>("PRAGMA journal_mode").get();
  return mode?.journal_mode === "wal";
}

/** There is no space for a transaction: nothing of it was kept, and it may be tried again. */
export class DiskFull extends Error {
  override name = "DiskFull";

  constructor(path: string, cause: unknown) {
    super(`There is no space left for the database “${path}”; nothing of this step was kept.`, {
      cause,
    });
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "SQLITE_FULL";

function write<T>(db: Database, path: string, work: () => T): T {
  db.run("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.run("COMMIT");
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (db.inTransaction) db.run("ROLLBACK");
    throw isFull(error) ? new DiskFull(path, error) : error;
  }
}
