import { describe, expect, it } from "vitest";
import { type Csv, readCsv } from "../../engine/contacts/csv.ts";
import { type CsvRow, MAX_CELL } from "../../engine/contacts/csv-rows.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

function utf16(text: string, order: "le" | "be"): Uint8Array {
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, order === "le");
  for (let i = 0; i < text.length; i++)
    view.setUint16(2 + i * 2, text.charCodeAt(i), order === "le");
  return bytes;
}

async function open(source: string | Uint8Array, chunkBytes?: number): Promise<Csv> {
  const bytes = typeof source === "string" ? utf8(source) : source;
  const csv = await readCsv(bytes, { chunkBytes });
  if (!csv.ok) throw new Error(csv.problem.message.en);
  return csv.value;
}

async function rowsOf(source: string | Uint8Array, chunkBytes?: number): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const batch of (await open(source, chunkBytes)).rows()) rows.push(...batch);
  return rows;
}

/** `line: cells` of good rows, `line! code` of rejected ones. */
const told = (rows: CsvRow[]) =>
  rows.map(({ line, cells, problem }) =>
    problem ? `${line}! ${problem.code}` : `${line}: ${cells.join(" | ")}`,
  );

describe("encodings", () => {
  const text = "name,city\nسارة,عمّان\n";
  // "سارة" and "جدة" in Windows-1256.
  const arabic = [0xd3, 0xc7, 0xd1, 0xc9];
  const windows = new Uint8Array([...utf8("name,city\n"), ...arabic, 0x2c, 0xcc, 0xcf, 0xc9, 0x0a]);
  it.each([
    ["UTF-8", utf8(text), "utf-8", ["2: سارة | عمّان"]],
    ["UTF-8 with a byte order mark", utf8(`\uFEFF${text}`), "utf-8", ["2: سارة | عمّان"]],
    ["UTF-16 little-endian", utf16(text, "le"), "utf-16le", ["2: سارة | عمّان"]],
    ["UTF-16 big-endian", utf16(text, "be"), "utf-16be", ["2: سارة | عمّان"]],
    ["Windows-1256, when the bytes are no UTF-8", windows, "windows-1256", ["2: سارة | جدة"]],
  ])("reads %s", async (_, bytes, encoding, rows) => {
    const csv = await open(bytes);
    expect(csv.header).toEqual(["name", "city"]);
    expect(csv.encoding).toBe(encoding);
    expect(csv.damaged).toBe(false);
    for (const size of [1, 3, 7, 1 << 20]) expect(told(await rowsOf(bytes, size))).toEqual(rows);
  });

  it("keeps a UTF-8 file UTF-8 when one byte of it is broken", async () => {
    const bytes = new Uint8Array([...utf8("name\nسارة عبدالله\n"), 0xd3, ...utf8(" x\n")]);
    const csv = await open(bytes);
    expect([csv.encoding, csv.damaged]).toEqual(["utf-8", true]);
    expect(told(await rowsOf(bytes))).toEqual(["2: سارة عبدالله", "3: \uFFFD x"]);
  });

  it("can be read again from the start", async () => {
    const csv = await open(text);
    for (let n = 0; n < 2; n++) {
      const rows: CsvRow[] = [];
      for await (const batch of csv.rows()) rows.push(...batch);
      expect(told(rows)).toEqual(["2: سارة | عمّان"]);
    }
  });
});

describe("separators", () => {
  it.each([
    [",", "a,b\n1,2"],
    [";", "a;b\n1;2"],
    ["\t", "a\tb\n1\t2"],
    [";", '"a, the first";b\n1;2'],
    [",", "a,b;c\n1,2"],
    [";", "sep=;\na;b\n1;2"],
    [",", "\r\n\r\na,b\r\n1,2"],
  ])("finds %j from the header of %j", async (delimiter, text) => {
    const csv = await open(text);
    expect(csv.delimiter).toBe(delimiter);
    expect((await rowsOf(text)).map((row) => row.cells)).toEqual([["1", "2"]]);
  });

  it("takes a comma when the header is one column", async () => {
    expect((await open("email\na@x.example")).delimiter).toBe(",");
  });
});

describe("rows and the physical lines they start on", () => {
  const cases: [string, string, string[]][] = [
    ["plain rows", "a,b\n1,2\n3,4\n", ["2: 1 | 2", "3: 3 | 4"]],
    ["no line break at the end", "a,b\n1,2", ["2: 1 | 2"]],
    ["a last empty cell", "a,b\n1,", ["2: 1 | "]],
    ["CRLF and CR alone", "a,b\r\n1,2\r3,4\r\n", ["2: 1 | 2", "3: 3 | 4"]],
    [
      "blank lines, also of separators and spaces",
      "a,b\n\n1,2\n , \n,\n3,4",
      ["3: 1 | 2", "6: 3 | 4"],
    ],
    ["quoted line breaks", 'a,b\n"1\n1\r\n1",2\n3,4', ["2: 1\n1\r\n1 | 2", "5: 3 | 4"]],
    ["a quoted line break in the header", '"a\nx",b\n1,2', ["3: 1 | 2"]],
    ["quoted separators and doubled quotes", 'a,b\n"1,1","say ""hi"""', ['2: 1,1 | say "hi"']],
    ["an empty quoted cell", 'a,b\n"",2', ["2:  | 2"]],
    ["spaces around quotes", 'a,b\n1, "2,2" \n3,4', ["2: 1 | 2,2", "3: 3 | 4"]],
    ["a quote within an unquoted cell", 'a,b\n5" pipe,2', ['2: 5" pipe | 2']],
    ["rows shorter than the header", "a,b,c\n1\n1,2", ["2: 1", "3: 1 | 2"]],
    ["empty cells beyond the header", "a,b\n1,2,,\n", ["2: 1 | 2"]],
    ["filled cells beyond the header", "a,b\n1,2,3\n4,5", ["2! too-many-cells", "3: 4 | 5"]],
    ["text after a closing quote", 'a,b\n"1"x,2\n3,4', ["2! broken-quote", "3: 3 | 4"]],
    ["a quote never closed", 'a,b\n1,"2\n3,4\n5,6', ["2! broken-quote", "3: 3 | 4", "4: 5 | 6"]],
  ];
  it.each(cases)("reads %s", async (_, text, rows) => {
    for (const size of [1, 2, 5, 1 << 20]) expect(told(await rowsOf(text, size))).toEqual(rows);
  });

  it("says what is wrong with the line's number, in both languages", async () => {
    const [row] = await rowsOf("a,b\n1,2,3");
    expect(row?.problem?.rejected).toBe(true);
    expect(row?.problem?.message.en).toMatch(
      /^Line 2: there are more cells than the header's 2 columns/,
    );
    expect(row?.problem?.message.ar).toMatch(/^السطر 2: /);
  });
});

describe("files that are too much", () => {
  const huge = "x".repeat(MAX_CELL + 1);
  it.each([
    ["unquoted", `a,b\n1,${huge}\n3,4`, ["2! cell-too-big", "3: 3 | 4"]],
    ["quoted, with line breaks", `a,b\n1,"${huge}\n\n"\n3,4`, ["2! cell-too-big", "5: 3 | 4"]],
    ["larger than a row may be", `a,b\n1,${huge.repeat(6)}\n3,4`, ["2! cell-too-big", "3: 3 | 4"]],
  ])("rejects the row of a huge cell that is %s and keeps the others", async (_, text, rows) => {
    expect(told(await rowsOf(text))).toEqual(rows);
  });

  it("takes a cell of exactly the greatest length", async () => {
    const rows = await rowsOf(`a,b\n1,${"x".repeat(MAX_CELL)}`);
    expect(rows[0]?.cells[1]?.length).toBe(MAX_CELL);
  });

  it("rejects a row of many big cells", async () => {
    const row = Array.from({ length: 8 }, () => "x".repeat(MAX_CELL - 1)).join(",");
    expect(told(await rowsOf(`a,b,c,d,e,f,g,h\n${row}\n1`))).toEqual(["2! row-too-big", "3: 1"]);
  });

  it("loses one row, not the rest of the file, to an unclosed quote far from its end", async () => {
    const good = "1,22222222\n".repeat(500_000);
    const rows = await rowsOf(`a,b\n"1,2\n${good}`);
    expect(told(rows.slice(0, 2))).toEqual(["2! broken-quote", "3: 1 | 22222222"]);
    expect(rows.length).toBe(500_001);
    expect(rows.at(-1)?.line).toBe(500_002);
  });

  it("refuses a header of a million columns at once", async () => {
    const header = Array.from({ length: 1_000_000 }, (_, i) => `column${i}`).join(",");
    const before = performance.now();
    const csv = await readCsv(utf8(`${header}\n1,2\n`));
    expect(csv).toMatchObject({
      ok: false,
      problem: {
        code: "too-many-columns",
        message: { en: "The header has more than 2000 columns." },
      },
    });
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it("rejects a row of a million cells and keeps the others", async () => {
    const wide = Array.from({ length: 1_000_000 }, () => "1").join(",");
    expect(told(await rowsOf(`a,b\n${wide}\n3,4`))).toEqual(["2! too-many-cells", "3: 3 | 4"]);
  });
});

describe("files that can't be read", () => {
  it.each([
    ["an empty file", new Uint8Array(), "empty"],
    ["only blank lines", utf8("\n  \r\n\n"), "empty"],
    ["a workbook", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), "spreadsheet"],
    ["binary data", new Uint8Array([1, 0, 2, 0]), "not-text"],
    ["a header whose quote is not closed", utf8('"a,b\n1,2'), "header-broken"],
    ["a file that isn't there", "/nowhere/contacts.csv", "not-found"],
    ["a folder", import.meta.dirname, "is-folder"],
  ])("says so of %s", async (_, source, code) => {
    const csv = await readCsv(source);
    expect(csv).toMatchObject({ ok: false, problem: { code } });
    if (csv.ok) return;
    expect(csv.problem.message.en).toMatch(/\.$/);
    expect(csv.problem.message.ar).toMatch(/[\u0600-\u06FF].*\.$/u);
  });

  it("reads a header without rows as no rows", async () => {
    expect(await rowsOf("a,b\n")).toEqual([]);
  });
});
