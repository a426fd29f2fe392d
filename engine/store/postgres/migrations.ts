import { StoreRefused } from "../errors.ts";
import type { Query } from "./database.ts";
import { first } from "./schema.ts";

interface Migration {
  version: number;
  name: string;
  sql: string;
}

/** Every migration there is, in order; once released none changes. */
const MIGRATIONS: readonly Migration[] = [{ version: 1, name: "first", sql: first }];

/** Texts compare byte by byte, whatever the server's language: the order of pages and of the journal rests on it. */
const collated = (sql: string): string => sql.replaceAll(/\bTEXT\b/g, 'text COLLATE "C"');

/**
 * Brings the schema up to `migrations`' last version, inside a transaction and for one process at a time: all of
 * them or none. Throws `StoreRefused` for a database that a newer program wrote.
 */
export async function migrate(tx: Query, at: number, lock: string): Promise<void> {
  await tx.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock);
  await tx.script(
    collated(
      "CREATE TABLE IF NOT EXISTS migrations (version integer PRIMARY KEY, name TEXT NOT NULL, at bigint NOT NULL)",
    ),
  );
  const row = await tx.get<{ v: number | null }>("SELECT max(version) AS v FROM migrations");
  const have = row?.v ?? 0;
  const newest = MIGRATIONS.at(-1)?.version ?? 0;
  if (have > newest) throw StoreRefused.newer(have, newest);
  for (const { version, name, sql } of MIGRATIONS) {
    if (version <= have) continue;
    await tx.script(collated(sql));
    await tx.run(
      "INSERT INTO migrations (version, name, at) VALUES ($1, $2, $3)",
      version,
      name,
      at,
    );
  }
}
