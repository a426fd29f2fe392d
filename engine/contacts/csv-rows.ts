import { rowProblem } from "./problems.ts";
import type { RowProblem, RowProblemCode } from "./types.ts";

/** A row of a CSV file, at most as wide as the header; with a problem it has no cells. */
export interface CsvRow {
  /** Physical line of the file where the row starts, from 1. */
  line: number;
  cells: string[];
  problem: RowProblem | null;
}

/** Characters that a cell and a row may have; a longer one is rejected without being kept. */
export const MAX_CELL = 1 << 20;
export const MAX_ROW = 1 << 22;

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** How the reading of one row ended: at `next`, with too little text, or in the midst of bad quotation marks. */
const MORE = -1;
const BROKEN = -2;

/**
 * Splits CSV text (RFC 4180) into rows, chunk by chunk, holding no more than one row and one chunk.
 * A row that can't be read is rejected and reading goes on at the next physical line, so that an
 * unclosed quotation mark never swallows the rows below it.
 */
export class RowSplitter {
  readonly #delimiter: number;
  readonly #width: number;
  #buffer = "";
  /** Physical line at the buffer's start. */
  #line = 1;
  /** The rest of a rejected line is being passed over. */
  #skipping = false;
  #last = false;
  // What the last call of #read found, kept here because a result object for each row costs time.
  #cells: string[] = [];
  #breaks = 0;
  #wrong: RowProblemCode | null = null;

  /** `width`: how many columns there are; a row with more filled cells is rejected. */
  constructor(delimiter: string, width: number) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#width = width;
  }

  /** The rows that are complete with this chunk. */
  push(chunk: string): CsvRow[] {
    this.#buffer = this.#buffer === "" ? chunk : this.#buffer + chunk;
    return this.#split();
  }

  /** The rest, once there are no more chunks. */
  end(): CsvRow[] {
    this.#last = true;
    return this.#split();
  }

  #split(): CsvRow[] {
    const rows: CsvRow[] = [];
    let at = this.#skipping ? this.#skipLine(0) : 0;
    while (at < this.#buffer.length && !this.#skipping) {
      const next = this.#read(at);
      if (next === MORE && this.#buffer.length - at <= MAX_ROW) break;
      if (next < 0) {
        rows.push(this.#reject(next === MORE ? this.#tooBig(at) : "broken-quote"));
        at = this.#skipLine(at);
        continue;
      }
      if (this.#wrong) rows.push(this.#reject(this.#wrong));
      else if (!blank(this.#cells)) {
        rows.push({ line: this.#line, cells: this.#cells, problem: null });
      }
      this.#line += this.#breaks;
      at = next;
    }
    this.#buffer = at >= this.#buffer.length ? "" : this.#buffer.slice(at);
    return rows;
  }

  /** Why a row outgrew the buffer. Only an open quotation mark carries a row over a line break. */
  #tooBig(at: number): RowProblemCode {
    if (this.#wrong) return this.#wrong;
    const row = this.#buffer.slice(at);
    if (/[\r\n]/.test(row)) return "broken-quote";
    const read = this.#cells.reduce((sum, cell) => sum + cell.length + 1, 0);
    return row.length - read > MAX_CELL ? "cell-too-big" : "row-too-big";
  }

  #reject(code: RowProblemCode): CsvRow {
    const limit =
      code === "too-many-cells" ? this.#width : code === "cell-too-big" ? MAX_CELL : MAX_ROW;
    const problem = rowProblem({ line: this.#line, unit: "line" }, code, { limit });
    return { line: this.#line, cells: [], problem };
  }

  /** The start of the next physical line after `at`, over chunks if need be. */
  #skipLine(at: number): number {
    const text = this.#buffer;
    for (let i = at; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c !== LF && c !== CR) continue;
      if (c === CR && i + 1 === text.length && !this.#last) {
        this.#skipping = true;
        return i;
      }
      this.#skipping = false;
      this.#line++;
      return c === CR && text.charCodeAt(i + 1) === LF ? i + 2 : i + 1;
    }
    this.#skipping = true;
    return text.length;
  }

  /** Reads the row at `at` into `#cells`; gives the place after its line break, `MORE` or `BROKEN`. */
  #read(at: number): number {
    const text = this.#buffer;
    const end = text.length;
    const delimiter = this.#delimiter;
    this.#cells = [];
    this.#breaks = 0;
    this.#wrong = null;
    let i = at;
    for (;;) {
      let start = i;
      // `a, "b, c"`: a space before the quotation mark is no part of the cell.
      while (text.charCodeAt(start) === SPACE) start++;
      if (start === end && !this.#last) return MORE;
      if (text.charCodeAt(start) === QUOTE) {
        i = this.#quoted(start + 1);
        if (i < 0) return i;
      } else {
        start = i;
        for (; i < end; i++) {
          const c = text.charCodeAt(i);
          if (c === delimiter || c === LF || c === CR) break;
        }
        if (i === end && !this.#last) return MORE;
        this.#add(text.slice(start, i));
      }
      const c = i < end ? text.charCodeAt(i) : LF;
      if (c === delimiter) {
        i++;
        continue;
      }
      this.#breaks++;
      if (c !== CR) return Math.min(i + 1, end);
      if (i + 1 === end && !this.#last) return MORE;
      return text.charCodeAt(i + 1) === LF ? i + 2 : i + 1;
    }
  }

  /** Reads the cell whose opening quotation mark stands before `start`; gives the place of what ends it. */
  #quoted(start: number): number {
    const text = this.#buffer;
    const end = text.length;
    let doubled = false;
    let i = text.indexOf('"', start);
    while (i >= 0 && text.charCodeAt(i + 1) === QUOTE) {
      doubled = true;
      i = text.indexOf('"', i + 2);
    }
    if (i < 0) return this.#last ? BROKEN : MORE;
    let after = i + 1;
    while (text.charCodeAt(after) === SPACE) after++;
    if (after >= end && !this.#last) return MORE;
    const c = after < end ? text.charCodeAt(after) : LF;
    if (c !== this.#delimiter && c !== LF && c !== CR) return BROKEN;
    const cell = text.slice(start, i);
    this.#breaks += lineBreaks(cell);
    this.#add(doubled ? cell.replaceAll('""', '"') : cell);
    return after;
  }

  #add(cell: string): void {
    if (cell.length > MAX_CELL) this.#wrong ??= "cell-too-big";
    if (this.#cells.length < this.#width) this.#cells.push(cell);
    // Empty cells beyond the header are what spreadsheets leave behind.
    else if (cell.trim() !== "") this.#wrong ??= "too-many-cells";
  }
}

function lineBreaks(cell: string): number {
  let count = 0;
  for (let i = cell.indexOf("\n"); i >= 0; i = cell.indexOf("\n", i + 1)) count++;
  // A carriage return alone also ends a line; before a line feed it doesn't count twice.
  for (let i = cell.indexOf("\r"); i >= 0; i = cell.indexOf("\r", i + 1)) {
    if (cell.charCodeAt(i + 1) !== LF) count++;
  }
  return count;
}

function blank(cells: string[]): boolean {
  for (const cell of cells) if (cell !== "" && cell.trim() !== "") return false;
  return true;
}
