import { describe, expect, test } from "vitest";
import { aligned, type Box, distributed } from "../../editor/src/lib/flow/align.ts";
import { arranged } from "../../editor/src/lib/flow/arrange.ts";
import * as edit from "../../editor/src/lib/flow/edit.ts";
import type { FlowDocument } from "../../editor/src/lib/flow/shape.ts";
import { neighbour } from "../../editor/src/lib/flow/walk.ts";
import { doc, edgesOf, ids } from "./flows.ts";

const LINE = doc("start:trigger.manual > wait:wait > hello:email");

describe("adding", () => {
  test("a new node has its type's example and a readable id that is free", () => {
    const one = edit.addNode(LINE, "email", { x: 10.4, y: 20.6 });
    const two = edit.addNode(one.doc, "email", { x: 0, y: 0 });
    expect([one.id, two.id]).toEqual(["email", "email-2"]);
    expect(one.doc.nodes.at(-1)).toMatchObject({ type: "email", position: { x: 10, y: 21 } });
    expect(one.doc.nodes.at(-1)?.data.subject).toMatchObject({
      en: "Welcome, {{contact.first_name}}",
    });
  });

  test("the example of a type isn't shared between nodes", () => {
    const one = edit.addNode(LINE, "split", { x: 0, y: 0 });
    const two = edit.addNode(one.doc, "split", { x: 0, y: 0 });
    const [a, b] = two.doc.nodes.slice(-2);
    expect(a?.data).toEqual(b?.data);
    expect(a?.data.variants).not.toBe(b?.data.variants);
  });

  test("a trigger is called start", () => {
    expect(edit.addNode(doc(""), "trigger.tag", { x: 0, y: 0 }).id).toBe("start");
    expect(edit.addNode(LINE, "trigger.tag", { x: 0, y: 0 }).id).toBe("start-2");
  });

  test("a node added behind a free output is connected to it and stands below", () => {
    const { doc: after, id } = edit.addAfter(LINE, "sms", "hello", "next");
    expect(edgesOf(after)).toEqual(["start/next>wait", "wait/next>hello", "hello/next>sms"]);
    const below = after.nodes.find((n) => n.id === id)?.position.y ?? 0;
    expect(below).toBeGreaterThan(LINE.nodes[2]?.position.y ?? 0);
  });

  test("a node added behind a taken output goes between", () => {
    const { doc: after } = edit.addAfter(LINE, "sms", "start", "next");
    expect(edgesOf(after).sort()).toEqual(["sms/next>wait", "start/next>sms", "wait/next>hello"]);
  });

  test("a node inserted on an edge leads on by its first output and pushes down what follows", () => {
    const edge = LINE.edges[1]?.id ?? "";
    const { doc: after, id } = edit.insertOn(LINE, "condition", edge);
    expect(edgesOf(after)).toContain(`${id}/yes>hello`);
    expect(edgesOf(after)).toContain(`wait/next>${id}`);
    const y = (d: FlowDocument, node: string) =>
      d.nodes.find((n) => n.id === node)?.position.y ?? 0;
    expect(y(after, id)).toBe(y(LINE, "hello"));
    expect(y(after, "hello")).toBeGreaterThan(y(LINE, "hello"));
    expect(y(after, "wait")).toBe(y(LINE, "wait"));
  });

  test("a node without outputs inserted on an edge ends the way there", () => {
    const { doc: after } = edit.insertOn(LINE, "exit", LINE.edges[1]?.id ?? "");
    expect(edgesOf(after)).toEqual(["start/next>wait", "wait/next>exit"]);
  });

  test("new nodes never cover one that is there", () => {
    let after = doc("start:trigger.manual");
    for (const _ of [1, 2, 3]) {
      const place = edit.placeBelow(after, "start", "next");
      after = edit.addNode(after, "sms", place).doc;
    }
    expect(new Set(after.nodes.map((n) => `${n.position.x},${n.position.y}`)).size).toBe(4);
  });
});

describe("connecting", () => {
  test("one output has one edge: a new one takes the place of the old", () => {
    expect(edgesOf(edit.connect(LINE, "start", "next", "hello"))).toEqual([
      "wait/next>hello",
      "start/next>hello",
    ]);
  });

  test.each([
    ["itself", "wait", "wait"],
    ["a trigger", "wait", "start"],
    ["a node that isn't there", "wait", "nobody"],
  ])("a node doesn't lead to %s", (_what, source, target) => {
    expect(edit.connect(LINE, source, "next", target)).toBe(LINE);
  });

  test("edge ids stay unique when a file uses ours for another edge", () => {
    const odd = { ...LINE, edges: [{ id: "hello.next", source: "start", target: "wait" }] };
    const ids = edit.connect(odd, "hello", "next", "wait").edges.map((e) => e.id);
    expect(ids).toEqual(["hello.next", "hello.next-2"]);
  });

  test("a node that stands alone is threaded on an edge; one that is connected isn't", () => {
    const { doc: with1, id } = edit.addNode(LINE, "sms", { x: 0, y: 0 });
    const edge = LINE.edges[0]?.id ?? "";
    expect(edgesOf(edit.threadOn(with1, id, edge)).sort()).toEqual([
      "sms/next>wait",
      "start/next>sms",
      "wait/next>hello",
    ]);
    expect(edit.threadOn(LINE, "hello", edge)).toBe(LINE);
  });
});

describe("deleting", () => {
  test("the way is mended around a node with one output", () => {
    const after = edit.removeNodes(LINE, ["wait"]);
    expect(ids(after)).toEqual(["start", "hello"]);
    expect(edgesOf(after)).toEqual(["start/next>hello"]);
  });

  test("several at once are mended across all of them", () => {
    const long = doc("start:trigger.manual > a:wait > b:sms > c:email");
    expect(edgesOf(edit.removeNodes(long, ["a", "b"]))).toEqual(["start/next>c"]);
    expect(edgesOf(edit.removeNodes(long, ["b", "a"]))).toEqual(["start/next>c"]);
  });

  test("a branch isn't guessed: what led to it ends there", () => {
    const branch = doc("start:trigger.manual > if:condition/yes > a:sms");
    expect(edgesOf(edit.removeNodes(branch, ["if"]))).toEqual([]);
  });

  test("no node is led to itself", () => {
    const loop = doc("a:wait > b:sms > a");
    expect(edgesOf(edit.removeNodes(loop, ["b"]))).toEqual([]);
  });
});

describe("data", () => {
  test("edges leave with the output they came from", () => {
    const split = doc("start:trigger.manual > ab:split/b > x:sms");
    const after = edit.setData(split, "ab", { variants: [{ id: "a", weight: 1 }] });
    expect(edgesOf(after)).toEqual(["start/next>ab"]);
  });

  test("edges stay where the outputs stay, and while data is half filled in", () => {
    const split = doc("start:trigger.manual > ab:split/b > x:sms");
    const kept = edit.setData(split, "ab", { ...split.nodes[1]?.data, holdout: 5 });
    expect(edgesOf(kept)).toEqual(edgesOf(split));
    expect(edgesOf(edit.setData(split, "ab", {}))).toEqual(edgesOf(split));
  });

  test("nodes that didn't change stay the same objects", () => {
    const after = edit.setData(LINE, "wait", { for: "P9D" });
    expect(after.nodes[0]).toBe(LINE.nodes[0]);
    expect(after.nodes[1]).not.toBe(LINE.nodes[1]);
  });

  test("a part set to nothing is gone from the document", () => {
    const named = edit.setPart(LINE, "settings", { timezone: "Asia/Riyadh" });
    expect(named.settings).toEqual({ timezone: "Asia/Riyadh" });
    expect(Object.keys(edit.setPart(named, "settings", undefined))).not.toContain("settings");
  });
});

describe("places", () => {
  test("arranging draws from top to bottom and leaves the first node where it is", () => {
    const heap = { ...LINE, nodes: LINE.nodes.map((n) => ({ ...n, position: { x: 7, y: 9 } })) };
    const after = arranged(heap, new Map());
    expect(after.nodes[0]?.position).toEqual({ x: 7, y: 9 });
    const ys = after.nodes.map((n) => n.position.y);
    expect(ys).toEqual([...ys].sort((a, b) => a - b));
    expect(new Set(ys).size).toBe(3);
    expect(new Set(after.nodes.map((n) => n.position.x))).toEqual(new Set([7]));
  });

  test("arranging twice changes nothing more", () => {
    const once = arranged(LINE, new Map());
    expect(arranged(once, new Map())).toBe(once);
  });

  test("branches are drawn in the order of the outputs", () => {
    const branch = doc("start:trigger.manual > if:condition/no > b:sms", "if/yes > a:sms");
    const x = (id: string) =>
      arranged(branch, new Map()).nodes.find((n) => n.id === id)?.position.x ?? 0;
    expect(x("a")).toBeLessThan(x("b"));
  });

  const box = (id: string, x: number, y: number, width = 100): Box => ({
    id,
    x,
    y,
    width,
    height: 50,
  });

  test("aligning brings borders or middles to one line, whatever the sizes", () => {
    const boxes = [box("a", 0, 0), box("b", 300, 90, 200)];
    const at = (to: Parameters<typeof aligned>[1]) => [...aligned(boxes, to).values()];
    expect(at("left").map((p) => p.x)).toEqual([0, 0]);
    expect(at("right").map((p) => p.x)).toEqual([400, 300]);
    expect(at("center").map((p) => p.x)).toEqual([200, 150]);
    expect(at("middle").map((p) => p.y)).toEqual([45, 45]);
    expect(at("bottom").map((p) => p.y)).toEqual([90, 90]);
  });

  test("distributing leaves the first and the last and makes the gaps between all alike", () => {
    const boxes = [box("c", 500, 0), box("a", 0, 10), box("b", 120, 20, 200)];
    expect(Object.fromEntries(distributed(boxes, "row"))).toEqual({
      a: { x: 0, y: 10 },
      b: { x: 200, y: 20 },
      c: { x: 500, y: 0 },
    });
    expect(distributed(boxes.slice(0, 2), "row").size).toBe(0);
  });
});

describe("walking by arrow keys", () => {
  const branch = doc("start:trigger.manual > if:condition/yes > a:sms", "if/no > b:email > a");

  test.each([
    ["start", "down", "if"],
    ["if", "down", "a"],
    ["a", "up", "if"],
    ["a", "right", "b"],
    ["b", "left", "a"],
    ["b", "down", "a"],
    ["a", "down", null],
    ["start", "up", null],
    ["b", "right", null],
  ] as const)("from %s %s is %s", (from, direction, to) => {
    const spread = edit.place(branch, new Map([["b", { x: 400, y: 300 }]]));
    expect(neighbour(spread, from, direction)).toBe(to);
  });
});
