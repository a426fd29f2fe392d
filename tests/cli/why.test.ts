import { expect, test } from "vitest";
import { ROOT, Workspace } from "./process.ts";

/** Sara is in the flow since 09:00 on 2 March 2026. */
async function entered(): Promise<Workspace> {
  const cli = new Workspace();
  await cli.ok("flow", "add", `${ROOT}/flows/new-lead.json`);
  await cli.ok("flow", "publish", "new-lead", "--now", "2026-03-02T08:00:00Z");
  await Bun.write(`${cli.folder}/c.csv`, "email,timezone\nsara@x.example,Asia/Riyadh\n");
  await cli.ok("import", "c.csv");
  await cli.ok(
    "enroll",
    "new-lead",
    "--contact",
    "sara@x.example",
    "--now",
    "2026-03-02T09:00:00Z",
  );
  await cli.ok("run", "--until-idle", "--now", "2026-03-02T09:00:00Z");
  return cli;
}

test("why tells the journal in English, in Arabic and as JSON, and knows who isn't there", async () => {
  const cli = await entered();
  const now = ["--now", "2026-03-02T10:00:00Z"];
  const english = await cli.ok("why", "SARA@x.example", "new-lead", ...now);
  expect(english).toContain("Times are those of Asia/Riyadh.");
  expect(english).toContain("Mon, 2 Mar 2026, 12:00  Entered the flow through “Added by hand”");
  const arabic = await cli.ok("why", "sara@x.example", "new-lead", "--arabic", ...now);
  expect(arabic).toContain("دخلت الخطة عبر «إدراج يدوي»");
  const json = JSON.parse(await cli.ok("why", "sara@x.example", "new-lead", "--json", ...now));
  expect(json).toMatchObject({ flow: "new-lead", timezone: "Asia/Riyadh" });
  expect(json.sentences[0]).toMatchObject({ about: "entered", at: "2026-03-02T09:00:00Z" });
  const unknown = await cli.run("why", "nobody@x.example", "new-lead", "--arabic");
  expect(unknown.err).toBe("لا توجد جهة اتصال «nobody@x.example».\n");
  for (const [contact, flow, sentence] of [
    ["nobody@x.example", "new-lead", "There is no contact “nobody@x.example”."],
    ["sara@x.example", "nothing", "There is no flow “nothing”"],
  ] as const) {
    const { code, out, err } = await cli.run("why", contact, flow);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(sentence);
    expect(err.trim().split("\n")).toHaveLength(1);
  }
});

test("backup, restore, erase and the export of a person work from the command line", async () => {
  const cli = await entered();
  expect(await cli.ok("backup", "copy.sqlite")).toContain("1 flow, 1 contact, 1 enrollment");
  expect((await cli.run("backup", "copy.sqlite")).code).toBe(2);
  const person = JSON.parse(await cli.ok("export", "person", "sara@x.example"));
  expect(person.contact.fields.email).toBe("sara@x.example");
  const asked = await cli.run("erase", "sara@x.example");
  expect([asked.code, asked.err.includes("--yes")]).toEqual([2, true]);
  await cli.ok("erase", "sara@x.example", "--yes");
  expect((await cli.run("export", "person", "sara@x.example")).code).toBe(2);
  expect(await cli.ok("restore", "copy.sqlite")).toContain("1 flow paused");
  expect(await cli.ok("export", "person", "sara@x.example")).toContain("sara@x.example");
  expect((await cli.run("restore", "c.csv")).err).toContain("is not a backup");
});
