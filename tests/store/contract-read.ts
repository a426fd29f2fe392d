import { expect, test } from "vitest";
import type { Run } from "../../engine/core/state.ts";
import type { ContactWrite, JournalRow } from "../../engine/store/store.ts";
import type { Open } from "./contract.ts";
import { flowDoc, line, message, people, person, run, T0, task, turn } from "./make.ts";

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
          line(id, { kind: "goal", node: null, detail: { value: 12.345 } }),
          line(id, { kind: "goal", node: "won", detail: { value: "much" } }),
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
    const nodes = {
      hello: { here: { paused: 1, failed: 1 }, passed: { next: 3 }, messages: { sent: 3 } },
    };
    expect(await store.flowCounts("welcome")).toEqual({
      entered: 3,
      active: 1,
      completed: 1,
      exited: 0,
      failed: 1,
      goals: { "": { reached: 3, value: 37.035 }, won: { reached: 3, value: 0 } },
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
      goals: {},
      nodes: {},
    });
  });

  test("who stands at a node moves with them, and ends with them", async () => {
    const store = await open();
    const ids = await people(store, "a@x.example", "b@x.example");
    for (const id of ids) await turn(store, id, T0, (c) => void c.runs.add(run()));
    const here = async () =>
      Object.entries((await store.flowCounts("welcome")).nodes).flatMap(([node, { here }]) =>
        Object.entries(here).map(([state, n]) => `${node} ${state} ${n}`),
      );
    expect(await here()).toEqual(["hello active 2"]);
    const set = (id: string | undefined, change: Partial<Run>) =>
      turn(store, id ?? "", T0 + 1, (c) => {
        const [one] = c.state.runs;
        if (one) c.runs.add(Object.assign(one, change));
      });
    await set(ids[0], { node: "bye" });
    expect(await here()).toEqual(["bye active 1", "hello active 1"]);
    await set(ids[0], { state: "completed" });
    await set(ids[1], { state: "failed" });
    expect(await here()).toEqual(["hello failed 1"]);
  });

  test("people at a node come page by page, those that need somebody first", async () => {
    const store = await open();
    const emails = ["a", "b", "c", "d", "e"].map((name) => `${name}@x.example`);
    const ids = await people(store, ...emails);
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    const runs: Partial<Run>[] = [
      { version: 1 },
      { version: 2 },
      { version: 2, state: "failed", reason: "template" },
      { version: 1, state: "paused" },
      { version: 2, node: "bye" },
    ];
    for (const [i, id] of ids.entries())
      await turn(store, id, T0, (c) => void c.runs.add(run(runs[i])));
    const names: string[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < 9; pages++) {
      const page = await store.standing({
        flow: "welcome",
        node: "hello",
        limit: 2,
        ...(after === undefined ? {} : { after }),
      });
      for (const row of page.rows) names.push(`${row.contactKey?.[0]} ${row.state} ${row.version}`);
      if (page.next === null) break;
      after = page.next;
    }
    expect(names).toEqual(["c failed 2", "d paused 1", "b active 2", "a active 1"]);
    const failed = { flow: "welcome", node: "hello", state: "failed", limit: 9 } as const;
    expect(await store.standing(failed)).toMatchObject({
      rows: [{ contact: ids[2], n: 1, reason: "template", since: T0, waiting: "wait" }],
      next: null,
    });
  });

  test("people at a node are found by name and address, however they are written", async () => {
    const store = await open();
    const rows: ContactWrite["fields"][] = [
      { email: "sara@x.example", first_name: "سارة", last_name: "أحمد" },
      { email: "omar@x.example", first_name: "Omar", phone: "+966500000001" },
    ];
    const ids = await store.writeContacts(
      rows.map((fields) => person(fields)),
      T0,
      false,
    );
    for (const id of ids) await turn(store, id, T0, (c) => void c.runs.add(run()));
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    const found = async (search: string) => {
      const { rows } = await store.standing({ flow: "welcome", node: "hello", search, limit: 9 });
      return rows.map((row) => row.contactKey);
    };
    expect(await found("OMAR")).toEqual(["omar@x.example"]);
    expect(await found("احمد ساره")).toEqual(["sara@x.example"]);
    expect(await found("5000000")).toEqual(["omar@x.example"]);
    expect(await found("x.example")).toHaveLength(2);
    expect(await found("nobody")).toEqual([]);
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
}
