import { describe, expect, test } from "vitest";
import { Workspace } from "./process.ts";

const CSV = [
  "email,phone,first_name,city,tags,consent,amount",
  "sara@example.com,+966500000001,Sara,Riyadh,lead,email|sms,5",
  "SARA@example.com,,Sara B,,vip,email,7",
  "omar@example.com,+966500000001,Omar,Jeddah,lead,email,",
  ",+966500000003,Nora,,,,3",
  "nora@example.com,+966500000003,,,,,",
  ",,Nobody,,,,",
  "",
].join("\n");

/** The contacts of an export by e-mail, else phone. */
async function contacts(workspace: Workspace): Promise<Map<string, Record<string, unknown>>> {
  const list = JSON.parse(await workspace.ok("export", "contacts", "--format", "json")) as Record<
    string,
    unknown
  >[];
  return new Map(list.map((contact) => [String(contact.email ?? contact.phone), contact]));
}

describe("import", () => {
  test("tells of each row what became of it and in which contact it ended", async () => {
    const workspace = new Workspace();
    workspace.file("c.csv", CSV);
    const { code, out, err } = await workspace.run("import", "c.csv", "--report", "r.jsonl");
    expect(code).toBe(1);
    expect(out).toBe("6 rows: 3 created, 2 merged, 1 rejected\n");
    expect(err).toContain("Line 7: there is neither an e-mail address nor a phone number");
    const report = workspace.lines("r.jsonl");
    const people = await contacts(workspace);
    const id = (key: string) => people.get(key)?.id;
    expect(report.map(({ line, action, contact }) => [line, action, contact])).toEqual([
      [2, "created", id("sara@example.com")],
      [3, "merged", id("sara@example.com")],
      [4, "created", id("omar@example.com")],
      [5, "created", id("nora@example.com")],
      [6, "merged", id("nora@example.com")],
      [7, "rejected", null],
    ]);
    expect(report[2]?.reason).toBe(
      "The phone is that of the contact of line 2, who has another e-mail address.",
    );
    expect(people.size).toBe(3);
    expect(people.get("sara@example.com")).toMatchObject({
      first_name: "Sara B",
      city: "Riyadh",
      amount: 7,
      tags: ["lead", "vip"],
      consent: ["email"],
    });
  });

  test("shows rows of which a cell was left out, without a report too, and says it in Arabic where asked", async () => {
    const workspace = new Workspace();
    workspace.file("c.csv", "email,phone\nsara@example.com,12\nnobody,\n");
    const english = await workspace.run("import", "c.csv", "--dry-run");
    expect(english.out).toBe("2 rows (nothing written): 1 created, 1 rejected\n");
    expect(english.err).toContain("created: Line 2, column “phone”: “12”");
    expect(english.err).toContain("rejected: Line 3, column “email”: “nobody” is not an e-mail");
    const arabic = await workspace.run("import", "c.csv", "--arabic", "--report", "r.jsonl");
    expect(arabic.err).toContain("created: السطر 2، العمود «phone»: ");
    expect(arabic.err).toContain("rejected: السطر 3، العمود «email»: «nobody» ليس عنوان بريد");
    expect(workspace.lines("r.jsonl")[1]?.reason).toContain("السطر 3");
    workspace.file("none.csv", "first,second\na,b\n");
    const none = await workspace.run("import", "none.csv", "--arabic");
    expect(none.code).toBe(2);
    expect(none.err).toContain("«first»، «second»");
  });

  test("the same file again changes nothing and creates nobody", async () => {
    const workspace = new Workspace();
    workspace.file("c.csv", CSV);
    await workspace.run("import", "c.csv");
    const before = await workspace.ok("export", "contacts");
    const { out } = await workspace.run("import", "c.csv", "--json");
    expect(JSON.parse(out)).toMatchObject({
      rows: 6,
      created: 0,
      updated: 5,
      merged: 0,
      rejected: 1,
    });
    expect(await workspace.ok("export", "contacts")).toBe(before);
  });

  test("--dry-run says the same and writes nothing", async () => {
    const workspace = new Workspace();
    workspace.file("c.csv", CSV);
    const trial = await workspace.run("import", "c.csv", "--dry-run", "--report", "r.jsonl");
    expect(trial.code).toBe(1);
    expect(trial.out).toBe("6 rows (nothing written): 3 created, 2 merged, 1 rejected\n");
    expect(workspace.lines("r.jsonl").map((row) => [row.action, row.contact])).toEqual([
      ["created", null],
      ["merged", null],
      ["created", null],
      ["created", null],
      ["merged", null],
      ["rejected", null],
    ]);
    expect((await contacts(workspace)).size).toBe(0);
  });

  test("--on-duplicate skip leaves known contacts as they are", async () => {
    const workspace = new Workspace();
    workspace.file("a.csv", "email,first_name\nsara@example.com,Sara\n");
    workspace.file(
      "b.csv",
      "email,first_name\nsara@example.com,Other\nnew@example.com,New\nnew@example.com,Newer\n",
    );
    await workspace.ok("import", "a.csv");
    await workspace.ok("import", "b.csv", "--on-duplicate", "skip", "--report", "r.jsonl");
    const people = await contacts(workspace);
    expect(workspace.lines("r.jsonl").map((row) => [row.action, row.contact])).toEqual([
      ["skipped", people.get("sara@example.com")?.id],
      ["created", people.get("new@example.com")?.id],
      ["skipped", people.get("new@example.com")?.id],
    ]);
    expect(people.get("sara@example.com")?.first_name).toBe("Sara");
    expect(people.get("new@example.com")?.first_name).toBe("New");
  });

  test("--on-duplicate review leaves doubtful rows for a person and merges the certain", async () => {
    const workspace = new Workspace();
    workspace.file("a.csv", "email,phone\nsara@example.com,+966500000001\n");
    workspace.file(
      "b.csv",
      "email,phone,city\nomar@example.com,+966500000001,Jeddah\nsara@example.com,,Riyadh\n",
    );
    await workspace.ok("import", "a.csv");
    await workspace.ok("import", "b.csv", "--on-duplicate", "review", "--report", "r.jsonl");
    const people = await contacts(workspace);
    const sara = people.get("sara@example.com");
    expect([...people.keys()]).toEqual(["sara@example.com"]);
    expect(workspace.lines("r.jsonl")).toEqual([
      {
        line: 2,
        action: "review",
        contact: null,
        reason: `The phone is that of contact ${sara?.id}, who has another e-mail address.`,
      },
      { line: 3, action: "updated", contact: sara?.id, reason: null },
    ]);
    expect(sara?.city).toBe("Riyadh");
  });

  test("a row that joins two contacts leaves one, and earlier report lines name it", async () => {
    const workspace = new Workspace();
    const rows = ["email,phone", "sara@example.com,", ",+966500000001"];
    // Far enough apart to be written in different batches.
    for (let i = 0; i < 2500; i++) rows.push(`filler${i}@example.com,`);
    rows.push("sara@example.com,+966500000001");
    workspace.file("c.csv", `${rows.join("\n")}\n`);
    await workspace.ok("import", "c.csv", "--report", "r.jsonl");
    const people = await contacts(workspace);
    const sara = people.get("sara@example.com");
    expect(people.size).toBe(2501);
    expect(sara?.phone).toBe("+966500000001");
    const report = workspace.lines("r.jsonl");
    expect([report[0], report[1], report.at(-1)].map((row) => [row?.action, row?.contact])).toEqual(
      [
        ["created", sara?.id],
        ["created", sara?.id],
        ["merged", sara?.id],
      ],
    );
  });

  test("people that come twice are found across batches as within one", async () => {
    const workspace = new Workspace();
    const rows = ["email"];
    for (let i = 0; i < 5000; i++) rows.push(`p${i % 2400}@example.com`);
    workspace.file("c.csv", `${rows.join("\n")}\n`);
    expect(await workspace.ok("import", "c.csv")).toBe("5000 rows: 2400 created, 2600 merged\n");
  });

  test("--max-rejected says how many rejected rows are no problem", async () => {
    const workspace = new Workspace();
    workspace.file("c.csv", CSV);
    expect((await workspace.run("import", "c.csv", "--max-rejected", "1")).code).toBe(0);
    const { code, err } = await workspace.run("import", "c.csv");
    expect(code).toBe(1);
    expect(err).toContain("1 rejected row is more than the 0 that --max-rejected allows.");
  });

  test("a map says where columns go", async () => {
    const workspace = new Workspace();
    workspace.file("c.csv", "Kunde,Ort,Geheim\nsara@example.com,Riyadh,x\n");
    workspace.file("map.json", { Kunde: "email", Ort: "city", Geheim: null });
    await workspace.ok("import", "c.csv", "--map", "map.json");
    expect((await contacts(workspace)).get("sara@example.com")).toMatchObject({ city: "Riyadh" });
    workspace.file("map.json", { Name: "email" });
    const { code, err } = await workspace.run("import", "c.csv", "--map", "map.json");
    expect(code).toBe(2);
    expect(err).toMatch(/^c\.csv: .*Name/);
  });

  test("an import starts no flow unless told to", async () => {
    const workspace = new Workspace();
    workspace.file("flow.json", {
      format: 1,
      id: "hi",
      name: "Hi",
      nodes: [
        { id: "start", type: "trigger.created", position: { x: 0, y: 0 }, data: {} },
        { id: "mark", type: "tag", position: { x: 0, y: 1 }, data: { add: [{ tag: "seen" }] } },
      ],
      edges: [{ id: "e", source: "start", target: "mark" }],
    });
    await workspace.ok("flow", "add", "flow.json");
    await workspace.ok("flow", "publish", "hi");
    workspace.file("a.csv", "email\na@example.com\n");
    workspace.file("b.csv", "email\nb@example.com\n");
    await workspace.ok("import", "a.csv");
    await workspace.ok("import", "b.csv", "--fire-triggers");
    await workspace.ok("run", "--until-idle");
    const people = await contacts(workspace);
    expect(people.get("a@example.com")?.tags).toEqual([]);
    expect(people.get("b@example.com")?.tags).toEqual(["seen"]);
  });
});

describe("export contacts", () => {
  test("cells that a spreadsheet would run become text, and an import takes the file back", async () => {
    const workspace = new Workspace();
    workspace.file(
      "c.csv",
      'email,phone,first_name,amount,consent,tags\nsara@example.com,+966500000001,"=HYPERLINK(""x"")",-4,email,a|b\n',
    );
    await workspace.ok("import", "c.csv");
    await workspace.ok("export", "contacts", "--out", "out.csv");
    const [header, row] = workspace.read("out.csv").split("\n");
    expect(header).toBe(
      "id,email,phone,first_name,last_name,locale,timezone,country,city,amount,tags,consent,created_at",
    );
    expect(row?.replace(/^[^,]+,/, "").replace(/,[^,]+$/, "")).toBe(
      'sara@example.com,+966500000001,"\'=HYPERLINK(""x"")",,,,,,-4,a|b,email',
    );
    const again = await workspace.run("import", "out.csv", "--json");
    expect(JSON.parse(again.out)).toMatchObject({ rows: 1, created: 0, updated: 1 });
  });

  test("more contacts than a page come out once each", async () => {
    const workspace = new Workspace();
    const emails = Array.from({ length: 2100 }, (_, i) => `p${i}@example.com`);
    workspace.file(
      "c.csv",
      `email,consent\n${emails.map((e, i) => `${e},${i % 2 ? "email" : "sms"}`).join("\n")}\n`,
    );
    await workspace.ok("import", "c.csv");
    const rows = (await workspace.ok("export", "contacts")).trim().split("\n").slice(1);
    expect(rows.map((row) => row.split(",")[1]).sort()).toEqual([...emails].sort());
    expect(rows.filter((row) => row.includes(",email,"))).toHaveLength(1050);
  });
});
