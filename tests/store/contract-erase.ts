import { expect, test } from "vitest";
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
} from "./make.ts";

const plain = { migrate: false, move: {}, wake: false, baseline: [] };

export function eraseContract(open: Open): void {
  test("after erasing nothing tells who it was, and the sums stay", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    await store.addInputs([
      {
        contact: ann,
        input: { kind: "set", fields: { city: "canary" }, id: "canary", at: T0 + 9 * DAY },
      },
    ]);
    await turn(store, ann, T0, (c) => {
      const { contact } = c.state;
      Object.assign(contact.fields, { phone: "+966500000001", city: "canary" });
      contact.tags = { canary: { since: T0, expires: null } };
      contact.consents = [
        { channel: "email", topic: "canary", granted: true, at: T0, source: "canary" },
      ];
      c.contact = c.tags = c.consents = true;
      c.events.push({ id: "canary", name: "visit", at: T0, data: { page: "canary" } });
      c.runs.add(run({ key: "canary", event: { who: "canary" }, steps: { a: "canary" } }));
      c.messages.add(
        message({
          to: "canary@x.example",
          content: { body: "canary", format: "text", locale: "en" },
        }),
      );
      c.tasks.add(task({ title: "canary", notes: "canary" }));
      c.lines.push(
        line(ann, {
          kind: "message",
          detail: {
            state: "sent",
            channel: "email",
            to: "canary",
            text: "canary",
            subject: "canary",
          },
        }),
        line(ann, {
          kind: "waiting",
          detail: { until: T0 + DAY, for: "rule", facts: { canary: 1 } },
        }),
        line(ann, { kind: "entered", detail: { trigger: "start", key: "canary" } }),
      );
    });
    await turn(store, ann, T0 + 1, (c) => {
      const { contact } = c.state;
      c.erased = c.contact = c.tags = c.consents = true;
      Object.assign(contact, {
        fields: {},
        fieldsSet: {},
        tags: {},
        consents: [],
        erased: true,
        seed: contact.id,
      });
      const [one] = c.state.runs;
      if (one)
        c.runs.add(
          Object.assign(one, { state: "exited", reason: "erased", ended: T0 + 1, until: null }),
        );
      c.lines.push(line(ann, { at: T0 + 1, kind: "exited", detail: { reason: "erased" } }));
    });
    expect(await store.findContact("ann@x.example")).toBeNull();
    expect(await store.countContacts(null, T0)).toBe(0);
    const state = await load(store, ann);
    expect(state.contact).toMatchObject({
      fields: {},
      tags: {},
      consents: [],
      seed: ann,
      erased: true,
    });
    const lines = await store.journal({ flow: "welcome", limit: 9 });
    expect(lines.map((l) => [l.key, l.contact, l.kind, l.detail])).toEqual([
      [null, ann, "message", { state: "sent", channel: "email" }],
      [null, ann, "waiting", { until: T0 + DAY, for: "rule" }],
      [null, ann, "entered", { trigger: "start" }],
      [null, ann, "exited", { reason: "erased" }],
    ]);
    const rest = [
      state,
      lines,
      await store.messages({ limit: 9 }),
      await store.tasks({ limit: 9 }),
      await store.enrollments({ limit: 9 }),
    ];
    expect(JSON.stringify(rest)).not.toMatch(/canary|ann@x|\+9665/);
    expect(await store.flowCounts("welcome")).toMatchObject({
      entered: 1,
      exited: 1,
      nodes: { hello: { messages: { sent: 1 } } },
    });
    expect(await store.nextDue()).not.toBe(T0 + 9 * DAY);
  });

  test("an erased address that comes again is still suppressed", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await turn(store, ann, T0, (c) => {
      c.state.contact.fields.phone = "+966500000001";
      c.contact = true;
    });
    await turn(store, ann, T0, (c) => {
      Object.assign(c.state.contact, { fields: {}, erased: true });
      c.erased = c.contact = true;
    });
    await store.writeContacts(
      [person({ email: "ann@x.example", phone: "+966500000001" })],
      T0 + 1,
      false,
    );
    const again = (await store.findContact("ann@x.example")) ?? "";
    expect(again).not.toBe(ann);
    expect((await load(store, again)).contact.suppressed).toEqual({
      "email:ann@x.example": "erased",
      "sms:+966500000001": "erased",
      "whatsapp:+966500000001": "erased",
    });
    const [bob = ""] = await people(store, "bob@x.example");
    await turn(store, bob, T0 + 2, (c) => {
      c.state.contact.fields.phone = "+966500000001";
      c.contact = true;
    });
    expect(Object.keys((await load(store, bob)).contact.suppressed)).toEqual([
      "sms:+966500000001",
      "whatsapp:+966500000001",
    ]);
  });

  test("a message that is under way while its contact is erased leaves no address in its line", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    await turn(store, ann, T0, (c) => void c.messages.add(message()));
    const [sending] = await store.claimSends(T0, 1, "w", []);
    await turn(store, ann, T0, (c) => {
      Object.assign(c.state.contact, { fields: {}, erased: true });
      c.erased = c.contact = true;
    });
    await store.finishSends([sentAt(sending)], "w");
    expect((await store.journal({ limit: 9 })).map((l) => l.detail)).toEqual([
      { state: "sent", channel: "email" },
    ]);
    expect((await load(store, ann)).contact.fields).toEqual({});
  });
}
