import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { measured } from "./measured.ts";
import { summary } from "./read-file.ts";

const folder = mkdtempSync(join(tmpdir(), "tawasul-hard-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(content: string | Uint8Array): string {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, content);
  return path;
}

/** A process that has only loaded the reader, in MB: what a file costs is what comes on top. */
const empty = await measured("read-file.ts", "summary", file("email\na@x.example\n"));
const MOST_MB = 160;

const arabic = (text: string): Uint8Array => {
  const letters: Record<string, number> = { ا: 0xc7, ح: 0xcd, م: 0xe3, د: 0xcf, أ: 0xc3 };
  return Uint8Array.from([...text], (c) => letters[c] ?? c.charCodeAt(0));
};

describe("a CSV file", () => {
  test("in an old Arabic encoding is read as it was meant", async () => {
    const read = await summary(file(arabic("email,first_name\na@x.example,أحمد\n")));
    expect(read).toEqual({ people: ["a@x.example"], rows: 1, problems: [] });
  });

  test("in UTF-16 is read, with and without a byte order mark at its head", async () => {
    const text = "\uFEFFemail,first_name\na@x.example,ليلى\n";
    expect(await summary(file(Buffer.from(text, "utf16le")))).toEqual({
      people: ["a@x.example"],
      rows: 1,
      problems: [],
    });
    expect(await summary(file(Buffer.from(text, "utf16le").swap16()))).toEqual({
      people: ["a@x.example"],
      rows: 1,
      problems: [],
    });
  });

  test("that is no text is refused with a sentence", async () => {
    const noise = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256);
    for (const bytes of [noise, Buffer.from("PK\u0003\u0004 spreadsheet"), new Uint8Array(5000)]) {
      const read = await summary(file(bytes));
      expect(read.refused).toBeDefined();
      const { en, ar } = read.sentence as { en: string; ar: string };
      expect(en).toMatch(/\.$/);
      expect(ar).toMatch(/[\u0600-\u06FF]/);
    }
  });

  test("without a header that names an address is refused, and the sentence says so", async () => {
    const read = await summary(file("Ann,Lee\nBob,Ray\n"));
    expect(read.refused).toBe("no-identifier-column");
    expect((await summary(file(""))).refused).toBe("empty");
    expect((await summary(file("\n\n   \n"))).refused).toBe("empty");
  });

  test("with a broken quotation mark loses that row and keeps the others", async () => {
    const read = await summary(
      file(
        'email,note\na@x.example,fine\nb@x.example,"open\nc@x.example,"a ""quoted"" word"\nd@x.example,x"y\ne@x.example,last\n',
      ),
    );
    const { people, problems } = read as { people: string[]; problems: [number, string][] };
    expect(people).toContain("a@x.example");
    expect(people).toContain("c@x.example");
    expect(people).toContain("e@x.example");
    expect(problems.map(([line]) => line)).toContain(3);
  });

  test("with empty lines keeps counting the lines of the file", async () => {
    const read = await summary(file("\n\nemail\n\n\na@x.example\n   \nwrong\n\n"));
    expect(read).toEqual({
      people: ["a@x.example"],
      rows: 2,
      problems: [
        [8, "bad-email"],
        [8, "no-identifier"],
      ],
    });
  });

  test("with a column twice keeps the people", async () => {
    const read = await summary(
      file("email,email,city,city\na@x.example,b@x.example,Riyadh,\n,c@x.example,,Jeddah\n"),
    );
    expect((read as { people: string[] }).people.length).toBe(2);
  });

  test("with a cell of 10 MB loses that row alone, in bounded memory", async () => {
    const path = file(
      `email,note\na@x.example,x\nb@x.example,${"ب".repeat(5_242_880)}\nc@x.example,y\n`,
    );
    const { result, peak, seconds } = await measured("read-file.ts", "summary", path);
    expect(result).toEqual({
      people: ["a@x.example", "c@x.example"],
      rows: 3,
      problems: [[3, "cell-too-big"]],
    });
    expect(peak - empty.peak).toBeLessThan(MOST_MB);
    expect(seconds).toBeLessThan(20);
  });

  test("with a gap of half a million spaces, or marks, within a cell reads it soon", async () => {
    const gaps = [" ".repeat(500_000), "\u202B".repeat(500_000), "\u2067\u2069".repeat(250_000)];
    const rows = gaps.map((gap, i) => `a${i}@x.example,"é${gap}x"\n`);
    const { result, seconds } = await measured(
      "read-file.ts",
      "summary",
      file(`email,note\n${rows.join("")}`),
    );
    expect(result).toMatchObject({ rows: 3, problems: [] });
    expect(seconds).toBeLessThan(20);
  });

  test("with a quotation mark that is never closed, and 30 MB after it, keeps the good rows in bounded memory", async () => {
    const rest = Array.from(
      { length: 600_000 },
      (_, i) => `c${i}@x.example,"a note of some forty letters is here"\n`,
    ).join("");
    const path = file(`email,note\na@x.example,x\nb@x.example,"open\n${rest}`);
    const { result, peak, seconds } = await measured("read-file.ts", "rows", path);
    expect((result as { rows: number }).rows).toBeGreaterThan(500_000);
    expect(peak - empty.peak).toBeLessThan(MOST_MB);
    expect(seconds).toBeLessThan(40);
  });

  test("with a million columns is refused soon, in bounded memory", async () => {
    const header = `email,${Array.from({ length: 1_000_000 }, (_, i) => `c${i}`).join(",")}\n`;
    const path = file(`${header}a@x.example${",".repeat(1_000_000)}\n`);
    const { result, peak, seconds } = await measured("read-file.ts", "summary", path);
    expect(result).toMatchObject({ refused: "too-many-columns" });
    expect(peak - empty.peak).toBeLessThan(MOST_MB);
    expect(seconds).toBeLessThan(20);
  });

  test("with a row of a million cells loses that row alone", async () => {
    const path = file(
      `email,note\na@x.example,x\nb@x.example${",z".repeat(1_000_000)}\nc@x.example,y\n`,
    );
    const { result, peak } = await measured("read-file.ts", "summary", path);
    expect(result).toEqual({
      people: ["a@x.example", "c@x.example"],
      rows: 3,
      problems: [[3, "too-many-cells"]],
    });
    expect(peak - empty.peak).toBeLessThan(MOST_MB);
  });
});
