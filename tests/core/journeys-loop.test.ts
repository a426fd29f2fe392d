import { describe, expect, test } from "vitest";
import { flow, type Placed, rows, run, start } from "./journey.ts";

test("a hundred visits to nodes already visited are allowed at a stretch; the next fails with loop", () => {
  const told = run({
    flow: flow([start, ["w", "wait", { date: "2020-01-01" }], ["s", "score", { add: 1 }]], {
      edges: ["start > w > s > w"],
    }),
  });
  // w and s once, then a hundred more steps.
  expect(rows(told, "step")).toHaveLength(1 + 2 + 100);
  expect(rows(told, "failed")).toEqual(["01-05T00:00 w failed loop"]);
  expect(told.lines.at(-1)).toMatchObject({ kind: "failed", reason: "loop", node: "w" });
});

test("answers that come at once are no rest: a loop through a webhook fails too", () => {
  const told = run({
    flow: flow(
      [
        start,
        ["w", "wait", { date: "2020-01-01" }],
        ["h", "webhook", { url: "https://x.example" }],
      ],
      {
        edges: ["start > w > h", "h:ok > w"],
      },
    ),
  });
  expect(rows(told, "failed")).toEqual(["01-05T00:00 w failed loop"]);
});

test("a line of 1,500 nodes is no loop", () => {
  const nodes: Placed[] = Array.from({ length: 1500 }, (_, i) => [`s${i}`, "score", { add: 1 }]);
  const told = run({ flow: flow([start, ...nodes]) });
  expect(rows(told, "completed", "failed")).toEqual(["01-05T00:00 s1499 completed"]);
});

test("a loop that parks goes on for as long as it is asked to", () => {
  const told = run({
    flow: flow([start, ["w", "wait", { for: "PT1H" }], ["s", "score", { add: 1 }]], {
      edges: ["start > w > s > w"],
    }),
    until: "2026-01-15T00:00:00Z",
  });
  expect(rows(told, "changed")).toHaveLength(10 * 24 - 1);
  expect(rows(told, "failed")).toEqual([]);
});

const chaser = (id: string, on: string, emits: string, between: Placed[] = []) =>
  flow([["start", "trigger.event", { event: on }], ...between, ["e", "emit", { event: emits }]], {
    id,
    settings: { reentry: { mode: "always" } },
  });

test("two flows that chase each other are stopped after depth 20; the facts are still set", () => {
  const told = run({
    flow: chaser("ping", "a", "b"),
    others: [chaser("pong", "b", "a")],
    events: [{ at: "2026-01-06T08:00:00Z", event: "a" }],
  });
  expect(rows(told, "entered")).toHaveLength(21);
  expect(rows(told, "ignored")).toEqual(["01-06T08:00 pong: start ignored loop"]);
});

test("a timed wait between them makes it no chase", () => {
  const told = run({
    flow: chaser("ping", "a", "b", [["w", "wait", { for: "PT1H" }]]),
    others: [chaser("pong", "b", "a")],
    events: [{ at: "2026-01-06T00:00:00Z", event: "a" }],
    until: "2026-01-09T00:00:00Z",
  });
  expect(rows(told, "ignored")).toEqual([]);
  expect(rows(told, "entered")).toHaveLength(72 + 71);
});

test("loop comes before any other reason", () => {
  const once = { ...chaser("pong", "b", "a"), settings: { reentry: { mode: "once" as const } } };
  const told = run({
    flow: chaser("ping", "a", "a"),
    others: [once],
    events: [{ at: "2026-01-06T08:00:00Z", event: "a" }],
  });
  expect(rows(told, "ignored")).toEqual(["01-06T08:00 ping: start ignored loop"]);
});

/** Counts orders: each time one comes, a point more. */
const counter = (rule: Record<string, unknown>) =>
  flow([start, ["paid", "wait-for", { rule }], ["point", "score", { add: 1 }]], {
    edges: ["start > paid", "paid:matched > point > paid"],
  });
const order = (id: string, at = "2026-01-06T08:00:00Z", data = {}) => ({
  at,
  event: "order.placed",
  id,
  data,
});

describe("a loop around a wait-for", () => {
  test("counts each of several events of one instant, and one that comes twice once", () => {
    const told = run({
      flow: counter({ event: "order.placed" }),
      events: [order("A"), order("B"), order("A"), order("C"), order("D", "2026-01-07T08:00:00Z")],
    });
    expect(rows(told, "changed")).toEqual([
      "01-06T08:00 point changed score null 1",
      "01-06T08:00 point changed score 1 2",
      "01-06T08:00 point changed score 2 3",
      "01-07T08:00 point changed score 3 4",
    ]);
  });

  test("counts on with what was too few at that instant", () => {
    const told = run({
      flow: counter({ event: "order.placed", count: 2 }),
      events: [order("A"), order("B"), order("C"), order("D", "2026-01-07T08:00:00Z")],
    });
    expect(rows(told, "changed")).toEqual([
      "01-06T08:00 point changed score null 1",
      "01-07T08:00 point changed score 1 2",
    ]);
  });

  test("waits on where what came meanwhile doesn't fit", () => {
    const told = run({
      flow: counter({ event: "order.placed", where: [{ data: "amount", op: ">", value: 10 }] }),
      events: [
        order("A", undefined, { amount: 20 }),
        order("B", undefined, { amount: 5 }),
        order("C", undefined, { amount: 30 }),
      ],
    });
    expect(rows(told, "changed")).toHaveLength(2);
  });

  test("goes round more than a hundred times where so much happened at one instant", () => {
    const told = run({
      flow: counter({ event: "order.placed" }),
      events: Array.from({ length: 150 }, (_, i) => order(`o${i}`)),
    });
    expect(rows(told, "changed")).toHaveLength(150);
    expect(rows(told, "failed")).toEqual([]);
  });

  test("doesn't chase the event that it causes itself", () => {
    const told = run({
      flow: flow(
        [start, ["w", "wait-for", { rule: { event: "again" } }], ["e", "emit", { event: "again" }]],
        { edges: ["start > w", "w:matched > e > w"] },
      ),
      events: [{ at: "2026-01-06T08:00:00Z", event: "again" }],
    });
    expect(rows(told, "failed")).toEqual([]);
    expect(rows(told, "step").filter((row) => row.includes(" e "))).toHaveLength(1);
  });
});
