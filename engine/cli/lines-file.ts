import { closeSync, createReadStream, openSync, renameSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { because } from "./files.ts";
import { UsageError } from "./program.ts";

/** Written in pieces of this many characters. */
const PIECE = 1 << 20;

/** Writes text line by line, to a file or to standard output, in large pieces. */
export class LinesFile {
  readonly #fd: number;
  readonly #path: string | null;
  #pending = "";

  /** `path` null is standard output; `what` names the file in the sentence that it can't be written. */
  constructor(path: string | null, what: string) {
    this.#path = path;
    try {
      this.#fd = path === null ? 1 : openSync(path, "w");
    } catch (error) {
      throw new UsageError(`The ${what} “${path}” can't be written: ${because(error)}.`, {
        cause: error,
      });
    }
  }

  line(text: string): void {
    this.#pending += `${text}\n`;
    if (this.#pending.length > PIECE) this.flush();
  }

  flush(): void {
    const bytes = Buffer.from(this.#pending);
    this.#pending = "";
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
  }

  close(): void {
    this.flush();
    if (this.#path !== null) closeSync(this.#fd);
  }
}

/** Writes a file of lines anew, each as `change` makes it; the old one stays until the new one is whole. */
export async function rewriteLines(path: string, change: (line: string) => string): Promise<void> {
  const fresh = new LinesFile(`${path}.new`, "file");
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    fresh.line(change(line));
  }
  fresh.close();
  renameSync(`${path}.new`, path);
}
