import { expect, test } from "vitest";
import { parseWindows } from "../../engine/core/time.ts";
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
  const told = run({
    flow: doc,
    from: "2026-01-05T10:00:00Z",
  });
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

test("a message of a node is this enrollment's, also where its own flow is named", () => {
  const doc = (flowKey: object) =>
    flow(
      [
        ["start", "trigger.event", { event: "go" }],
        ["ask", "condition", { rule: { message: "clicked", node: "mail", ...flowKey } }],
        ["mail", "email", { subject: "x", body: "x" }],
      ],
      { edges: ["start > ask", "ask:no > mail"], settings: { reentry: { mode: "always" } } },
    );
  const events = [
    { at: "2026-01-05T09:00:00Z", event: "go" },
    { at: "2026-01-05T10:00:00Z", message: { node: "mail", event: "clicked" } },
    { at: "2026-01-06T09:00:00Z", event: "go" },
  ];
  for (const named of [{}, { flow: "f" }]) {
    const told = run({ flow: doc(named), events });
    expect(rows(told, "step").filter((line) => line.includes(" ask "))).toEqual([
      "01-05T09:00 ask step no",
      "01-06T09:00 #2 ask step no",
    ]);
  }
});

test.each([
  ["contains", "swimming", "yes"],
  ["contains", "chess", "no"],
  ["=", "swimming", "no"],
  ["starts-with", "swimming", "no"],
  ["!=", "swimming", "yes"],
])("a list %s %s: %s", (op, value, output) => {
  const doc = flow(
    [
      ["start", "trigger.event", { event: "go" }],
      ["ask", "condition", { rule: { field: "hobbies", op, value } }],
    ],
    { edges: ["start > ask"] },
  );
  const events = [
    { at: "2026-01-05T08:00:00Z", set: { hobbies: ["swimming", "football"] } },
    { at: "2026-01-05T09:00:00Z", event: "go" },
  ];
  expect(rows(run({ flow: doc, events }), "step").at(-1)).toBe(`01-05T09:00 ask step ${output}`);
});

test("an answered survey is a reply, whatever waits for one", () => {
  const doc = flow(
    [
      ["start", "trigger.manual"],
      ["ask", "survey", { kind: "nps", channel: "email" }],
    ],
    {},
  );
  const other = flow(
    [
      ["on", "trigger.tag", { tag: "vip", on: "added" }],
      ["heard", "wait-for", { rule: { field: "last_reply_at", op: "exists" } }],
      ["note", "tag", { add: [{ tag: "heard" }] }],
    ],
    { id: "other", edges: ["on > heard", "heard:matched > note"] },
  );
  const told = run({
    flow: doc,
    others: [other],
    events: [
      { at: "2026-01-05T08:00:00Z", addTag: "vip" },
      { at: "2026-01-06T08:00:00Z", survey: { node: "ask", score: 9 } },
    ],
  });
  expect(rows(told, "changed")).toEqual(["01-06T08:00 other: note changed heard true"]);
});

test("preferred times name days, every day, or several groups", () => {
  const all = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  const read = (text: string): string[] =>
    parseWindows(text).map(
      ({ days = all, from = "", to = "" }) => `${[...days].sort().join(" ")} ${from}-${to}`,
    );
  const daily = [...all].sort().join(" ");
  expect(read("daily 09:00-12:00")).toEqual([`${daily} 09:00-12:00`]);
  expect(read("mon 09:00-12:00 daily 18:00-20:00")).toEqual([
    "mon 09:00-12:00",
    `${daily} 18:00-20:00`,
  ]);
  expect(read("mon 09:00-12:00 tue 18:00-20:00")).toEqual(["mon 09:00-12:00", "tue 18:00-20:00"]);
});
