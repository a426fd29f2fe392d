import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffFlows, valueDiffs } from "../../engine/core/diff.ts";
import type { FlowDoc } from "../../engine/core/document.ts";

const doc: FlowDoc = {
  format: 1,
  id: "welcome",
  name: { en: "Welcome", ar: "ترحيب" },
  parameters: { brand: { default: "Acme" } },
  settings: { exitWhen: { tag: "client" } },
  nodes: [
    { id: "start", type: "trigger.tag", position: { x: 0, y: 0 }, data: { tag: "lead" } },
    { id: "pause", type: "wait", position: { x: 0, y: 1 }, data: { for: "P1D" } },
    { id: "mail", type: "email", position: { x: 0, y: 2 }, data: { subject: "Hi", body: "Hi." } },
  ],
  edges: [
    { id: "a", source: "start", target: "pause" },
    { id: "b", source: "pause", sourceHandle: "next", target: "mail" },
  ],
};
const changed = (change: (copy: FlowDoc) => void): FlowDoc => {
  const copy = structuredClone(doc);
  change(copy);
  return copy;
};

describe("the difference of two flows", () => {
  test("moving nodes on the canvas, renaming edges or writing out “next” is none", () => {
    const moved = changed((d) => {
      for (const node of d.nodes) node.position = { x: 99, y: 99 };
      d.edges = d.edges.map((edge, i) => ({ ...edge, id: `new${i}`, sourceHandle: "next" }));
      d.viewport = { x: 1, y: 2, zoom: 3 };
    });
    expect(diffFlows(doc, moved).same).toBe(true);
  });

  test("names added, removed and changed nodes, each change with its place and both values", () => {
    const other = changed((d) => {
      d.nodes = [
        ...d.nodes.filter((n) => n.id !== "mail"),
        { id: "text", type: "sms", position: { x: 0, y: 2 }, data: { text: "Hi" } },
      ];
      (d.nodes[1] as FlowDoc["nodes"][number]).data = {
        for: "P3D",
        window: { from: "09:00", to: "21:00" },
      };
    });
    const { nodes, same } = diffFlows(doc, other);
    expect(same).toBe(false);
    expect(nodes.added.map((n) => n.id)).toEqual(["text"]);
    expect(nodes.removed.map((n) => n.id)).toEqual(["mail"]);
    expect(nodes.changed).toEqual([
      {
        id: "pause",
        changes: [
          { pointer: "/data/for", from: "P1D", to: "P3D" },
          { pointer: "/data/window", to: { from: "09:00", to: "21:00" } },
        ],
      },
    ]);
  });

  test("tells that a node became another type", () => {
    const other = changed((d) => void Object.assign(d.nodes[1] ?? {}, { type: "wait-for" }));
    expect(diffFlows(doc, other).nodes.changed).toEqual([
      { id: "pause", type: { from: "wait", to: "wait-for" }, changes: [] },
    ]);
  });

  test("tells an output that leads elsewhere from a connection that is new or gone", () => {
    const other = changed((d) => {
      d.edges = [
        { id: "a", source: "start", target: "mail" },
        { id: "c", source: "mail", target: "pause" },
      ];
    });
    expect(diffFlows(doc, other).edges).toEqual({
      added: [{ source: "mail", output: "next", target: "pause" }],
      removed: [{ source: "pause", output: "next", target: "mail" }],
      moved: [{ source: "start", output: "next", target: "mail", from: "pause" }],
    });
  });

  test("names settings, parameters and texts by their JSON Pointer", () => {
    const other = changed((d) => {
      d.settings = { exitWhen: { tag: "buyer" }, timezone: "UTC" };
      d.parameters = {};
      d.name = { en: "Hello", ar: "ترحيب" };
    });
    const diff = diffFlows(doc, other);
    expect(diff.settings).toEqual([
      { pointer: "/settings/exitWhen/tag", from: "client", to: "buyer" },
      { pointer: "/settings/timezone", to: "UTC" },
    ]);
    expect(diff.parameters).toEqual([{ pointer: "/parameters/brand", from: { default: "Acme" } }]);
    expect(diff.texts).toEqual([{ pointer: "/name/en", from: "Welcome", to: "Hello" }]);
  });
});

describe("the difference of two values", () => {
  test("escapes a pointer's signs", () => {
    expect(valueDiffs({ "a/b~c": 1 }, { "a/b~c": 2 })).toEqual([
      { pointer: "/a~1b~0c", from: 1, to: 2 },
    ]);
  });

  test("is empty exactly when they are the same, whatever the order of their keys", () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const clean = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    fc.assert(
      fc.property(json, json, (a, b) => {
        const [x, y] = [clean(a), clean(b)];
        expect(valueDiffs(x, reversed(x))).toEqual([]);
        expect(valueDiffs(x, y).length === 0).toBe(
          JSON.stringify(sorted(x)) === JSON.stringify(sorted(y)),
        );
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

const keysBy = (order: (keys: string[]) => string[]) =>
  function walk(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    const record = value as Record<string, unknown>;
    return Object.fromEntries(order(Object.keys(record)).map((key) => [key, walk(record[key])]));
  };
const reversed = keysBy((keys) => keys.reverse());
const sorted = keysBy((keys) => keys.sort());
