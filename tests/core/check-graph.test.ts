import { describe, expect, test } from "vitest";
import { checkFlow } from "../../engine/core/check.ts";
import { defaultReentry } from "../../engine/core/document.ts";
import { at, flowOf, found, row, withSettings } from "./check-flow.ts";

const start = at("start", "trigger.manual");
const score = (id: string) => at(id, "score", { add: 1 });
const wait = (id: string) => at(id, "wait", { for: "P1D" });
const edge = (id: string, source: string, target: string, sourceHandle = "next") => ({
  id,
  source,
  sourceHandle,
  target,
});

describe("nodes and edges", () => {
  test.each<[string, unknown, string[]]>([
    [
      "two nodes with one id",
      flowOf([start, score("a"), score("a")], row("start", "a")),
      ["error duplicate-node a /nodes/2/id"],
    ],
    [
      "a node id that every object has as a key",
      flowOf([start, score("toString")], row("start", "toString")),
      ["error reserved-name toString /nodes/1/id"],
    ],
    [
      "two edges with one id",
      flowOf([start, score("a"), score("b")], [edge("e", "start", "a"), edge("e", "a", "b")]),
      ["error duplicate-edge null /edges/1/id"],
    ],
    [
      "an edge from a node that doesn't exist",
      flowOf([start], [edge("e", "stort", "start")]),
      [
        "error missing-source null /edges/0/source",
        "error edge-into-trigger start /edges/0/target",
      ],
    ],
    [
      "an edge to a node that doesn't exist",
      flowOf([start], [edge("e", "start", "b")]),
      ["error missing-target null /edges/0/target"],
    ],
    [
      "an output that the node hasn't",
      flowOf([start, score("a")], [edge("e", "start", "a", "yes")]),
      ["error unknown-output start /edges/0/sourceHandle"],
    ],
    [
      "an output of a node at which the way ends",
      flowOf([start, at("x", "exit"), score("a")], row("start", "x", "a")),
      ["error unknown-output x /edges/1/sourceHandle"],
    ],
    [
      "two edges from one output",
      flowOf([start, score("a"), score("b")], [edge("e", "start", "a"), edge("f", "start", "b")]),
      ["error taken-output start /edges/1/sourceHandle"],
    ],
    [
      "an edge into a trigger",
      flowOf([start, score("a")], [...row("start", "a"), edge("back", "a", "start")]),
      ["error edge-into-trigger start /edges/1/target"],
    ],
    [
      "a node that no way leads to",
      flowOf([start, score("a"), score("b")], row("a", "b")),
      ["warning unreachable a /nodes/1", "warning unreachable b /nodes/2"],
    ],
    [
      "no trigger",
      flowOf([score("a"), score("b")], row("a", "b")),
      ["warning no-trigger null /nodes"],
    ],
    ["no goal", flowOf([start], [], { settings: {} }), ["warning no-goal null /settings/goal"]],
  ])("tells of %s", (_name, doc, expected) => {
    expect(found(doc)).toEqual(expected);
  });

  test("an edge that names no output leaves by next", () => {
    const unnamed = { id: "e", source: "start", target: "a" };
    expect(found(flowOf([start, score("a")], [unnamed]))).toEqual([]);
  });

  test("the outputs of a switch and a split are those of their data", () => {
    const nodes = [
      start,
      at("s", "switch", { cases: [{ id: "big", rule: { tag: "big" } }] }),
      at("p", "split", {
        variants: [
          { id: "a", weight: 1 },
          { id: "b", weight: 1 },
        ],
        holdout: 10,
      }),
      score("x"),
      score("y"),
      score("z"),
    ];
    const edges = [
      ...row("start", "s"),
      edge("1", "s", "p", "big"),
      edge("2", "s", "x", "else"),
      edge("3", "p", "y", "holdout"),
      edge("4", "p", "z", "c"),
    ];
    expect(found(flowOf(nodes, edges))).toEqual(["error unknown-output p /edges/4/sourceHandle"]);
  });

  test("a goal node is a goal", () => {
    const nodes = [start, at("g", "goal", { name: "Bought" })];
    expect(found(flowOf(nodes, row("start", "g"), { settings: {} }))).toEqual([]);
  });

  test("a mistyped edge names the closest node", () => {
    const [problem] = checkFlow(flowOf([start, score("hello")], [edge("e", "start", "helo")]));
    expect(problem?.message.en).toBe(
      "The edge “start → helo”: it leads to a node “helo” that doesn't exist; did you mean “hello”?",
    );
  });
});

describe("a cycle", () => {
  const cycle = (...between: Record<string, unknown>[]) => {
    const nodes = [start, score("a"), ...between];
    const ids = nodes.map((n) => String(n.id));
    return flowOf(nodes, [...row(...ids), edge("back", ids.at(-1) ?? "", "a")]);
  };

  test("in which nothing parks is an error that names its nodes in order", () => {
    const [problem, ...more] = checkFlow(cycle(score("b"), score("c")));
    expect(more).toEqual([]);
    expect(problem).toMatchObject({
      severity: "error",
      code: "endless-cycle",
      node: "a",
      pointer: "/nodes/1",
    });
    expect(problem?.message.en).toContain("“a” → “b” → “c” → “a”");
    expect(problem?.message.ar).toContain("«a» → «b» → «c» → «a»");
  });

  test("of one node is found", () => {
    expect(found(cycle())).toEqual(["error endless-cycle a /nodes/1"]);
  });

  test("with a wait is allowed", () => {
    expect(found(cycle(wait("w")))).toEqual([]);
  });

  test("with a wait whose duration is mistyped is a mistake in the wait only", () => {
    expect(found(cycle(at("w", "wait", { fro: "P1D" })))).toEqual([
      "error unknown-key w /nodes/2/data/fro",
    ]);
  });

  test("with a task is allowed only when the flow waits for it", () => {
    const task = (waitForDone: boolean) => at("k", "task", { title: "Look", waitForDone });
    expect(found(cycle(task(true)))).toEqual([]);
    expect(found(cycle(task(false)))).toEqual(["error endless-cycle a /nodes/1"]);
  });

  test("is told beside every other that shares no way back with it", () => {
    const nodes = [start, at("c", "condition", { rule: { tag: "x" } }), score("a"), score("b")];
    const doc = flowOf(nodes, [
      ...row("start", "c"),
      edge("1", "c", "a", "yes"),
      edge("2", "c", "b", "no"),
      edge("3", "a", "c"),
      edge("4", "b", "c"),
    ]);
    const problems = checkFlow(doc).map((p) => p.message.en.match(/“.*”/)?.[0]);
    expect(problems).toEqual(["“c” → “a” → “c”", "“c” → “b” → “c”"]);
  });

  test("of two thousand nodes is found without following calls into the depth, and names a few", () => {
    const ids = Array.from({ length: 1999 }, (_, i) => `n${i}`);
    const doc = flowOf(
      [start, ...ids.map(score)],
      [...row("start", ...ids), edge("back", "n1998", "n0")],
    );
    const problems = checkFlow(doc);
    expect(problems.map((p) => p.code)).toEqual(["endless-cycle"]);
    expect(problems[0]?.message.en.length).toBeLessThan(300);
  });
});

describe("re-entry", () => {
  const schedule = at("t", "trigger.schedule", { cron: "0 9 * * *", audience: { all: [] } });
  const date = (every?: string) =>
    at("t", "trigger.date", { field: "birthday", ...(every ? { every } : {}) });
  const message = at("t", "trigger.message", { channel: "sms", keywords: ["hi"] });
  const idle = at("t", "trigger.idle", { for: "P30D" });
  const modeOf = (...nodes: Record<string, unknown>[]) => {
    const doc = flowOf(nodes);
    return defaultReentry(doc as unknown as Parameters<typeof defaultReentry>[0]);
  };

  test.each([
    ["a schedule", [schedule], "after-exit"],
    ["a date of every year", [date()], "after-exit"],
    ["a date of every month", [date("month")], "after-exit"],
    ["a date that comes once", [date("once")], "once"],
    ["a message", [message], "after-exit"],
    ["silence", [idle], "after-exit"],
    ["a schedule beside an enrolment by hand", [schedule, start], "once"],
    ["an enrolment by hand", [start], "once"],
    ["no trigger", [wait("w")], "once"],
  ])("by default with %s is %s", (_name, nodes, mode) => {
    expect(modeOf(...nodes)).toBe(mode);
  });

  test.each([
    ["every trigger comes again", [schedule, { ...idle, id: "i" }], true],
    ["one of the triggers doesn't", [schedule, start], false],
    ["the date comes once", [date("once")], false],
  ])("once, written where %s, warns: %s", (_name, nodes, warns) => {
    const doc = { ...withSettings({ reentry: { mode: "once" } }), nodes, edges: [] };
    expect(found(doc)).toEqual(warns ? ["warning once-recurring null /settings/reentry/mode"] : []);
  });

  test("after-exit, written where every trigger comes again, doesn't warn", () => {
    const doc = { ...withSettings({ reentry: { mode: "after-exit" } }), nodes: [schedule] };
    expect(found(doc)).toEqual([]);
  });
});
