import { describe, expect, it } from "vitest";
import condition from "../../nodes/condition.ts";
import emit from "../../nodes/emit.ts";
import exit from "../../nodes/exit.ts";
import goal from "../../nodes/goal.ts";
import split, { confidenceOf } from "../../nodes/split.ts";
import startFlow from "../../nodes/start-flow.ts";
import switchNode from "../../nodes/switch.ts";
import { pointers, runNode } from "./fake.ts";

describe("condition", () => {
  it("leaves by yes or no as the rule holds", () => {
    const data = { rule: { tag: "vip" } };
    expect(runNode(condition, data, {}, { holds: ["/rule"] })).toEqual({ leave: "yes" });
    expect(runNode(condition, data)).toEqual({ leave: "no" });
  });
});

describe("switch", () => {
  const cases = [
    { id: "a", rule: { tag: "a" } },
    { id: "b", rule: { tag: "b" } },
  ];

  it("takes the first case that holds, else else", () => {
    const both = ["/cases/0/rule", "/cases/1/rule"];
    expect(runNode(switchNode, { cases }, {}, { holds: both })).toEqual({ leave: "a" });
    expect(runNode(switchNode, { cases }, {}, { holds: ["/cases/1/rule"] })).toEqual({
      leave: "b",
    });
    expect(runNode(switchNode, { cases })).toEqual({ leave: "else" });
  });

  it("asks no further than the case it takes", () => {
    const asked: string[] = [];
    const holds = (_rule: unknown, pointer: string) => asked.push(pointer) > 0;
    runNode(switchNode, { cases }, {}, { holds });
    expect(asked).toEqual(["/cases/0/rule"]);
  });

  it("refuses an id used twice and the name of its own output", () => {
    const rule = { tag: "x" };
    const ids = (...names: string[]) =>
      pointers(switchNode, { cases: names.map((id) => ({ id, rule })) });
    expect(ids("a", "b", "a")).toEqual(["/cases/2/id"]);
    expect(ids("else")).toEqual(["/cases/0/id"]);
  });

  it("names its outputs as the document does, in both languages", () => {
    const data = { cases: [{ id: "a", label: { en: "Big", ar: "كبيرة" }, rule: { tag: "a" } }] };
    expect(switchNode.outputs(data)).toEqual([
      { id: "a", label: { en: "Big", ar: "كبيرة" } },
      { id: "else", label: { en: "Otherwise", ar: "غير ذلك" } },
    ]);
  });
});

describe("split", () => {
  const variants = [
    { id: "a", weight: 1 },
    { id: "b", weight: 3 },
  ];
  const winner = { test: 20, by: "clicked" as const, after: "P2D" };
  const drawn = (variant: string) => ({ effects: [{ do: "drawn", variant }], leave: variant });

  it("lays the weights end to end and stores what was drawn", () => {
    const at = (variant: number) => runNode(split, { variants }, {}, { draws: { variant } });
    expect(at(0)).toEqual(drawn("a"));
    expect(at(0.2499)).toEqual(drawn("a"));
    expect(at(0.25)).toEqual(drawn("b"));
    expect(at(0.9999)).toEqual(drawn("b"));
  });

  it("keeps the share of each weight over many draws", () => {
    let a = 0;
    for (let i = 0; i < 1000; i++) {
      const decision = runNode(split, { variants }, {}, { draws: { variant: i / 1000 } });
      if ("leave" in decision && decision.leave === "a") a++;
    }
    expect(a).toBe(250);
  });

  it("takes the stored variant without drawing or storing again", () => {
    const world = { drawn: "a", draws: { holdout: 0, variant: 0.9 } };
    expect(runNode(split, { variants, holdout: 50 }, {}, world)).toEqual({ leave: "a" });
    expect(runNode(split, { variants, holdout: 50 }, {}, { drawn: "holdout" })).toEqual({
      leave: "holdout",
    });
  });

  it("draws anew when the stored variant has no way out any more", () => {
    const draws = { variant: 0.9 };
    expect(runNode(split, { variants }, {}, { drawn: "gone", draws })).toEqual(drawn("b"));
    expect(runNode(split, { variants }, {}, { drawn: "holdout", draws })).toEqual(drawn("b"));
  });

  it("draws the holdout before the variants", () => {
    const at = (holdout: number) =>
      runNode(split, { variants, holdout: 10, winner }, {}, { draws: { holdout, test: 0 } });
    expect(at(0.0999)).toEqual(drawn("holdout"));
    expect(at(0.1)).toEqual(drawn("a"));
  });

  it("sends the test group by weight and holds the others until the decision", () => {
    const at = (test: number) =>
      runNode(split, { variants, winner }, {}, { draws: { test, variant: 0.5 } });
    expect(at(0.1999)).toEqual(drawn("b"));
    expect(at(0.2)).toEqual({ wait: null, for: "winner" });
  });

  it("binds those who waited and those who come later to the winner", () => {
    const world = { draws: { test: 0.5, variant: 0.9 }, decision: "a" };
    expect(runNode(split, { variants, winner }, { woke: { by: "decided" } }, world)).toEqual(
      drawn("a"),
    );
    expect(
      runNode(split, { variants, winner }, {}, { draws: { test: 0, variant: 0.9 }, decision: "a" }),
    ).toEqual(drawn("a"));
  });

  it("keeps the shares when nothing was decided", () => {
    const world = { draws: { test: 0.5, variant: 0.9 }, decision: "undecided" };
    expect(runNode(split, { variants, winner }, { woke: { by: "decided" } }, world)).toEqual(
      drawn("b"),
    );
  });

  it("goes on waiting for the winner after a pause", () => {
    const world = { draws: { test: 0.5 } };
    expect(runNode(split, { variants, winner }, { woke: { by: "again" } }, world)).toEqual({
      wait: null,
      for: "winner",
    });
  });

  it("refuses ids used twice or reserved, and a test group of nobody or everybody", () => {
    const twice = [...variants, { id: "a", weight: 1 }];
    expect(pointers(split, { variants: twice })).toEqual(["/variants/2/id"]);
    expect(pointers(split, { variants: [{ id: "holdout", weight: 1 }] })).toEqual([
      "/variants/0/id",
    ]);
    expect(pointers(split, { variants, winner: { ...winner, test: 0 } })).toEqual(["/winner/test"]);
    expect(pointers(split, { variants, winner: { ...winner, test: 100 } })).toEqual([
      "/winner/test",
    ]);
    expect(pointers(split, { variants: variants.slice(1), winner })).toEqual(["/variants"]);
  });

  it("reads a confidence as percent or share", () => {
    expect([
      confidenceOf({}),
      confidenceOf({ confidence: 90 }),
      confidenceOf({ confidence: 0.8 }),
    ]).toEqual([0.95, 0.9, 0.8]);
  });
});

describe("start-flow", () => {
  it("starts the other flow and goes on", () => {
    expect(runNode(startFlow, { flow: "care" })).toEqual({
      effects: [{ do: "start", flow: "care", wait: false }],
      leave: "next",
    });
  });

  it("waits for its end when told to, and starts it once", () => {
    const data = { flow: "care", wait: true };
    expect(runNode(startFlow, data)).toEqual({
      effects: [{ do: "start", flow: "care", wait: true }],
      wait: null,
      for: "flow",
    });
    expect(runNode(startFlow, data, { woke: { by: "again" } })).toEqual({
      wait: null,
      for: "flow",
    });
    expect(runNode(startFlow, data, { woke: { by: "ended" } })).toEqual({ leave: "next" });
  });
});

describe("start-flow in a new version", () => {
  it("goes on when it no longer waits", () => {
    expect(runNode(startFlow, { flow: "care" }, { woke: { by: "again" } })).toEqual({
      leave: "next",
    });
  });
});

describe("emit", () => {
  it("keeps the type of a value that is one path, also inside lists", () => {
    const values = { "event.amount": 250, name: "Sara" };
    const data = {
      event: "quote.sent",
      data: {
        amount: "{{event.amount}}",
        text: "For {{name}}",
        deep: { list: ["{{event.amount}}", 1] },
      },
    };
    expect(runNode(emit, data, {}, { values })).toEqual({
      effects: [
        {
          do: "emit",
          event: "quote.sent",
          data: { amount: 250, text: "For Sara", deep: { list: [250, 1] } },
        },
      ],
      leave: "next",
    });
  });
});

describe("goal and exit", () => {
  it("records the goal with its value resolved", () => {
    const value = (data: { name: string; value?: string | number }) =>
      runNode(goal, data, {}, { values: { "event.amount": 99.5 } }).effects;
    expect(value({ name: "order", value: "{{event.amount}}" })).toEqual([
      { do: "goal", name: "order", value: 99.5 },
    ]);
    expect(value({ name: "order" })).toEqual([{ do: "goal", name: "order", value: null }]);
  });

  it("ends the run with the rendered reason, or none", () => {
    const values = { "contact.city": "Jeddah" };
    expect(runNode(exit, { reason: "Moved to {{contact.city}}" }, {}, { values })).toEqual({
      end: "node",
      text: "Moved to Jeddah",
    });
    expect(runNode(exit, {})).toEqual({ end: "node", text: "" });
  });
});
