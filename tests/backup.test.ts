import { Database } from "bun:sqlite";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { BackupError, backupTo, restoreFrom } from "../engine/backup.ts";
import { lockFolder, OpenError } from "../engine/open.ts";
import { StoreRefused } from "../engine/store/errors.ts";
import { openSqlite } from "../engine/store/sqlite/store.ts";
import type { Store } from "../engine/store/store.ts";
import { ByHand, DAY, email, flowOf, HOUR, START } from "./live/by-hand.ts";
import { allLines } from "./live/live.ts";

const root = mkdtempSync(join(tmpdir(), "tawasul-backup-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = "";
let turn = 0;
beforeEach(() => {
  folder = join(root, String(++turn));
});

const doc = flowOf([
  ["start", "trigger.manual"],
  ["hello", "email", email("Hello")],
  ["pause", "wait", { for: "P3D" }],
  ["bye", "email", email("Bye")],
]);
const WHO = ["ann@x.example", "bob@x.example"];

/** A workspace in a folder with people inside a flow. */
async function lived(): Promise<{ live: ByHand; data: string }> {
  const data = join(folder, "data");
  lockFolder(mkdir(data))();
  const live = new ByHand({ path: join(data, "tawasul.sqlite") });
  await live.people(...WHO);
  await live.publish(doc);
  await live.enroll("welcome", ...WHO);
  return { live, data };
}
function mkdir(path: string): string {
  rmSync(path, { recursive: true, force: true });
  for (const part of [folder, path]) if (!existsSync(part)) Bun.spawnSync(["mkdir", "-p", part]);
  return path;
}
const opened = (data: string): Store => openSqlite(join(data, "tawasul.sqlite"), { now: START });

describe("a backup", () => {
  test("holds everything at one moment, although others write all the while", async () => {
    const { live, data } = await lived();
    const before = await live.lines();
    const file = join(folder, "copies", "one.sqlite");
    let writing = true;
    const writer = (async () => {
      for (let n = 0; writing; n++) {
        await live.people(`p${n}@x.example`);
        await live.enroll("welcome", `p${n}@x.example`);
      }
    })();
    const other = opened(data);
    const counts = await backupTo(other, file);
    writing = false;
    await writer;
    expect(readdirSync(join(folder, "copies"))).toEqual(["one.sqlite"]);
    const copy = openSqlite(file, { now: START });
    const lines = await allLines(copy);
    const emails = new Set(lines.map((l) => l.contact));
    // Whoever is in the copy is in it whole: nobody has half a turn.
    for (const who of emails) {
      expect(lines.filter((l) => l.contact === who && l.kind === "waiting")).toHaveLength(1);
    }
    expect(lines.length).toBe(counts.journal);
    expect(
      before.every((line) => lines.some((l) => JSON.stringify(l) === JSON.stringify(line))),
    ).toBe(true);
    expect(counts.contacts).toBe(await copy.countContacts(null, START));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const store of [copy, other, live.store]) await store.close();
  });

  test("never overwrites a file", async () => {
    const { live } = await lived();
    const file = join(folder, "mine.txt");
    writeFileSync(file, "mine");
    await expect(backupTo(live.store, file)).rejects.toThrow("exists already");
    expect(readFileSync(file, "utf8")).toBe("mine");
    await live.store.close();
  });
});

describe("a restore", () => {
  /** A backup after a day, and then another day of life. */
  async function twoDays() {
    const { live, data } = await lived();
    await live.until(START + DAY);
    const file = join(folder, "copy.sqlite");
    const counts = await backupTo(live.store, file);
    const lines = await live.lines();
    await live.people("cem@x.example");
    await live.enroll("welcome", "cem@x.example");
    await live.until(START + 4 * DAY);
    await live.store.close();
    return { data, file, counts, lines };
  }

  test("gives back what the copy holds: the same counts, and its journal first", async () => {
    const { data, file, counts, lines } = await twoDays();
    const restored = await restoreFrom(file, data, START + 5 * DAY);
    expect(restored).toMatchObject({ counts, paused: 1, uncertain: 0 });
    const store = opened(data);
    expect(await allLines(store)).toEqual(lines);
    expect(await store.findContact("cem@x.example")).toBeNull();
    expect(await store.flowCounts("welcome")).toMatchObject({ entered: 2, active: 2 });
    await store.close();
  });

  test("keeps what was there before, whole, beside it", async () => {
    const { data, file } = await twoDays();
    const { before } = await restoreFrom(file, data, START + 5 * DAY);
    expect(before).toBe(join(data, "tawasul.sqlite.before-restore-2026-03-07T09-00-00Z"));
    const old = openSqlite(before ?? "", { now: START });
    expect(await old.findContact("cem@x.example")).not.toBeNull();
    await old.close();
    const again = await restoreFrom(file, data, START + 5 * DAY);
    expect(again.before).toBe(`${before}-2`);
  });

  test("pauses every live flow, so that nothing goes on before somebody has looked", async () => {
    const { data, file } = await twoDays();
    await restoreFrom(file, data, START + 5 * DAY);
    const live = new ByHand({ path: join(data, "tawasul.sqlite") });
    await live.until(START + 20 * DAY);
    expect(await live.store.flow("welcome")).toMatchObject({
      state: "paused",
      paused: START + 5 * DAY,
    });
    const sent = () =>
      live.lines().then((l) => l.filter((x) => x.kind === "message" && x.node === "bye"));
    expect(await sent()).toEqual([]);
    await live.store.resumeFlow("welcome", live.now, false);
    await live.engine.untilIdle();
    expect(await sent()).toHaveLength(2);
    await live.store.close();
  });

  test("makes messages that were not yet sent uncertain, each with its line, and none goes out by itself", async () => {
    const data = mkdir(join(folder, "data"));
    const live = new ByHand({ path: join(data, "tawasul.sqlite") });
    await live.people(...WHO);
    await live.publish(doc);
    const inputs = await Promise.all(
      WHO.map(async (who) => ({
        contact: await live.id(who),
        input: { kind: "enroll" as const, flow: "welcome", at: START, id: `e:${who}` },
      })),
    );
    await live.store.addInputs(inputs);
    const { world, need } = await live.engine.worlds.get();
    const { takeTurn } = await import("../engine/core/interpreter.ts");
    await live.store.workDue(START, 10, need, (batch) =>
      batch.map((b) => takeTurn(world, b.state, b.inputs, START)),
    );
    await live.store.claimSends(START, 1, "dead", []);
    const file = join(folder, "copy.sqlite");
    await backupTo(live.store, file);
    await live.store.close();
    const done = await restoreFrom(file, data, START + HOUR);
    expect(done.uncertain).toBe(2);
    const back = new ByHand({ path: join(data, "tawasul.sqlite") });
    back.asleep(START + HOUR);
    await back.store.resumeFlow("welcome", back.now, false);
    await back.engine.untilIdle();
    const lines = (await back.lines()).filter((l) => l.kind === "message");
    expect(lines.map((l) => [l.contact, l.node, l.state, l.reason, l.to])).toEqual(
      WHO.map((who) => [who, "hello", "uncertain", "restore", who]),
    );
    expect((await back.store.flowCounts("welcome")).nodes.hello?.messages).toEqual({
      uncertain: 2,
    });
    const messages = await back.store.messages({ limit: 9 });
    expect(messages.map((m) => [m.message.state, m.message.reason])).toEqual([
      ["uncertain", "restore"],
      ["uncertain", "restore"],
    ]);
    await back.store.close();
  });

  /** A restore that must be refused, and what was there must still be there. */
  async function refused(
    file: string,
    data: string,
    error: unknown,
    sentence: string,
  ): Promise<void> {
    const before = opened(data);
    const lines = await allLines(before);
    await before.close();
    const thrown = await restoreFrom(file, data, START).catch((e: unknown) => e);
    expect(thrown).toBeInstanceOf(error);
    expect((thrown as Error).message).toContain(sentence);
    const after = opened(data);
    expect(await allLines(after)).toEqual(lines);
    await after.close();
    expect(readdirSync(data).filter((name) => /restor/.test(name))).toEqual([]);
  }

  test("refuses a damaged copy and leaves everything as it was", async () => {
    const { data, file } = await twoDays();
    const bytes = readFileSync(file);
    // Somewhere in the middle of a page that holds data.
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, 4096 * 3 + 8, 4096 * 6);
    writeFileSync(join(folder, "damaged.sqlite"), damaged);
    await refused(join(folder, "damaged.sqlite"), data, BackupError, "is damaged");
    writeFileSync(join(folder, "cut.sqlite"), bytes.subarray(0, bytes.length / 2));
    await refused(join(folder, "cut.sqlite"), data, BackupError, "is damaged");
  });

  test("refuses what is no backup at all", async () => {
    const { data, file } = await twoDays();
    writeFileSync(join(folder, "note.txt"), "not a database");
    await refused(join(folder, "note.txt"), data, BackupError, "is not a backup");
    const strange = new Database(join(folder, "strange.sqlite"), { create: true });
    strange.run("CREATE TABLE recipes (name TEXT)");
    strange.close();
    await refused(join(folder, "strange.sqlite"), data, BackupError, "is not a backup");
    await refused(`${file}.missing`, data, BackupError, "There is no backup");
    await refused(folder, data, BackupError, "There is no backup");
  });

  test("refuses a copy that a newer program wrote", async () => {
    const { data, file } = await twoDays();
    const newer = join(folder, "newer.sqlite");
    copyFileSync(file, newer);
    const db = new Database(newer);
    db.run("INSERT INTO migrations (version, name, at) VALUES (999, 'later', 0)");
    db.close();
    await refused(newer, data, StoreRefused, "999");
  });

  test("refuses while an engine holds the folder", async () => {
    const { data, file } = await twoDays();
    const unlock = lockFolder(data);
    try {
      await refused(file, data, OpenError, "Another engine");
    } finally {
      unlock();
    }
  });

  test("works into a folder that is new", async () => {
    const { file, counts } = await twoDays();
    const data = join(folder, "new", "data");
    const done = await restoreFrom(file, data, START);
    expect(done).toMatchObject({ before: null, counts });
    expect(statSync(join(data, "tawasul.sqlite")).mode & 0o777).toBe(0o600);
  });

  test("replaces even a database that can't be read any more, and keeps it", async () => {
    const { data, file, lines } = await twoDays();
    writeFileSync(join(data, "tawasul.sqlite"), "broken");
    const { before } = await restoreFrom(file, data, START);
    expect(readFileSync(before ?? "", "utf8")).toBe("broken");
    const store = opened(data);
    expect(await allLines(store)).toEqual(lines);
    await store.close();
  });
});
