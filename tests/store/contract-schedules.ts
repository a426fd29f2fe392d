import { expect, test } from "vitest";
import type { Input } from "../../engine/core/state.ts";
import type { Open } from "./contract.ts";
import { DAY, flowDoc, HOUR, line, message, people, run, T0, turn, work } from "./make.ts";

const daily = { flow: "digest", version: 1, node: "start", next: T0 + HOUR };

export function scheduleContract(open: Open): void {
  test("a schedule keeps its next moment until its flow has a new version", async () => {
    const store = await open();
    await store.setSchedule(daily);
    await store.setSchedule({ ...daily, next: T0 });
    expect(await store.schedules()).toEqual([daily]);
    expect(await store.nextDue()).toBe(T0 + HOUR);
    await store.setSchedule({ ...daily, version: 2, next: T0 });
    expect(await store.schedules()).toEqual([{ ...daily, version: 2, next: T0 }]);
    await store.dropSchedules("digest");
    expect(await store.schedules()).toEqual([]);
  });

  test("each moment fires exactly once, for whom the audience holds", async () => {
    const store = await open();
    await people(store, "ann@x.example", "bob@y.example");
    await store.setSchedule(daily);
    const audience = { field: "email", op: "contains" as const, value: "@x." };
    const [moment, next, now] = [T0 + HOUR, T0 + HOUR + DAY, T0 + HOUR + 5];
    expect(await store.fireSchedule(daily, T0, next, audience, now)).toBeNull();
    expect(await store.fireSchedule(daily, moment, next, audience, now)).toBe(1);
    expect(await store.fireSchedule(daily, moment, next, audience, now)).toBeNull();
    const seen: Input[] = [];
    expect(await work(store, now, (_, inputs) => void seen.push(...inputs))).toBe(1);
    expect(seen).toEqual([
      {
        kind: "fire",
        flow: "digest",
        node: "start",
        moment,
        at: now,
        id: `fire:digest:start:${moment}`,
      },
    ]);
    expect(await store.schedules()).toEqual([{ ...daily, next }]);
    expect(await store.fireSchedule(daily, next, null, { all: [] }, next)).toBe(2);
    await work(store, next);
    expect(await store.nextDue()).toBeNull();
  });

  test("a split remembers its first arrival and is decided once, which wakes who waits there", async () => {
    const store = await open();
    const [ann = "", bob = ""] = await people(store, "ann@x.example", "bob@x.example");
    await turn(store, ann, T0, (c) => {
      c.runs.add(run({ node: "split", waiting: "winner", until: null }));
      c.arrivals.push({ flow: "welcome", node: "split", at: T0 + 5 });
    });
    await turn(store, bob, T0, (c) => {
      c.runs.add(run());
      c.arrivals.push({ flow: "welcome", node: "split", at: T0 + 2 });
    });
    expect(await store.splits()).toEqual([
      { flow: "welcome", node: "split", firstArrival: T0 + 2, decided: null, figures: null },
    ]);
    const decided = line(null, {
      at: T0 + DAY,
      kind: "decided",
      node: "split",
      enrollment: null,
      detail: { winner: "a" },
    });
    expect(await store.decideSplit("welcome", "split", "a", { a: 1 }, decided)).toBe(true);
    expect(await store.decideSplit("welcome", "split", "b", { b: 1 }, decided)).toBe(false);
    expect((await store.splits())[0]).toMatchObject({ decided: "a", figures: { a: 1 } });
    expect(
      (await store.journal({ flow: "welcome", limit: 5 })).map((l) => [
        l.contact,
        l.kind,
        l.detail,
      ]),
    ).toEqual([[null, "decided", { winner: "a" }]]);
    const seen: [string, Input[]][] = [];
    await work(store, T0 + DAY, (c, inputs) => void seen.push([c.state.contact.id, inputs]));
    expect(seen).toEqual([
      [
        ann,
        [
          {
            kind: "decided",
            flow: "welcome",
            node: "split",
            at: T0 + DAY,
            id: "decided:welcome:split",
          },
        ],
      ],
    ]);
  });

  test("the next moment is that at which a split is to be decided, as the current version says", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    const plain = { migrate: false, move: {}, wake: false, baseline: [] };
    const doc = (after: string) => {
      const variants = ["a", "b"].map((id) => ({ id, weight: 1 }));
      const data = { variants, winner: { test: 50, by: "clicked", after } };
      const split = { id: "split", type: "split", position: { x: 0, y: 0 }, data };
      return { ...flowDoc("welcome"), nodes: [split] };
    };
    await store.publish("welcome", doc("P2D"), T0, plain);
    await turn(store, ann, T0, (c) => {
      c.arrivals.push({ flow: "welcome", node: "split", at: T0 });
    });
    expect(await store.nextDue()).toBe(T0 + 2 * DAY);
    await store.publish("welcome", doc("PT3H"), T0, plain);
    expect(await store.nextDue()).toBe(T0 + 3 * HOUR);
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    expect(await store.nextDue()).toBeNull();
    await store.publish("welcome", doc("PT3H"), T0, plain);
    const decided = line(null, { kind: "decided", node: "split", enrollment: null });
    await store.decideSplit("welcome", "split", "a", {}, decided);
    expect(await store.nextDue()).toBeNull();
  });

  test("a split's numbers count contacts and those to whom it happened, machines left out", async () => {
    const store = await open();
    const ids = await people(store, "a@x.example", "b@x.example", "c@x.example", "d@x.example");
    const receipts = [
      [
        { event: "opened" as const, at: T0 },
        { event: "opened" as const, at: T0 },
      ],
      [{ event: "opened" as const, at: T0, machine: true }],
      [{ event: "opened" as const, at: T0 }],
      [],
    ];
    for (const [i, id] of ids.entries()) {
      await turn(store, id, T0, (c) => {
        c.state.drawn = { "welcome/split": i < 2 ? "a" : "b" };
        c.marks = true;
        c.runs.add(run());
        c.messages.add(
          message({
            node: i === 2 ? "elsewhere" : "hello",
            state: "sent",
            receipts: receipts[i] ?? [],
          }),
        );
        if (i === 3) c.lines.push(line(id, { kind: "goal", node: null }));
        if (i === 0) c.lines.push(line(id, { kind: "goal", node: "far", flow: "welcome" }));
      });
    }
    const numbers = (by: "opened" | "clicked" | "goal") =>
      store.splitNumbers("welcome", "split", ["hello"], by);
    expect(await numbers("opened")).toEqual([
      { variant: "a", contacts: 2, hits: 1 },
      { variant: "b", contacts: 2, hits: 0 },
    ]);
    expect((await numbers("clicked")).map((v) => v.hits)).toEqual([0, 0]);
    expect((await numbers("goal")).map((v) => v.hits)).toEqual([0, 1]);
  });
}
