import { expect, test } from "vitest";
import { flow, rows, run } from "./journey.ts";

const waiting = (rule: object) =>
  flow(
    [
      ["start", "trigger.manual"],
      ["day", "wait-for", { rule }],
      ["note", "tag", { add: [{ tag: "there" }] }],
    ],
    { edges: ["start > day", "day:matched > note"], settings: { timezone: "Asia/Riyadh" } },
  );

test.each([
  ["01-06", "01-05T21:00"],
  ["01-07", "01-06T21:00"],
  ["01-08", "01-07T21:00"],
])("an anniversary on %s is seen when its day begins in the flow's zone, %s UTC", (day, at) => {
  const told = run({
    flow: waiting({ field: "birthday", op: "anniversary" }),
    contacts: [{ email: "ann@x.example", birthday: `1990-${day}` }],
    from: "2026-01-05T10:00:00Z",
  });
  expect(rows(told, "changed")).toEqual([`${at} note changed there true`]);
});

test("an anniversary that is over is seen when the next day begins", () => {
  const told = run({
    flow: waiting({ not: { field: "birthday", op: "anniversary" } }),
    contacts: [{ email: "ann@x.example", birthday: "1990-01-05" }],
    from: "2026-01-05T10:00:00Z",
  });
  expect(rows(told, "changed")).toEqual(["01-05T21:00 note changed there true"]);
});

test("a number of touches within a span is looked at again when the oldest falls out", () => {
  const doc = flow(
    [
      ["start", "trigger.manual"],
      ["one", "email", { subject: "1", body: "1" }],
      ["day", "wait", { for: "P1D" }],
      ["two", "email", { subject: "2", body: "2" }],
      ["less", "wait-for", { rule: { touches: 2, op: "<", since: "P3D" } }],
      ["none", "wait-for", { rule: { touches: 0, op: "=", since: "P3D" } }],
      ["note", "tag", { add: [{ tag: "quiet" }] }],
    ],
    { edges: ["start > one > day > two > less", "less:matched > none", "none:matched > note"] },
  );
  const told = run({ flow: doc, from: "2026-01-05T10:00:00Z" });
  expect(rows(told, "step").slice(-3)).toEqual([
    "01-08T10:00 less step matched",
    "01-09T10:00 none step matched",
    "01-09T10:00 note step next",
  ]);
});

test("who leaves one flow keeps the calls and tasks of the others open", () => {
  const call = (id: string, settings: object) =>
    flow(
      [
        ["start", "trigger.manual"],
        ["call", "call", { script: id }],
      ],
      { id, settings },
    );
  const first = flow(
    [
      ["start", "trigger.manual"],
      ["early", "task", { title: "early" }],
      ["other", "start-flow", { flow: "other" }],
      ["call", "call", { script: "own" }],
    ],
    { settings: { exitWhen: { event: "order.placed" } } },
  );
  const told = run({
    flow: first,
    others: [call("other", {})],
    events: [{ at: "2026-01-06T09:00:00Z", event: "order.placed" }],
  });
  expect(rows(told, "task").slice(-1)).toEqual(["01-06T09:00 call task call closed cancelled"]);
  expect(rows(told, "task").filter((line) => line.includes("closed"))).toHaveLength(1);
});
