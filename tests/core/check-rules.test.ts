import { describe, expect, test } from "vitest";
import { checkRule, checkSegments } from "../../engine/core/check.ts";
import { short } from "./check-flow.ts";

const inFlow = (rule: unknown) =>
  checkRule(rule, { inFlow: true, nodes: ["offer", "call-1"], segments: ["buyers"] });
const inSegment = (rule: unknown) => checkRule(rule, { inFlow: false, segments: ["buyers"] });
const brief = (problems: ReturnType<typeof inFlow>) =>
  problems.map((p) => short(p).replace(" null", ""));

const GOOD: unknown[] = [
  { all: [] },
  { any: [{ tag: "a" }, { not: { segment: "buyers" } }] },
  { field: "city", op: "=", value: "Riyadh" },
  { field: "city", op: "in", value: ["Riyadh", "Jeddah"] },
  { field: "city", op: "exists" },
  { field: "birthday", op: "anniversary", calendar: "islamic-umalqura" },
  { field: "birthday", op: "before", value: "2000-02-29" },
  { field: "renewal", op: "within-next", value: "P30D" },
  {
    event: "order.placed",
    count: 2,
    since: "P30D",
    where: [{ data: "amount", op: ">", value: 100 }],
  },
  { message: "clicked", since: "P7D", channel: "email", link: "https://x.example/a" },
  { task: "done", outcome: "answered" },
  { consent: "email", topic: "offers" },
  { touches: 33, op: "<", since: "P1Y", channel: "email" },
];

const IN_FLOW: unknown[] = [
  { message: "clicked", node: "offer" },
  { message: "clicked", node: "elsewhere", flow: "other" },
  { task: "done", node: "call-1", since: "enrollment" },
  { event: "x", since: "node" },
  { data: "status", of: "call-1", op: "=", value: "graded" },
  { data: "status", op: "in", value: "{{event.list}}" },
  { field: "appointment", op: "=", value: "{{event.appointment_id}}" },
  { field: "renewal", op: "within-next", value: "{{event.span}}" },
];

test.each(GOOD.map((rule) => [JSON.stringify(rule), rule]))(
  "%s is good in flows and in segments",
  (_, rule) => {
    expect(brief(inFlow(rule))).toEqual([]);
    expect(brief(inSegment(rule))).toEqual([]);
  },
);

test.each(IN_FLOW.map((rule) => [JSON.stringify(rule), rule]))("%s is good in flows", (_, rule) => {
  expect(brief(inFlow(rule))).toEqual([]);
});

const BAD: [unknown, string[]][] = [
  ["vip", ["error not-a-rule "]],
  [null, ["error not-a-rule "]],
  [{}, ["error unknown-rule "]],
  [{ tags: "vip" }, ["error unknown-rule "]],
  [{ tag: "vip", field: "city" }, ["error two-rules "]],
  [{ tag: "" }, ["error empty /tag"]],
  [{ tag: "vip", sinse: "P1D" }, ["error unknown-key /sinse"]],
  [{ all: { tag: "vip" } }, ["error wrong-type /all"]],
  [{ all: [{ any: [{ not: { tagg: "x" } }] }] }, ["error unknown-rule /all/0/any/0/not"]],
  [{ segment: "byers" }, ["error unknown-segment /segment"]],
  [{ field: "city", op: "==", value: "x" }, ["error not-a-choice /op"]],
  [{ field: "city", value: "x" }, ["error missing-key /op"]],
  [{ field: "city", op: "=" }, ["error rule-value /value"]],
  [{ field: "city", op: "=", value: null }, ["error rule-value /value"]],
  [{ field: "city", op: "=", value: ["x"] }, ["error rule-value /value"]],
  [{ field: "city", op: "exists", value: true }, ["error rule-value /value"]],
  [{ field: "city", op: "missing", value: "x" }, ["error rule-value /value"]],
  [{ field: "birthday", op: "anniversary", value: "2000-01-01" }, ["error rule-value /value"]],
  [{ field: "birthday", op: "anniversary", calendar: "hijri" }, ["error not-a-choice /calendar"]],
  [{ field: "city", op: "in", value: "Riyadh" }, ["error rule-value /value"]],
  [{ field: "city", op: "in", value: [] }, ["error rule-value /value"]],
  [{ field: "city", op: "in", value: [["x"]] }, ["error rule-value /value"]],
  [{ field: "due", op: "before", value: "tomorrow" }, ["error rule-value /value"]],
  [{ field: "due", op: "after", value: "2026-02-30" }, ["error rule-value /value"]],
  [{ field: "due", op: "within-last", value: "30 days" }, ["error rule-value /value"]],
  [{ field: "due", op: "within-next", value: "-P3D" }, ["error rule-value /value"]],
  [{ event: "x", count: 0 }, ["error too-small /count"]],
  [{ event: "x", count: 1.5 }, ["error wrong-type /count"]],
  [{ event: "x", since: "30 days" }, ["error rule-since /since"]],
  [{ event: "x", since: "-P3D" }, ["error rule-since /since"]],
  [{ event: "x", where: [{ data: "a", op: "=" }] }, ["error rule-value /where/0/value"]],
  [{ event: "x", where: [{ data: "a", op: "~", value: 1 }] }, ["error not-a-choice /where/0/op"]],
  [{ message: "seen" }, ["error not-a-choice /message"]],
  [{ message: "opened", link: "https://x.example" }, ["warning rule-link /link"]],
  [{ task: "open" }, ["error not-a-choice /task"]],
  [{ touches: 3, op: "in" }, ["error rule-op /op"]],
  [{ touches: "3", op: "<" }, ["error wrong-type /touches"]],
  [{ touches: 3, op: "<", since: "year" }, ["error rule-since /since"]],
];

test.each(BAD.map(([rule, expected]) => [JSON.stringify(rule), rule, expected] as const))(
  "%s is refused in flows and in segments, in both languages",
  (_, rule, expected) => {
    expect(brief(inFlow(rule))).toEqual(expected);
    expect(brief(inSegment(rule))).toEqual(expected);
    for (const { message } of inFlow(rule)) {
      expect(message.en).toMatch(/^The condition: .+[.?]$/);
      expect(message.ar).toMatch(/^الشرط: .*[\u0600-\u06ff].*[.؟]$/);
    }
  },
);

describe("in a flow", () => {
  test.each<[unknown, string]>([
    [{ message: "clicked", node: "ofer" }, "error rule-node /node"],
    [{ task: "done", node: "call-2" }, "error rule-node /node"],
    [{ data: "status", of: "call-2", op: "exists" }, "error rule-node /of"],
    [{ field: "city", op: "=", value: "{{secret.KEY}}" }, "error template /value"],
    [{ field: "city", op: "in", value: ["a", "{{event.city"] }, "error template /value/1"],
  ])("%j is refused", (rule, expected) => {
    expect(brief(inFlow(rule))).toEqual([expected]);
  });
});

describe("in a segment", () => {
  test.each<[unknown, string]>([
    [{ event: "x", since: "enrollment" }, "error rule-outside-flow /since"],
    [{ message: "sent", since: "node" }, "error rule-outside-flow /since"],
    [{ data: "status", op: "exists" }, "error rule-outside-flow /data"],
    [{ message: "clicked", node: "offer" }, "error rule-flow /node"],
    [{ task: "done", node: "call-1" }, "error rule-flow /node"],
    [{ field: "city", op: "=", value: "{{event.city}}" }, "error rule-outside-flow /value"],
    [{ field: "due", op: "before", value: "{{event.day}}" }, "error rule-outside-flow /value"],
    [{ field: "city", op: "in", value: ["{{event.city}}"] }, "error rule-outside-flow /value"],
    [
      { event: "x", where: [{ data: "a", op: "=", value: "{{event.a}}" }] },
      "error rule-outside-flow /where/0/value",
    ],
  ])("%j is refused", (rule, expected) => {
    expect(brief(inSegment(rule))).toEqual([expected]);
  });

  test("a message of a node is good with its flow", () => {
    expect(brief(inSegment({ message: "clicked", node: "offer", flow: "welcome" }))).toEqual([]);
  });
});

describe("segments", () => {
  test("may refer to each other", () => {
    const problems = checkSegments({
      buyers: { event: "order.placed" },
      loyal: { all: [{ segment: "buyers" }, { not: { segment: "lost" } }] },
      lost: { not: { segment: "buyers" } },
    });
    expect(brief(problems)).toEqual([]);
  });

  test("that don't exist are told with the closest name", () => {
    const problems = checkSegments({
      buyers: { tag: "x" },
      "a/b": { any: [{ segment: "buyer" }] },
    });
    expect(brief(problems)).toEqual(["error unknown-segment /a~1b/any/0/segment"]);
    expect(problems[0]?.message.en).toBe(
      "Segment “a/b”: there is no segment “buyer”; did you mean “buyers”?",
    );
  });

  test("that go round in a circle are named in order, each circle once", () => {
    const problems = checkSegments({
      a: { segment: "b" },
      b: { any: [{ not: { segment: "c" } }, { tag: "x" }] },
      c: { all: [{ segment: "a" }] },
      self: { segment: "self" },
      apart: { segment: "a" },
    });
    expect(brief(problems)).toEqual(["error segment-circle /a", "error segment-circle /self"]);
    expect(problems[0]?.message.en).toContain("“a” → “b” → “c” → “a”");
    expect(problems[0]?.message.ar).toContain("«a» → «b» → «c» → «a»");
  });

  test("named like what every object has are no references", () => {
    expect(brief(checkSegments({ a: { segment: "constructor" } }))).toEqual([
      "error unknown-segment /a/segment",
    ]);
  });
});

test("a rule nested beyond the limit is refused without being followed", () => {
  let rule: unknown = { tag: "x" };
  for (let i = 0; i < 5000; i++) rule = { not: rule };
  expect(inFlow(rule).map((p) => p.code)).toEqual(["too-deep"]);
});
