import { describe, expect, test } from "vitest";
import {
  ANN,
  email,
  flow,
  lineOf,
  type Placed,
  rows,
  rowsOf,
  run,
  start,
  wait,
} from "./journey.ts";

const order: Placed = ["start", "trigger.event", { event: "order.placed" }];
const placed = (at: string, data: Record<string, unknown> = {}) => ({
  at,
  event: "order.placed",
  data,
});
/** Orders enter; each run lasts two days. */
const twoDays = (settings: Record<string, unknown>) =>
  flow([order, wait("w", "P2D")], { settings });

describe("re-entry", () => {
  test("once: a contact never enters again, while running, after the end or after a failure", () => {
    const told = run({
      flow: twoDays({ reentry: { mode: "once" } }),
      events: [
        placed("2026-01-06T08:00:00Z"),
        placed("2026-01-07T08:00:00Z"),
        placed("2026-01-20T08:00:00Z"),
      ],
    });
    expect(rows(told, "entered", "ignored", "completed")).toEqual([
      "01-06T08:00 start entered start",
      "01-07T08:00 start ignored already-entered",
      "01-08T08:00 w completed",
      "01-20T08:00 start ignored already-entered",
    ]);
  });

  test("after-exit: running, then the cooldown from the end, over exactly when it has passed", () => {
    const told = run({
      flow: twoDays({ reentry: { mode: "after-exit", cooldown: "P7D" } }),
      events: [
        placed("2026-01-06T08:00:00Z"),
        placed("2026-01-07T08:00:00Z"),
        placed("2026-01-15T07:59:59Z"),
        placed("2026-01-15T08:00:00Z"),
      ],
    });
    expect(rows(told, "entered", "ignored", "completed")).toEqual([
      "01-06T08:00 start entered start",
      "01-07T08:00 start ignored running",
      "01-08T08:00 w completed",
      "01-15T07:59:59 start ignored cooldown",
      "01-15T08:00 #2 start entered start",
      "01-17T08:00 #2 w completed",
    ]);
  });

  test("after-exit: an event at the instant of the end comes before it, so the run is still running", () => {
    const told = run({
      flow: twoDays({ reentry: { mode: "after-exit" } }),
      events: [
        placed("2026-01-06T08:00:00Z"),
        placed("2026-01-08T08:00:00Z"),
        placed("2026-01-08T08:00:01Z"),
      ],
    });
    expect(rows(told, "entered", "ignored", "completed")).toEqual([
      "01-06T08:00 start entered start",
      "01-08T08:00 start ignored running",
      "01-08T08:00 w completed",
      "01-08T08:00:01 #2 start entered start",
      "01-10T08:00:01 #2 w completed",
    ]);
  });

  test("after-exit: a failed run counts as ended", () => {
    const told = run({
      flow: flow([order, email("m", { body: "{{money event.amount event.currency}}" })], {
        settings: { reentry: { mode: "after-exit" } },
      }),
      events: [
        placed("2026-01-06T08:00:00Z", { amount: 5, currency: "??" }),
        placed("2026-01-06T09:00:00Z", { amount: 5, currency: "USD" }),
      ],
    });
    expect(rows(told, "entered", "failed", "completed", "ignored")).toEqual([
      "01-06T08:00 start entered start",
      "01-06T08:00 m failed template",
      "01-06T09:00 #2 start entered start",
      "01-06T09:00 #2 m completed",
    ]);
  });

  test("per-key: one run for each value, ever; different values run side by side; no value is no-key", () => {
    const told = run({
      flow: twoDays({ reentry: { mode: "per-key", key: "order" } }),
      events: [
        placed("2026-01-06T08:00:00Z", { order: "A" }),
        placed("2026-01-06T09:00:00Z", { order: 7 }),
        placed("2026-01-06T10:00:00Z", { order: "A" }),
        placed("2026-01-06T11:00:00Z"),
        placed("2026-01-20T08:00:00Z", { order: "A" }),
      ],
    });
    expect(rows(told, "entered", "ignored", "completed")).toEqual([
      "01-06T08:00 start entered start",
      "01-06T09:00 #2 start entered start",
      "01-06T10:00 start ignored key-used",
      "01-06T11:00 start ignored no-key",
      "01-08T08:00 w completed",
      "01-08T09:00 #2 w completed",
      "01-20T08:00 start ignored key-used",
    ]);
    expect(told.lines.filter((l) => l.kind === "entered").map((l) => l.key)).toEqual(["A", "7"]);
  });

  test("always: every trigger starts a run, side by side; the cooldown counts from the last entry", () => {
    const told = run({
      flow: twoDays({ reentry: { mode: "always", cooldown: "P1D" } }),
      events: [
        placed("2026-01-06T08:00:00Z"),
        placed("2026-01-07T07:59:59Z"),
        placed("2026-01-07T08:00:00Z"),
        placed("2026-01-08T08:00:00Z"),
      ],
    });
    expect(rows(told, "entered", "ignored")).toEqual([
      "01-06T08:00 start entered start",
      "01-07T07:59:59 start ignored cooldown",
      "01-07T08:00 #2 start entered start",
      "01-08T08:00 #3 start entered start",
    ]);
  });

  test.each([
    ["an event", order, "already-entered"],
    ["a message", ["start", "trigger.message", { channel: "sms", match: "any" }] as Placed, null],
  ])("the default mode of a flow that starts on %s", (_, trigger, reason) => {
    const told = run({
      flow: flow([trigger, wait("w", "PT1H")]),
      events: ["2026-01-06T08:00:00Z", "2026-01-07T08:00:00Z"].map((at) =>
        trigger === order ? placed(at) : { at, inbound: { channel: "sms", text: "hello" } },
      ),
    });
    expect(rows(told, "entered", "ignored")).toEqual([
      "01-06T08:00 start entered start",
      reason ? `01-07T08:00 start ignored ${reason}` : "01-07T08:00 #2 start entered start",
    ]);
  });

  test("two triggers that one change sets off: the second finds the contact in the flow", () => {
    const told = run({
      flow: flow(
        [
          order,
          [
            "vip",
            "trigger.event",
            { event: "order.placed", where: [{ data: "amount", op: ">", value: 100 }] },
          ],
          wait("w", "P1D"),
        ],
        {
          edges: ["start > w", "vip > w"],
          settings: { reentry: { mode: "after-exit" } },
        },
      ),
      events: [placed("2026-01-06T08:00:00Z", { amount: 150 })],
    });
    expect(rows(told, "entered", "ignored")).toEqual([
      "01-06T08:00 vip ignored running",
      "01-06T08:00 start entered start",
    ]);
  });
});

describe("lines of an entry", () => {
  test("a run's first lines: entered with trigger and key, then the trigger's own step", () => {
    const told = run({ flow: flow([start, wait("w", "P1D")]) });
    expect(told.lines.slice(0, 3)).toEqual([
      {
        at: "2026-01-05T00:00:00Z",
        contact: ANN,
        flow: "f",
        version: 1,
        enrollment: 1,
        kind: "entered",
        node: "start",
        trigger: "start",
        key: null,
      },
      {
        at: "2026-01-05T00:00:00Z",
        contact: ANN,
        flow: "f",
        version: 1,
        enrollment: 1,
        kind: "step",
        node: "start",
        output: "next",
      },
      {
        at: "2026-01-05T00:00:00Z",
        contact: ANN,
        flow: "f",
        version: 1,
        enrollment: 1,
        kind: "waiting",
        node: "w",
        until: "2026-01-06T00:00:00Z",
        for: "wait",
      },
    ]);
  });

  test("an ignored line has no enrollment and names the trigger", () => {
    const told = run({
      flow: twoDays({ exitWhen: { tag: "client" } }),
      contacts: [{ email: ANN, tags: ["client"] }],
      events: [placed("2026-01-06T08:00:00Z")],
    });
    expect(told.lines).toEqual([
      {
        at: "2026-01-06T08:00:00Z",
        contact: ANN,
        flow: "f",
        version: 1,
        enrollment: null,
        kind: "ignored",
        node: "start",
        reason: "exit-rule",
        rule: "/settings/exitWhen",
        facts: { "tag:client": true },
      },
    ]);
  });

  test("what admits someone carries the trigger's rule and the facts it saw", () => {
    const told = run({
      flow: flow([
        [
          "big",
          "trigger.event",
          { event: "order.placed", where: [{ data: "amount", op: ">=", value: 100 }] },
        ],
        wait("w", "P1D"),
      ]),
      events: [
        placed("2026-01-06T08:00:00Z", { amount: 99 }),
        placed("2026-01-06T09:00:00Z", { amount: 100 }),
      ],
    });
    expect(rows(told, "entered", "ignored")).toEqual(["01-06T09:00 big entered big"]);
    expect(lineOf(told, "entered")).toMatchObject({
      rule: "/nodes/0/data/where",
      facts: { "event.amount": 100 },
    });
  });
});

describe("exitWhen", () => {
  test("whoever matches it at entry is ignored; the event that starts the run never counts", () => {
    const told = run({
      flow: flow([order, wait("w", "P9D")], {
        settings: { exitWhen: { event: "order.placed" }, reentry: { mode: "always" } },
      }),
      events: [placed("2026-01-06T08:00:00Z"), placed("2026-01-07T08:00:00Z")],
    });
    // The second order ends the first run (exits come before triggers) and starts another.
    expect(rows(told, "entered", "ignored", "exited")).toEqual([
      "01-06T08:00 start entered start",
      "01-07T08:00 w exited exit-when",
      "01-07T08:00 #2 start entered start",
    ]);
  });

  const lasting = (exitWhen: Record<string, unknown>, nodes: Placed[] = [wait("w", "P30D")]) =>
    flow([start, ...nodes], { settings: { exitWhen } as never });

  test.each<[string, Record<string, unknown>, Record<string, unknown>, Record<string, unknown>]>([
    ["a tag", { tag: "client" }, { addTag: "client" }, { "tag:client": true }],
    [
      "a field",
      { field: "lifecycle", op: "=", value: "client" },
      { set: { lifecycle: "Client" } },
      { "field:lifecycle": "Client" },
    ],
    ["an event", { event: "order.placed" }, { event: "order.placed" }, { "event:order.placed": 1 }],
    [
      "a withdrawn consent",
      { not: { consent: "sms" } },
      { consent: { channel: "sms", granted: false } },
      { "consent:sms": false },
    ],
    [
      "an inbound message",
      { field: "last_reply_at", op: "exists" },
      { inbound: { channel: "email", text: "hi" } },
      { "field:last_reply_at": "2026-01-07T08:00:00Z" },
    ],
    ["a segment", { segment: "buyers" }, { event: "order.placed" }, { "segment:buyers": true }],
  ])("is looked at when %s changes, at that instant", (_, rule, change, facts) => {
    const told = run({
      flow: lasting(rule),
      events: [{ at: "2026-01-07T08:00:00Z", ...change }],
      workspace: { segments: { buyers: { event: "order.placed" } } },
    });
    expect(rows(told, "exited")).toEqual(["01-07T08:00 w exited exit-when"]);
    expect(lineOf(told, "exited")).toMatchObject({ rule: "/settings/exitWhen", facts });
  });

  test("is looked at when a message's receipt, a task's outcome or the flow's own change makes it hold", () => {
    const clicked = run({
      flow: lasting({ message: "clicked", node: "m" }, [email("m"), wait("w", "P30D")]),
      events: [{ at: "2026-01-06T08:00:00Z", message: { node: "m", event: "clicked" } }],
    });
    expect(rows(clicked, "exited")).toEqual(["01-06T08:00 w exited exit-when"]);
    const called = run({
      flow: lasting({ task: "done", node: "c", outcome: "not-interested" }, [
        ["c", "call", { script: "Hi" }],
      ]),
      events: [{ at: "2026-01-06T08:00:00Z", task: { node: "c", outcome: "not-interested" } }],
    });
    expect(rows(called, "exited", "completed")).toEqual(["01-06T08:00 c exited exit-when"]);
    const own = run({
      flow: lasting({ tag: "x" }, [["t", "tag", { add: [{ tag: "x" }] }], wait("w", "P30D")]),
    });
    expect(rows(own, "step", "waiting", "exited")).toEqual([
      "01-05T00:00 start step next",
      "01-05T00:00 t step next",
      "01-05T00:00 t exited exit-when",
    ]);
  });

  test("is looked at when time alone flips it: a tag that expires, a duration that runs out", () => {
    const expired = run({
      flow: flow(
        [start, ["t", "tag", { add: [{ tag: "trial", expires: "P7D" }] }], wait("w", "P30D")],
        {
          settings: { exitWhen: { all: [{ not: { tag: "trial" } }, { event: "trial.began" }] } },
        },
      ),
      events: [{ at: "2026-01-06T08:00:00Z", event: "trial.began" }],
    });
    expect(rows(expired, "exited")).toEqual(["01-12T00:00 w exited exit-when"]);
    const silent = run({
      flow: lasting({ not: { event: "page.visited", since: "P10D" } }),
      events: [
        { at: "2026-01-01T08:00:00Z", event: "page.visited" },
        { at: "2026-01-08T09:30:00Z", event: "page.visited" },
      ],
    });
    expect(rows(silent, "exited")).toEqual(["01-18T09:30 w exited exit-when"]);
  });

  test("an exit comes before a wait that ends at the same instant, and before the next node", () => {
    const told = run({
      flow: flow([start, wait("w", "P2D"), email("m")], {
        settings: { exitWhen: { tag: "client" } },
      }),
      events: [{ at: "2026-01-07T00:00:00Z", addTag: "client" }],
    });
    expect(rows(told, "message", "exited", "completed")).toEqual([
      "01-07T00:00 w exited exit-when",
    ]);
  });

  test("a rule whose template can't be rendered fails that run alone, with the reason `rule`", () => {
    const told = run({
      flow: flow([start, wait("w", "P1D")], {
        settings: { exitWhen: { field: "plan", op: "=", value: "{{money 1 contact.currency}}" } },
      }),
      contacts: [
        { email: ANN, currency: "??" },
        { email: "bob@x.example", currency: "USD" },
      ],
    });
    expect(rowsOf(told, ANN, "failed", "completed")).toEqual(["01-05T00:00 start failed rule"]);
    expect(rowsOf(told, "bob@x.example", "failed", "completed")).toEqual([
      "01-06T00:00 w completed",
    ]);
  });
});
