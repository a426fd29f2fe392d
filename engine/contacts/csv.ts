import { type Encoding, openText, type Source, type TextSource } from "./bytes.ts";
import { type CsvRow, RowSplitter } from "./csv-rows.ts";
import { readable, unreadable } from "./problems.ts";
import type { Read } from "./types.ts";

/** More columns than any real list has; the header is refused before they are all read. */
export const MAX_COLUMNS = 2_000;

/** A CSV file whose header has been read. `rows` starts anew each time, in bounded memory. */
export interface Csv {
  /** The header's cells, trimmed. */
  header: string[];
  encoding: Encoding;
  /** Some letters could not be decoded (they are U+FFFD in the cells). */
  damaged: boolean;
  delimiter: Delimiter;
  /** Rows after the header in the file's order, about a chunk of the file at a time; blank lines are left out. */
  rows(): AsyncGenerator<CsvRow[]>;
}

export type Delimiter = "," | ";" | "\t";

/**
 * Opens a CSV file: finds its encoding and separator and reads its header. Rows are split here and
 * not by a library because every row needs the physical line it starts on, and because an unclosed
 * quotation mark must cost one row, not the rest of the file and all of the memory.
 */
export async function readCsv(
  source: Source,
  options: { chunkBytes?: number } = {},
): Promise<Read<Csv>> {
  const opened = await openText(source, options.chunkBytes);
  if (!opened.ok) return opened;
  const text = opened.value;
  const head = await readHead(text);
  if (!head.ok) return head;
  const { header, headerLine, delimiter } = head.value;
  return readable({
    header,
    encoding: text.encoding,
    damaged: text.damaged,
    delimiter,
    async *rows() {
      const splitter = new RowSplitter(delimiter, header.length);
      for await (const batch of split(text, splitter)) {
        // The header comes round again on every reading; it is the first row at its line.
        const rows = batch.filter((row) => row.line > headerLine);
        if (rows.length > 0) yield rows;
      }
    },
  });
}

async function* split(text: TextSource, splitter: RowSplitter): AsyncGenerator<CsvRow[]> {
  for await (const chunk of text.chunks()) yield splitter.push(chunk);
  yield splitter.end();
}

interface Head {
  header: string[];
  headerLine: number;
  delimiter: Delimiter;
}

async function readHead(text: TextSource): Promise<Read<Head>> {
  const first = await firstLine(text);
  if (first === null) return unreadable("empty");
  const hint = /^sep=([,;\t])$/i.exec(first.line.trim());
  const delimiter = (hint?.[1] as Delimiter | undefined) ?? guessDelimiter(first.line);
  const splitter = new RowSplitter(delimiter, MAX_COLUMNS);
  for await (const batch of split(text, splitter)) {
    // Excel's own note on the separator stands before the header.
    const row = batch.find(({ line }) => !hint || line > first.number);
    if (!row) continue;
    if (row.problem?.code === "too-many-cells") {
      return unreadable("too-many-columns", "", MAX_COLUMNS);
    }
    if (row.problem) return unreadable("header-broken");
    return readable({
      header: row.cells.map((cell) => cell.trim()),
      headerLine: row.line,
      delimiter,
    });
  }
  return unreadable("empty");
}

/** How much of a header is looked at for its separator. */
const HEAD = 1 << 16;

/** The first line that is not blank (its first 64 Ki characters) with its number; null: there is none. */
async function firstLine(text: TextSource): Promise<{ line: string; number: number } | null> {
  let seen = "";
  let number = 1;
  for await (const chunk of text.chunks()) {
    seen += chunk;
    for (let end = seen.search(/[\r\n]/); end >= 0; end = seen.search(/[\r\n]/)) {
      const line = seen.slice(0, Math.min(end, HEAD));
      if (line.trim() !== "") return { line, number };
      const pair = seen.startsWith("\r\n", end);
      // The line feed that belongs to this carriage return may be in the next chunk.
      if (!pair && seen[end] === "\r" && end + 1 === seen.length) break;
      seen = seen.slice(end + (pair ? 2 : 1));
      number++;
    }
    if (seen.length > HEAD) break;
  }
  const line = seen.slice(0, HEAD);
  return line.trim() === "" ? null : { line, number };
}

/** The separator that the header uses most, outside quotation marks; a comma when it has none. */
function guessDelimiter(line: string): Delimiter {
  const bare = line.replaceAll(/"[^"]*"/g, "");
  let best: Delimiter = ",";
  let most = 0;
  for (const candidate of [",", ";", "\t"] as const) {
    const count = bare.split(candidate).length - 1;
    if (count > most) {
      best = candidate;
      most = count;
    }
  }
  return best;
}
