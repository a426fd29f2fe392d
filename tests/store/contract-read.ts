import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import type { JournalRow } from "../../engine/store/store.ts";
import type { Open } from "./contract.ts";
import { flowDoc, line, message, people, run, T0, task, turn } from "./make.ts";

const plain = { migrate: false, move: {}, wake: false, baseline: [] };

export function readContract(open: Open): void {
  test("the journal comes by (at, contact key, flow, enrollment, seq), whatever was written first", async () => {
    const store = await open();
    const [zoe = "", ann = ""] = await people(store, "zoe@x.example", "ann@x.example");
    for (const flow of ["a", "b"]) await store.publish(flow, flowDoc(flow), T0, plain);
    await turn(store, zoe, T0, (c) => {
      c.lines.push(line(zoe, { flow: "b", at: T0 + 1 }), line(zoe, { flow: "a", at: T0 }));
    });
    await turn(store, ann, T0, (c) => {
      c.lines.push(
        line(ann, { flow: "b", enrollment: 2 }),
        line(ann, { flow: "b", enrollment: 1, seq: 1 }),
        line(ann, { flow: "b", enrollment: 1, seq: 0 }),
        line(ann, {
          flow: "a",
          enrollment: null,
          kind: "ignored",
          detail: { reason: "exit-rule" },
        }),
      );
    });
    const place = (l: JournalRow) => [l.at - T0, l.key?.slice(0, 3), l.flow, l.enrollment, l.seq];
    const expected = [
      [0, "ann", "a", null, 0],
      [0, "ann", "b", 1, 0],
      [0, "ann", "b", 1, 1],
      [0, "ann", "b", 2, 0],
      [0, "zoe", "a", 1, 0],
      [1, "zoe", "b", 1, 0],
    ];
    const all = await store.journal({ limit: 99 });
    expect(all.map(place)).toEqual(expected);
    expect((await store.journal({ flow: "b", limit: 99 })).map(place)).toEqual(
      expected.filter((l) => l[2] === "b"),
    );
    expect((await store.journal({ contact: zoe, limit: 99 })).map(place)).toEqual(
      expected.slice(4),
    );
    expect((await store.journal({ contact: zoe, flow: "a", limit: 99 })).map(place)).toEqual(
      expected.slice(4, 5),
    );
    const pages: JournalRow[] = [];
    for (;;) {
      const last = pages.at(-1);
      const page = await store.journal({
        limit: 2,
        ...(last ? { after: { at: last.at, id: last.id } } : {}),
      });
      if (page.length === 0) break;
      pages.push(...page);
    }
    expect(pages).toEqual(all);
  });

  test("sums are what a new count of the runs and lines would give", async () => {
    const store = await open();
    const ids = await people(store, "a@x.example", "b@x.example", "c@x.example");
    for (const id of ids) {
      await turn(store, id, T0, (c) => {
        c.runs.add(run());
        c.lines.push(
          line(id),
          line(id, { kind: "message", detail: { state: "sent" } }),
          line(id, { kind: "entered" }),
        );
      });
    }
    const set = (id: string | undefined, state: "completed" | "paused" | "failed" | "active") =>
      turn(store, id ?? "", T0 + 1, (c) => {
        const [one] = c.state.runs;
        if (one) c.runs.add(Object.assign(one, { state }));
      });
    await set(ids[0], "completed");
    await set(ids[1], "paused");
    await set(ids[2], "failed");
    const nodes = { hello: { passed: { next: 3 }, messages: { sent: 3 } } };
    expect(await store.flowCounts("welcome")).toEqual({
      entered: 3,
      active: 1,
      completed: 1,
      exited: 0,
      failed: 1,
      nodes,
    });
    await set(ids[2], "active");
    expect(await store.flowCounts("welcome")).toMatchObject({ entered: 3, active: 2, failed: 0 });
    expect(await store.flowCounts("none")).toEqual({
      entered: 0,
      active: 0,
      completed: 0,
      exited: 0,
      failed: 0,
      nodes: {},
    });
  });

  test("messages, tasks and enrollments are listed by filter, page by page", async () => {
    const store = await open();
    const [ann = "", bob = ""] = await people(store, "ann@x.example", "bob@x.example");
    for (const id of [ann, bob]) {
      await turn(store, id, T0, (c) => {
        c.runs.add(run()).add(run({ flow: "other", state: "completed", ended: T0 }));
        c.messages.add(message()).add(message({ flow: "other", state: "skipped", reason: "cap" }));
        c.tasks.add(task()).add(task({ key: "welcome.1.call.2", closed: T0, outcome: "answered" }));
      });
    }
    const messages = await store.messages({ flow: "other", limit: 9 });
    expect(messages.map((m) => [m.contact, m.message.reason])).toEqual([
      [ann, "cap"],
      [bob, "cap"],
    ]);
    expect(await store.messages({ flow: "other", after: messages[0]?.id ?? "", limit: 9 })).toEqual(
      messages.slice(1),
    );
    expect(await store.messages({ contact: bob, state: "queued", limit: 9 })).toHaveLength(1);
    const tasks = await store.tasks({ open: true, limit: 9 });
    expect(tasks.map((t) => [t.contact, t.key])).toEqual([
      [ann, "welcome.1.call.1"],
      [bob, "welcome.1.call.1"],
    ]);
    expect(await store.tasks({ contact: ann, open: false, limit: 9 })).toMatchObject([
      { outcome: "answered" },
    ]);
    expect(await store.tasks({ after: tasks[1]?.id ?? "", limit: 9 })).toMatchObject([
      { contact: bob, closed: T0 },
    ]);
    const runs = await store.enrollments({ limit: 9 });
    expect(runs.map((r) => [r.contact, r.flow, r.state])).toEqual([
      [ann, "other", "completed"],
      [ann, "welcome", "active"],
      [bob, "other", "completed"],
      [bob, "welcome", "active"],
    ]);
    expect(await store.enrollments({ after: runs[1]?.id ?? "", limit: 9 })).toEqual(runs.slice(2));
    expect(
      await store.enrollments({ flow: "welcome", state: "active", contact: bob, limit: 9 }),
    ).toEqual(runs.slice(3));
    expect(runs[1]).toMatchObject({
      contactKey: "ann@x.example",
      node: "hello",
      until: run().until,
      waiting: "wait",
    });
  });

  test("a backup is a store of its own with everything in it", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    const folder = mkdtempSync(join(tmpdir(), "backup-"));
    const file = join(folder, "copy.db");
    await store.backup(file);
    await people(store, "bob@x.example");
    expect(existsSync(file)).toBe(true);
    const copy = openSqlite(file, { now: T0 });
    expect(await copy.findContact("ann@x.example")).toBe(ann);
    expect(await copy.findContact("bob@x.example")).toBeNull();
    expect(await copy.installation()).toBe(await store.installation());
    await copy.close();
    rmSync(folder, { recursive: true });
  });
}
