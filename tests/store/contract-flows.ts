import { expect, test } from "vitest";
import { PublishRefused } from "../../engine/store/store.ts";
import type { Open } from "./contract.ts";
import {
  DAY,
  flowDoc,
  HOUR,
  load,
  message,
  people,
  person,
  run,
  sweep,
  T0,
  turn,
  work,
} from "./make.ts";

const plain = { migrate: false, move: {}, wake: false, baseline: [] };

export function flowsContract(open: Open): void {
  test("the installation keeps its name", async () => {
    const store = await open();
    const name = await store.installation();
    expect(name).toMatch(/^[0-9a-f-]{36}$/);
    expect(await store.installation()).toBe(name);
  });

  test("a workspace keeps what is not set anew", async () => {
    const store = await open();
    expect((await store.workspace()).timezone).toBe("UTC");
    await store.setWorkspace({ timezone: "Asia/Riyadh", fields: { budget: "number" } }, T0);
    await store.setWorkspace({ locale: "ar" }, T0);
    await store.saveSegment("vips", { tag: "vip" }, T0);
    expect(await store.workspace()).toEqual({
      timezone: "Asia/Riyadh",
      locale: "ar",
      consent: "granted",
      segments: { vips: { tag: "vip" } },
      fields: { budget: "number" },
      hours: null,
      weekend: ["fri", "sat"],
      holidays: [],
    });
  });

  test("a setting can be set, changed and taken away", async () => {
    const store = await open();
    expect(await store.setting("smtp")).toBeNull();
    await store.setSetting("smtp", "a");
    await store.setSetting("smtp", "b");
    expect(await store.setting("smtp")).toBe("b");
    await store.setSetting("smtp", null);
    expect(await store.setting("smtp")).toBeNull();
  });

  test("a draft never runs", async () => {
    const store = await open();
    await store.saveDraft(flowDoc("welcome"), T0);
    expect(await store.flow("welcome")).toEqual({
      id: "welcome",
      draft: flowDoc("welcome"),
      version: null,
      state: "draft",
      paused: null,
      updated: T0,
    });
    expect(await store.liveVersions()).toEqual([]);
    expect(await store.flow("other")).toBeNull();
  });

  test("segments and custom fields come and go, and whoever keeps the world hears of it", async () => {
    const store = await open();
    const moved = async (work: () => Promise<unknown>): Promise<boolean> => {
      const before = await store.revision();
      await work();
      return (await store.revision()) !== before;
    };
    expect(await moved(() => store.saveField("size", "number"))).toBe(true);
    expect(await moved(() => store.saveField("size", "text"))).toBe(true);
    await store.saveSegment("vips", { tag: "vip" }, T0);
    expect(await store.workspace()).toMatchObject({
      fields: { size: "text" },
      segments: { vips: { tag: "vip" } },
    });
    expect(await moved(() => store.deleteField("size"))).toBe(true);
    expect(await store.deleteField("size")).toBe(false);
    expect(await moved(() => store.deleteSegment("vips", T0))).toBe(true);
    expect(await store.deleteSegment("vips", T0)).toBe(false);
    expect(await store.workspace()).toMatchObject({ fields: {}, segments: {} });
  });

  test("a draft that was never published can be deleted; what was published stays", async () => {
    const store = await open();
    await store.saveDraft(flowDoc("idea"), T0);
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    expect(await store.deleteDraft("idea")).toBe(true);
    expect(await store.deleteDraft("idea")).toBe(false);
    expect(await store.deleteDraft("welcome")).toBe(false);
    expect((await store.flows()).map((flow) => flow.id)).toEqual(["welcome"]);
  });

  test("each publishing makes the next version and keeps the first moment", async () => {
    const store = await open();
    const first = await store.publish("welcome", flowDoc("welcome"), T0, {
      ...plain,
      params: { brand: "Acme" },
    });
    const doc = flowDoc("welcome", ["start", "hello", "bye"]);
    const second = await store.publish("welcome", doc, T0 + DAY, plain);
    expect(first).toMatchObject({ version: 1, published: T0, firstPublished: T0, current: true });
    expect(second).toEqual({
      id: "welcome",
      version: 2,
      doc,
      published: T0 + DAY,
      firstPublished: T0,
      current: true,
      paused: false,
      params: { brand: "Acme" },
    });
    expect(await store.version("welcome", 1)).toMatchObject({
      doc: flowDoc("welcome"),
      current: false,
    });
    expect(await store.version("welcome", 3)).toBeNull();
    expect((await store.flows()).map((f) => [f.id, f.version, f.state])).toEqual([
      ["welcome", 2, "live"],
    ]);
  });

  test("an old version lives as long as somebody is in it", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    await turn(store, ann, T0, (c) => void c.runs.add(run()));
    await store.publish("welcome", flowDoc("welcome"), T0 + 1, plain);
    expect((await store.liveVersions()).map((v) => v.version)).toEqual([1, 2]);
    expect((await load(store, ann)).runs[0]?.version).toBe(1);
    await turn(store, ann, T0 + 2, (c) => {
      const [one] = c.state.runs;
      if (one) c.runs.add(Object.assign(one, { state: "completed", ended: T0 + 2 }));
    });
    expect((await store.liveVersions()).map((v) => v.version)).toEqual([2]);
  });

  test("an old version lives on for the goal of those who have left it", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.publish(
      "welcome",
      flowDoc("welcome", ["start"], { goal: { when: { tag: "client" } } }),
      T0,
      plain,
    );
    await turn(store, ann, T0, (c) => void c.runs.add(run({ state: "completed", ended: T0 })));
    await store.publish("welcome", flowDoc("welcome"), T0 + 1, plain);
    expect((await store.liveVersions()).map((v) => v.version)).toEqual([1, 2]);
  });

  test("wake looks at every contact once", async () => {
    const store = await open();
    await people(store, "ann@x.example", "bob@x.example");
    expect(await store.nextDue()).toBeNull();
    await store.publish("welcome", flowDoc("welcome"), T0 + 5, { ...plain, wake: true });
    expect(await store.nextDue()).toBe(T0 + 5);
    expect(await sweep(store)).toBe(1);
    expect(await work(store, T0 + 5)).toBe(2);
    expect(await store.nextDue()).toBeNull();
  });

  test("listening to a segment begins when a flow that listens is published, or the segment means something else", async () => {
    const store = await open();
    const anns = { field: "email", op: "starts-with", value: "ann" } as const;
    await store.saveSegment("anns", anns, T0);
    await store.saveSegment("ours", { any: [{ segment: "anns" }, { tag: "ours" }] }, T0);
    const listening = async () => Object.fromEntries(await store.listening());
    expect(await listening()).toEqual({});
    const listen = (flow: string, at: number, ...baseline: string[]) =>
      store.publish(flow, flowDoc(flow), at, { ...plain, baseline });
    await listen("welcome", T0 + 1, "anns");
    expect(await listening()).toEqual({ anns: { n: 1, at: T0 + 1 } });
    // Who has listened all along goes on.
    await listen("other", T0 + 2, "anns", "ours");
    expect(await listening()).toEqual({ anns: { n: 1, at: T0 + 1 }, ours: { n: 2, at: T0 + 2 } });
    await store.saveSegment("anns", anns, T0 + 3);
    await store.setWorkspace({ locale: "ar" }, T0 + 3);
    expect((await listening()).ours).toEqual({ n: 2, at: T0 + 2 });
    await store.saveSegment("anns", { tag: "ann" }, T0 + 4);
    expect(await listening()).toEqual({ anns: { n: 3, at: T0 + 4 }, ours: { n: 3, at: T0 + 4 } });
    await store.setWorkspace({ timezone: "Asia/Riyadh" }, T0 + 5);
    expect((await listening()).anns).toEqual({ n: 4, at: T0 + 5 });
    await listen("other", T0 + 6, "anns");
    expect(await listening()).toEqual({ anns: { n: 4, at: T0 + 5 } });
    await listen("other", T0 + 7, "anns", "ours");
    expect((await listening()).ours?.at).toBe(T0 + 7);
  });

  test("listening to a segment that time moves has those looked at whom it may move, when it may", async () => {
    const store = await open();
    const created = (days: number) =>
      person({ email: `${days}@x.example` }, { created: T0 - days * DAY });
    await store.writeContacts([created(5), created(40), created(400)], T0, false);
    await store.saveSegment("new", { field: "created_at", op: "within-last", value: "P30D" }, T0);
    await store.publish("welcome", flowDoc("welcome"), T0, { ...plain, baseline: ["new"] });
    expect(await sweep(store)).toBe(1);
    const due = (await store.nextDue()) ?? 0;
    expect(due).toBeGreaterThan(T0 + 20 * DAY);
    expect(due).toBeLessThanOrEqual(T0 + 25 * DAY);
    expect(await work(store, due)).toBe(1);
    expect(await store.nextDue()).toBeNull();
  });

  test("migrating moves everybody, a removed node's contacts to its stand-in", async () => {
    const store = await open();
    const [ann = "", bob = ""] = await people(store, "ann@x.example", "bob@x.example");
    await store.publish("welcome", flowDoc("welcome", ["start", "hello", "old"]), T0, plain);
    await turn(store, ann, T0, (c) => void c.runs.add(run()));
    await turn(store, bob, T0, (c) => void c.runs.add(run({ node: "old", visits: { old: 1 } })));
    const doc = flowDoc("welcome", ["start", "hello", "fresh"]);
    await store.publish("welcome", doc, T0 + HOUR, {
      ...plain,
      migrate: true,
      move: { old: "fresh" },
    });
    expect((await load(store, ann)).runs).toEqual([
      run({ version: 2, until: T0 + HOUR, kept: { by: "again" }, seq: 4 }),
    ]);
    expect((await load(store, bob)).runs[0]).toMatchObject({
      version: 2,
      node: "fresh",
      visit: 0,
      waiting: "trigger",
      until: T0 + HOUR,
      since: T0 + HOUR,
      kept: null,
      seq: 4,
    });
    expect(await store.nextDue()).toBe(T0 + HOUR);
    const lines = await store.journal({ flow: "welcome", limit: 10 });
    expect(
      lines.map((l) => [l.key, l.kind, l.version, l.enrollment, l.seq, l.node, l.detail]),
    ).toEqual([
      ["ann@x.example", "migrated", 2, 1, 3, "hello", { from: 1, to: 2, node: "hello" }],
      [
        "bob@x.example",
        "migrated",
        2,
        1,
        3,
        "fresh",
        { from: 1, to: 2, node: "fresh", was: "old" },
      ],
    ]);
    expect((await store.liveVersions()).map((v) => v.version)).toEqual([2]);
    const { nodes } = await store.flowCounts("welcome");
    expect(nodes).toMatchObject({
      hello: { here: { active: 1 } },
      fresh: { here: { active: 1 } },
      old: { here: {} },
    });
  });

  test("migrating keeps what would have woken a paused run, and lets one begin that hasn't yet", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    await turn(store, ann, T0, (c) => {
      c.runs.add(run({ state: "paused", kept: { by: "outcome", outcome: "answered" } }));
      c.runs.add(run({ n: 2, node: "start", waiting: "trigger", visit: 0 }));
    });
    await store.publish("welcome", flowDoc("welcome"), T0 + 1, { ...plain, migrate: true });
    const { runs } = await load(store, ann);
    expect(runs.map((r) => [r.version, r.kept, r.until])).toEqual([
      [2, { by: "outcome", outcome: "answered" }, T0 + DAY],
      [2, null, T0 + 1],
    ]);
  });

  test("migrating refuses when nothing says where the contacts of a removed node go, and changes nothing", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    await turn(store, ann, T0, (c) => void c.runs.add(run()));
    const publishing = store.publish("welcome", flowDoc("welcome", ["start"]), T0 + 1, {
      ...plain,
      migrate: true,
    });
    await expect(publishing).rejects.toSatisfy(
      (e) => e instanceof PublishRefused && e.flow === "welcome" && e.nodes.hello === 1,
    );
    const elsewhere = { ...plain, migrate: true, move: { hello: "nowhere" } };
    await expect(
      store.publish("welcome", flowDoc("welcome", ["start"]), T0 + 1, elsewhere),
    ).rejects.toThrow(PublishRefused);
    expect((await store.flow("welcome"))?.version).toBe(1);
    expect(await store.version("welcome", 2)).toBeNull();
  });

  test("those who are told to leave lose their queued messages at once and are handed to the engine", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    await turn(store, ann, T0, (c) => {
      c.runs.add(run());
      c.messages.add(message());
    });
    const leave = { ...plain, migrate: true, move: { hello: "leave" } };
    await store.publish("welcome", flowDoc("welcome", ["start"]), T0 + 1, leave);
    expect(await store.claimSends(T0 + DAY, 10, "w", [])).toEqual([]);
    expect(
      (await store.messages({ state: "cancelled", limit: 5 })).map((m) => m.message.reason),
    ).toEqual(["moved"]);
    const lines = await store.journal({ flow: "welcome", limit: 10 });
    expect(lines.map((l) => [l.kind, l.version, l.seq, l.detail])).toEqual([
      ["message", 1, 2, { channel: "email", state: "cancelled", reason: "moved" }],
    ]);
    const seen: unknown[] = [];
    await work(store, T0 + 1, (_, inputs) => void seen.push(...inputs));
    expect(seen).toMatchObject([
      { kind: "remove", flow: "welcome", n: 1, reason: "moved", at: T0 + 1 },
    ]);
  });

  test("a flow can be paused and resumed, and then its contacts are looked at", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    await turn(store, ann, T0, (c) => void c.runs.add(run()));
    await store.pauseFlow("welcome", T0 + 1);
    await store.pauseFlow("welcome", T0 + 9);
    expect(await store.flow("welcome")).toMatchObject({ state: "paused", paused: T0 + 1 });
    expect((await store.liveVersions())[0]?.paused).toBe(true);
    await store.resumeFlow("welcome", T0 + HOUR, false);
    expect(await store.flow("welcome")).toMatchObject({ state: "live", paused: null });
    expect(await store.nextDue()).toBe(T0 + HOUR);
    expect((await load(store, ann)).runs).toEqual([run()]);
  });

  test("resuming with shift moves every due moment by the length of the pause", async () => {
    const store = await open();
    const [ann = ""] = await people(store, "ann@x.example");
    await store.publish("welcome", flowDoc("welcome"), T0, plain);
    const waiting = run({ paused: { since: T0, until: T0 + 7 }, state: "paused", shift: 5 });
    await turn(store, ann, T0, (c) => void c.runs.add(waiting).add(run({ n: 2, until: null })));
    await store.pauseFlow("welcome", T0 + 1);
    await store.resumeFlow("welcome", T0 + 1 + HOUR, true);
    expect((await load(store, ann)).runs).toEqual([
      {
        ...waiting,
        until: T0 + DAY + HOUR,
        shift: 5 + HOUR,
        paused: { since: T0, until: T0 + 7 + HOUR },
      },
      run({ n: 2, until: null, shift: HOUR }),
    ]);
  });
}
