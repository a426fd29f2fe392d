import { describe, expect, test } from "vitest";
import { checkFlow } from "../../engine/core/check.ts";
import { NODE_TYPES } from "../../nodes/index.ts";
import { at, example, flowOf, flowWith, found, row, withSettings } from "./check-flow.ts";

const sms = (text: unknown) => flowWith("sms", { text });

test("the example of the format has no problem", () => {
  expect(checkFlow(example)).toEqual([]);
});

test.each(NODE_TYPES.map((type) => [type.type, type] as const))(
  "the example data of %s has no error",
  (name, type) => {
    const node = at("n", name, type.example);
    const parameters = { brand: { default: "Acme" } };
    const doc = flowOf(
      [at("start", "trigger.manual"), node],
      type.starts ? [] : row("start", "n"),
      {
        parameters,
      },
    );
    const errors = checkFlow(doc).filter((p) => p.severity === "error");
    expect(errors.map((p) => p.message.en)).toEqual([]);
  },
);

const DATA: [string, unknown, string][] = [
  ["a node type that doesn't exist", flowWith("emial", {}), "error unknown-type n /nodes/1/type"],
  ["a key that must be given", flowWith("goal", {}), "error missing-key n /nodes/1/data/name"],
  [
    "a key that doesn't exist",
    flowWith("exit", { raeson: "x" }),
    "error unknown-key n /nodes/1/data/raeson",
  ],
  [
    "a value of the wrong kind",
    flowWith("score", { add: "five" }),
    "error wrong-type n /nodes/1/data/add",
  ],
  [
    "a choice that doesn't exist",
    flowOf([at("t", "trigger.tag", { tag: "x", on: "add" })]),
    "error not-a-choice t /nodes/0/data/on",
  ],
  ["a text left empty", flowWith("goal", { name: "" }), "error empty n /nodes/1/data/name"],
  [
    "a text that is too long",
    flowWith("goal", { name: "x".repeat(201) }),
    "error too-long n /nodes/1/data/name",
  ],
  [
    "a number that is too small",
    flowWith("split", {
      variants: [
        { id: "a", weight: 0 },
        { id: "b", weight: 1 },
      ],
    }),
    "error too-small n /nodes/1/data/variants/0/weight",
  ],
  [
    "a number that is too large",
    flowWith("wait", { day: { n: 1e9 } }),
    "error too-large n /nodes/1/data/day/n",
  ],
  ["an empty list", flowWith("switch", { cases: [] }), "error empty n /nodes/1/data/cases"],
  [
    "a repeated day",
    flowWith("wait", { until: { time: "09:00", days: ["mon", "mon"] } }),
    "error repeated n /nodes/1/data/until/days",
  ],
  [
    "a language that is none",
    sms({ english: "Hi" }),
    "error language n /nodes/1/data/text/english",
  ],
  [
    "a duration in words",
    flowWith("wait", { for: "3 days" }),
    "error duration n /nodes/1/data/for",
  ],
  [
    "a duration that goes back",
    flowWith("wait", { for: "-P3D" }),
    "error duration-sign n /nodes/1/data/for",
  ],
  [
    "a time of day",
    flowWith("wait", { until: { time: "9am" } }),
    "error time n /nodes/1/data/until/time",
  ],
  ["a date", flowWith("wait", { date: "tomorrow" }), "error date n /nodes/1/data/date"],
  [
    "a date too short to be one",
    flowWith("wait", { date: "soon" }),
    "error date n /nodes/1/data/date",
  ],
  [
    "a window that opens and closes at one time",
    flowWith("wait", { window: { from: "09:00", to: "09:00" } }),
    "error empty-window n /nodes/1/data/window/to",
  ],
  [
    "a cron pattern",
    flowOf([at("t", "trigger.schedule", { cron: "61 * * * *", audience: { all: [] } })]),
    "error cron t /nodes/0/data/cron",
  ],
  [
    "a time zone",
    flowOf([
      at("t", "trigger.schedule", {
        cron: "0 9 * * *",
        timezone: "Asia/Ryadh",
        audience: { all: [] },
      }),
    ]),
    "error zone t /nodes/0/data/timezone",
  ],
  ["what only the node type can judge", flowWith("wait", {}), "error node-data n /nodes/1/data"],
  [
    "a template that isn't closed",
    sms("Hi {{contact.first_name"),
    "error template n /nodes/1/data/text",
  ],
  [
    "a helper that doesn't exist",
    sms({ ar: "{{shout contact.city}}" }),
    "error template n /nodes/1/data/text/ar",
  ],
  ["an unknown parameter", sms("{{param.brand}}"), "error unknown-parameter n /nodes/1/data/text"],
  [
    "an unknown parameter inside a block",
    sms("{{#if contact.city}}{{upper param.brand}}{{/if}}"),
    "error unknown-parameter n /nodes/1/data/text",
  ],
  [
    "an answer that no node keeps",
    sms("{{steps.ask.score}}"),
    "warning unknown-step n /nodes/1/data/text",
  ],
  [
    "an answer that no node keeps, in a wait",
    flowWith("wait", { field: { name: "steps.ask.date" } }),
    "warning unknown-step n /nodes/1/data/field/name",
  ],
  ["a secret in a message", sms("{{secret.KEY}}"), "error template n /nodes/1/data/text"],
  [
    "a secret in a webhook's address",
    flowWith("webhook", { url: "https://x.example/{{secret.KEY}}" }),
    "error template n /nodes/1/data/url",
  ],
  [
    "a name that objects have for a webhook's answer",
    flowWith("webhook", { url: "https://x.example/", saveAs: "toString" }),
    "error reserved-name n /nodes/1/data/saveAs",
  ],
  [
    "a broken rule",
    flowWith("condition", { rule: { tags: "x" } }),
    "error unknown-rule n /nodes/1/data/rule",
  ],
  [
    "a broken rule in a list",
    flowWith("switch", {
      cases: [
        { id: "a", rule: { tag: "x" } },
        { id: "b", rule: 5 },
      ],
    }),
    "error not-a-rule n /nodes/1/data/cases/1/rule",
  ],
  [
    "a comparison on an event's data",
    flowOf([at("t", "trigger.event", { event: "x", where: [{ data: "a", op: "in", value: 5 }] })]),
    "error rule-value t /nodes/0/data/where/0/value",
  ],
];

const SETTINGS: [string, unknown, string][] = [
  ["a time zone", withSettings({ timezone: "Mars" }), "error zone null /settings/timezone"],
  ["a mistyped key", withSettings({ senWindow: {} }), "error unknown-key null /settings/senWindow"],
  [
    "re-entry by a key that isn't named",
    withSettings({ reentry: { mode: "per-key" } }),
    "error missing-reentry-key null /settings/reentry/key",
  ],
  [
    "a cooldown in words",
    withSettings({ reentry: { mode: "always", cooldown: "2h" } }),
    "error duration null /settings/reentry/cooldown",
  ],
  [
    "lateness that waits for a window that there isn't",
    withSettings({ late: { after: "PT6H", do: "window" } }),
    "error missing-send-window null /settings/late/do",
  ],
  [
    "a send window that opens and closes at one time",
    withSettings({ sendWindow: { from: "09:00", to: "09:00" } }),
    "error empty-window null /settings/sendWindow/to",
  ],
  [
    "a cap of no messages",
    withSettings({ frequencyCap: [{ channel: "email", max: 0, per: "P7D" }] }),
    "error too-small null /settings/frequencyCap/0/max",
  ],
  [
    "a cap's span in words",
    withSettings({ frequencyCap: [{ channel: "email", max: 1, per: "weekly" }] }),
    "error duration null /settings/frequencyCap/0/per",
  ],
  [
    "a resume that is neither duration nor manual",
    withSettings({ onReply: { do: "pause", resume: "later" } }),
    "error duration null /settings/onReply/resume",
  ],
  [
    "a rule to exit by",
    withSettings({ exitWhen: { message: "sent", node: "helo" } }),
    "error rule-node null /settings/exitWhen/node",
  ],
  [
    "a goal's span in words",
    withSettings({ goal: { when: { tag: "x" }, within: "a month" } }),
    "error duration null /settings/goal/within",
  ],
];

describe.each([
  ["nodes", DATA],
  ["settings", SETTINGS],
])("in %s it finds, in both languages,", (_, table) => {
  test.each(table)("%s", (_name, doc, expected) => {
    const problems = checkFlow(doc);
    expect(found(doc)).toEqual([expected]);
    for (const { message } of problems) {
      expect(message.en).toMatch(/^.+: .+[.?]$/);
      expect(message.ar).toMatch(/[\u0600-\u06ff].*: .*[\u0600-\u06ff].*[.؟]$/);
    }
  });
});

test("a secret may be named in a webhook's headers and body", () => {
  const data = {
    url: "https://x.example/",
    headers: { Authorization: "Bearer {{secret.KEY}}" },
    body: { key: ["{{secret.KEY}}"] },
  };
  expect(found(flowWith("webhook", data))).toEqual([]);
});

test("an answer may be read by its node's id and by the name under which it is kept", () => {
  const call = at("call", "webhook", { url: "https://x.example/", saveAs: "rate" });
  const text = at("n", "sms", { text: "{{steps.rate.eur}} {{steps.ask.score}}" });
  const ask = at("ask", "survey", { kind: "nps", channel: "sms" });
  const doc = flowOf(
    [at("start", "trigger.manual"), call, ask, text],
    [
      ...row("start", "call:ok", "ask"),
      { id: "last", source: "ask", sourceHandle: "promoter", target: "n" },
    ],
  );
  expect(found(doc)).toEqual([]);
});

test("names of segments and flows are checked once the workspace's are known", () => {
  const doc = flowOf(
    [at("t", "trigger.segment", { segment: "byers" }), at("n", "start-flow", { flow: "wellcome" })],
    row("t", "n"),
  );
  expect(found(doc)).toEqual([]);
  expect(found(doc, { segments: ["buyers"], flows: ["welcome"] })).toEqual([
    "error unknown-segment t /nodes/0/data/segment",
    "warning unknown-flow n /nodes/1/data/flow",
  ]);
  expect(found(flowWith("start-flow", { flow: "test" }), { flows: [] })).toEqual([]);
});

test("a flow with ten different mistakes gives ten problems", () => {
  const doc = {
    format: 1,
    id: "ten",
    name: "Ten",
    settings: { timezone: "Mars", reentry: { mode: "per-key" }, goal: { when: { tags: "x" } } },
    nodes: [
      at("start", "trigger.manual"),
      at("w", "wait", { for: "3 days" }),
      at("m", "sms", { text: "{{contact.city" }),
      at("c", "condition", { rule: { field: "city", op: "exists", value: 1 } }),
      at("g", "goal", {}),
      at("x", "emial", {}),
    ],
    edges: [
      ...row("start", "w", "m", "c:no", "g", "x"),
      { id: "two", source: "c", sourceHandle: "maybe", target: "m" },
      { id: "gone", source: "c", sourceHandle: "yes", target: "nobody" },
    ],
  };
  expect(found(doc)).toEqual([
    "error zone null /settings/timezone",
    "error unknown-rule null /settings/goal/when",
    "error missing-reentry-key null /settings/reentry/key",
    "error duration w /nodes/1/data/for",
    "error template m /nodes/2/data/text",
    "error rule-value c /nodes/3/data/rule/value",
    "error missing-key g /nodes/4/data/name",
    "error unknown-type x /nodes/5/type",
    "error unknown-output c /edges/5/sourceHandle",
    "error missing-target null /edges/6/target",
  ]);
});
