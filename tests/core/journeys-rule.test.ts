import { describe, expect, test } from "vitest";
import {
  ANN,
  annWithPhone,
  email,
  flow,
  lineOf,
  type Placed,
  rows,
  run,
  sms,
  start,
  wait,
} from "./journey.ts";

/** Which way a condition on `rule` takes Ann after these nodes. */
function way(
  rule: Record<string, unknown>,
  nodes: Placed[] = [],
  more: Partial<Parameters<typeof run>[0]> = {},
): unknown {
  const told = run({
    flow: flow([start, ...nodes, ["k", "condition", { rule }]]),
    contacts: [annWithPhone],
    ...more,
  });
  return lineOf(told, "step", "k").output;
}

describe("a condition", () => {
  const letter: Placed = ["l", "letter", { body: "Dear" }];
  const call: Placed = ["c", "call", { script: "Hi" }];

  test("counts touches: messages sent, letters and calls done, across flows, not what went to the team or was skipped", () => {
    const nodes: Placed[] = [
      email("a"),
      sms("s"),
      letter,
      ["n", "notify", { to: "o@x.example", subject: "s", body: "b" }],
      wait("w", "P1D"),
    ];
    expect(way({ touches: 3, op: "=" }, nodes)).toBe("yes");
    expect(way({ touches: 2, op: "=" }, nodes, { contacts: [ANN] })).toBe("yes");
    expect(way({ touches: 1, op: "=", channel: "letter" }, nodes)).toBe("yes");
    expect(way({ touches: 3, op: "=", since: "P1D" }, nodes)).toBe("no");
    expect(way({ touches: 0, op: "=", since: "P1D" }, nodes)).toBe("yes");
    const called = flow(
      [start, call, ["k", "condition", { rule: { touches: 1, op: "=", channel: "call" } }]],
      { edges: ["start > c", "c:answered > k"] },
    );
    const told = run({
      flow: called,
      events: [{ at: "2026-01-06T00:00:00Z", task: { node: "c", outcome: "answered" } }],
    });
    expect(lineOf(told, "step", "k").output).toBe("yes");
  });

  test("a message's node means this enrollment, unless a flow is named", () => {
    const doc = (rule: Record<string, unknown>) =>
      flow(
        [["start", "trigger.event", { event: "go" }], ["k", "condition", { rule }], email("m")],
        {
          edges: ["start > k", "k:yes > m", "k:no > m"],
          settings: { reentry: { mode: "always" } },
        },
      );
    const steps = (rule: Record<string, unknown>) =>
      run({
        flow: doc(rule),
        events: [
          { at: "2026-01-06T00:00:00Z", event: "go" },
          { at: "2026-01-07T00:00:00Z", event: "go" },
        ],
      })
        .lines.filter((l) => l.kind === "step" && l.node === "k")
        .map((l) => l.output);
    expect(steps({ message: "sent", node: "m" })).toEqual(["no", "no"]);
    expect(steps({ message: "sent" })).toEqual(["no", "yes"]);
  });

  test("consent is by channel and topic", () => {
    const events = [
      { at: "2026-01-01T00:00:00Z", consent: { channel: "email", granted: false } },
      { at: "2026-01-02T00:00:00Z", consent: { channel: "email", topic: "offers", granted: true } },
    ];
    expect(way({ consent: "email" }, [], { events })).toBe("no");
    expect(way({ consent: "email", topic: "offers" }, [], { events })).toBe("yes");
    expect(way({ consent: "sms" }, [], { events })).toBe("yes");
    expect(way({ consent: "sms" }, [], { events, workspace: { consent: "denied" } })).toBe("no");
  });

  test("an event without since counts ever; with a duration while its moment + d is still ahead", () => {
    const events = [{ at: "2025-12-29T00:00:00Z", event: "go" }];
    expect(way({ event: "go" }, [], { events })).toBe("yes");
    expect(way({ event: "go", since: "P7D" }, [], { events })).toBe("no");
    expect(way({ event: "go", since: "P8D" }, [], { events })).toBe("yes");
    expect(way({ event: "go", since: "enrollment" }, [], { events })).toBe("no");
  });

  test("a value may be a template of the flow", () => {
    const events = [
      { at: "2026-01-06T00:00:00Z", event: "booked", data: { appointment: "A-7" } },
      { at: "2026-01-07T00:00:00Z", event: "kept", data: { appointment: "A-7" } },
    ];
    const doc = flow([
      ["start", "trigger.event", { event: "booked" }],
      [
        "wf",
        "wait-for",
        {
          rule: {
            event: "kept",
            where: [{ data: "appointment", op: "=", value: "{{event.appointment}}" }],
          },
        },
      ],
    ]);
    expect(rows(run({ flow: doc, events }), "step").slice(1)).toEqual([
      "01-07T00:00 wf step matched",
    ]);
    const other = events.map((e, i) => (i === 1 ? { ...e, data: { appointment: "A-8" } } : e));
    expect(rows(run({ flow: doc, events: other }), "step").slice(1)).toEqual([]);
  });

  test("its step carries the rule's pointer and everything it looked at", () => {
    const told = run({
      flow: flow([
        start,
        [
          "k",
          "condition",
          {
            rule: {
              any: [{ tag: "vip" }, { field: "city", op: "exists" }, { touches: 1, op: ">=" }],
            },
          },
        ],
      ]),
    });
    expect(lineOf(told, "step", "k")).toMatchObject({
      output: "no",
      rule: "/nodes/1/data/rule",
      facts: { "tag:vip": false, "field:city": null, touches: 0 },
    });
  });

  test("an empty `all` is true, an empty `any` false; a comparison across types is false, `!=` its opposite", () => {
    const people = { contacts: [{ ...annWithPhone, size: 10, city: "10" }] };
    expect(way({ all: [] })).toBe("yes");
    expect(way({ any: [] })).toBe("no");
    expect(way({ field: "size", op: "=", value: "10" }, [], people)).toBe("no");
    expect(way({ field: "size", op: "!=", value: "10" }, [], people)).toBe("yes");
    expect(way({ field: "nothing", op: "!=", value: "10" }, [], people)).toBe("yes");
    expect(way({ field: "nothing", op: "missing" }, [], people)).toBe("yes");
    expect(way({ not: { field: "nothing", op: "<", value: 1 } }, [], people)).toBe("yes");
  });
});

test("a loop around a wait-for goes round once for each event", () => {
  const told = run({
    flow: flow(
      [start, ["wf", "wait-for", { rule: { event: "order.placed" } }], ["s", "score", { add: 1 }]],
      { edges: ["start > wf", "wf:matched > s > wf"] },
    ),
    events: ["2026-01-06T00:00:00Z", "2026-01-06T00:00:01Z", "2026-01-09T00:00:00Z"].map((at) => ({
      at,
      event: "order.placed",
    })),
  });
  expect(rows(told, "changed", "failed")).toEqual([
    "01-06T00:00 s changed score null 1",
    "01-06T00:00:01 s changed score 1 2",
    "01-09T00:00 s changed score 2 3",
  ]);
});

test("a wait until a moment in a node's stored answer", () => {
  const told = run({
    flow: flow(
      [
        start,
        ["h", "webhook", { url: "https://x.example" }],
        ["w", "wait", { field: { name: "steps.h.slot.at", offset: "-PT1H" } }],
      ],
      { edges: ["start > h", "h:ok > w"] },
    ),
    events: [
      {
        at: "2026-01-05T00:00:00Z",
        webhook: { node: "h", status: 200, body: { slot: { at: "2026-01-07T10:00:00Z" } } },
      },
    ],
  });
  expect(rows(told, "waiting")).toEqual(["01-05T00:00 w waiting wait 01-07T09:00"]);
});
