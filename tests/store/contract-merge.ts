import { expect, test } from "vitest";
import type { Input } from "../../engine/core/state.ts";
import type { Store } from "../../engine/store/store.ts";
import type { Open } from "./contract.ts";
import {
  DAY,
  flowDoc,
  line,
  load,
  message,
  people,
  person,
  run,
  sentAt,
  T0,
  task,
  turn,
  work,
} from "./make.ts";

const plain = { migrate: false, move: {}, wake: false, baseline: [] };
const merge = (store: Store, id: string, from: string, at = T0 + DAY) =>
  store.writeContacts([person({}, { id, merge: [from] })], at, false);

export function mergeContract(open: Open): void {
  test("two contacts become one with the history of both", async () => {
    const store = await open();
    const [ann = "", bob = ""] = await people(store, "ann@x.example", "bob@x.example");
    await turn(store, ann, T0, (c) => {
      const { contact } = c.state;
      Object.assign(contact.fields, { city: "Riyadh" });
      contact.tags = { lead: { since: T0, expires: T0 + 5 } };
      c.state.drawn = { "f/split": "a" };
      c.state.fired = { "f/day": 5 };
      c.marks = true;
      c.events.push({ id: "shared", name: "visit", at: T0, data: {} });
      c.lines.push(line(ann));
      c.contact = c.tags = true;
    });
    await turn(store, bob, T0, (c) => {
      const { contact } = c.state;
      Object.assign(contact.fields, { city: "Jeddah", phone: "+966500000002" });
      contact.tags = { lead: { since: T0 - 5, expires: null }, vip: { since: T0, expires: null } };
      contact.stopped = ["sms"];
      c.state.drawn = { "f/split": "b", "g/split": "b" };
      c.state.fired = { "f/day": 9 };
      c.marks = true;
      c.events.push({ id: "shared", name: "visit", at: T0, data: {} });
      c.events.push({ id: "own", name: "visit", at: T0, data: {} });
      c.lines.push(line(bob, { flow: "other" }));
      c.contact = c.tags = true;
    });
    await merge(store, ann, bob);
    const { contact, drawn, fired, events } = await load(store, ann);
    expect(contact.fields).toEqual({
      email: "ann@x.example",
      city: "Riyadh",
      phone: "+966500000002",
    });
    expect(contact.tags).toEqual({
      lead: { since: T0 - 5, expires: null },
      vip: { since: T0, expires: null },
    });
    expect(contact.stopped).toEqual(["sms"]);
    expect(drawn).toEqual({ "f/split": "a", "g/split": "b" });
    expect(fired).toEqual({ "f/day": 9 });
    expect(events.map((e) => e.id).sort()).toEqual(["own", "shared"]);
    expect(await store.countContacts(null, T0)).toBe(1);
    expect((await store.journal({ contact: ann, limit: 9 })).map((l) => l.flow)).toEqual([
      "other",
      "welcome",
    ]);
    expect(await store.nextDue()).toBe(T0 + DAY);
  });

  test("of consent the stricter stays", async () => {
    const store = await open();
    const rows = [
      person({ email: "ann@x.example" }, { consent: [] }),
      person({ email: "bob@x.example" }, { consent: ["email", "sms", "whatsapp"] }),
    ];
    await store.writeContacts(rows.slice(0, 1), T0, false);
    await store.writeContacts(rows.slice(1), T0 + 1, false);
    const ann = (await store.findContact("ann@x.example")) ?? "";
    const bob = (await store.findContact("bob@x.example")) ?? "";
    await merge(store, bob, ann);
    const newest = new Map(
      (await load(store, bob)).contact.consents.map((c) => [c.channel, c.granted]),
    );
    expect([...newest]).toEqual([
      ["email", false],
      ["sms", false],
      ["whatsapp", false],
    ]);
  });

  test("of two open runs of one flow the older goes on, and the newer's messages are cancelled at once", async () => {
    const store = await open();
    const [ann = "", bob = ""] = await people(store, "ann@x.example", "bob@x.example");
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    await turn(store, ann, T0, (c) => {
      c.runs.add(run({ entered: T0 + 5 }));
      c.messages.add(message({ at: T0 + 9 }));
    });
    await turn(store, bob, T0, (c) => {
      c.runs.add(run({ state: "completed", ended: T0, entered: T0 - DAY }));
      c.runs.add(run({ n: 2, entered: T0 }));
      c.messages.add(message({ n: 2, at: T0 + 9 }));
      c.tasks.add(task({ n: 2, key: "welcome.2.call.1" }));
      c.lines.push(line(bob, { enrollment: 2 }));
    });
    await merge(store, ann, bob);
    const { runs, tasks } = await load(store, ann);
    expect(runs.map((r) => [r.n, r.state, r.entered])).toEqual([
      [2, "completed", T0 - DAY],
      [3, "active", T0],
      [1, "active", T0 + 5],
    ]);
    expect(tasks.map((t) => [t.key, t.n])).toEqual([["welcome.3.call.1", 3]]);
    const messages = await store.messages({ contact: ann, limit: 9 });
    expect(messages.map((m) => [m.key, m.message.n, m.message.state, m.message.reason])).toEqual([
      ["welcome.1.hello.1", 1, "cancelled", "merged"],
      ["welcome.3.hello.1", 3, "queued", null],
    ]);
    const seen: Input[] = [];
    await work(store, T0 + DAY, (_, inputs) => void seen.push(...inputs));
    expect(seen).toMatchObject([{ kind: "remove", flow: "welcome", n: 1, reason: "merged" }]);
    expect(
      (await store.journal({ contact: ann, limit: 9 })).map((l) => [l.kind, l.enrollment]),
    ).toEqual([
      ["step", 3],
      ["message", 1],
    ]);
  });

  test("runs that may stand side by side go on side by side", async () => {
    const store = await open();
    const [ann = "", bob = ""] = await people(store, "ann@x.example", "bob@x.example");
    const doc = flowDoc("welcome", ["hello"], { reentry: { mode: "per-key", key: "order" } });
    await store.publish("welcome", doc, T0, plain);
    for (const id of [ann, bob])
      await turn(store, id, T0, (c) => void c.runs.add(run({ key: id })));
    await merge(store, ann, bob);
    const seen: Input[] = [];
    await work(store, T0 + DAY, (_, inputs) => void seen.push(...inputs));
    expect(seen).toEqual([]);
    expect((await load(store, ann)).runs.map((r) => [r.n, r.key])).toEqual([
      [1, ann],
      [2, bob],
    ]);
  });

  test("what was said to the contact of then reaches the one of now", async () => {
    const store = await open();
    const [ann = "", bob = "", cem = ""] = await people(
      store,
      "ann@x.example",
      "bob@x.example",
      "cem@x.example",
    );
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    await turn(store, ann, T0, (c) => void c.runs.add(run({ state: "completed", ended: T0 })));
    await turn(store, cem, T0, (c) => void c.runs.add(run({ state: "completed", ended: T0 })));
    await turn(store, bob, T0, (c) => {
      c.runs.add(run({ state: "completed", ended: T0 }));
      c.messages.add(message());
    });
    const [sending] = await store.claimSends(T0, 1, "w", []);
    await merge(store, ann, bob);
    await merge(store, cem, ann);
    expect(await store.findContact(bob)).toBe(cem);
    await store.finishSends([sentAt(sending, T0 + 3)], "w");
    const receipt: Input = {
      kind: "receipt",
      key: "welcome.1.hello.1",
      event: "clicked",
      at: T0 + DAY,
      id: "c1",
    };
    await store.addInputs([{ contact: bob, input: receipt }]);
    const [sent] = await store.messages({ contact: cem, state: "sent", limit: 1 });
    expect(sent?.key).toBe("welcome.3.hello.1");
    const seen: Input[] = [];
    await work(store, T0 + DAY, (_, inputs) => void seen.push(...inputs));
    expect(seen).toEqual([{ ...receipt, key: "welcome.3.hello.1" }]);
    expect((await store.journal({ contact: cem, limit: 9 })).map((l) => l.enrollment)).toEqual([3]);
  });
}
