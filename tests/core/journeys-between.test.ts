import { describe, expect, test } from "vitest";
import { ANN, email, flow, type Placed, rows, run, start, wait } from "./journey.ts";

const always = { reentry: { mode: "always" as const } };
const chased = (told: ReturnType<typeof run>): unknown[] => [
  rows(told, "entered").length,
  rows(told, "ignored"),
];

describe("flows that set each other off are stopped after depth 20", () => {
  /** A flow that begins with a trigger and does one thing. */
  const answering = (id: string, trigger: Placed, act: Placed): ReturnType<typeof flow> =>
    flow([trigger, act], { id, settings: always });

  test("by tags: one sets what the other takes off", () => {
    const told = run({
      flow: answering(
        "ping",
        ["start", "trigger.tag", { tag: "hot", on: "added" }],
        ["t", "tag", { remove: ["hot"] }],
      ),
      others: [
        answering(
          "pong",
          ["start", "trigger.tag", { tag: "hot", on: "removed" }],
          ["t", "tag", { add: [{ tag: "hot" }] }],
        ),
      ],
      events: [{ at: "2026-01-06T08:00:00Z", addTag: "hot" }],
    });
    expect(chased(told)).toEqual([21, ["01-06T08:00 pong: start ignored loop"]]);
    // The last one still did what it does.
    expect(rows(told, "changed").at(-1)).toBe("01-06T08:00 pong: #10 t changed hot true");
  });

  test("by a field: each answer changes it again", () => {
    const told = run({
      flow: answering(
        "count",
        ["start", "trigger.field", { field: "score" }],
        ["s", "score", { add: 1 }],
      ),
      events: [{ at: "2026-01-06T08:00:00Z", set: { score: 1 } }],
    });
    expect(chased(told)).toEqual([21, ["01-06T08:00 count: start ignored loop"]]);
  });

  test("by segments: who enters is thrown out, and the other way round", () => {
    const told = run({
      flow: answering(
        "in",
        ["start", "trigger.segment", { segment: "hot", on: "entered" }],
        ["t", "tag", { remove: ["hot"] }],
      ),
      others: [
        answering(
          "out",
          ["start", "trigger.segment", { segment: "hot", on: "left" }],
          ["t", "tag", { add: [{ tag: "hot" }] }],
        ),
      ],
      workspace: { segments: { hot: { tag: "hot" } } },
      events: [{ at: "2026-01-06T08:00:00Z", addTag: "hot" }],
    });
    expect(chased(told)).toEqual([21, ["01-06T08:00 out: start ignored loop"]]);
  });

  test("by start-flow: each starts the other", () => {
    const starting = (id: string, other: string, first: Placed): ReturnType<typeof flow> =>
      flow([first, ["s", "start-flow", { flow: other }]], { id, settings: always });
    const told = run({
      flow: starting("a", "b", ["start", "trigger.event", { event: "go" }]),
      others: [starting("b", "a", start)],
      events: [{ at: "2026-01-06T08:00:00Z", event: "go" }],
    });
    expect(chased(told)).toEqual([21, ["01-06T08:00 b: start ignored loop"]]);
  });

  test("and a wait begins the count anew: what time sets off is nobody's answer", () => {
    const starting = (id: string, other: string, ...before: Placed[]): ReturnType<typeof flow> =>
      flow([start, ...before, ["s", "start-flow", { flow: other }]], { id, settings: always });
    const told = run({
      flow: flow(
        [
          ["start", "trigger.event", { event: "go" }],
          wait("w", "PT1H"),
          ["s", "start-flow", { flow: "b" }],
        ],
        { id: "a", settings: always },
      ),
      others: [starting("b", "c"), starting("c", "b")],
      events: [{ at: "2026-01-06T08:00:00Z", event: "go" }],
    });
    // One entry of depth 0 by the event, then those of depth 1 to 20.
    expect(rows(told, "entered")).toHaveLength(21);
  });

  test("by waiting for each other: a woken run takes the depth of what woke it", () => {
    const rounds = Array.from({ length: 15 }, (_, i) => i);
    /** Waits for the other's words one after the other and answers each. */
    const talking = (
      id: string,
      on: string,
      says: (i: number) => string,
    ): ReturnType<typeof flow> =>
      flow(
        [
          ["start", "trigger.event", { event: "join" }],
          ...rounds.flatMap((i): Placed[] => [
            [`wf${i}`, "wait-for", { rule: { event: `${on}${i}` } }],
            [`e${i}`, "emit", { event: says(i) }],
          ]),
        ],
        {
          id,
          edges: rounds.map((i) =>
            i === 0 ? "start > wf0" : `wf${i - 1}:matched > e${i - 1} > wf${i}`,
          ),
        },
      );
    const told = run({
      flow: talking("a", "ping", (i) => `pong${i}`),
      others: [talking("b", "pong", (i) => `ping${i + 1}`)],
      events: [
        { at: "2026-01-06T08:00:00Z", event: "join" },
        { at: "2026-01-06T09:00:00Z", event: "ping0" },
      ],
    });
    // The outside event has depth 0; those of depth 1 to 20 wake, that of depth 21 wakes nobody.
    expect(rows(told, "step").filter((row) => row.endsWith("matched"))).toHaveLength(21);
  });
});

describe("start-flow", () => {
  const child = flow([start, wait("w", "P2D"), email("m")], { id: "child", settings: always });

  test("hands over what started the first flow", () => {
    const told = run({
      flow: flow([
        ["start", "trigger.event", { event: "order.placed" }],
        ["s", "start-flow", { flow: "thanks" }],
      ]),
      others: [flow([start, email("m", { subject: "Order {{event.order}}" })], { id: "thanks" })],
      events: [{ at: "2026-01-06T08:00:00Z", event: "order.placed", data: { order: "A-1" } }],
    });
    expect(told.lines.find((l) => l.kind === "message")?.subject).toBe("Order A-1");
  });

  test("waits for the other flow until it ends, whatever ends it", () => {
    const parent = flow([
      start,
      ["s", "start-flow", { flow: "child", wait: true }],
      email("after"),
    ]);
    const ends = (settings: Record<string, unknown>, events: Record<string, unknown>[] = []) =>
      rows(
        run({ flow: parent, others: [{ ...child, settings: { ...always, ...settings } }], events }),
        "waiting",
        "message",
        "exited",
      ).filter((row) => !row.includes("child:"));
    expect(ends({})).toEqual([
      "01-05T00:00 s waiting flow null",
      "01-07T00:00 after message email sent",
    ]);
    expect(
      ends({ exitWhen: { tag: "client" } }, [{ at: "2026-01-06T00:00:00Z", addTag: "client" }]),
    ).toEqual(["01-05T00:00 s waiting flow null", "01-06T00:00 after message email sent"]);
  });

  test("a flow that isn't there holds nobody, and says so", () => {
    const told = run({
      flow: flow([start, ["s", "start-flow", { flow: "nowhere", wait: true }], email("after")]),
    });
    expect(rows(told, "message")).toEqual(["01-05T00:00 after message email sent"]);
    expect(told.outcome.warnings).toEqual([
      `${ANN}: flow f: there is no published flow “nowhere” to start`,
    ]);
  });
});

describe("caps and pauses reach across flows", () => {
  test("a cap counts what another flow sent; each flow has its own cap", () => {
    const capped = (id: string, first: Placed, max: number): ReturnType<typeof flow> =>
      flow([first, email("m")], {
        id,
        settings: { frequencyCap: [{ channel: "email", max, per: "P7D" }] },
      });
    const told = run({
      flow: capped("a", ["start", "trigger.tag", { tag: "x" }], 1),
      others: [
        capped("b", ["start", "trigger.tag", { tag: "y" }], 1),
        capped("c", ["start", "trigger.tag", { tag: "y" }], 2),
      ],
      events: [
        { at: "2026-01-06T08:00:00Z", addTag: "x" },
        { at: "2026-01-07T08:00:00Z", addTag: "y" },
      ],
    });
    expect(rows(told, "message", "waiting")).toEqual([
      "01-06T08:00 a: m message email sent",
      "01-07T08:00 b: m waiting cap 01-13T08:00",
      "01-07T08:00 c: m message email sent",
      // Then another flow had used up the place, so it waits until that one falls out.
      "01-13T08:00 b: m waiting cap 01-14T08:00",
      "01-14T08:00 b: m message email sent",
    ]);
  });

  test("a reply pauses every flow that says so, and no other", () => {
    const told = run({
      flow: flow([start, wait("w", "P5D"), email("m")], {
        settings: { onReply: { do: "pause", resume: "P1D" } },
      }),
      others: [
        flow([["start", "trigger.tag", { tag: "x" }], wait("w", "P5D"), email("m")], { id: "b" }),
        flow([["start", "trigger.tag", { tag: "x" }], wait("w", "P5D"), email("m")], {
          id: "c",
          settings: { onReply: { do: "exit" } },
        }),
      ],
      events: [
        { at: "2026-01-05T00:00:00Z", addTag: "x" },
        { at: "2026-01-06T00:00:00Z", inbound: { channel: "sms", text: "Call me" } },
      ],
    });
    expect(rows(told, "paused", "resumed", "exited", "message")).toEqual([
      "01-06T00:00 c: w exited reply",
      "01-06T00:00 w paused 01-07T00:00",
      "01-07T00:00 w resumed",
      "01-10T00:00 b: m message email sent",
      "01-11T00:00 m message email sent",
    ]);
  });
});
