import { describe, expect, test } from "vitest";
import { people, WELCOME, Workspace } from "./process.ts";

const SPAN = ["--from", "2026-01-05T00:00:00Z", "--until", "2026-01-08T00:00:00Z"];

/** A folder with the flow and a contact file. */
function workspace(contacts = people(2)): Workspace {
  const space = new Workspace();
  space.file("welcome.json", WELCOME);
  space.file("contacts.csv", contacts);
  return space;
}

describe("simulate", () => {
  test("prints counts for each node and message; the journal is JSON Lines, the same twice", async () => {
    const space = workspace();
    const args = ["simulate", "welcome.json", "--contacts", "contacts.csv", ...SPAN];
    const out = await space.ok(...args, "--journal", "a.jsonl");
    expect(out).toMatch(/^contacts +2\nenrollments +completed 2$/m);
    expect(out).toMatch(/^ +hello +email +entered 2; next 2$/m);
    expect(out).toMatch(/^ +second +sent 2$/m);
    await space.ok(...args, "--journal", "b.jsonl");
    expect(space.read("b.jsonl")).toBe(space.read("a.jsonl"));
    expect(space.lines("a.jsonl")[0]).toEqual({
      at: "2026-01-05T00:00:00Z",
      contact: "person0@example.com",
      flow: "welcome",
      version: 1,
      enrollment: 1,
      kind: "entered",
      node: "start",
      trigger: "start",
      key: null,
    });
  });

  test("takes events, a workspace, a zone, parameters, consent and other flows", async () => {
    const space = workspace(
      "email,phone,first_name,size\nSara@Example.com ,+966501234567,Sara,٤٢\nbob@example.com,,Bob,7\n",
    );
    space.file("flow.json", {
      ...WELCOME,
      settings: { timezone: "contact" },
      nodes: [
        ...WELCOME.nodes.slice(0, 2),
        { id: "pause", type: "wait", position: { x: 0, y: 0 }, data: { until: { time: "09:00" } } },
        {
          id: "second",
          type: "condition",
          position: { x: 0, y: 0 },
          data: { rule: { segment: "big" } },
        },
        {
          id: "mark",
          type: "start-flow",
          position: { x: 0, y: 0 },
          data: { flow: "reached" },
        },
      ],
      edges: [
        ...WELCOME.edges.slice(0, 3),
        { id: "e4", source: "second", sourceHandle: "yes", target: "mark" },
      ],
    });
    const { nodes } = WELCOME;
    space.folderFile("more", "reached.json", {
      ...WELCOME,
      id: "reached",
      nodes: [nodes[0], nodes[4]],
      edges: [{ id: "e1", source: "start", target: "mark" }],
    });
    space.file("workspace.json", {
      segments: { big: { field: "size", op: ">", value: 40 } },
      fields: { size: "number" },
      locale: "en",
      hours: { days: ["sun"], from: "09:00", to: "17:00" },
      weekend: ["fri", "sat"],
      holidays: ["2026-03-20"],
    });
    space.file(
      "events.jsonl",
      '{"at":"2026-01-05T01:00:00Z","contact":"bob@example.com","consent":{"channel":"email","granted":true}}\n\nnot json\n',
    );
    const { out, err, code } = await space.run(
      ...["simulate", "flow.json", "--contacts", "contacts.csv", ...SPAN, "--events"],
      ...["events.jsonl", "--workspace", "workspace.json", "--timezone", "Asia/Riyadh"],
      ...["--flows", "more", "--param", "brand=Zed", "--consent", "denied", "--json"],
      ...["--journal", "j.jsonl"],
    );
    expect(code).toBe(0);
    expect(err).toContain("warning: events.jsonl: line 3: this line is not JSON");
    const outcome = JSON.parse(out) as { messages: object; nodes: Record<string, object> };
    expect(outcome.messages).toEqual({ hello: { "skipped (no-consent)": 2 } });
    expect(outcome.nodes.second).toMatchObject({ left: { yes: 1, no: 1 } });
    expect(outcome.nodes["reached/mark"]).toMatchObject({ left: { next: 1 } });
    const waiting = space.lines("j.jsonl").find((line) => line.kind === "waiting");
    expect(waiting?.until).toBe("2026-01-05T06:00:00Z");
  });

  test("tells problems of events in the file's order, and in Arabic where asked", async () => {
    const space = new Workspace();
    space.file("flow.json", WELCOME);
    space.file("contacts.csv", "email\nann@example.com\n");
    space.file(
      "e.jsonl",
      '{"at":"soon"}\nnope\n{"at":"2026-01-05T01:00:00Z","contact":"ann@example.com"}\n',
    );
    const args = ["simulate", "flow.json", "--contacts", "contacts.csv", ...SPAN, "--events"];
    const english = await space.run(...args, "e.jsonl");
    expect(english.err.match(/line \d/g)).toEqual(["line 1", "line 2", "line 3"]);
    expect(english.err).toContain("1 row, 1 person, ");
    const arabic = await space.run(...args, "e.jsonl", "--arabic");
    expect(arabic.err.match(/السطر \d/g)).toEqual(["السطر 1", "السطر 2", "السطر 3"]);
  });

  test("counts those too who left the flow at a node", async () => {
    const space = workspace();
    space.file("flow.json", { ...WELCOME, settings: { exitWhen: { tag: "client" } } });
    space.file(
      "events.jsonl",
      '{"at":"2026-01-05T01:00:00Z","contact":"person0@example.com","addTag":"client"}\n',
    );
    const out = await space.ok(
      ...["simulate", "flow.json", "--contacts", "contacts.csv", ...SPAN, "--events"],
      "events.jsonl",
    );
    expect(out).toMatch(/^ +pause +wait +entered 2; exited 1, next 1$/m);
  });

  test.each<[string, string[], string]>([
    [
      "a missing contact file",
      ["--contacts", "none.csv"],
      "none.csv: There is no file “none.csv”.",
    ],
    ["a zone that is none", ["--timezone", "Mars/X"], "--timezone: there is no zone “Mars/X”."],
    [
      "an unknown mode of consent",
      ["--consent", "maybe"],
      "--consent must be granted or denied, not “maybe”.",
    ],
    [
      "an unknown parameter",
      ["--param", "nope=1"],
      "--param: the flow has no parameter “nope”; it has brand.",
    ],
    ["a parameter with no value", ["--param", "brand"], "--param must be NAME=VALUE, not “brand”."],
    ["a missing event file", ["--events", "none"], "There is no event file “none”."],
    ["a missing folder of flows", ["--flows", "none"], "There is no folder “none”."],
    [
      "a journal that can't be written",
      ["--journal", "none/j.jsonl"],
      "The journal “none/j.jsonl” can't be written: its folder isn't there.",
    ],
    [
      "a span that ends before it begins",
      ["--until", "2026-01-04T00:00:00Z"],
      "--until must be later than --from.",
    ],
    [
      "a moment without a zone",
      ["--from", "2026-01-05T00:00"],
      "--from must be a moment such as 2026-01-05T00:00:00Z, not “2026-01-05T00:00”.",
    ],
  ])("%s is exit code 2 and one sentence", async (_, flags, sentence) => {
    const { code, out, err } = await workspace().run(
      ...["simulate", "welcome.json", "--contacts", "contacts.csv", ...SPAN, ...flags],
    );
    expect({ code, out, err: err.trim() }).toEqual({ code: 2, out: "", err: sentence });
  });

  test("a workspace file with mistakes is refused with all of them", async () => {
    const space = workspace();
    space.file("w.json", {
      hours: 5,
      holidays: ["20 March"],
      weekend: ["friday"],
      fields: { size: 1 },
      locale: "",
      consent: "yes",
      timezone: "Mars/X",
      segments: { a: { segment: "a" } },
      nope: 1,
    });
    const { code, err } = await space.run(
      ...["simulate", "welcome.json", "--contacts", "contacts.csv", ...SPAN, "--workspace"],
      "w.json",
    );
    expect(code).toBe(2);
    for (const name of ["hours", "weekend", "fields", "locale", "consent"]) {
      expect(err).toContain(`“${name}” must be`);
    }
    expect(err).toContain('“holidays”: "20 March" is not a holiday');
    expect(err).toContain("there is no zone");
    expect(err).toContain("in a circle");
    expect(err).toContain("unknown key “nope”");
  });

  test("a flow with mistakes is exit code 1, every mistake told with its place", async () => {
    const space = workspace();
    space.file("flow.json", { ...WELCOME, format: 2 });
    const { code, out, err } = await space.run(
      ...["simulate", "flow.json", "--contacts", "contacts.csv", ...SPAN],
    );
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("flow.json: error: ");
    expect(err).toContain("[/format]");
  });
});

describe("test", () => {
  const scenario = (name: string, ...expected: object[]) => ({
    name,
    from: "2026-01-05T00:00:00Z",
    until: "2026-01-08T00:00:00Z",
    timezone: "Asia/Riyadh",
    params: { brand: "Zed" },
    consent: "granted",
    contacts: [{ email: "ann@example.com", first_name: "Ann" }],
    events: [{ at: "2026-01-05T09:00:00Z", contact: "ann@example.com", addTag: "x" }],
    expect: expected.map((one) => ({ contact: "ann@example.com", ...one })),
  });

  test("runs the scenarios of a folder and closes with what passed and failed", async () => {
    const space = new Workspace();
    space.folderFile("flows", "welcome.json", WELCOME);
    space.folderFile("flows", "welcome.scenarios.json", [
      scenario(
        "all comes",
        { message: "hello", at: "2026-01-05T00:00:00Z" },
        { message: "second", at: "2026-01-06T00:00:00Z" },
        { step: "pause", output: "next" },
        { state: "completed" },
      ),
      scenario("nothing comes", { noMessage: "hello" }),
      scenario("it is still under way", { state: "active" }),
    ]);
    const { code, out } = await space.run("test", "flows");
    expect(code).toBe(1);
    expect(out).toBe(
      [
        "ok   flows/welcome.json: all comes",
        "FAIL flows/welcome.json: nothing comes",
        "       ann@example.com got message “hello” at 2026-01-05T00:00:00Z, which wasn't to be sent",
        "FAIL flows/welcome.json: it is still under way",
        "       ann@example.com is completed, expected active",
        "1 passed, 2 failed",
        "",
      ].join("\n"),
    );
    const asJson = await space.run("test", "flows/welcome.json", "--json");
    expect(JSON.parse(asJson.out)).toMatchObject({ passed: 1, failed: 2 });
  });

  test("a scenario may have a workspace with hours, weekend, holidays and segments", async () => {
    const space = new Workspace();
    space.folderFile("flows", "welcome.json", WELCOME);
    const first = { message: "hello", at: "2026-01-06T00:00:00Z" };
    space.folderFile("flows", "welcome.scenarios.json", [
      { ...scenario("after the holiday", first), workspace: { holidays: ["2026-01-05"] } },
      { ...scenario("wrong", first), workspace: { holidays: ["soon"], weekend: "fri" } },
    ]);
    const { out } = await space.run("test", "flows");
    expect(out).toContain("ok   flows/welcome.json: after the holiday");
    expect(out).toContain('“workspace”: “holidays”: "soon" is not a holiday');
    expect(out).toContain("“workspace”: “weekend” must be a list of days");
  });

  test("a scenario with mistakes of its own fails with all of them", async () => {
    const space = new Workspace();
    space.folderFile("flows", "welcome.json", WELCOME);
    space.folderFile("flows", "welcome.scenarios.json", [
      { ...scenario("a", { state: "done" }), from: "x", consent: "yes", typo: 1 },
      { ...scenario("b", { state: "completed" }), params: { nope: 1 } },
    ]);
    const { code, out } = await space.run("test", "flows");
    expect(code).toBe(1);
    expect(out).toContain("unknown key “typo”");
    expect(out).toContain("“from” must be a moment");
    expect(out).toContain("“consent” must be granted or denied");
    expect(out).toContain("“state” must be one of");
    expect(out).toContain("the flow has no parameter “nope”; it has brand");
    expect(out).toContain("0 passed, 2 failed");
  });

  test("a flow without scenarios, or with mistakes, fails; a folder without flows is wrong usage", async () => {
    const space = new Workspace();
    space.folderFile("flows", "welcome.json", WELCOME);
    space.folderFile("flows", "wrong.json", { ...WELCOME, id: "No" });
    space.folderFile("empty", "notes.txt", "");
    const { code, out } = await space.run("test", "flows");
    expect(code).toBe(1);
    expect(out).toContain("there is no flows/welcome.scenarios.json");
    expect(out).toContain("0 passed, 2 failed");
    expect(await space.run("test", "empty")).toMatchObject({
      code: 2,
      err: "The folder “empty” holds no flows.\n",
    });
  });
});

describe("validate", () => {
  test("tells every problem with its place, in English, in Arabic and as JSON", async () => {
    const space = new Workspace();
    space.file("good.json", WELCOME);
    space.file("bad.json", {
      ...WELCOME,
      nodes: WELCOME.nodes.map((n) => (n.type === "email" ? { ...n, type: "emial" } : n)),
    });
    const bad = await space.run("validate", "good.json", "bad.json");
    expect(bad.code).toBe(1);
    expect(bad.out).toContain("good.json: warning: ");
    expect(
      bad.out.match(/bad\.json: error: .*did you mean “email”\? \[\/nodes\/\d\/type\]/g),
    ).toHaveLength(2);
    const arabic = await space.run("validate", "bad.json", "--arabic");
    expect(arabic.out).toContain("bad.json: خطأ: ");
    const json = await space.run("validate", "bad.json", "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject([{ file: "bad.json", valid: false }]);
    expect((await space.run("validate", "good.json")).code).toBe(0);
    expect(await space.run("validate", "none.json")).toMatchObject({
      code: 2,
      err: "There is no flow file “none.json”.\n",
    });
  });
});
