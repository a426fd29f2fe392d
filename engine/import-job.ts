import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Instant } from "../nodes/index.ts";
import { type ImportOptions, importContacts } from "./import.ts";
import type { RowReport } from "./import-batch.ts";
import type { Outcome, Work } from "./jobs.ts";
import type { Store } from "./store/store.ts";

/** Files of imports are kept so long, milliseconds: they hold what people wrote of people. */
const FILES_KEPT = 48 * 3_600_000;

/** Where the file of an import lies, and what became of each of its rows, as JSON Lines of `RowReport`. */
export const filesOf = (folder: string, id: string): { csv: string; rows: string } => ({
  csv: join(folder, `${id}.csv`),
  rows: join(folder, `${id}.jsonl`),
});

/** An import as a job. The file goes once it was imported; after a dry run it stays, to be imported then. */
export const importWork =
  (
    store: Store,
    files: { csv: string; rows: string },
    options: Omit<ImportOptions, "report" | "progress">,
    total: number | null,
  ): Work =>
  async (tell, signal): Promise<Outcome> => {
    const fd = openSync(files.rows, "w", 0o600);
    const report = (rows: RowReport[]): void => {
      writeSync(fd, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
      signal.throwIfAborted();
    };
    const progress = (done: number): void =>
      tell({ done, total: total === null ? null : Math.max(total, done) });
    try {
      const read = await importContacts(store, files.csv, { ...options, report, progress });
      if (!read.ok) return { ok: false, problem: read.problem.message };
      const { rows, counts, header, columns } = read.value;
      tell({ done: rows, total: rows });
      if (!options.dryRun) rmSync(files.csv, { force: true });
      return { ok: true, result: { dryRun: options.dryRun, rows, counts, header, columns } };
    } finally {
      closeSync(fd);
    }
  };

/** Deletes the files of imports that are no longer looked at, and of uploads that broke off. */
export function clearImports(folder: string, now: Instant): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (statSync(file).mtimeMs < now - FILES_KEPT) rmSync(file, { force: true });
  }
}
