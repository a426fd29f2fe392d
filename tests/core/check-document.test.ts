import { describe, expect, test } from "vitest";
import { checkFlow } from "../../engine/core/check.ts";
import { readFlow } from "../../engine/core/document.ts";
import { at, example, flowOf, found, row, short } from "./check-flow.ts";

const start = at("start", "trigger.manual");

/** The problems of a text, or "flow" when it is one. */
const read = (text: string): string[] => {
  const result = readFlow(text);
  return "doc" in result ? ["flow"] : result.problems.map(short);
};

describe("reading a text", () => {
  test("gives the flow that it holds", () => {
    expect(readFlow(JSON.stringify(example, null, 2))).toEqual({ doc: example });
  });

  test("takes the byte order mark that some editors write", () => {
    expect(read(`\uFEFF${JSON.stringify(example)}`)).toEqual(["flow"]);
  });

  test("gives a flow that isn't finished, whose problems the check tells", () => {
    const doc = flowOf([start, at("x", "emial")], row("start", "x"));
    expect(read(JSON.stringify(doc))).toEqual(["flow"]);
    expect(found(doc)).toEqual(["error unknown-type x /nodes/1/type"]);
  });

  test("gives every problem, those of the nodes too, where the form is broken", () => {
    const { name: _, ...doc } = flowOf(
      [start, at("w", "wait", { for: "3 days" })],
      row("start", "w"),
    );
    expect(read(JSON.stringify(doc))).toEqual([
      "error missing-key null /name",
      "error duration w /nodes/1/data/for",
    ]);
  });

  test.each([
    ["", 1, 1, "empty"],
    ["{", 1, 2, "ends too early"],
    ['{"a": 1,}', 1, 9, "the comma before “}”"],
    ["[1, 2,]", 1, 7, "the comma before “]”"],
    ["[1 2]", 1, 4, "a comma or a closing bracket is missing"],
    ['{"a": [1}', 1, 9, "opened with another bracket"],
    ['{"a" 1}', 1, 6, "a colon is missing"],
    ["{'a': 1}", 1, 2, "straight double quotes"],
    ["{“a”: 1}", 1, 2, "straight double quotes"],
    ["{a: 1}", 1, 2, "the key “a” must stand"],
    ['{"a": yes}', 1, 7, "the text “yes” must stand"],
    ['{"a": }', 1, 7, "a value is missing"],
    ['{\n  "a": 1,\n  // note\n  "b": 2\n}', 3, 3, "comments"],
    ['{"a": "x\ny"}', 1, 7, "isn't closed on its line"],
    ['{"a": "x', 1, 7, "isn't closed on its line"],
    ['{"a": "\t"}', 1, 8, "control character"],
    ['{"a": "\\x"}', 1, 8, "after a backslash"],
    ['{"a": 01}', 1, 7, "this number"],
    ['{"a": -}', 1, 7, "this number"],
    ["{} {}", 1, 4, "already ended"],
    ['{"a": 1,\n "b": 2, "\\u0061": 3}', 2, 10, "the key “a” is given twice"],
  ])("tells where %j is no JSON", (text, line, column, words) => {
    const result = readFlow(text);
    const [problem, ...more] = "problems" in result ? result.problems : [];
    expect(more).toEqual([]);
    expect(problem?.message.en).toContain(`The flow: line ${line}, column ${column}: `);
    expect(problem?.message.en).toContain(words);
    expect(problem?.message.ar).toContain(`السطر ${line}، العمود ${column}: `);
    expect(problem).toMatchObject({ severity: "error", node: null, pointer: "" });
  });

  test.each(["1", "-0.5e+3", '"\\u0041\\n\\""', "true", "[null, {}, []]", ' {"a" : [ ] } \n'])(
    "finds no fault with the JSON %s",
    (text) => {
      expect(read(text)).not.toContain("error not-json null ");
    },
  );

  test("refuses a text of more than 5 MiB, counted in bytes", () => {
    expect(read(`"${"x".repeat(5 * 1024 * 1024)}"`)).toEqual(["error too-big null "]);
    expect(read(`"${"م".repeat(2.5 * 1024 * 1024)}"`)).toEqual(["error too-big null "]);
    expect(read(`"${"x".repeat(5 * 1024 * 1024 - 2)}"`)).toEqual(["error not-a-flow null "]);
  });

  test("refuses a text nested more than 64 deep, however deep, before it is parsed", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(read(nested(64))).toEqual(["error not-a-flow null "]);
    expect(read(nested(65))).toEqual(["error too-deep null "]);
    expect(read("[".repeat(2_000_000))).toEqual(["error too-deep null "]);
    expect(read('{"a":'.repeat(1_000_000))).toEqual(["error too-deep null "]);
  });

  test("counts brackets inside texts as text", () => {
    expect(read(JSON.stringify({ ...example, description: `"${"[{".repeat(100)}` }))).toEqual([
      "flow",
    ]);
  });

  test.each(["__proto__", "constructor", "prototype", "\\u005f_proto__"])(
    "refuses the key %s anywhere",
    (key) => {
      const text = JSON.stringify(
        flowOf([start, at("n", "field", { set: { KEY: "x" } })], row("start", "n")),
      );
      const pointer = `/nodes/1/data/set/${key.replace("\\u005f", "_")}`;
      expect(read(text.replace("KEY", key))).toContain(`error reserved-name null ${pointer}`);
      expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
    },
  );
});

describe("the document", () => {
  test.each<[string, unknown, string[]]>([
    ["no object", [example], ["error not-a-flow null "]],
    ["nothing", null, ["error not-a-flow null "]],
    ["a later format", { ...example, format: 2, stages: [] }, ["error later-format null /format"]],
    ["a format that never was", { ...example, format: "1" }, ["error unknown-format null /format"]],
    ["an unknown key", { ...example, setings: {} }, ["error unknown-key null /setings"]],
    ["an id with capitals", { ...example, id: "New Lead" }, ["error wrong-format null /id"]],
    [
      "an id that every object has as a key",
      { ...example, id: "constructor" },
      ["error reserved-name null /id"],
    ],
    ["a name that is no text", { ...example, name: 5 }, ["error wrong-type null /name"]],
    [
      "a name in a language that is none",
      { ...example, name: { english: "x" } },
      ["error language null /name/english"],
    ],
    [
      "a parameter with a space",
      { ...example, parameters: { "my brand": {} } },
      ["error wrong-format null /parameters/my brand"],
    ],
    [
      "a parameter's unknown key",
      { ...example, parameters: { brand: { defalt: "x" } } },
      ["error unknown-key null /parameters/brand/defalt"],
    ],
    ["a viewport", { ...example, viewport: { x: 1, y: 2, zoom: 0.5 } }, []],
  ])("with %s", (_name, doc, expected) => {
    expect(found(doc)).toEqual(expected);
  });

  test("of a later format is refused with its number", () => {
    const [problem] = checkFlow({ format: 17 });
    expect(problem?.message.en).toContain("format 17");
    expect(problem?.message.ar).toContain("17");
  });

  test("refuses what the canvas adds to nodes and edges, with the node it stands in", () => {
    const doc = flowOf(
      [{ ...start, measured: { width: 1, height: 1 } }, at("a", "exit")],
      [{ ...row("start", "a")[0], animated: true }],
    );
    expect(found(doc)).toEqual([
      "error unknown-key start /nodes/0/measured",
      "error unknown-key null /edges/0/animated",
    ]);
  });

  test("whose parts are of the wrong kind still has everything told that can be", () => {
    const doc = {
      format: 1,
      id: "x",
      name: "x",
      settings: { timezone: "Mars", goal: { when: { tag: "x" } } },
      nodes: "none",
      edges: {},
    };
    expect(found(doc)).toEqual([
      "error wrong-type null /nodes",
      "error wrong-type null /edges",
      "error zone null /settings/timezone",
      "warning no-trigger null /nodes",
    ]);
  });

  test("whose nodes are broken has each told, and the sound ones checked", () => {
    const nodes = [
      start,
      5,
      { id: 7, type: "wait", position: {}, data: { for: "x" } },
      at("w", "wait", { for: "x" }),
    ];
    const problems = found({ ...flowOf([], row("start", "w")), nodes });
    expect(problems).toEqual(
      expect.arrayContaining([
        "error wrong-type null /nodes/1",
        "error wrong-type null /nodes/2/id",
        "error missing-key null /nodes/2/position/x",
        "error missing-key null /nodes/2/position/y",
        "error duration null /nodes/2/data/for",
        "error duration w /nodes/3/data/for",
      ]),
    );
    expect(problems).toHaveLength(6);
  });

  test("may have 2,000 nodes and no more", () => {
    const nodes = (n: number) => Array.from({ length: n }, (_, i) => at(`n${i}`, "exit"));
    expect(found(flowOf(nodes(2000))).filter((p) => p.startsWith("error"))).toEqual([]);
    expect(found(flowOf(nodes(2001)))).toEqual(["error too-many-nodes null /nodes"]);
    expect(read(JSON.stringify(flowOf(nodes(2001))))).toEqual(["error too-many-nodes null /nodes"]);
  });

  test("that is too deep as a value is refused without being followed", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(checkFlow({ ...example, name: deep }).map((p) => p.code)).toEqual(["too-deep"]);
  });

  test("made wrong on purpose in a hundred thousand places is told in part, and soon", () => {
    const wrong = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, 1]));
    const nodes = Array.from({ length: 1000 }, (_, i) => at(`n${i}`, "exit", wrong));
    const problems = checkFlow(flowOf(nodes));
    expect(problems).toHaveLength(10_001);
    expect(problems.at(-1)?.code).toBe("and-more");
  });
});
