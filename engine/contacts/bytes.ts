import { type FileHandle, open } from "node:fs/promises";
import { readable, unreadable } from "./problems.ts";
import type { Read } from "./types.ts";

/** A file's path, or its bytes. Both can be read more than once. */
export type Source = string | Uint8Array;

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1256";

/** A text whose encoding is known; `chunks` reads it from the start each time, in bounded memory. */
export interface TextSource {
  encoding: Encoding;
  /** Some bytes are not what the encoding allows and were read as U+FFFD. */
  damaged: boolean;
  chunks(): AsyncGenerator<string>;
}

/** Bytes read at a time. */
export const CHUNK = 1 << 18;

/** Opens a source and finds out how its letters are encoded: by its byte order mark, else by its bytes. */
export async function openText(source: Source, size = CHUNK): Promise<Read<TextSource>> {
  let start: Uint8Array;
  try {
    start = await firstBytes(source);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    const name = typeof source === "string" ? source : "";
    if (code === "ENOENT" || code === "ENOTDIR") return unreadable("not-found", name);
    if (code === "EISDIR") return unreadable("is-folder", name);
    if (code === "EACCES" || code === "EPERM") return unreadable("no-access", name);
    throw error;
  }
  const marked = byteOrderMark(start);
  if (!marked) {
    if (isArchive(start)) return unreadable("spreadsheet");
    if (start.includes(0)) return unreadable("not-text");
  }
  const { encoding, damaged } = marked ?? (await guessEncoding(source, size));
  return readable({ encoding, damaged, chunks: () => decode(source, encoding, size) });
}

async function firstBytes(source: Source): Promise<Uint8Array> {
  for await (const bytes of pieces(source, 4096)) return bytes.slice();
  return new Uint8Array();
}

function byteOrderMark(bytes: Uint8Array): { encoding: Encoding; damaged: boolean } | null {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return { encoding: "utf-16le", damaged: false };
  if (a === 0xfe && b === 0xff) return { encoding: "utf-16be", damaged: false };
  return null;
}

/** ZIP (xlsx, ods) or the old Office container (xls). */
function isArchive([a, b, c, d]: Uint8Array): boolean {
  return (
    (a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04) ||
    (a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0)
  );
}

/**
 * UTF-8 when all bytes allow it. Otherwise Windows-1256, which older Arabic software writes, unless most
 * letters are good UTF-8: one broken byte must not turn a whole file into other letters.
 */
async function guessEncoding(
  source: Source,
  size: number,
): Promise<{ encoding: Encoding; damaged: boolean }> {
  if (await isUtf8(source, size)) return { encoding: "utf-8", damaged: false };
  let good = 0;
  let broken = 0;
  for await (const text of decode(source, "utf-8", size)) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 0xfffd) broken++;
      else if (unit > 0x7f) good++;
    }
    if (good + broken > 100_000) break;
  }
  return broken > good
    ? { encoding: "windows-1256", damaged: false }
    : { encoding: "utf-8", damaged: true };
}

async function isUtf8(source: Source, size: number): Promise<boolean> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const bytes of pieces(source, size)) decoder.decode(bytes, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

async function* decode(source: Source, encoding: Encoding, size: number): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const bytes of pieces(source, size)) {
    const text = decoder.decode(bytes, { stream: true });
    if (text !== "") yield text;
  }
  const end = decoder.decode();
  if (end !== "") yield end;
}

/** The bytes in pieces; a piece is only good until the next one is asked for. */
async function* pieces(source: Source, size: number): AsyncGenerator<Uint8Array> {
  if (typeof source !== "string") {
    for (let at = 0; at < source.length; at += size) yield source.subarray(at, at + size);
    return;
  }
  const file: FileHandle = await open(source, "r");
  try {
    const buffer = new Uint8Array(size);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, size, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
