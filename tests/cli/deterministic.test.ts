import { Database } from "bun:sqlite";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { people, tempFolder, WELCOME, Workspace } from "./process.ts";

const NOW = "2026-03-02T09:00:00Z";
const COUNT = 260;

/** A flow with a split and a condition before the mail, so that people go different ways. */
const BRANCHED = {
  ...WELCOME,
  nodes: [
    ...WELCOME.nodes,
    {
      id: "which",
      type: "split",
      position: { x: 0, y: 50 },
      data: {
        variants: [
          { id: "a", weight: 1 },
          { id: "b", weight: 1 },
        ],
      },
    },
    {
      id: "other",
      type: "sms",
      position: { x: 200, y: 100 },
      data: { text: "Hello {{contact.first_name}}" },
    },
  ],
  edges: [
    ...WELCOME.edges.filter((e) => e.id !== "e1"),
    { id: "s0", source: "start", target: "which" },
    { id: "s1", source: "which", sourceHandle: "a", target: "hello" },
    { id: "s2", source: "which", sourceHandle: "b", target: "other" },
    { id: "s3", source: "other", target: "pause" },
  ],
};

/** A data folder with everybody enrolled and nothing done yet. */
async function prepared(): Promise<Workspace> {
  const workspace = new Workspace();
  workspace.file("people.csv", people(COUNT));
  workspace.file("flow.json", BRANCHED);
  await workspace.ok("import", "people.csv", "--now", NOW);
  await workspace.ok("flow", "add", "flow.json", "--now", NOW);
  await workspace.ok("flow", "publish", "welcome", "--now", NOW);
  await workspace.ok("enroll", "welcome", "--all", "--now", NOW);
  return workspace;
}

/** The same beginning again, in another folder. */
function copyOf(data: string): string {
  const folder = join(tempFolder(), "data");
  cpSync(data, folder, { recursive: true });
  return folder;
}

const rowsIn = (data: string): number => {
  const file = join(data, "tawasul.sqlite");
  if (!existsSync(file)) return 0;
  const db = new Database(file, { readonly: true });
  try {
    return (db.query("SELECT count(*) AS n FROM runs").get() as { n: number }).n;
  } finally {
    db.close();
  }
};

describe("the journal doesn't depend on how the work was cut", () => {
  test("batches of 1, 7 and 1,000 contacts, and a run killed at several instants, give the same journal", async () => {
    const workspace = await prepared();
    const begin = join(workspace.folder, "data");
    const journals: string[] = [];
    for (const batch of ["1", "7", "1000"]) {
      const data = copyOf(begin);
      await workspace.ok("run", "--until-idle", "--now", NOW, "--batch", batch, "--data", data);
      journals.push(await workspace.ok("export", "journal", "--data", data));
    }
    const [first = ""] = journals;
    expect(first.trim().split("\n").length).toBeGreaterThan(COUNT * 4);
    expect(journals[1]).toBe(first);
    expect(journals[2]).toBe(first);

    for (const after of [1, 60, 200]) {
      const data = copyOf(begin);
      const child = workspace.spawn(
        "run",
        "--until-idle",
        "--now",
        NOW,
        "--batch",
        "1",
        "--data",
        data,
      );
      while (rowsIn(data) < after && child.exitCode === null) await Bun.sleep(2);
      child.kill("SIGKILL");
      await child.exited;
      expect(rowsIn(data)).toBeGreaterThanOrEqual(after);
      await workspace.ok("run", "--until-idle", "--now", NOW, "--data", data);
      expect(await workspace.ok("export", "journal", "--data", data)).toBe(first);
    }
  }, 180_000);
});
