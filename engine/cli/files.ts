import { existsSync, readFileSync, statSync } from "node:fs";
import { parseInstant } from "../core/time.ts";
import { UsageError } from "./program.ts";

const REASONS: Record<string, string> = {
  ENOENT: "its folder isn't there",
  ENOTDIR: "its folder isn't one",
  EISDIR: "it is a folder",
  EACCES: "this user may not",
  EPERM: "this user may not",
  EROFS: "the disk may only be read",
  ENOSPC: "the disk is full",
};

/** Why a file can't be read or written, as the end of a sentence. */
export function because(error: unknown): string {
  const { code = "", message } = error as { code?: string; message: string };
  return REASONS[code] ?? message;
}

/** Reads a text file; a missing or unreadable one is one sentence. */
export function readText(path: string, what: string): string {
  if (!existsSync(path)) throw new UsageError(`There is no ${what} “${path}”.`);
  if (statSync(path).isDirectory())
    throw new UsageError(`The ${what} “${path}” is a folder, not a file.`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`The ${what} “${path}” can't be read: ${because(error)}.`, {
      cause: error,
    });
  }
}

/** Reads a JSON file. */
export function readJsonFile(path: string, what: string): unknown {
  const text = readText(path, what);
  try {
    return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
  } catch (error) {
    throw new UsageError(`The ${what} “${path}” is not JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** A moment from a flag. */
export function moment(flag: string, text: string): number {
  const at = parseInstant(text);
  if (at === null) {
    throw new UsageError(`${flag} must be a moment such as 2026-01-05T00:00:00Z, not “${text}”.`);
  }
  return at;
}

/** A JSON value from a flag. */
export function jsonFlag(flag: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${flag} must be JSON, not “${text.slice(0, 80)}”.`, { cause: error });
  }
}
