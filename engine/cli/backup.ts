import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { BackupError, backupTo, type Counts, restoreFrom } from "../backup.ts";
import { OpenError } from "../open.ts";
import { StoreRefused } from "../store/errors.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import {
  atMoment,
  folderOf,
  nowOf,
  onWorkspace,
  type WorkspaceOptions,
  withWorkspace,
} from "./workspace.ts";

/** `backup FILE [--data DIR]` */
export const backup = (output: Output): Command =>
  examples(
    onWorkspace(command("backup", "a consistent copy of the workspace, also while it runs"))
      .argument("<file>", "the new file; nothing is overwritten")
      .action((file: string, options: WorkspaceOptions) => {
        embeddedOnly("backup", "pg_dump");
        const folder = folderOf(options);
        if (!existsSync(join(folder, "tawasul.sqlite")))
          throw new UsageError(
            `There is no workspace in “${folder}”, so there is nothing to copy.`,
          );
        return withWorkspace(folder, async ({ store, note }) => {
          const counts = await asSentence(() => backupTo(store, file));
          await note("workspace.backed-up", null);
          if (options.json) printJson(output, { file, ...counts });
          else output.out(`${file}: ${sayCounts(counts)}`);
          output.err(
            `Keep “${join(folder, "secret")}” (or TAWASUL_SECRET) too, apart from the copy: it is not in it, and links in messages already sent need it.`,
          );
        });
      }),
    "backup backups/2026-03-01.sqlite",
  );

/** `restore FILE [--data DIR]` */
export const restore = (output: Output): Command =>
  examples(
    atMoment(
      onWorkspace(
        command("restore", "put a backup in the place of the workspace; it is checked before"),
      ),
    )
      .argument("<file>", "the backup")
      .action(async (file: string, options: WorkspaceOptions) => {
        embeddedOnly("restore", "pg_restore");
        const folder = folderOf(options);
        const done = await asSentence(() => restoreFrom(file, folder, nowOf(options)));
        const { counts, paused, uncertain, before } = done;
        if (options.json) printJson(output, { file, ...counts, paused, uncertain, before });
        else {
          output.out(`restored: ${sayCounts(counts)}`);
          if (before !== null) output.out(`what was there before is kept as ${before}`);
          output.out(
            `${many(paused, "flow")} paused; resume each with “tawasul flow resume ID” when you have looked at it`,
          );
          if (uncertain > 0)
            output.out(
              `${many(uncertain, "message")} uncertain: they may have gone out since the backup, so nothing is sent again without your word`,
            );
        }
        output.err(
          "Whoever was erased since the backup is back in it, and opt-outs since then are not: look at the kept database before you resume.",
        );
        if (!existsSync(join(folder, "secret")) && !process.env.TAWASUL_SECRET) {
          output.err(
            `There is no “${join(folder, "secret")}”: put the workspace's own there before you start, or links in messages already sent stop working.`,
          );
        }
      }),
    "restore backups/2026-03-01.sqlite",
  );

/** A server's data are copied by the server's own tools. */
function embeddedOnly(what: string, instead: string): void {
  if (!process.env.DATABASE_URL) return;
  throw new UsageError(
    `“${what}” is for data in SQLite, and DATABASE_URL names a PostgreSQL database: use ${instead}.`,
  );
}

const sayCounts = ({ flows, contacts, enrollments, messages, journal }: Counts): string =>
  [
    many(flows, "flow"),
    many(contacts, "contact"),
    many(enrollments, "enrollment"),
    many(messages, "message"),
    many(journal, "journal line"),
  ].join(", ");

const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** What can't be done is one sentence. */
async function asSentence<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isRefusal =
      error instanceof BackupError || error instanceof OpenError || error instanceof StoreRefused;
    if (isRefusal) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
