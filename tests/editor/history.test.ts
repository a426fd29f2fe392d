import { describe, expect, test } from "vitest";
import { changesBetween } from "../../editor/src/lib/flow/changes.ts";
import { copyText, paste, readCopied } from "../../editor/src/lib/flow/clipboard.ts";
import { addAfter, place, setData } from "../../editor/src/lib/flow/edit.ts";
import {
  begin,
  type History,
  MAX_STEPS,
  pack,
  record,
  redo,
  TOGETHER_MS,
  undo,
  unpack,
} from "../../editor/src/lib/flow/history.ts";
import { keep, recall, type Shelf } from "../../editor/src/lib/flow/kept.ts";
import type { FlowDocument } from "../../editor/src/lib/flow/shape.ts";
import { doc, edgesOf, ids } from "./flows.ts";

const FLOW = doc("start:trigger.manual > wait:wait > hello:email");
const withWait = (flow: FlowDocument, duration: string) => setData(flow, "wait", { for: duration });
const lengthOf = (history: History) => history.past.length;

describe("undo and redo", () => {
  test("each edit is taken back and made again in order", () => {
    const one = withWait(FLOW, "P1D");
    const two = withWait(one, "P2D");
    const history = record(record(begin(FLOW), one, null, 0), two, null, 1);
    expect(undo(history).present).toBe(one);
    expect(undo(undo(history)).present).toBe(FLOW);
    expect(undo(undo(undo(history))).present).toBe(FLOW);
    expect(redo(redo(undo(undo(history)))).present).toBe(two);
  });

  test("an edit after undo forgets what was undone", () => {
    const history = undo(record(begin(FLOW), withWait(FLOW, "P1D"), null, 0));
    expect(record(history, withWait(FLOW, "P5D"), null, 1).future).toEqual([]);
  });

  test.each([
    ["in one go", "wait/for", TOGETHER_MS, 1],
    ["after a pause", "wait/for", TOGETHER_MS + 1, 2],
    ["in another field", "wait/note", 10, 2],
  ])("typing %s is the steps a person expects", (_what, key, after, steps) => {
    const typed = record(begin(FLOW), withWait(FLOW, "P1D"), "wait/for", 1000);
    expect(lengthOf(record(typed, withWait(FLOW, "P12D"), key, 1000 + after))).toBe(steps);
  });

  test("typing after undo begins a step of its own", () => {
    const typed = record(begin(FLOW), withWait(FLOW, "P1D"), "wait/for", 0);
    const again = record(undo(typed), withWait(FLOW, "P2D"), "wait/for", 5);
    expect(undo(again).present).toBe(FLOW);
  });

  test("an edit that changes nothing is no step", () => {
    const history = begin(FLOW);
    expect(record(history, FLOW, null, 0)).toBe(history);
    expect(place(FLOW, new Map([["wait", { x: 0.2, y: 100 }]]))).toBe(FLOW);
  });

  test("only so many steps are kept", () => {
    let history = begin(FLOW);
    for (let n = 1; n <= MAX_STEPS + 20; n += 1)
      history = record(history, withWait(FLOW, `P${n}D`), null, n);
    expect(lengthOf(history)).toBe(MAX_STEPS);
  });
});

describe("a reload", () => {
  const shelf = (limit = Number.POSITIVE_INFINITY): Shelf & { kept: Map<string, string> } => {
    const kept = new Map<string, string>();
    return {
      kept,
      getItem: (key) => kept.get(key) ?? null,
      setItem(key, value) {
        if (value.length > limit) throw new DOMException("full", "QuotaExceededError");
        kept.set(key, value);
      },
      removeItem: (key) => kept.delete(key),
    };
  };
  const edited = record(
    record(begin(FLOW), withWait(FLOW, "P1D"), null, 0),
    addAfter(withWait(FLOW, "P1D"), "sms", "hello", "next").doc,
    null,
    1,
  );

  test("what was packed is unpacked: past, present, future, and what they share", () => {
    const history = undo(edited);
    const again = unpack(pack(history));
    expect(again).toEqual({ ...history, last: null });
    expect(again?.past[0]?.nodes[0]).toBe(again?.present.nodes[0]);
  });

  test("a hundred small edits of a big flow take little more room than the flow", () => {
    const big: FlowDocument = {
      ...FLOW,
      nodes: Array.from(
        { length: 500 },
        (_, n) => ({ ...FLOW.nodes[2], id: `n${n}` }) as FlowDocument["nodes"][number],
      ),
    };
    let history = begin(big);
    for (let n = 0; n < 100; n += 1)
      history = record(
        history,
        setData(history.present, `n${n}`, { subject: `${n}`, body: "x" }),
        null,
        n,
      );
    expect(pack(history).length).toBeLessThan(5 * JSON.stringify(big).length);
  });

  test.each(["", "{", "[]", '{"pool":[],"steps":[],"at":0}'])(
    "damaged text %j is no history",
    (text) => {
      expect(unpack(text)).toBeNull();
    },
  );

  test("undo survives when the draft is what was left", () => {
    const place = shelf();
    keep(place, "flow", edited, "s1");
    const { history, unsent } = recall(place, structuredClone(edited.present), "s2");
    expect(unsent).toBe("no");
    expect(undo(history).present).toEqual(withWait(FLOW, "P1D"));
  });

  test("edits that never reached the server come back when nobody saved since", () => {
    const place = shelf();
    keep(place, "flow", edited, "s1");
    const { history, unsent } = recall(place, FLOW, "s1");
    expect(unsent).toBe("yes");
    expect(history.present).toEqual(edited.present);
  });

  test("a draft that somebody else saved meanwhile begins anew", () => {
    const place = shelf();
    keep(place, "flow", edited, "s1", true);
    const other = withWait(FLOW, "P30D");
    expect(recall(place, other, "s9")).toEqual({ history: begin(other), unsent: "no" });
  });

  test("edits that never reached the server aren't lost when somebody else saved meanwhile", () => {
    const place = shelf();
    keep(place, "flow", edited, "s1");
    const { history, unsent } = recall(place, withWait(FLOW, "P30D"), "s9");
    expect(unsent).toBe("overtaken");
    expect(history.present).toEqual(edited.present);
  });

  test("a draft that this browser sent without hearing the answer is no other hand's", () => {
    const place = shelf();
    keep(place, "flow", edited, "s1");
    const heard = edited.past.at(-1) ?? FLOW;
    expect(recall(place, structuredClone(heard), "s2").unsent).toBe("yes");
  });

  test("the order of keys is no difference", () => {
    const place = shelf();
    keep(place, "flow", edited, "s1");
    const { nodes, ...rest } = edited.present;
    expect(recall(place, { nodes, ...rest }, "s2").history.past).toHaveLength(2);
  });

  test("a full storage keeps fewer steps, and none at last", () => {
    const small = shelf(
      JSON.stringify({ stamp: "s1", history: pack(begin(edited.present)) }).length + 50,
    );
    keep(small, "flow", edited, "s1");
    expect(recall(small, edited.present, "s1").history.past).toEqual([]);
    const none = shelf(10);
    keep(none, "flow", edited, "s1");
    expect(none.kept.size).toBe(0);
  });
});

describe("copy and paste", () => {
  test("the copy has new ids and the edges between the copied nodes alone", () => {
    const copied = readCopied(copyText(FLOW, ["wait", "hello"]));
    const pasted = paste(FLOW, copied ?? { nodes: [], edges: [] }, null);
    expect(pasted.ids).toEqual(["wait-2", "hello-2"]);
    expect(edgesOf(pasted.doc).slice(2)).toEqual(["wait-2/next>hello-2"]);
  });

  test("a copy of a copy counts on", () => {
    const once = paste(
      FLOW,
      readCopied(copyText(FLOW, ["wait"])) ?? { nodes: [], edges: [] },
      null,
    );
    const twice = paste(
      once.doc,
      readCopied(copyText(once.doc, ["wait-2"])) ?? { nodes: [], edges: [] },
      null,
    );
    expect(twice.ids).toEqual(["wait-3"]);
  });

  test("into another flow ids stay where they are free", () => {
    const other = doc("start:trigger.manual");
    const pasted = paste(
      other,
      readCopied(copyText(FLOW, ["start", "wait"])) ?? { nodes: [], edges: [] },
      { x: 50, y: 60 },
    );
    expect(ids(pasted.doc)).toEqual(["start", "start-2", "wait"]);
    expect(pasted.doc.nodes[1]?.position).toEqual({ x: 50, y: 60 });
    expect(pasted.doc.nodes[2]?.position).toEqual({ x: 50, y: 160 });
  });

  test("rules and templates of the copies name the copies, those of the rest stay", () => {
    const asks = setData(doc("hello:email > if:condition > say:sms"), "if", {
      rule: {
        all: [
          { message: "clicked", node: "hello" },
          { message: "opened", node: "elsewhere" },
          { data: "ok", of: "hello", op: "exists" },
        ],
      },
    });
    const flow = setData(asks, "say", { text: "{{steps.hello.x}} {{steps.hello-not.x}}" });
    const pasted = paste(
      flow,
      readCopied(copyText(flow, ["hello", "if", "say"])) ?? { nodes: [], edges: [] },
      null,
    );
    const data = (id: string) => pasted.doc.nodes.find((n) => n.id === id)?.data;
    expect(data("if-2")?.rule).toEqual({
      all: [
        { message: "clicked", node: "hello-2" },
        { message: "opened", node: "elsewhere" },
        { data: "ok", of: "hello-2", op: "exists" },
      ],
    });
    expect(data("say-2")?.text).toBe("{{steps.hello-2.x}} {{steps.hello-not.x}}");
  });

  test("a whole flow's text can be pasted", () => {
    expect(readCopied(JSON.stringify(FLOW))?.nodes).toEqual(FLOW.nodes);
  });

  test.each([
    "",
    "Hello",
    "{}",
    "[1]",
    '{"nodes":[]}',
    '{"nodes":[{"id":"a","type":"sms","data":{}}]}',
    '{"nodes":[{"id":1,"type":"sms","data":{},"position":{"x":0,"y":0}}]}',
  ])("the text %j holds no nodes", (text) => {
    expect(readCopied(text)).toBeNull();
  });
});

describe("what a publication changes", () => {
  test("nodes added, changed and removed, connections and settings; where cards stand is no change", () => {
    const before = FLOW;
    const moved = place(withWait(FLOW, "P9D"), new Map([["hello", { x: 500, y: 500 }]]));
    const after = addAfter(moved, "sms", "hello", "next").doc;
    const { added, changed, removed, edges, settings } = changesBetween(before, {
      ...after,
      settings: { timezone: "UTC" },
    });
    expect(added.map((n) => n.id)).toEqual(["sms"]);
    expect(changed.map((n) => n.id)).toEqual(["wait"]);
    expect([removed.length, edges, settings]).toEqual([0, 1, true]);
    expect(changesBetween(after, before).removed.map((n) => n.id)).toEqual(["sms"]);
  });

  test("before the first publication everything is new and nothing else", () => {
    const changes = changesBetween(null, FLOW);
    expect(changes.added).toHaveLength(3);
    expect(changes.settings).toBe(false);
  });
});
