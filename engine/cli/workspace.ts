import type { Command } from "commander";
import type { Instant } from "../../nodes/index.ts";
import { systemClock } from "../clock.ts";
import { OpenError, type Opened, openWorkspace } from "../open.ts";
import { StoreRefused } from "../store/errors.ts";
import { moment } from "./files.ts";
import { UsageError } from "./program.ts";

/** What every command that works on a workspace may be given. */
export interface WorkspaceOptions {
  data?: string;
  dataDir?: string;
  now?: string;
  json?: boolean;
}

/** The flags for the data folder; `--data` alone means something else where a command takes data. */
export function onWorkspace(of: Command, { dataIsFolder = true } = {}): Command {
  if (dataIsFolder) of.option("--data <dir>", "the data folder (default ./data, or TAWASUL_DATA)");
  return of.option(
    "--data-dir <dir>",
    dataIsFolder ? "the same as --data" : "the data folder (default ./data, or TAWASUL_DATA)",
  );
}

/** The flag for the moment at which a command counts. */
export const atMoment = (of: Command): Command =>
  of.option(
    "--now <moment>",
    "the moment that it counts at, e.g. 2026-01-05T09:00:00Z (default: now)",
  );

/** The data folder that is meant. */
export const folderOf = (options: { data?: string; dataDir?: string }): string =>
  options.dataDir ?? options.data ?? process.env.TAWASUL_DATA ?? "./data";

/** The moment that is meant, milliseconds since 1970. */
export const nowOf = (options: { now?: string }): Instant =>
  options.now === undefined ? systemClock() : moment("--now", options.now);

/** Opens the workspace; what can't be opened is one sentence. */
export async function open(folder: string, url?: string): Promise<Opened> {
  try {
    return await openWorkspace(folder, process.env, url);
  } catch (error) {
    if (error instanceof OpenError || error instanceof StoreRefused)
      throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Opens the workspace for one piece of work and closes it whatever happens. */
export async function withWorkspace<T>(
  folder: string,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const opened = await open(folder);
  try {
    return await work(opened);
  } finally {
    await opened.store.close();
  }
}
