import { expect, test } from "vitest";
import { noChanges } from "../../engine/core/changes.ts";
import type { Input } from "../../engine/core/state.ts";
import type { Open } from "./contract.ts";
import { ALL, DAY, HOUR, line, load, message, people, run, T0, task, turn, work } from "./make.ts";

const visit = (id: string, at: number): Input => ({
  kind: "event",
  name: "visit",
  data: { page: id },
  id,
  at,
});

export function workContract(open: Open): void {
  test("an input makes its contact due at its moment, and is handed out once", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    expect(await store.addInputs([{ contact: ann, input: visit("e1", T0 + HOUR) }])).toBe(1);
    expect(await store.nextDue()).toBe(T0 + HOUR);
    expect(await work(store, T0 + HOUR - 1)).toBe(0);
    const seen: Input[] = [];
    expect(await work(store, T0 + HOUR, (_, inputs) => void seen.push(...inputs))).toBe(1);
    expect(seen).toEqual([visit("e1", T0 + HOUR)]);
    expect(await work(store, T0 + DAY)).toBe(0);
    expect(await store.nextDue()).toBeNull();
  });

  test("the same id twice counts once for a contact, and again for another", async () => {
    const store = await open();
    const [ann = "", bob = ""] = await people(store, "ann@x.example", "bob@x.example");
    const input = visit("e1", T0);
    expect(
      await store.addInputs([
        { contact: ann, input },
        { contact: ann, input },
        { contact: bob, input },
      ]),
    ).toBe(2);
    await work(store, T0);
    expect(await store.addInputs([{ contact: ann, input }])).toBe(0);
    expect(await work(store, T0)).toBe(0);
  });

  test("an input for a contact that doesn't exist is refused with all that came with it", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    const inputs = [ann, "nobody"].map((contact) => ({ contact, input: visit("e1", T0) }));
    await expect(store.addInputs(inputs)).rejects.toThrow("there is no contact nobody");
    expect(await store.nextDue()).toBeNull();
  });

  test("inputs come by moment, an enrollment before the events of its instant, then by arrival", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    const enroll: Input = { kind: "enroll", flow: "welcome", id: "x", at: T0 + 1 };
    const inputs = [
      visit("late", T0 + 2),
      visit("second", T0 + 1),
      visit("third", T0 + 1),
      enroll,
      visit("first", T0),
    ];
    await store.addInputs(inputs.map((input) => ({ contact: ann, input })));
    const seen: string[] = [];
    await work(store, T0 + 5, (_, all) => void seen.push(...all.map((i) => i.id)));
    expect(seen).toEqual(["first", "x", "second", "third", "late"]);
  });

  test("what lies in the future stays pending and keeps its contact due", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.addInputs(
      [visit("now", T0), visit("later", T0 + HOUR)].map((input) => ({ contact: ann, input })),
    );
    await work(store, T0, (changes) => void Object.assign(changes, { due: T0 + DAY }));
    expect(await store.nextDue()).toBe(T0 + HOUR);
    const seen: string[] = [];
    await work(store, T0 + HOUR, (changes, all) => {
      seen.push(...all.map((i) => i.id));
      changes.due = T0 + DAY;
    });
    expect(seen).toEqual(["later"]);
    expect(await store.nextDue()).toBe(T0 + DAY);
  });

  test("contacts come by due moment, then in the order in which they came, up to the limit", async () => {
    const store = await open();
    const ids = await people(store, "a@x.example", "b@x.example", "c@x.example");
    const at = [T0 + 2, T0 + 1, T0 + 1];
    await store.addInputs(ids.map((contact, i) => ({ contact, input: visit("e", at[i] ?? T0) })));
    const seen: string[] = [];
    const batch = () =>
      store.workDue(T0 + 9, 2, ALL, (loaded) =>
        loaded.map(({ state }) => {
          seen.push(String(state.contact.fields.email));
          return noChanges(state, T0);
        }),
      );
    const counts = [await batch(), await batch(), await batch()].map((worked) => worked.contacts);
    expect(counts).toEqual([2, 1, 0]);
    expect(seen).toEqual(["b@x.example", "c@x.example", "a@x.example"]);
  });

  test("everything that a turn changed is there afterwards", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await turn(store, ann, T0, (c) => {
      const { contact } = c.state;
      contact.fields = { email: "ann@x.example", city: "مكة", list: [1, "a"] };
      contact.fieldsSet = { city: T0 };
      contact.tags = { lead: { since: T0, expires: T0 + DAY } };
      contact.consents = [{ channel: "email", topic: "", granted: true, at: T0, source: "form" }];
      contact.stopped = ["sms"];
      contact.suppressed = { "email:ann@x.example": "bounced" };
      Object.assign(c.state, {
        drawn: { "f/s": "a" },
        fired: { "f/d": T0 },
        members: { vips: true },
      });
      c.contact = c.marks = c.tags = c.consents = true;
      c.events.push({ id: "e1", name: "visit", at: T0, data: { deep: { er: [1] } } });
      c.runs.add(run());
      c.messages.add(message());
      c.tasks.add(task());
    });
    const state = await load(store, ann);
    expect(state).toEqual({
      contact: {
        id: ann,
        seed: "ann@x.example",
        created: T0,
        fields: { email: "ann@x.example", city: "مكة", list: [1, "a"] },
        fieldsSet: { city: T0 },
        tags: { lead: { since: T0, expires: T0 + DAY } },
        consents: [{ channel: "email", topic: "", granted: true, at: T0, source: "form" }],
        stopped: ["sms"],
        suppressed: { "email:ann@x.example": "bounced" },
        erased: false,
      },
      events: [{ id: "e1", name: "visit", at: T0, data: { deep: { er: [1] } } }],
      messages: [message({ content: { body: "", format: "text", locale: "" } })],
      tasks: [task()],
      runs: [run()],
      drawn: { "f/s": "a" },
      fired: { "f/d": T0 },
      members: { vips: true },
    });
    await turn(store, ann, T0 + 1, (c) => {
      const { contact } = c.state;
      contact.tags = { vip: { since: T0 + 1, expires: null } };
      contact.suppressed = {};
      contact.consents.push({
        channel: "email",
        topic: "",
        granted: false,
        at: T0 + 1,
        source: "one-click",
      });
      c.contact = c.tags = c.consents = true;
      const [one] = c.state.runs;
      if (one)
        c.runs.add(
          Object.assign(one, { state: "completed", ended: T0 + 1, node: null, until: null }),
        );
      const [call] = c.state.tasks;
      if (call) c.tasks.add(Object.assign(call, { closed: T0 + 1, outcome: "answered" }));
    });
    const after = await load(store, ann);
    expect(after.contact.tags).toEqual({ vip: { since: T0 + 1, expires: null } });
    expect(after.contact.suppressed).toEqual({});
    expect(after.contact.consents.map((c) => c.granted)).toEqual([true, false]);
    // Where a run that is over went on its way is told by the journal.
    expect(after.runs).toEqual([
      run({ state: "completed", ended: T0 + 1, node: null, until: null, visits: {} }),
    ]);
    expect(after.tasks).toEqual([task({ closed: T0 + 1, outcome: "answered" })]);
  });

  test("an event of an id that the contact has counts once", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    const fact = { id: "e1", name: "visit", at: T0, data: {} };
    await turn(store, ann, T0, (c) => void c.events.push(fact));
    await turn(store, ann, T0, (c) => void c.events.push({ ...fact, name: "other" }));
    expect((await load(store, ann)).events).toEqual([fact]);
  });

  test("when the work throws, nothing of the batch is written and everything is due as before", async () => {
    const store = await open();
    const ids = await people(store, "ann@x.example", "bob@x.example");
    await store.addInputs(ids.map((contact) => ({ contact, input: visit("e", T0) })));
    const failing = work(store, T0, (c) => {
      if (c.state.contact.id === ids[1]) throw new Error("bug");
      c.runs.add(run());
      c.lines.push(line(ids[0] ?? null));
    });
    await expect(failing).rejects.toThrow("bug");
    expect((await load(store, ids[0] ?? "")).runs).toEqual([]);
    expect(await store.journal({ limit: 5 })).toEqual([]);
    expect(await work(store, T0)).toBe(2);
    expect((await store.flowCounts("welcome")).entered).toBe(0);
  });

  test("when writing fails half-way, nothing of the batch is written", async () => {
    const store = await open();
    const ids = await people(store, "ann@x.example", "bob@x.example");
    await store.addInputs(ids.map((contact) => ({ contact, input: visit("e", T0) })));
    const failing = store.workDue(T0, 10, ALL, (batch) => {
      const changes = batch.map(({ state }) => noChanges(state, T0));
      for (const one of changes) one.runs.add(run());
      const last = changes.at(-1);
      if (last) last.state = { ...last.state, contact: { ...last.state.contact, id: "stranger" } };
      return changes;
    });
    await expect(failing).rejects.toThrow("stranger");
    expect((await load(store, ids[0] ?? "")).runs).toEqual([]);
    await expect(store.workDue(T0, 10, ALL, () => [])).rejects.toThrow(ids[0]);
    expect(await work(store, T0)).toBe(2);
  });

  test("only the facts that are needed are loaded, and messages still queued always", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await turn(store, ann, T0, (c) => {
      c.events.push(
        { id: "1", name: "visit", at: T0, data: {} },
        { id: "2", name: "order", at: T0 - 5, data: {} },
      );
      c.messages
        .add(message())
        .add(message({ node: "old", state: "skipped", reason: "cap", at: T0 - 1 }));
      c.tasks.add(task({ closed: T0, outcome: "done" }));
    });
    const seen: unknown[] = [];
    const look = async (input: Input, need: Parameters<typeof work>[3]) => {
      await store.addInputs([{ contact: ann, input }]);
      await work(
        store,
        T0,
        ({ state }) =>
          void seen.push([
            state.events.map((e) => e.id),
            state.messages.map((m) => m.node),
            state.tasks.length,
          ]),
        need,
      );
    };
    await look(visit("a", T0), { events: [], messages: false, tasks: false });
    await look(visit("b", T0), { events: ["order"], messages: true, tasks: true });
    await look(visit("c", T0), { events: "*", messages: false, tasks: false });
    await look(
      { kind: "receipt", key: "welcome.1.old.1", event: "opened", at: T0, id: "r" },
      { events: [], messages: false, tasks: false },
    );
    expect(seen).toEqual([
      [[], ["hello"], 0],
      [["2"], ["old", "hello"], 1],
      [["2", "1"], ["hello"], 0],
      [[], ["old", "hello"], 1],
    ]);
  });

  test("one input for all reaches each contact that the rule holds for, once", async () => {
    const store = await open();
    await people(store, "ann@x.example", "bob@y.example", "cem@x.example");
    const input: Input = { kind: "enroll", flow: "welcome", id: "by-hand:1", at: T0 + 1 };
    const rule = { field: "email", op: "ends-with" as const, value: "@x.example" };
    expect(await store.addInputForAll(rule, input, T0)).toBe(2);
    expect(await store.addInputForAll(null, input, T0)).toBe(1);
    expect(await store.addInputForAll(null, input, T0)).toBe(0);
    const seen: Input[] = [];
    expect(await work(store, T0 + 1, (_, all) => void seen.push(...all))).toBe(3);
    expect(seen).toEqual([input, input, input]);
  });
}
