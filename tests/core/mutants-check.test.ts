import { expect, test } from "vitest";
import { checkFlow, checkRule, checkSegments } from "../../engine/core/check.ts";
import { closest } from "../../engine/core/closest.ts";
import { nodeType, type Rule, ruleKind } from "../../nodes/index.ts";

const deep = (levels: number, wrap: (inner: Rule) => Rule): Rule => {
  let rule: Rule = { tag: "vip" };
  for (let i = 0; i < levels; i++) rule = wrap(rule);
  return rule;
};

test.each<[string, (inner: Rule) => Rule]>([
  ["not", (inner) => ({ not: inner })],
  ["all", (inner) => ({ all: [inner] })],
  ["any", (inner) => ({ any: [inner] })],
])("rules may lie 64 deep in “%s” and no deeper", (_, wrap) => {
  expect(checkRule(deep(64, wrap), { inFlow: true })).toEqual([]);
  expect(checkRule(deep(65, wrap), { inFlow: true }).map((p) => p.severity)).toEqual(["error"]);
  expect(ruleKind(deep(65, wrap))).not.toBeNull();
});

test.each([
  ["taimeout", "timeout"],
  ["timeuot", "timeout"],
  ["tmeout", "timeout"],
  ["timeoutt", "timeout"],
  ["matcehd", "matched"],
  ["zzzzzzz", null],
])("“%s” is taken for %s", (word, expected) => {
  expect(closest(word, ["matched", "timeout", "next"])).toBe(expected);
});

test("of two names the nearer is meant, two letters swapped being one mistake", () => {
  expect(closest("abdc", ["abxx", "abcd"])).toBe("abcd");
  expect(closest("order.palced", ["order.placed", "order.paced"])).toBe("order.placed");
  // A letter left out and a letter too many are one mistake each, two wrong letters are two.
  expect(closest("ordr.placed", ["oxyr.placed", "order.placed"])).toBe("order.placed");
  expect(closest("orderr.placed", ["oxyerr.placed", "order.placed"])).toBe("order.placed");
});

test("a word of four letters or more that begins a name means it, however long the name is", () => {
  expect(closest("wait", ["trigger.created", "wait-for-a-long-time"])).toBe("wait-for-a-long-time");
  expect(closest("wai", ["trigger.created", "wait-for-a-long-time"])).toBeNull();
  expect(closest("survey-by-mail", ["sms", "survey"])).toBe("survey");
  expect(closest("exit-the-flow", ["sms", "exit"])).toBe("exit");
  expect(closest("smsmessages", ["exit", "sms"])).toBeNull();
});

test.each([
  { event: "order.placed", since: "enrollment" },
  { message: "clicked", since: "node" },
  { data: "amount", op: "=", value: 1 },
  { field: "city", op: "=", value: "{{event.city}}" },
])("a segment that reads an enrollment is refused: %j", (rule) => {
  expect(checkSegments({ keen: rule }).map((p) => p.severity)).toEqual(["error"]);
});

test("an unknown comparison is told once, whatever it compares", () => {
  for (const rule of [
    { touches: 3, op: "about" },
    { field: "score", op: "about", value: 3 },
  ]) {
    expect(checkRule(rule, { inFlow: true }).map((p) => p.pointer)).toEqual(["/op"]);
  }
  expect(checkRule({ touches: 3, op: "contains" }, { inFlow: true }).map((p) => p.code)).toEqual(
    checkRule({ touches: 3, op: "before" }, { inFlow: true }).map((p) => p.code),
  );
});

test("a rule of no known kind names the kind that it looks like", () => {
  const sentence = (rule: object): string | undefined =>
    checkRule(rule, { inFlow: true })[0]?.message.en;
  expect(sentence({ tga: "vip" })).toContain("tag");
  expect(sentence({ zzzz: 1, evnt: "order.placed" })).toContain("event");
});

test("problems of edges are told by the edge's id, else by its number", () => {
  const told = (edge: object): string =>
    checkFlow({
      format: 1,
      id: "f",
      name: "f",
      nodes: [],
      edges: [{ id: "e0", source: "a", target: "b" }, edge],
    })
      .map((p) => p.message.en)
      .join(" ");
  expect(told({ id: "way", source: "a", target: "b", colour: "red" })).toContain("The edge “way”");
  expect(told({ source: "a", target: "b", colour: "red" })).toContain("The edge “2”");
});

test("problems of a parameter are told by its name", () => {
  const problems = checkFlow({
    format: 1,
    id: "f",
    name: "f",
    parameters: { brand: { default: [] } },
    nodes: [],
    edges: [],
  });
  expect(problems.map((p) => p.message.en).join(" ")).toContain("The parameter “brand”");
});

test.each([
  [0, 1],
  [0.5, 0],
  [99.5, 0],
  [100, 1],
])("a test group of %d percent has %i problems", (percent, count) => {
  const variants = [
    { id: "a", weight: 1 },
    { id: "b", weight: 1 },
  ];
  const data = { variants, winner: { test: percent, by: "clicked", after: "P1D" } };
  const found = nodeType("split")?.check?.(data) ?? [];
  expect(found.map((p) => p.pointer)).toEqual(count === 0 ? [] : ["/winner/test"]);
});
