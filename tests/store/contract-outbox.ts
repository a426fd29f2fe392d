import { expect, test } from "vitest";
import { noChanges } from "../../engine/core/changes.ts";
import type { Input, Request } from "../../engine/core/state.ts";
import type { Sending, Store } from "../../engine/store/store.ts";
import type { Open } from "./contract.ts";
import {
  ALL,
  DAY,
  HOUR,
  line,
  load,
  message,
  people,
  run,
  sentAt,
  T0,
  turn,
  work,
} from "./make.ts";

const request: Request = {
  key: "welcome.1.call.1",
  flow: "welcome",
  version: 1,
  n: 1,
  node: "call",
  visit: 1,
  at: T0,
  url: "https://x.example/hook",
  method: "POST",
  headers: { "content-type": "application/json" },
  body: "{}",
  timeout: 5_000,
};

async function queued(store: Store, ...nodes: string[]): Promise<string> {
  const [ann = ""] = await people(store, "ann@x.example");
  await turn(store, ann, T0, (c) => {
    c.runs.add(run());
    for (const node of nodes) c.messages.add(message({ node }));
  });
  return ann;
}
const lineOf = (contact: string, node: string, state: string) =>
  line(contact, { at: T0 + 1, kind: "message", node, detail: { channel: "email", state } });

/** A message that is claimed by the batch that queues it. */
async function claimedAtOnce(store: Store, node = "mail"): Promise<Sending | undefined> {
  const [ann = ""] = await people(store, "ann@x.example");
  const input = { kind: "resume", flow: "none", at: T0, id: "turn" } as const;
  await store.addInputs([{ contact: ann, input }]);
  const { sends, durable } = await store.workDue(
    T0,
    10,
    ALL,
    (batch) =>
      batch.map(({ state }) => {
        const changes = noChanges(state, T0);
        changes.messages.add(message({ node, receipts: [{ event: "sent", at: T0 }] }));
        return changes;
      }),
    { worker: "w", channels: new Set(["email"]) },
  );
  await durable;
  return sends[0];
}

export function outboxContract(open: Open): void {
  test("a queued message is claimed with its texts and the contact as it is now", async () => {
    const store = await open();
    const ann = await queued(store, "hello");
    expect(await store.nextDue()).toBe(T0);
    const [one, ...more] = await store.claimSends(T0, 10, "w1", []);
    expect(more).toEqual([]);
    expect(one).toEqual({
      ref: expect.any(Number),
      contact: ann,
      who: (await load(store, ann)).contact,
      attempt: 1,
      worker: "w1",
      message: message({ state: "sending" }),
      request: null,
    });
    expect(await store.nextDue()).toBeNull();
  });

  test("two claims never hold the same message", async () => {
    const store = await open();
    await queued(store, "a", "b", "c");
    const first = await store.claimSends(T0, 2, "w1", []);
    const second = await store.claimSends(T0, 2, "w2", []);
    expect([first, second].map((c) => c.map((s) => s.message?.node))).toEqual([["a", "b"], ["c"]]);
    expect(await store.claimSends(T0, 2, "w1", [])).toEqual([]);
  });

  test("what is not yet due, or goes by a channel that is stopped, isn't claimed", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await turn(store, ann, T0, (c) => {
      c.messages
        .add(message({ node: "later", at: T0 + HOUR }))
        .add(message({ node: "sms", channel: "sms" }));
    });
    expect(await store.claimSends(T0, 9, "w", ["sms"])).toEqual([]);
    expect(
      (await store.claimSends(T0 + HOUR, 9, "w", ["sms"])).map((s) => s.message?.node),
    ).toEqual(["later"]);
    expect((await store.claimSends(T0, 9, "w", [])).map((s) => s.message?.node)).toEqual(["sms"]);
  });

  test("a message counts as sent from when it is queued; its line and its sum come when it went", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await turn(store, ann, T0, (c) => {
      c.runs.add(run());
      c.messages.add(message({ receipts: [{ event: "sent", at: T0 }] }));
      c.touched = true;
    });
    const touches = { touches: 1, op: "=" } as const;
    expect(await store.countContacts({ all: [touches, { message: "sent" }] }, T0)).toBe(1);
    expect((await load(store, ann)).messages[0]?.receipts).toEqual([{ event: "sent", at: T0 }]);
    expect(await store.journal({ limit: 5 })).toEqual([]);
    const [queued] = await store.messages({ limit: 1 });
    expect([queued?.sentAt, queued?.message.receipts]).toEqual([null, []]);

    const [one] = await store.claimSends(T0, 1, "w", []);
    await store.finishSends([sentAt(one)], "w");
    const [row] = await store.messages({ contact: ann, limit: 5 });
    expect(row).toMatchObject({ attempt: 1, sentAt: T0 + 1, contactKey: "ann@x.example" });
    expect(row?.message).toEqual(
      message({ state: "sent", receipts: [{ event: "sent", at: T0 + 1 }] }),
    );
    expect((await load(store, ann)).contact.fields.last_touch_at).toBe("2026-03-01T09:00:00Z");
    const touched = { field: "last_touch_at", op: "after", value: "2026-03-01T08:59:59Z" } as const;
    expect(await store.countContacts(touched, T0 + 1)).toBe(1);
    expect(await store.countContacts(touches, T0 + 1)).toBe(1);
    const lines = await store.journal({ limit: 5 });
    expect(lines.map((l) => [l.at, l.kind, l.node, l.seq, l.detail])).toEqual([
      [
        T0 + 1,
        "message",
        "hello",
        2,
        {
          channel: "email",
          state: "sent",
          to: "ann@x.example",
          subject: "Hello",
          text: "Hello Ann",
        },
      ],
    ]);
    expect((await store.flowCounts("welcome")).nodes.hello?.messages).toEqual({ sent: 1 });
    expect(await store.nextDue()).toBeNull();
  });

  test("a message that goes out much later than it was queued moves the contact's last touch", async () => {
    const store = await open();
    const ann = await queued(store, "hello");
    const [one] = await store.claimSends(T0, 1, "w", []);
    await store.finishSends([sentAt(one, T0 + HOUR)], "w");
    expect((await load(store, ann)).contact.fields.last_touch_at).toBe("2026-03-01T10:00:00Z");
  });

  test("a message that doesn't go was no touch, and the engine hears of it", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await turn(store, ann, T0, (c) => {
      c.messages.add(message({ node: "a", receipts: [{ event: "sent", at: T0 }] }));
      c.touched = true;
    });
    await turn(store, ann, T0 + HOUR, (c) => {
      const at = T0 + HOUR;
      c.messages.add(message({ node: "b", at, receipts: [{ event: "sent", at }] }));
      c.touched = true;
    });
    const [a, b] = await store.claimSends(T0 + HOUR, 2, "w", []);
    await store.finishSends([sentAt(a, T0 + HOUR)], "w");
    const failed = { ...sentAt(b, T0 + HOUR + 1), state: "failed" as const, reason: "refused" };
    await store.finishSends([{ ...failed, line: lineOf(ann, "b", "failed") }], "w");
    expect((await load(store, ann)).contact.fields.last_touch_at).toBe("2026-03-01T10:00:00Z");
    expect(await store.countContacts({ touches: 1, op: "=" }, T0 + DAY)).toBe(1);
    const seen: Input[] = [];
    await work(store, T0 + DAY, (_, inputs) => void seen.push(...inputs));
    expect(seen).toEqual([
      {
        kind: "receipt",
        at: T0 + HOUR + 1,
        id: "failed:welcome.1.b.1:1",
        key: "welcome.1.b.1",
        event: "failed",
        reason: "refused",
      },
    ]);
  });

  test("an end counts only from the same worker and attempt, and only once", async () => {
    const store = await open();
    await queued(store, "hello");
    const [one] = await store.claimSends(T0, 1, "w", []);
    await store.finishSends([{ ...sentAt(one), attempt: 2 }], "w");
    await store.finishSends([sentAt(one)], "other");
    expect((await store.messages({ limit: 1 }))[0]?.message.state).toBe("sending");
    await store.finishSends([sentAt(one), sentAt(one)], "w");
    expect((await store.messages({ limit: 1 }))[0]?.message.state).toBe("sent");
    expect((await store.flowCounts("welcome")).nodes.hello?.messages).toEqual({ sent: 1 });
    expect(await store.journal({ limit: 5 })).toHaveLength(1);
  });

  test("a batch may claim what it queues for some channels, as their first attempt", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.addInputs([
      { contact: ann, input: { kind: "resume", flow: "none", at: T0, id: "turn" } },
    ]);
    const { contacts, sends } = await store.workDue(
      T0,
      10,
      { events: "*", messages: true, tasks: true },
      (batch) =>
        batch.map(({ state }) => {
          const changes = noChanges(state, T0);
          changes.messages.add(message({ node: "mail" }));
          changes.messages.add(message({ node: "text", channel: "sms" }));
          changes.messages.add(message({ node: "none", state: "skipped", reason: "cap" }));
          return changes;
        }),
      { worker: "w1", channels: new Set(["email"]) },
    );
    expect(contacts).toBe(1);
    expect(sends).toEqual([
      {
        ref: expect.any(Number),
        contact: ann,
        who: (await load(store, ann)).contact,
        attempt: 1,
        worker: "w1",
        message: message({ node: "mail" }),
        request: null,
      },
    ]);
    expect((await store.claimSends(T0, 9, "w2", [])).map((s) => s.message?.node)).toEqual(["text"]);
    expect((await store.orphanSends("w2")).map((s) => s.message?.node)).toEqual(["mail"]);
    await store.finishSends([sentAt(sends[0])], "w1");
    await store.finishSends([sentAt(sends[0])], "w2");
    expect((await store.messages({ state: "sent", limit: 9 })).map((m) => m.message.node)).toEqual([
      "mail",
    ]);
  });

  test("a message that is claimed as it is queued is being sent until its end is written", async () => {
    const store = await open();
    const one = await claimedAtOnce(store);
    const state = async () => (await store.messages({ limit: 1 }))[0]?.message.state;
    expect(await state()).toBe("sending");
    expect(await store.messages({ state: "sent", limit: 1 })).toEqual([]);
    expect(await store.messages({ state: "sending", limit: 1 })).toHaveLength(1);
    expect(await store.journal({ limit: 1 })).toEqual([]);
    await store.finishSends([sentAt(one)], "other");
    expect(await state()).toBe("sending");
    await store.finishSends([sentAt(one), sentAt(one)], "w");
    const [row] = await store.messages({ limit: 1 });
    expect(row).toMatchObject({ attempt: 1, sentAt: T0, providerId: "p1" });
    expect((await store.journal({ limit: 9 })).map((l) => [l.kind, l.at])).toEqual([
      ["message", T0],
    ]);
    expect((await store.flowCounts("welcome")).nodes.mail?.messages).toEqual({ sent: 1 });
  });

  test("one that goes more than a second later than it was queued went at that moment", async () => {
    const store = await open();
    const one = await claimedAtOnce(store);
    await store.finishSends([sentAt(one, T0 + 1500)], "w");
    expect((await store.messages({ limit: 1 }))[0]?.sentAt).toBe(T0 + 1500);
  });

  test("one whose first attempt came to nothing is tried again like any other", async () => {
    const store = await open();
    const one = await claimedAtOnce(store);
    const later = { state: "queued" as const, retryAt: T0 + HOUR, detail: "451" };
    await store.finishSends([{ ...sentAt(one), ...later }], "w");
    expect(await store.claimSends(T0 + HOUR - 1, 9, "w", [])).toEqual([]);
    const [again] = await store.claimSends(T0 + HOUR, 9, "w2", []);
    expect(again).toMatchObject({ attempt: 2, worker: "w2" });
    await store.finishSends([sentAt(again, T0 + HOUR)], "w2");
    expect((await store.messages({ limit: 1 }))[0]).toMatchObject({
      attempt: 2,
      sentAt: T0 + HOUR,
    });
  });

  test("one that a restore finds under way is uncertain", async () => {
    const store = await open();
    await claimedAtOnce(store);
    expect(await store.afterRestore(T0 + 1)).toMatchObject({ uncertain: 1 });
    expect((await store.messages({ limit: 1 }))[0]?.message.state).toBe("uncertain");
    expect(await store.orphanSends("w2")).toEqual([]);
  });

  test("a refused attempt is tried again at its moment, as the next attempt", async () => {
    const store = await open();
    await queued(store, "hello");
    const [one] = await store.claimSends(T0, 1, "w", []);
    const retry = {
      ...sentAt(one),
      state: "queued" as const,
      retryAt: T0 + HOUR,
      detail: "451",
    };
    await store.finishSends([retry], "w");
    expect(await store.nextDue()).toBe(T0 + HOUR);
    expect(await store.claimSends(T0 + HOUR - 1, 1, "w", [])).toEqual([]);
    expect((await store.claimSends(T0 + HOUR, 1, "w", [])).map((s) => s.attempt)).toEqual([2]);
  });

  test("a hard bounce suppresses the address for everybody who has it", async () => {
    const store = await open();
    const ann = await queued(store, "hello");
    const [one] = await store.claimSends(T0, 1, "w", []);
    const bounced = {
      ...sentAt(one),
      line: lineOf(ann, "hello", "failed"),
      state: "failed" as const,
      reason: "bounced",
      suppress: "email:ann@x.example",
    };
    await store.finishSends([bounced], "w");
    expect((await load(store, ann)).contact.suppressed).toEqual({
      "email:ann@x.example": "bounced",
    });
    expect((await store.messages({ limit: 1 }))[0]?.message).toMatchObject({
      state: "failed",
      reason: "bounced",
      receipts: [{ event: "failed", at: T0 + 1 }],
    });
  });

  test("a webhook's answer comes back as an input", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await turn(store, ann, T0, (c) => void c.requests.push(request));
    const [one] = await store.claimSends(T0, 5, "w", []);
    expect(one).toMatchObject({ contact: ann, attempt: 1, message: null, request });
    const done = { ref: one?.ref ?? 0, attempt: 1, at: T0 + 2, message: null, line: null };
    await store.finishSends([{ ...done, state: "answered", status: 200, body: { ok: true } }], "w");
    const seen: Input[] = [];
    await work(store, T0 + 2, (_, inputs) => void seen.push(...inputs));
    expect(seen).toEqual([
      {
        kind: "answer",
        at: T0 + 2,
        id: `answer:${request.key}`,
        key: request.key,
        status: 200,
        body: { ok: true },
      },
    ]);
    expect(await store.messages({ limit: 5 })).toEqual([]);
  });

  test("what a dead worker was sending is found, and can be ended by the one that found it", async () => {
    const store = await open();
    const ann = await queued(store, "hello");
    await store.claimSends(T0, 1, "dead", []);
    expect(await store.orphanSends("dead")).toEqual([]);
    const [orphan] = await store.orphanSends("alive");
    expect(orphan).toMatchObject({
      contact: ann,
      attempt: 1,
      worker: "alive",
      message: { node: "hello" },
    });
    expect(await store.orphanSends("alive")).toEqual([]);
    await store.finishSends([sentAt(orphan)], "dead");
    const uncertain = {
      ...sentAt(orphan),
      line: lineOf(ann, "hello", "uncertain"),
      state: "uncertain" as const,
      reason: "crash",
    };
    await store.finishSends([uncertain], "alive");
    expect(
      (await store.messages({ state: "uncertain", limit: 5 })).map((m) => m.message.reason),
    ).toEqual(["crash"]);
  });

  test("a message that its exit cancelled is never claimed, and keeps its texts", async () => {
    const store = await open();
    const ann = await queued(store, "hello");
    await turn(store, ann, T0, (c) => {
      const [one] = c.state.messages;
      if (one) c.messages.add(Object.assign(one, { state: "cancelled", reason: "exit-when" }));
    });
    expect(await store.claimSends(T0 + DAY, 5, "w", [])).toEqual([]);
    expect(await store.nextDue()).toBeNull();
    const [row] = await store.messages({ limit: 5 });
    expect(row?.message).toEqual(message({ state: "cancelled", reason: "exit-when" }));
  });
}
