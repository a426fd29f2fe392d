import { describe, expect, test } from "vitest";
import { checkFlow } from "../../engine/core/check.ts";
import { type FlowDoc, readFlow } from "../../engine/core/document.ts";
import { compileFlow } from "../../engine/core/flow.ts";
import { Simulator } from "../../engine/simulate/simulate.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";

const flow = (nodes: unknown, edges: unknown = []): string =>
  JSON.stringify({ format: 1, id: "hard", name: "hard", nodes, edges });
const node = (id: string, type: string, data: unknown = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
});

/** The sentences by which a text is refused. */
function refused(text: string): string[] {
  const read = readFlow(text);
  const problems = "problems" in read ? read.problems : checkFlow(read.doc);
  const errors = problems.filter((p) => p.severity === "error");
  for (const { message } of errors) {
    expect(message.en).toMatch(/\.$/);
    expect(message.ar).toMatch(/[\u0600-\u06FF]/);
  }
  return errors.map((p) => p.message.en);
}

describe("a flow document made wrong on purpose", () => {
  test("a million brackets are refused with a sentence, not followed", () => {
    const deep = `{"format":1,"nodes":${"[".repeat(1_000_000)}`;
    expect(refused(deep).join()).toMatch(/64/);
  });

  test("rules nested a thousand deep are refused", () => {
    const rule = `${'{"not":'.repeat(1000)}{"tag":"vip"}${"}".repeat(1000)}`;
    const text = flow([
      node("a", "trigger.manual"),
      node("b", "condition", { rule: "RULE" }),
    ]).replace('"RULE"', rule);
    expect(refused(text).join()).toMatch(/64/);
  });

  test("more than 5 MiB is refused, whatever is in it", () => {
    expect(refused(`"${"ب".repeat(6 * 1024 * 1024)}"`).join()).toMatch(/5 MiB/);
    expect(refused(" ".repeat(6 * 1024 * 1024)).join()).toMatch(/5 MiB/);
  });

  test("names that every object inherits are refused wherever they could be used as keys", () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      expect(refused(flow([node(name, "trigger.manual")])).length).toBeGreaterThan(0);
      expect(
        refused(flow([node("a", "webhook", { url: "https://x.example", saveAs: name })])).length,
      ).toBeGreaterThan(0);
    }
    const polluting = flow([node("a", "field", { set: "SET" })]).replace(
      '"SET"',
      '{"__proto__":{"polluted":true},"city":1}',
    );
    refused(polluting);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("2,000 nodes in one circle of edges are checked soon", () => {
    const nodes = Array.from({ length: 2000 }, (_, i) => node(`n${i}`, "score", { add: 1 }));
    const edges = nodes.map(({ id }, i) => ({
      id: `e${i}`,
      source: id,
      sourceHandle: "next",
      target: `n${(i + 1) % 2000}`,
    }));
    const started = performance.now();
    expect(refused(flow(nodes, edges)).length).toBe(1);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("a straight line of 2,000 nodes is no loop and is walked at one stretch", () => {
    const nodes = [
      node("start", "trigger.manual"),
      ...Array.from({ length: 1999 }, (_, i) => node(`n${i}`, "score", { add: 1 })),
    ];
    const edges = nodes.slice(1).map(({ id }, i) => ({
      id: `e${i}`,
      source: nodes[i]?.id,
      sourceHandle: "next",
      target: id,
    }));
    const doc = JSON.parse(flow(nodes, edges)) as FlowDoc;
    expect(checkFlow(doc).filter((p) => p.severity === "error")).toEqual([]);
    const from = Date.UTC(2026, 0, 1);
    const { enrollments, lines } = new Simulator({
      flow: compileFlow(doc, { version: 1, firstPublished: from, paused: false }),
      others: [],
      contacts: [
        {
          key: "ann@x.example",
          line: 2,
          fields: { email: "ann@x.example" },
          tags: [],
          consent: null,
          created: null,
          flags: [],
        },
      ],
      events: [],
      from,
      until: from + 1000,
      workspace: plainWorkspace(),
    }).run();
    expect(enrollments).toEqual({ completed: 1 });
    // Entered, one step for each node and one change for each score, completed.
    expect(lines).toBe(1 + 2000 + 1999 + 1);
  });

  test.each([
    ["nothing", ""],
    ["half a document", '{"format":1,"id":"x"'],
    ["a list", "[]"],
    ["a number", "7"],
    ["a key twice", '{"format":1,"format":1}'],
    ["another encoding", "\u0000{\u0000}"],
    ["nodes that are a text", '{"format":1,"id":"x","name":"x","nodes":"all","edges":{}}'],
    [
      "nodes that are nothing",
      '{"format":1,"id":"x","name":"x","nodes":[null,3,[]],"edges":[null]}',
    ],
  ])("%s is refused with sentences", (_, text) => {
    expect(refused(text).length).toBeGreaterThan(0);
  });
});
