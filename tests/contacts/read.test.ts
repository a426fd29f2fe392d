import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCsv } from "../../engine/contacts/csv.ts";
import type { ColumnMap } from "../../engine/contacts/mapping.ts";
import {
  type Contacts,
  contactsOf,
  planImport,
  readContacts,
  readRows,
} from "../../engine/contacts/read.ts";
import type { Read } from "../../engine/contacts/types.ts";

const options = { workspace: { timezone: "Asia/Riyadh", fields: {} } };
const utf8 = (text: string) => new TextEncoder().encode(text);

function good<T>(read: Read<T>): T {
  if (!read.ok) throw new Error(read.problem.message.en);
  return read.value;
}
const fromCsv = async (text: string, more = {}): Promise<Contacts> =>
  good(await readContacts(utf8(text), { ...options, ...more }));
const fromList = (list: unknown): Contacts => good(contactsOf(list, options));

describe("a CSV file for a simulation", () => {
  it("becomes clean people, with custom fields of one type a column", async () => {
    const { people, problems, rows, fields } = await fromCsv(
      "email,phone,first_name,locale,timezone,tags,consent,created_at,Budget,joined,member,note\n" +
        " Ann@X.Example ,0501234567,  Ann  ,AR_sa,asia/dubai,vip| lead |vip,email|SMS,2026-01-05 09:00,٥٠٠٠,15/03/2024,نعم,٥ boxes\n" +
        "bob@x.example,,,,,,,,12.5,,no,\n",
    );
    expect(problems).toEqual([]);
    expect(rows).toBe(2);
    expect(fields).toEqual({ Budget: "number", joined: "date", member: "yes/no", note: "text" });
    expect(people).toEqual([
      {
        key: "ann@x.example",
        line: 2,
        lines: [2],
        fields: {
          email: "ann@x.example",
          phone: "+966501234567",
          first_name: "Ann",
          locale: "ar-SA",
          timezone: "Asia/Dubai",
          Budget: 5000,
          joined: "2024-03-15",
          member: true,
          note: "٥ boxes",
        },
        tags: ["vip", "lead"],
        consent: ["email", "sms"],
        created: Date.UTC(2026, 0, 5, 6),
        flags: [],
      },
      {
        key: "bob@x.example",
        line: 3,
        lines: [3],
        fields: { email: "bob@x.example", Budget: 12.5, member: false },
        tags: [],
        consent: null,
        created: null,
        flags: [],
      },
    ]);
  });

  it("takes documented names alone: others, however like, are custom fields", async () => {
    const { people } = await fromCsv("email,Mobile,full_name\na@x.example,0501234567,Ann Lee\n");
    expect(people[0]?.fields).toEqual({
      email: "a@x.example",
      Mobile: "0501234567",
      full_name: "Ann Lee",
    });
  });

  it("reads a phone by the row's country, else by the given one, else by that of the zone", async () => {
    const text = "phone,country\n0791234567,الأردن\n0501234567,\n";
    const phones = async (more: object) =>
      (await fromCsv(text, more)).people.map((person) => person.fields.phone);
    expect(await phones({})).toEqual(["+962791234567", "+966501234567"]);
    expect(await phones({ country: "UAE" })).toEqual(["+962791234567", "+971501234567"]);
  });

  it("leaves out what can't be read, says where, and keeps the person when one address is left", async () => {
    const { people, problems, rows } = await fromCsv(
      "email,phone,timezone,locale,created_at\n" +
        "ann@x,0501234567,Mars/Base,??,soon\n" +
        "bad,bad,,,\n" +
        "c@x.example,123,,,\n",
    );
    expect(rows).toBe(3);
    expect(people.map(({ key, flags }) => [key, flags])).toEqual([
      ["+966501234567", ["bad-email", "bad-timezone", "bad-locale", "bad-date"]],
      ["c@x.example", ["bad-phone"]],
    ]);
    expect(problems.map(({ line, code, rejected }) => [line, code, rejected])).toEqual([
      [2, "bad-email", false],
      [2, "bad-timezone", false],
      [2, "bad-locale", false],
      [2, "bad-date", false],
      [3, "bad-email", false],
      [3, "bad-phone", false],
      [3, "no-identifier", true],
      [4, "bad-phone", false],
    ]);
    expect(problems[0]?.message).toEqual({
      en: "Line 2, column “email”: “ann@x” is not an e-mail address; the cell was left out.",
      ar: "السطر 2، العمود «email»: «ann@x» ليس عنوان بريد إلكتروني صحيحًا، فتُركت الخلية.",
    });
  });

  it("flags a channel that doesn't exist; `none` allows none", async () => {
    const { people, problems } = await fromCsv(
      "email,consent\na@x.example,emial|sms\nb@x.example,none\nc@x.example,\n",
    );
    expect(people.map((person) => person.consent)).toEqual([["sms"], [], null]);
    expect(problems.map(({ line, code }) => [line, code])).toEqual([[2, "unknown-channel"]]);
  });

  it("obeys the types that the workspace has fixed", async () => {
    const { people, problems } = await fromCsv("email,code,size\na@x.example,42,big\n", {
      workspace: { timezone: "UTC", fields: { code: "text", size: "number" } },
    });
    expect(people[0]?.fields).toEqual({ email: "a@x.example", code: "42" });
    expect(problems.map(({ code }) => code)).toEqual(["bad-value"]);
  });

  it("merges rows of one person and keeps the good rows beside the bad", async () => {
    const { people, problems } = await fromCsv(
      'email,phone,city\na@x.example,0501234567,Jeddah\n"oops\n,0501234567,Riyadh\n',
    );
    expect(people.map(({ key, lines, fields }) => [key, lines, fields.city])).toEqual([
      ["a@x.example", [2, 4], "Riyadh"],
    ]);
    expect(problems.map(({ line, code }) => [line, code])).toEqual([[3, "broken-quote"]]);
  });

  it("is refused when no column can tell who is who", async () => {
    const read = await readContacts(utf8("Name,City\nAnn,Riyadh\n"), options);
    expect(read).toMatchObject({ ok: false, problem: { code: "no-identifier-column" } });
    expect(read.ok ? "" : read.problem.message.en).toContain("“Name”, “City”");
  });

  it("can't reach an object's prototype by a header", async () => {
    const { people } = await fromCsv("email,__proto__,constructor\na@x.example,x,y\n");
    expect(Object.keys(people[0]?.fields ?? {})).toEqual(["email", "constructor"]);
    expect(Object.getPrototypeOf(people[0]?.fields)).toBe(Object.prototype);
  });
});

describe("a JSON list", () => {
  it("reads like the same rows of CSV", async () => {
    const csv = await fromCsv(
      "email,phone,tags,budget\nA@x.example,0501234567,a|b,٥٠\nb@x.example,,,7\n",
    );
    const json = fromList([
      { email: "A@x.example", phone: "0501234567", tags: ["a", "b"], budget: "٥٠" },
      { email: "b@x.example", budget: 7 },
    ]);
    const bare = ({ people }: Contacts) =>
      people.map(({ line: _, lines: __, ...person }) => person);
    expect(bare(json)).toEqual(bare(csv));
  });

  it("keeps the types that its values have", () => {
    const { people } = fromList([
      { email: "a@x.example", phone: 966501234567, vip: true, n: 5, hobbies: ["tea"], city: null },
    ]);
    expect(people[0]?.fields).toEqual({
      email: "a@x.example",
      phone: "+966501234567",
      vip: true,
      n: 5,
      hobbies: ["tea"],
    });
  });

  it("allows no channel by an empty list, and says nothing by null or empty text", () => {
    const { people } = fromList([
      { email: "a@x.example", consent: [] },
      { email: "b@x.example", consent: null },
      { email: "c@x.example", consent: "" },
      { email: "d@x.example", consent: "email|sms" },
      { email: "e@x.example", tags: "x|y" },
    ]);
    expect(people.map(({ consent }) => consent)).toEqual([[], null, null, ["email", "sms"], null]);
    expect(people[4]?.tags).toEqual(["x", "y"]);
  });

  it("names the record of what is no contact, and refuses what is no list", () => {
    const { problems, rows } = fromList([{ email: "a@x.example" }, "bob", null]);
    expect(rows).toBe(3);
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [2, "bad-record"],
      [3, "bad-record"],
    ]);
    expect(problems[0]?.message.en).toMatch(/^Contact 2: /);
    expect(contactsOf({}, options)).toMatchObject({ ok: false, problem: { code: "not-a-list" } });
  });

  it("may be empty", () => expect(fromList([]).people).toEqual([]));
});

describe("files on disk", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "contacts-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ["people.csv", "email\na@x.example\n"],
    ["people.json", '[{"email": "a@x.example"}]'],
    ["people.txt", ' \n[{"email": "a@x.example"}]'],
  ])("are told apart: %s", async (name, text) => {
    const path = join(folder, name);
    await writeFile(path, text);
    const { people } = good(await readContacts(path, options));
    expect(people.map(({ key }) => key)).toEqual(["a@x.example"]);
  });

  it.each([
    ["broken.json", "[{", "bad-json"],
    ["object.json", "{}", "not-a-list"],
    ["empty.csv", "", "empty"],
  ])("are refused with a reason: %s", async (name, text, code) => {
    const path = join(folder, name);
    await writeFile(path, text);
    expect(await readContacts(path, options)).toMatchObject({ ok: false, problem: { code } });
  });
});

describe("an import", () => {
  async function run(text: string, map: ColumnMap = {}) {
    const csv = good(await readCsv(utf8(text)));
    const columns = good(await planImport(csv, { ...options, map }));
    const reads = [];
    for await (const batch of readRows(csv, columns, options)) reads.push(...batch);
    return { columns, reads };
  }

  it("guesses columns, parts full names and reads every line in its order", async () => {
    const { columns, reads } = await run(
      "الاسم;الجوال;البريد الإلكتروني;تاريخ الميلاد;Budget\n" +
        "عبد الله الحربي;٠٥٠١٢٣٤٥٦٧;A@X.example;15/03/1990;10\n" +
        "Ann;;;;\n" +
        "Bob Lee;+1 202 555 0123;;unknown;20\n",
    );
    expect(columns.map(({ field, type }) => [field, type.type])).toEqual([
      ["first_name", "text"],
      ["phone", "text"],
      ["email", "text"],
      ["birthday", "date"],
      ["Budget", "number"],
    ]);
    expect(reads.map(({ line, row }) => [line, row?.fields ?? null])).toEqual([
      [
        2,
        {
          phone: "+966501234567",
          email: "a@x.example",
          birthday: "1990-03-15",
          Budget: 10,
          first_name: "عبد الله",
          last_name: "الحربي",
        },
      ],
      [3, null],
      [4, { phone: "+12025550123", Budget: 20, first_name: "Bob", last_name: "Lee" }],
    ]);
    expect(reads[2]?.problems.map(({ code }) => code)).toEqual(["bad-date"]);
  });

  it("follows the map", async () => {
    const { reads } = await run("Contact;Notes;Extra\na@x.example;hello;5\n", {
      Contact: "email",
      Notes: "remark",
      Extra: null,
    });
    expect(reads[0]?.row?.fields).toEqual({ email: "a@x.example", remark: "hello" });
  });

  it("takes the second phone where the first is empty", async () => {
    const { reads } = await run("Mobile,Phone\n0501234567,0551234567\n,0551234567\n");
    expect(reads.map(({ row }) => row?.key)).toEqual(["+966501234567", "+966551234567"]);
  });

  it("flags letters that are damaged in the file", async () => {
    const bytes = new Uint8Array([...utf8("email,city\na@x.example,جدة الجديدة "), 0xd3, 0x0a]);
    const csv = good(await readCsv(bytes));
    const columns = good(await planImport(csv, options));
    for await (const [read] of readRows(csv, columns, options)) {
      const { row, problems } = read ?? { row: null, problems: [] };
      expect(row?.key).toBe("a@x.example");
      expect(problems.map(({ code }) => code)).toEqual(["broken-text"]);
    }
  });
});
