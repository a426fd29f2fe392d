import { describe, expect, test } from "vitest";
import { annWithPhone, flow, lineOf, type Placed, rows, run, start, wait } from "./journey.ts";

const ends = (...outputs: string[]): Placed[] =>
  outputs.map((id) => [`x-${id}`, "exit", { reason: id }]);
/** One node whose outputs each lead to an exit of their name. */
const fork = (node: Placed, outputs: string[], more: Record<string, unknown> = {}) =>
  flow([start, node, ...ends(...outputs)], {
    edges: [`start > ${node[0]}`, ...outputs.map((id) => `${node[0]}:${id} > x-${id}`)],
    ...more,
  });

describe("call", () => {
  const call: Placed = [
    "c",
    "call",
    { script: "Ask {{contact.first_name}}", due: "P1D", timeout: "P3D" },
  ];
  const outputs = ["answered", "no-answer", "not-interested", "timeout"];

  test.each([["answered"], ["no-answer"], ["not-interested"]])(
    "closed as %s leaves by it",
    (outcome) => {
      const told = run({
        flow: fork(call, outputs),
        contacts: [{ ...annWithPhone, first_name: "Ann" }],
        events: [{ at: "2026-01-06T08:00:00Z", task: { node: "c", outcome } }],
      });
      expect(rows(told).slice(2)).toEqual([
        "01-05T00:00 c task call open",
        "01-05T00:00 c waiting task 01-08T00:00",
        `01-06T08:00 c task call closed ${outcome}`,
        `01-06T08:00 c step ${outcome}`,
        `01-06T08:00 x-${outcome} exited node ${outcome}`,
      ]);
      expect(lineOf(told, "task")).toMatchObject({ title: "Ask Ann", due: "2026-01-06T00:00:00Z" });
    },
  );

  test("not closed in time leaves by timeout, and the task is closed so", () => {
    expect(
      rows(run({ flow: fork(call, outputs), contacts: [annWithPhone] }), "task", "step").slice(2),
    ).toEqual(["01-08T00:00 c task call closed timeout", "01-08T00:00 c step timeout"]);
  });

  test("is due when the contact wants to be reached", () => {
    const told = run({
      flow: fork(call, outputs),
      contacts: [{ ...annWithPhone, preferred_times: "tue 16:00-18:00" }],
    });
    expect(lineOf(told, "task").due).toBe("2026-01-06T16:00:00Z");
  });

  test("is closed as cancelled when the run leaves", () => {
    const told = run({
      flow: fork(call, outputs, { settings: { exitWhen: { tag: "client" } } }),
      events: [{ at: "2026-01-06T08:00:00Z", addTag: "client" }],
    });
    expect(rows(told, "task", "exited").slice(1)).toEqual([
      "01-06T08:00 c task call closed cancelled",
      "01-06T08:00 c exited exit-when",
    ]);
  });

  test("an outcome with no open call is a warning", () => {
    const told = run({
      flow: flow([start, wait("w", "P2D")]),
      events: [{ at: "2026-01-06T08:00:00Z", task: { node: "c", outcome: "answered" } }],
    });
    expect(told.outcome.warnings).toEqual([
      "ann@x.example: no open call or task of node “c” to close",
    ]);
  });
});

describe("task", () => {
  test("goes on at once, and closes later with a line of its own", () => {
    const told = run({
      flow: flow([start, ["t", "task", { title: "Pack" }]]),
      events: [{ at: "2026-01-06T08:00:00Z", task: { node: "t", outcome: "done" } }],
    });
    expect(rows(told).slice(2)).toEqual([
      "01-05T00:00 t task task open",
      "01-05T00:00 t step next",
      "01-05T00:00 t completed",
      "01-06T08:00 t task task closed done",
    ]);
  });

  test("waits until it is done, or until its timeout", () => {
    const node: Placed = ["t", "task", { title: "Pack", waitForDone: true, timeout: "P2D" }];
    const done = run({
      flow: fork(node, ["next", "timeout"]),
      events: [{ at: "2026-01-06T08:00:00Z", task: { node: "t", outcome: "done" } }],
    });
    expect(rows(done, "waiting", "exited")).toEqual([
      "01-05T00:00 t waiting task 01-07T00:00",
      "01-06T08:00 x-next exited node next",
    ]);
    expect(rows(run({ flow: fork(node, ["next", "timeout"]) }), "exited")).toEqual([
      "01-07T00:00 x-timeout exited node timeout",
    ]);
  });
});
