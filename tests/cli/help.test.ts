import { describe, expect, test } from "vitest";
import { Workspace } from "./process.ts";

const COMMANDS = [
  ["start"],
  ["run"],
  ["import"],
  ["export"],
  ["flow"],
  ["flow", "add"],
  ["flow", "publish"],
  ["flow", "pause"],
  ["flow", "resume"],
  ["flow", "list"],
  ["enroll"],
  ["event"],
  ["settings"],
  ["validate"],
  ["simulate"],
  ["test"],
];

describe("help", () => {
  test.each(COMMANDS)(
    "%s %s --help says how the command is used, on standard output",
    async (...names) => {
      const { code, out, err } = await new Workspace().run(...names, "--help");
      expect(code).toBe(0);
      expect(err).toBe("");
      expect(out).toMatch(new RegExp(`^Usage: tawasul ${names.join(" ")} `));
      expect(out).toContain("--json");
    },
  );

  test.each(COMMANDS)("%s %s --help ends with examples", async (...names) => {
    const { out } = await new Workspace().run(...names, "--help");
    expect(out).toMatch(/\nExamples:\n {2}tawasul /);
  });

  test("no command at all is wrong usage and shows the help", async () => {
    const { code, out, err } = await new Workspace().run();
    expect(code).toBe(2);
    expect(`${out}${err}`).toContain("Commands:");
  });
});

describe("wrong usage is exit code 2 and one plain sentence", () => {
  const cases: [string, string[], string][] = [
    ["an unknown command", ["fly"], "Unknown command 'fly' (Did you mean flow?). See --help."],
    ["an unknown flag", ["run", "--fast"], "Unknown option '--fast'. See --help."],
    [
      "a moment that is none",
      ["run", "--until-idle", "--now", "noon"],
      "--now must be a moment such as 2026-01-05T00:00:00Z, not “noon”.",
    ],
    [
      "a batch that is none",
      ["run", "--until-idle", "--batch", "0"],
      "--batch must be a whole number from 1 to 100000, not “0”.",
    ],
    ["a file that isn't there", ["import", "none.csv"], "none.csv: "],
    [
      "a flow file that isn't there",
      ["flow", "add", "none.json"],
      "There is no flow file “none.json”.",
    ],
    [
      "a flow that isn't there",
      ["flow", "publish", "none"],
      "There is no flow “none”; there are none yet.",
    ],
    [
      "a contact that isn't there",
      ["event", "nobody@example.com", "order.placed"],
      "There is no contact “nobody@example.com”.",
    ],
    [
      "nobody to enroll",
      ["enroll", "none"],
      "Say who: one of --contact KEY…, --rule JSON or --all.",
    ],
    [
      "an export of nothing",
      ["export", "secrets"],
      "There is no export “secrets”; there are contacts, ",
    ],
    [
      "a foreign host",
      ["start", "--host", "0.0.0.0"],
      "--host must be 127.0.0.1, ::1 or localhost, not “0.0.0.0”",
    ],
    [
      "a port that is none",
      ["start", "--port", "http"],
      "--port must be a number from 0 to 65535, not “http”.",
    ],
    [
      "an unknown role",
      ["start", "--role", "king"],
      "--role must be all, web or engine, not “king”.",
    ],
    [
      "an unknown way with duplicates",
      ["import", "x.csv", "--on-duplicate", "eat"],
      "--on-duplicate must be merge, skip or review, not “eat”.",
    ],
  ];
  test.each(cases)("%s", async (_, args, sentence) => {
    const { code, out, err } = await new Workspace().run(...args);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err.startsWith(sentence)).toBe(true);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test.each([
    [
      { DATABASE_URL: "mysql://x" },
      "DATABASE_URL must look like postgres://name:password@host:5432/database; without it the data are kept in SQLite.",
    ],
    [
      { SMTP_URL: "smtp://127.0.0.1:1" },
      "SMTP_URL is set, but MAIL_FROM is not: whom are the e-mails from?",
    ],
    [
      { SMTP_URL: "http://x", MAIL_FROM: "a@example.com" },
      "The SMTP address must look like smtp://user:password@host:port.",
    ],
  ])("settings that can't be used: %o", async (env, sentence) => {
    const workspace = new Workspace();
    workspace.env = env as Record<string, string>;
    const { code, err } = await workspace.run("run", "--until-idle");
    expect(code).toBe(2);
    expect(err.trim()).toBe(sentence);
  });

  test("whoever stops reading (| head) ends the program quietly, its help too", () => {
    const piped = `"${process.execPath}" engine/cli.ts simulate --help | true`;
    const { stderr } = Bun.spawnSync(["sh", "-c", piped]);
    expect(stderr.toString()).toBe("");
  });

  test("--debug shows where an error comes from", async () => {
    const { code, err } = await new Workspace().run("flow", "publish", "none", "--debug");
    expect(code).toBe(2);
    expect(err).toMatch(/UsageError: There is no flow “none”[\s\S]*\n\s+at /);
  });
});
