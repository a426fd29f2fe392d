import { describe, expect, test } from "vitest";
import { ANN, flow, lineOf, rows, run, start, wait } from "./journey.ts";

const order = (at: string, data: Record<string, unknown> = {}) => ({
  at,
  event: "order.placed",
  data,
});
const goalOf = (goal: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  flow([start, wait("w", "P2D")], {
    settings: { goal: { when: { event: "order.placed" }, ...goal }, ...more } as never,
  });

describe("the goal of the settings", () => {
  test("counts after the run has ended; only the first conversion; its value; node null", () => {
    const told = run({
      flow: goalOf({ value: "amount" }),
      events: [
        order("2026-01-20T08:00:00Z", { amount: 30 }),
        order("2026-01-21T08:00:00Z", { amount: 40 }),
      ],
    });
    expect(rows(told, "goal", "completed")).toEqual([
      "01-07T00:00 w completed",
      "01-20T08:00 - goal 30",
    ]);
    expect(lineOf(told, "goal")).toEqual({
      at: "2026-01-20T08:00:00Z",
      contact: ANN,
      flow: "f",
      version: 1,
      enrollment: 1,
      kind: "goal",
      node: null,
      value: 30,
      rule: "/settings/goal/when",
      facts: { "event:order.placed": 1 },
    });
  });

  test.each([
    ["at its last instant", "2026-01-12T00:00:00Z", 1],
    ["a second later", "2026-01-12T00:00:01Z", 0],
  ])("`within` is inclusive: %s", (_, at, count) => {
    const told = run({ flow: goalOf({ within: "P7D" }), events: [order(at)] });
    expect(rows(told, "goal")).toHaveLength(count);
  });

  test("the event that started the run never counts; the next one does", () => {
    const told = run({
      flow: flow([["start", "trigger.event", { event: "order.placed" }], wait("w", "P9D")], {
        settings: { goal: { when: { event: "order.placed" } } },
      }),
      events: [order("2026-01-06T08:00:00Z"), order("2026-01-07T08:00:00Z")],
    });
    expect(rows(told, "entered", "goal", "ignored")).toEqual([
      "01-06T08:00 start entered start",
      "01-07T08:00 start ignored already-entered",
      "01-07T08:00 - goal",
    ]);
  });

  test("a rule that already held at entry must first become false", () => {
    const told = run({
      flow: goalOf({ when: { tag: "client" } }),
      contacts: [{ email: ANN, tags: ["client"] }],
      events: [
        { at: "2026-01-06T08:00:00Z", set: { city: "Riyadh" } },
        { at: "2026-01-07T08:00:00Z", removeTag: "client" },
        { at: "2026-01-08T08:00:00Z", addTag: "client" },
      ],
    });
    expect(rows(told, "goal")).toEqual(["01-08T08:00 - goal"]);
  });

  test("exit: true ends the run too, with the reason goal", () => {
    const told = run({ flow: goalOf({ exit: true }), events: [order("2026-01-06T08:00:00Z")] });
    expect(rows(told, "goal", "exited", "completed")).toEqual([
      "01-06T08:00 - goal",
      "01-06T08:00 w exited goal",
    ]);
  });

  test("goals come before exits: one change that is both converts, then leaves", () => {
    const told = run({
      flow: goalOf({}, { exitWhen: { event: "order.placed" } }),
      events: [order("2026-01-06T08:00:00Z")],
    });
    expect(rows(told, "goal", "exited")).toEqual([
      "01-06T08:00 - goal",
      "01-06T08:00 w exited exit-when",
    ]);
  });

  test("each run converts on its own", () => {
    const told = run({
      flow: flow([["start", "trigger.event", { event: "lead" }], wait("w", "P1D")], {
        settings: { goal: { when: { event: "order.placed" } }, reentry: { mode: "always" } },
      }),
      events: [
        { at: "2026-01-06T08:00:00Z", event: "lead" },
        { at: "2026-01-06T09:00:00Z", event: "lead" },
        order("2026-01-20T08:00:00Z"),
      ],
    });
    expect(rows(told, "goal")).toEqual(["01-20T08:00 - goal", "01-20T08:00 #2 - goal"]);
  });

  test("what a flow itself keeps can be its goal", () => {
    const told = run({
      flow: flow(
        [start, ["check", "webhook", { url: "https://x.example/check" }], wait("w", "P1D")],
        {
          edges: ["start > check", "check:ok > w"],
          settings: { goal: { when: { data: "status", of: "check", op: "=", value: "graded" } } },
        },
      ),
      events: [
        {
          at: "2026-01-05T00:00:00Z",
          webhook: { node: "check", status: 200, body: { status: "graded" } },
        },
      ],
    });
    expect(rows(told, "goal", "step")).toEqual([
      "01-05T00:00 start step next",
      "01-05T00:00 check step ok",
      "01-05T00:00 - goal",
      "01-06T00:00 w step next",
    ]);
  });
});

describe("the goal node", () => {
  test("records a goal with its name and value, and the flow goes on", () => {
    const told = run({
      flow: flow([
        ["start", "trigger.event", { event: "order.placed" }],
        ["g", "goal", { name: "order", value: "{{event.amount}}" }],
        ["x", "exit", { reason: "Thank you, {{contact.first_name}}" }],
      ]),
      contacts: [{ email: ANN, first_name: "Ann" }],
      events: [order("2026-01-06T08:00:00Z", { amount: 12.5 })],
    });
    expect(rows(told)).toEqual([
      "01-06T08:00 start entered start",
      "01-06T08:00 start step next",
      "01-06T08:00 g goal order 12.5",
      "01-06T08:00 g step next",
      "01-06T08:00 x exited node Thank you, Ann",
    ]);
  });
});
