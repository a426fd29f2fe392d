import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { closedPort, mailServer } from "./mail-server.ts";
import { jsonLines, people, WELCOME, Workspace } from "./process.ts";

const FROM = "Acme <hello@acme.example>";

/** A workspace of so many people in a published flow, not yet run. */
async function enrolled(count: number): Promise<Workspace> {
  const workspace = new Workspace();
  workspace.file("people.csv", people(count));
  workspace.file("welcome.json", WELCOME);
  await workspace.ok("import", "people.csv");
  await workspace.ok("flow", "add", "welcome.json");
  await workspace.ok("flow", "publish", "welcome", "--param", "brand=Noor");
  await workspace.ok("enroll", "welcome", "--all");
  return workspace;
}

describe("from a file to the mailbox", () => {
  test("every mail arrives once, signed, with both unsubscribe headers, and running again sends nothing", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const server = await mailServer();
    const workspace = await enrolled(30);
    workspace.env = {
      SMTP_URL: server.url,
      MAIL_FROM: FROM,
      TAWASUL_URL: "https://acme.example",
      DKIM_DOMAIN: "acme.example",
      DKIM_SELECTOR: "s1",
      DKIM_PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
    const said = await workspace.ok("run", "--until-idle");
    expect(said).toContain("messages: 30 sent, 0 skipped, 0 failed, 0 uncertain");
    expect(said).toContain("30 contacts inside flows; the next is due at ");
    const mails = await server.mails();
    const to = mails.flatMap((mail) => (mail.to && "text" in mail.to ? mail.to.text : ""));
    expect(to.sort()).toEqual(
      Array.from({ length: 30 }, (_, i) => `person${i}@example.com`).sort(),
    );
    for (const mail of mails) {
      expect(mail.subject).toMatch(/^Hello Person \d+$/);
      expect(mail.text).toContain("Welcome to Noor.");
      expect(mail.headers.get("dkim-signature")).toMatchObject({
        params: { d: "acme.example", s: "s1" },
      });
    }
    for (const raw of server.raw) {
      expect(raw).toMatch(/^List-Unsubscribe: <https:\/\/acme\.example\/u\/[\w-]+\.[\w-]+>\r$/m);
      expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
      expect(raw.replaceAll(/\r\n\s+/g, "")).toMatch(
        /h=[^;]*List-Unsubscribe:List-Unsubscribe-Post/i,
      );
    }
    expect(await workspace.ok("run", "--until-idle")).toContain("messages: 0 sent, 0 skipped");
    expect(server.raw).toHaveLength(30);

    const messages = jsonLines(await workspace.ok("export", "messages"));
    expect(messages).toHaveLength(30);
    for (const message of messages) {
      expect(message).toMatchObject({
        key: "welcome.1.hello.1",
        state: "sent",
        attempt: 1,
        node: "hello",
      });
      expect(message.providerId).toEqual(expect.any(String));
    }
    const journal = jsonLines(await workspace.ok("export", "journal"));
    expect(journal.map((line) => line.kind).sort()).toEqual(
      ["entered", "message", "step", "step", "waiting"].flatMap((kind) =>
        Array.from({ length: 30 }, () => kind),
      ),
    );
  });

  test("with the mail server out of reach nothing is lost, the exit code says so, and a later run sends all", async () => {
    const port = await closedPort();
    const workspace = await enrolled(12);
    workspace.env = { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: FROM };
    const { code, out } = await workspace.run("run", "--until-idle");
    expect(code).toBe(1);
    expect(out).toContain("messages: 0 sent, 0 skipped, 0 failed, 0 uncertain");
    expect(out).toMatch(
      /\n12 messages wait for another try: .*; next try at \d{4}-\d\d-\d\dT[\d:.]+Z\n/,
    );
    const waiting = jsonLines(await workspace.ok("export", "messages"));
    expect(waiting.map((m) => m.state)).toEqual(Array.from({ length: 12 }, () => "queued"));

    const server = await mailServer({ port });
    // Two days on every retry is due; the second mail of the flow is too.
    const later = new Date(Date.now() + 2 * 86_400_000).toISOString();
    expect(await workspace.ok("run", "--until-idle", "--now", later)).toContain(
      "messages: 24 sent",
    );
    expect(server.raw.filter((raw) => raw.includes("Subject: Hello"))).toHaveLength(12);
    expect(server.raw).toHaveLength(24);
  });

  test("a mail that the server may have taken when the program died is uncertain, listed and not sent again", async () => {
    const silent = await mailServer({ silent: true });
    const workspace = await enrolled(1);
    workspace.env = { SMTP_URL: silent.url, MAIL_FROM: FROM };
    const child = workspace.spawn("run", "--until-idle");
    await silent.first;
    child.kill("SIGKILL");
    await child.exited;
    const server = await mailServer();
    workspace.env = { SMTP_URL: server.url, MAIL_FROM: FROM };
    const { code, out } = await workspace.run("run", "--until-idle");
    expect(code).toBe(1);
    expect(out).toContain("1 message uncertain");
    expect(server.raw).toEqual([]);
    const [message] = jsonLines(await workspace.ok("export", "messages"));
    expect(message).toMatchObject({
      state: "uncertain",
      reason: "crash",
      to: "person0@example.com",
    });
    const again = await workspace.run("run", "--until-idle");
    expect(again.code).toBe(0);
    expect(server.raw).toEqual([]);
  });
});

describe("the flow store", () => {
  test("a flow with mistakes isn't added, and every mistake is told", async () => {
    const workspace = new Workspace();
    workspace.file("bad.json", {
      ...WELCOME,
      nodes: [{ ...WELCOME.nodes[0], type: "rocket" }],
      edges: [],
    });
    const { code, err } = await workspace.run("flow", "add", "bad.json");
    expect(code).toBe(1);
    expect(err).toContain("rocket");
    expect(err).toContain("“bad.json” can't be added before this is put right; nothing was added.");
    expect(JSON.parse(await workspace.ok("flow", "list", "--json"))).toEqual([]);
  });

  test("flow list --json tells state, version and figures", async () => {
    const workspace = await enrolled(3);
    await workspace.ok("run", "--until-idle");
    await workspace.ok("flow", "pause", "welcome");
    const [flow] = JSON.parse(await workspace.ok("flow", "list", "--json"));
    expect(flow).toMatchObject({
      id: "welcome",
      state: "paused",
      version: 1,
      entered: 3,
      active: 3,
      completed: 0,
    });
    expect(await workspace.ok("flow", "resume", "welcome")).toBe("welcome: goes on\n");
  });

  test("publishing over contacts on a removed node asks where they go", async () => {
    const workspace = await enrolled(2);
    await workspace.ok("run", "--until-idle");
    const nodes = WELCOME.nodes.map((n) => (n.id === "pause" ? { ...n, id: "rest" } : n));
    const edges = WELCOME.edges.map((e) => ({
      ...e,
      source: e.source === "pause" ? "rest" : e.source,
      target: e.target === "pause" ? "rest" : e.target,
    }));
    workspace.file("welcome.json", { ...WELCOME, nodes, edges });
    await workspace.ok("flow", "add", "welcome.json");
    const refused = await workspace.run("flow", "publish", "welcome", "--migrate");
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(
      "pause (2). Say where they go with --move OLD=NEW, or OLD=leave; nothing was published.",
    );
    expect(
      await workspace.ok("flow", "publish", "welcome", "--migrate", "--move", "pause=rest"),
    ).toBe("welcome: version 2 is live\n");
    const migrated = jsonLines(await workspace.ok("export", "journal")).filter(
      (l) => l.kind === "migrated",
    );
    expect(migrated).toHaveLength(2);
  });

  test("a flow comes out as the document that went in", async () => {
    const workspace = await enrolled(1);
    expect(JSON.parse(await workspace.ok("export", "flow", "welcome"))).toEqual(WELCOME);
  });
});

describe("what happens to contacts", () => {
  test("the same event id twice counts once", async () => {
    const workspace = await enrolled(1);
    const event = [
      "event",
      "person0@example.com",
      "order.placed",
      "--id",
      "A-1",
      "--data",
      '{"amount": 5}',
    ];
    expect(await workspace.ok(...event)).toBe("order.placed: noted\n");
    expect(await workspace.ok(...event)).toBe(
      "order.placed: already known by the id “A-1”, so it counts once\n",
    );
  });

  test("enrolling by rule starts those that it holds for", async () => {
    const workspace = await enrolled(4);
    const rule = '{"field": "first_name", "op": "=", "value": "Person 2"}';
    expect(await workspace.ok("enroll", "welcome", "--rule", rule)).toBe(
      "welcome: 1 contact to start\n",
    );
    const bad = await workspace.run("enroll", "welcome", "--rule", '{"fild": "x"}');
    expect(bad.code).toBe(2);
    expect(bad.err).toMatch(/^--rule: /);
  });

  test("a flow that isn't published can't be entered", async () => {
    const workspace = new Workspace();
    workspace.file("welcome.json", WELCOME);
    await workspace.ok("flow", "add", "welcome.json");
    const { code, err } = await workspace.run("enroll", "welcome", "--all");
    expect(code).toBe(2);
    expect(err).toBe(
      "The flow “welcome” isn't published; publish it with “tawasul flow publish welcome”.\n",
    );
  });
});

describe("settings", () => {
  test("are shown, changed by flag or file, and decide who may be messaged", async () => {
    const workspace = new Workspace();
    workspace.file("w.json", { segments: { vips: { tag: "vip" } }, weekend: ["fri", "sat"] });
    await workspace.ok("settings", "--timezone", "Asia/Riyadh", "--consent", "granted");
    await workspace.ok("settings", "--workspace", "w.json");
    expect(JSON.parse(await workspace.ok("settings", "--json"))).toMatchObject({
      timezone: "Asia/Riyadh",
      consent: "granted",
      weekend: ["fri", "sat"],
      segments: { vips: { tag: "vip" } },
    });
    const wrong = await workspace.run("settings", "--consent", "maybe");
    expect(wrong).toMatchObject({
      code: 2,
      err: "--consent must be granted or denied, not “maybe”.\n",
    });
  });

  test("take hours, weekend and holidays as people write them, and say what can't be read", async () => {
    const workspace = new Workspace();
    await workspace.ok(
      ...["settings", "--hours", "sun-thu 9-17", "--weekend", "fri,sat"],
      ...["--holidays", "hijri:10-01/P3D, 09-23"],
    );
    expect(JSON.parse(await workspace.ok("settings", "--json"))).toMatchObject({
      hours: { days: ["mon", "tue", "wed", "thu", "sun"], from: "09:00", to: "17:00" },
      weekend: ["fri", "sat"],
      holidays: ["hijri:10-01/P3D", "09-23"],
    });
    await workspace.ok("settings", "--hours", "none", "--holidays", "none");
    expect(JSON.parse(await workspace.ok("settings", "--json"))).toMatchObject({
      hours: null,
      holidays: [],
    });
    for (const [flag, value, sentence] of [
      ["--hours", "nine", "--hours must be one span of the day"],
      ["--weekend", "fri,foo", "“weekend” must be a list of days"],
      ["--holidays", "13-45", '“holidays”: "13-45" is not a holiday: write 2026-09-23'],
    ] as const) {
      const wrong = await workspace.run("settings", flag, value);
      expect(wrong.code).toBe(2);
      expect(wrong.err).toContain(sentence);
    }
  });
});
