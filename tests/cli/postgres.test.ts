import { afterAll, expect, test } from "vitest";
import { Databases } from "../store/postgres-server.ts";
import { jsonLines, people, WELCOME, Workspace } from "./process.ts";

const databases = new Databases();
afterAll(() => databases.drop());

test("with DATABASE_URL the commands work on PostgreSQL, two engines side by side, and the data folder holds no data", async () => {
  const workspace = new Workspace();
  workspace.env = { DATABASE_URL: await databases.make() };
  workspace.file("people.csv", people(12));
  workspace.file("welcome.json", WELCOME);
  await workspace.ok("import", "people.csv");
  await workspace.ok("flow", "add", "welcome.json");
  await workspace.ok("flow", "publish", "welcome");
  await workspace.ok("enroll", "welcome", "--all");
  const [one, two] = await Promise.all([
    workspace.ok("run", "--until-idle", "--json"),
    workspace.ok("run", "--until-idle", "--json"),
  ]);
  const sent = [one, two].map((report) => (JSON.parse(report) as { sent: number }).sent);
  expect(sent.reduce((a, b) => a + b)).toBe(12);
  const messages = jsonLines(await workspace.ok("export", "messages"));
  expect(messages.map(({ state }) => state)).toEqual(Array.from({ length: 12 }, () => "sent"));

  const other = new Workspace();
  other.env = workspace.env;
  expect(await other.run("flow", "list")).toEqual({
    code: 2,
    out: "",
    err: "This database belongs to a workspace with another secret: give every process the same TAWASUL_SECRET, or the data folder's “secret” file of the first.\n",
  });
  expect((await workspace.run("backup", "copy.sqlite")).err).toBe(
    "“backup” is for data in SQLite, and DATABASE_URL names a PostgreSQL database: use pg_dump.\n",
  );
  expect((await workspace.run("restore", "copy.sqlite")).code).toBe(2);
});

test("a database that can't be reached is one sentence, without its password", async () => {
  const workspace = new Workspace();
  workspace.env = { DATABASE_URL: "postgres://ann:hidden@127.0.0.1:1/x" };
  const { code, err } = await workspace.run("run", "--until-idle");
  expect(code).toBe(2);
  expect(err).toMatch(/^The database of DATABASE_URL can't be opened: .+\n$/);
  expect(err).not.toContain("hidden");
});
