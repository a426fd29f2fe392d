import { describe, expect, test } from "vitest";
import { compare, compareOn } from "../../engine/core/compare.ts";
import {
  ANN,
  annWithPhone,
  email,
  flow,
  type Journey,
  type Placed,
  run,
  start,
} from "./journey.ts";

type Rule = Record<string, unknown>;

/** Which of the rules hold for Ann, asked one after the other behind these nodes. */
function hold(rules: Rule[], nodes: Placed[] = [], more: Partial<Journey> = {}): boolean[] {
  const asked = rules.map((rule, i): Placed => [`k${i}`, "condition", { rule }]);
  const all = [...nodes, ...asked].map(([id]) => id);
  const told = run({
    flow: flow([start, ...nodes, ...asked], {
      edges: [
        `start > ${all.join(" > ")}`,
        ...asked.slice(1).flatMap(([id], i) => [`k${i}:yes > ${id}`, `k${i}:no > ${id}`]),
      ].flatMap((path, i) => (i === 0 ? [withoutConditions(path)] : [path])),
    }),
    contacts: [annWithPhone],
    ...more,
  });
  return told.lines
    .filter((l) => l.kind === "step" && String(l.node).startsWith("k"))
    .map((l) => l.output === "yes");
}

/** A way up to its first condition: those lead on by their answers. */
const withoutConditions = (path: string): string => path.replace(/ > k0 > .*/, " > k0");

const field = (name: string, op: string, value?: unknown): Rule => ({
  field: name,
  op,
  ...(value === undefined ? {} : { value }),
});

describe("a field is compared", () => {
  const ann = {
    ...annWithPhone,
    city: "الرِّياض",
    company: "Acme Ltd",
    size: 50,
    renewal: "2026-01-20",
    seen: "2026-01-03T12:00:00Z",
    birthday: "1990-01-05",
  };
  test.each<[string, unknown, boolean]>([
    ["city =", "الرياض", true],
    ["city !=", "الرياض", false],
    ["company =", "ACME LTD", true],
    ["company contains", "me l", true],
    ["company starts-with", "acme", true],
    ["company starts-with", "ltd", false],
    ["company ends-with", "LTD", true],
    ["company ends-with", "acme", false],
    ["company in", ["Other", "acme ltd"], true],
    ["company in", ["Other"], false],
    ["company exists", undefined, true],
    ["company missing", undefined, false],
    ["company <", "b", true],
    ["size =", 50, true],
    ["size !=", 50, false],
    ["size <", 50, false],
    ["size <=", 50, true],
    ["size >", 50, false],
    ["size >=", 50, true],
    ["size in", [10, 50], true],
    ["size <", 100, true],
    ["size <", "100", false],
    ["size contains", "5", false],
    ["renewal before", "2026-01-21", true],
    ["renewal before", "2026-01-20", false],
    ["renewal after", "2026-01-19", true],
    ["renewal after", "2026-01-20", false],
    ["seen within-last", "P2D", true],
    ["seen within-last", "PT36H", false],
    ["renewal within-next", "P15D", true],
    ["renewal within-next", "P14D", false],
    ["renewal within-last", "P1Y", false],
    ["birthday anniversary", undefined, true],
    ["renewal anniversary", undefined, false],
    ["company before", "2026-01-20", false],
    ["created_at within-last", "P1D", true],
  ])("%s %j: %s", (what, value, expected) => {
    const [name = "", op = ""] = what.split(" ");
    expect(hold([field(name, op, value)], [], { contacts: [ann] })).toEqual([expected]);
  });

  test("a missing field is false for every comparison but missing and !=", () => {
    const ops: [string, unknown][] = [
      ["=", "x"],
      ["<", 1],
      ["<=", 1],
      [">", 1],
      [">=", 1],
      ["contains", "x"],
      ["starts-with", "x"],
      ["ends-with", "x"],
      ["in", ["x"]],
      ["exists", undefined],
      ["before", "2026-01-20"],
      ["after", "2026-01-20"],
      ["within-last", "P1D"],
      ["within-next", "P1D"],
      ["anniversary", undefined],
    ];
    expect(hold(ops.map(([op, value]) => field("nothing", op, value)))).toEqual(
      ops.map(() => false),
    );
    expect(hold([field("nothing", "missing"), field("nothing", "!=", "x")])).toEqual([true, true]);
  });

  test("a Hijri birthday has its anniversary by the Hijri calendar, in the flow's zone", () => {
    // 1 Ramadan 1447 is 2026-02-18, and begins in Riyadh at 21:00 UTC of the day before.
    const born = { ...annWithPhone, birthday: "2025-03-01", timezone: "Asia/Riyadh" };
    const rule = (calendar: string) => ({ ...field("birthday", "anniversary"), calendar });
    const at = (from: string, calendar: string) =>
      hold([rule(calendar)], [], { contacts: [born], from, until: "2026-03-02T00:00:00Z" });
    expect(at("2026-02-17T20:59:00Z", "islamic-umalqura")).toEqual([false]);
    expect(at("2026-02-17T21:00:00Z", "islamic-umalqura")).toEqual([true]);
    expect(at("2026-02-17T21:00:00Z", "gregory")).toEqual([false]);
  });
});

describe("what happened to a message", () => {
  const told = (event: string, more: Record<string, unknown> = {}) => ({
    at: "2026-01-06T00:00:00Z",
    message: { node: "m", event, ...more },
  });
  const nodes = [email("m"), ["w", "wait", { for: "P3D" }] as Placed];

  test.each(["delivered", "opened", "clicked", "replied", "bounced", "complained"])(
    "%s is seen by its rule and by no other",
    (event) => {
      const words = ["delivered", "opened", "clicked", "replied", "bounced", "complained"];
      expect(
        hold(
          words.map((message) => ({ message })),
          nodes,
          { events: [told(event)] },
        ),
      ).toEqual(words.map((word) => word === event));
    },
  );

  test("is narrowed by node, channel, link and time", () => {
    const events = [told("clicked", { link: "https://a.example/x" })];
    const clicked = (more: Rule): Rule => ({ message: "clicked", ...more });
    expect(
      hold(
        [
          clicked({ node: "m" }),
          clicked({ channel: "email" }),
          clicked({ channel: "sms" }),
          clicked({ link: "https://a.example/x" }),
          clicked({ link: "https://a.example/y" }),
          clicked({ since: "P3D" }),
          clicked({ since: "P2D" }),
          clicked({ since: "enrollment" }),
          clicked({ since: "node" }),
        ],
        nodes,
        { events },
      ),
    ).toEqual([true, true, false, true, false, true, false, true, false]);
  });

  test("an open by a machine is none", () => {
    const events = [told("opened", { machine: true })];
    expect(hold([{ message: "opened" }], nodes, { events })).toEqual([false]);
  });
});

describe("what happened", () => {
  const quiz = (at: string, score: unknown) => ({
    at,
    event: "quiz",
    data: { score, of: { level: "A" } },
  });

  test("is counted where its data is what the rule names", () => {
    const events = [
      quiz("2026-01-01T00:00:00Z", 5),
      quiz("2026-01-02T00:00:00Z", 7),
      quiz("2026-01-03T00:00:00Z", "9"),
    ];
    const where = (op: string, value: unknown, data = "score") => [{ data, op, value }];
    expect(
      hold(
        [
          { event: "quiz", count: 3 },
          { event: "quiz", count: 4 },
          { event: "quiz", count: 2, where: where(">", 4) },
          { event: "quiz", where: where(">", 7) },
          { event: "quiz", where: where("=", "9") },
          { event: "quiz", count: 3, where: where("=", "a", "of.level") },
          { event: "quiz", count: 2, since: "P4D" },
          { event: "quiz", count: 3, since: "P4D" },
          { event: "quiz", count: 3, since: "ever" },
          { event: "other" },
        ],
        [],
        { events },
      ),
    ).toEqual([true, false, true, false, true, true, true, false, true, false]);
  });

  test("since the enrollment or the node counts their very instant", () => {
    const rules = [
      { event: "quiz", since: "enrollment" },
      { event: "quiz", since: "node" },
    ];
    const wait: Placed = ["w", "wait", { for: "P1D" }];
    const at = (moment: string) => hold(rules, [wait], { events: [quiz(moment, 1)] });
    expect(at("2026-01-04T23:59:59Z")).toEqual([false, false]);
    expect(at("2026-01-05T00:00:00Z")).toEqual([true, false]);
    expect(at("2026-01-06T00:00:00Z")).toEqual([true, true]);
  });

  test("time alone brings an event's or an answer's own date near", () => {
    const due = { at: "2026-01-05T00:00:00Z", event: "booked", data: { day: "2026-01-20" } };
    const rule = (of: Rule) => ({ ...of, op: "within-next", value: "P3D" });
    const entered = (waited: Rule): unknown[] =>
      run({
        flow: flow([
          ["start", "trigger.event", { event: "booked" }],
          ["wf", "wait-for", { rule: waited }],
        ]),
        events: [due],
      })
        .lines.filter((l) => l.kind === "step" && l.node === "wf")
        .map((l) => l.at);
    expect(entered(rule({ data: "day" }))).toEqual(["2026-01-17T00:00:00Z"]);
    // The event that started the run never counts, so another one has to come.
    const told = run({
      flow: flow([
        start,
        ["wf", "wait-for", { rule: { event: "booked", where: [rule({ data: "day" })] } }],
      ]),
      events: [due],
    });
    expect(told.lines.filter((l) => l.node === "wf" && l.kind === "step").map((l) => l.at)).toEqual(
      ["2026-01-17T00:00:00Z"],
    );
  });
});

describe("a call or a task", () => {
  test("was closed by a person, with this outcome, at this node", () => {
    const nodes: Placed[] = [
      ["c", "call", { script: "Hi", timeout: "P5D" }],
      ["t", "task", { title: "Pack" }],
      ["w", "wait", { for: "P3D" }],
    ];
    const rules = [
      { task: "done" },
      { task: "done", node: "c" },
      { task: "done", node: "c", outcome: "answered" },
      { task: "done", node: "c", outcome: "no-answer" },
      { task: "done", node: "t" },
      { task: "done", node: "c", since: "P2D" },
    ];
    const asked = rules.map((rule, i): Placed => [`k${i}`, "condition", { rule }]);
    const told = run({
      flow: flow([start, ...nodes, ...asked], {
        edges: [
          "start > c",
          "c:answered > t > w > k0",
          ...asked.slice(1).flatMap(([id], i) => [`k${i}:yes > ${id}`, `k${i}:no > ${id}`]),
        ],
      }),
      contacts: [ANN],
      events: [{ at: "2026-01-06T00:00:00Z", task: { node: "c", outcome: "answered" } }],
    });
    expect(
      told.lines.filter((l) => l.kind === "step" && /^k/.test(String(l.node))).map((l) => l.output),
    ).toEqual(["yes", "yes", "yes", "no", "no", "no"]);
  });
});

describe("the data of the trigger's event and of a node's answer", () => {
  test("are read by their dotted paths", () => {
    const h: Placed = ["h", "webhook", { url: "https://x.example", saveAs: "check" }];
    const asked: Rule[] = [
      { data: "order.total", op: ">", value: 100 },
      { data: "order.city", op: "=", value: "جده" },
      { data: "order.none", op: "missing" },
      { data: "status", of: "check", op: "=", value: "graded" },
      { data: "status", of: "check", op: "=", value: "{{event.expected}}" },
      { data: "status", op: "exists" },
    ];
    const nodes = asked.map((rule, i): Placed => [`k${i}`, "condition", { rule }]);
    const told = run({
      flow: flow([["start", "trigger.event", { event: "order.placed" }], h, ...nodes], {
        edges: [
          "start > h",
          "h:ok > k0",
          ...nodes.slice(1).flatMap(([id], i) => [`k${i}:yes > ${id}`, `k${i}:no > ${id}`]),
        ],
      }),
      events: [
        { at: "2026-01-06T00:00:00Z", webhook: { node: "h", body: { status: "Graded" } } },
        {
          at: "2026-01-06T00:00:00Z",
          event: "order.placed",
          data: { order: { total: 150, city: "جدة" }, expected: "graded" },
        },
      ],
    });
    expect(
      told.lines.filter((l) => l.kind === "step" && /^k/.test(String(l.node))).map((l) => l.output),
    ).toEqual(["yes", "yes", "yes", "yes", "yes", "no"]);
  });
});

describe("a tag, a segment", () => {
  test("is there until it expires; is looked at now", () => {
    const tag: Placed = ["t", "tag", { add: [{ tag: "vip", expires: "P2D" }] }];
    const left = (wait: string) =>
      hold(
        [{ tag: "vip" }, { segment: "vips" }, { not: { segment: "vips" } }],
        [tag, ["w", "wait", { for: wait }]],
        {
          workspace: { segments: { vips: { any: [{ segment: "inner" }] }, inner: { tag: "vip" } } },
        },
      );
    expect(left("P1D")).toEqual([true, true, false]);
    expect(left("P2D")).toEqual([false, false, true]);
  });
});

describe("there and not there", () => {
  test.each([
    [undefined, false],
    [null, false],
    ["", false],
    [0, true],
    [false, true],
    [" ", true],
    [[], true],
  ])("%j is there: %s", (value, there) => {
    expect(compare(value, "exists", undefined)).toBe(there);
    expect(compare(value, "missing", undefined)).toBe(!there);
  });

  test.each([undefined, null, ""])("%j is less than nothing and equal to nothing", (value) => {
    for (const op of ["=", "<", "<=", ">", ">=", "contains", "in"] as const)
      expect(compare(value, op, op === "in" ? ["", null] : value)).toBe(false);
    expect(compare(value, "!=", value)).toBe(true);
  });
});

describe("a day without a time", () => {
  const when = (now: string) => ({ now: Date.parse(now), zone: "Asia/Riyadh" });
  const dayAfter = Date.parse("2026-01-20T21:00:00Z");

  test("is ahead until the day is over where the contact lives", () => {
    const ahead = (now: string) => compareOn("2026-01-20", "within-next", "P3D", when(now));
    expect(ahead("2026-01-16T20:59:59Z")).toEqual({
      holds: false,
      until: Date.parse("2026-01-16T21:00:00Z"),
    });
    expect(ahead("2026-01-16T21:00:00Z")).toEqual({ holds: true, until: dayAfter });
    expect(ahead("2026-01-20T20:59:59Z")).toEqual({ holds: true, until: dayAfter });
    expect(ahead("2026-01-20T21:00:00Z")).toEqual({ holds: false, until: null });
  });

  test("and a moment with a time only until it comes", () => {
    const at = Date.parse("2026-01-20T09:00:00Z");
    const ahead = (now: number) =>
      compareOn("2026-01-20T12:00", "within-next", "P3D", { now, zone: "Asia/Riyadh" });
    expect(ahead(at)).toEqual({ holds: true, until: at + 1 });
    expect(ahead(at + 1)).toEqual({ holds: false, until: null });
  });
});
