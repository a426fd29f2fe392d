import { expect, test } from "vitest";
import type { Input, Request } from "../../engine/core/state.ts";
import type { Store } from "../../engine/store/store.ts";
import type { Open } from "./contract.ts";
import { DAY, HOUR, line, load, message, people, run, T0, turn, work } from "./make.ts";

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
const sent = (
  contact: string,
  node: string,
  attempt: number,
  more: { at?: number; wake?: boolean } = {},
) => ({
  contact,
  key: `welcome.1.${node}.1`,
  attempt,
  at: more.at ?? T0 + 1,
  line: line(contact, {
    at: T0 + 1,
    kind: "message" as const,
    node,
    detail: { channel: "email", state: "sent" },
  }),
  wake: more.wake ?? false,
  state: "sent" as const,
  providerId: "p1",
});

export function outboxContract(open: Open): void {
  test("a queued message is claimed with its texts and the contact as it is now", async () => {
    const store = await open();
    const ann = await queued(store, "hello");
    expect(await store.nextDue()).toBe(T0);
    const [one, ...more] = await store.claimSends(T0, 10, "w1", []);
    expect(more).toEqual([]);
    expect(one).toEqual({
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

  test("a message that was sent has its receipt, its line, its touch and its sum", async () => {
    const store = await open();
    const ann = await queued(store, "hello");
    await store.claimSends(T0, 1, "w", []);
    await store.finishSends([sent(ann, "hello", 1)], "w");
    const [row] = await store.messages({ contact: ann, limit: 5 });
    expect(row).toMatchObject({ attempt: 1, sentAt: T0 + 1, contactKey: "ann@x.example" });
    expect(row?.message).toEqual(
      message({ state: "sent", receipts: [{ event: "sent", at: T0 + 1 }] }),
    );
    expect((await load(store, ann)).contact.fields.last_touch_at).toBe("2026-03-01T09:00:00.001Z");
    expect(
      await store.countContacts(
        { field: "last_touch_at", op: "after", value: "2026-03-01T09:00:00Z" },
        T0 + 1,
      ),
    ).toBe(1);
    expect(await store.countContacts({ touches: 1, op: "=" }, T0 + 1)).toBe(1);
    expect((await store.journal({ limit: 5 })).map((l) => [l.kind, l.detail.state])).toEqual([
      ["message", "sent"],
    ]);
    expect((await store.flowCounts("welcome")).nodes.hello?.messages).toEqual({ sent: 1 });
    expect(await store.nextDue()).toBeNull();
  });

  test("an end counts only from the same worker and attempt, and only once", async () => {
    const store = await open();
    const ann = await queued(store, "hello");
    await store.claimSends(T0, 1, "w", []);
    await store.finishSends([sent(ann, "hello", 2)], "w");
    await store.finishSends([sent(ann, "hello", 1)], "other");
    expect((await store.messages({ limit: 1 }))[0]?.message.state).toBe("sending");
    await store.finishSends([sent(ann, "hello", 1), sent(ann, "hello", 1)], "w");
    expect((await store.messages({ limit: 1 }))[0]?.message.state).toBe("sent");
    expect(await store.journal({ limit: 5 })).toHaveLength(1);
  });

  test("with wake the engine hears how it went", async () => {
    const store = await open();
    const ann = await queued(store, "a", "b");
    await store.claimSends(T0, 2, "w", []);
    const failed = {
      ...sent(ann, "b", 1, { wake: true }),
      state: "failed" as const,
      reason: "refused",
    };
    await store.finishSends([sent(ann, "a", 1, { wake: true }), failed], "w");
    const seen: Input[] = [];
    await work(store, T0 + 1, (_, inputs) => void seen.push(...inputs));
    expect(seen).toEqual([
      {
        kind: "receipt",
        at: T0 + 1,
        id: "sent:welcome.1.a.1:1",
        key: "welcome.1.a.1",
        event: "sent",
      },
      {
        kind: "receipt",
        at: T0 + 1,
        id: "failed:welcome.1.b.1:1",
        key: "welcome.1.b.1",
        event: "failed",
        reason: "refused",
      },
    ]);
  });

  test("a refused attempt is tried again at its moment, as the next attempt", async () => {
    const store = await open();
    const ann = await queued(store, "hello");
    await store.claimSends(T0, 1, "w", []);
    const retry = {
      ...sent(ann, "hello", 1),
      line: null,
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
    await store.claimSends(T0, 1, "w", []);
    const bounced = {
      ...sent(ann, "hello", 1),
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
    const done = {
      contact: ann,
      key: request.key,
      attempt: 1,
      at: T0 + 2,
      line: null,
      wake: false,
    };
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
    await store.finishSends([sent(ann, "hello", 1)], "dead");
    const uncertain = { ...sent(ann, "hello", 1), state: "uncertain" as const, reason: "crash" };
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
