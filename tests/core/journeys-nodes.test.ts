import { describe, expect, test } from "vitest";
import {
  ANN,
  annWithPhone,
  email,
  flow,
  lineOf,
  type Placed,
  rows,
  run,
  start,
  wait,
} from "./journey.ts";

const ends = (...outputs: string[]): Placed[] =>
  outputs.map((id) => [`x-${id}`, "exit", { reason: id }]);
/** One node whose outputs each lead to an exit of their name. */
const fork = (node: Placed, outputs: string[], more: Record<string, unknown> = {}) =>
  flow([start, node, ...ends(...outputs)], {
    edges: [`start > ${node[0]}`, ...outputs.map((id) => `${node[0]}:${id} > x-${id}`)],
    ...more,
  });

describe("survey", () => {
  const nps = ["promoter", "passive", "detractor", "timeout"];
  const ask = (kind: string, score: number) =>
    rows(
      run({
        flow: fork(
          ["s", "survey", { kind, channel: "email", timeout: "P7D" }],
          kind === "nps" ? nps : ["satisfied", "unsatisfied", "timeout"],
        ),
        events: [{ at: "2026-01-06T08:00:00Z", survey: { node: "s", score } }],
      }),
      "exited",
    );

  test.each([
    ["nps", 10, "promoter"],
    ["nps", 9, "promoter"],
    ["nps", 8, "passive"],
    ["nps", 7, "passive"],
    ["nps", 6, "detractor"],
    ["nps", 0, "detractor"],
    ["csat", 4, "satisfied"],
    ["csat", 3, "unsatisfied"],
  ])("%s: %i is a %s", (kind, score, output) => {
    expect(ask(kind, score)).toEqual([`01-06T08:00 x-${output} exited node ${output}`]);
  });

  test("writes the message, then waits for the reply; the answer is kept for rules", () => {
    const told = run({
      flow: flow(
        [
          start,
          ["s", "survey", { kind: "nps", channel: "email", timeout: "P7D" }],
          ["k", "condition", { rule: { data: "score", of: "s", op: ">=", value: 9 } }],
        ],
        {
          edges: ["start > s", "s:promoter > k"],
        },
      ),
      events: [{ at: "2026-01-06T08:00:00Z", survey: { node: "s", score: 10, comment: "Great" } }],
    });
    expect(rows(told).slice(2)).toEqual([
      "01-05T00:00 s message email sent",
      "01-05T00:00 s waiting reply 01-12T00:00",
      "01-06T08:00 s step promoter",
      "01-06T08:00 k step yes",
      "01-06T08:00 k completed",
    ]);
  });

  test("one that could not be sent, or isn't answered in time, leaves by timeout", () => {
    const node: Placed = ["s", "survey", { kind: "nps", channel: "sms", timeout: "P7D" }];
    expect(rows(run({ flow: fork(node, nps) }), "message", "waiting", "step").slice(1)).toEqual([
      "01-05T00:00 s message sms skipped no-address",
      "01-05T00:00 s step timeout",
    ]);
    expect(rows(run({ flow: fork(node, nps), contacts: [annWithPhone] }), "exited")).toEqual([
      "01-12T00:00 x-timeout exited node timeout",
    ]);
  });

  test("its timeout counts from the sending, not from a hold before it", () => {
    const told = run({
      flow: fork(["s", "survey", { kind: "nps", channel: "email", timeout: "P1D" }], nps, {
        settings: { sendWindow: { from: "09:00", to: "10:00" } },
      }),
    });
    expect(rows(told, "waiting", "message")).toEqual([
      "01-05T00:00 s waiting window 01-05T09:00",
      "01-05T09:00 s message email sent",
      "01-05T09:00 s waiting reply 01-06T09:00",
    ]);
  });
});

describe("webhook", () => {
  const hook: Placed = [
    "h",
    "webhook",
    { url: "https://x.example/{{contact.email}}", saveAs: "crm" },
  ];
  const outputs = ["ok", "failed"];

  test("with no scripted answer gets 200 and {}; scripted ones answer the next calls in turn; nothing is waited for", () => {
    const told = run({
      flow: flow(
        [
          start,
          hook,
          ["again", "webhook", { url: "https://x.example" }],
          ["third", "webhook", { url: "https://x.example" }],
          ...ends("ok"),
        ],
        {
          edges: ["start > h", "h:failed > again", "again:ok > third", "third:ok > x-ok"],
        },
      ),
      events: [{ at: "2026-01-05T00:00:00Z", webhook: { node: "h", status: 500 } }],
    });
    expect(rows(told, "step", "waiting", "exited").slice(1)).toEqual([
      "01-05T00:00 h step failed",
      "01-05T00:00 again step ok",
      "01-05T00:00 third step ok",
      "01-05T00:00 x-ok exited node ok",
    ]);
  });

  test("keeps the answer under saveAs, for rules and templates", () => {
    const told = run({
      flow: flow(
        [
          start,
          hook,
          [
            "k",
            "switch",
            { cases: [{ id: "gold", rule: { data: "level", of: "crm", op: "=", value: "gold" } }] },
          ],
          email("m", { body: "{{steps.crm.level}}" }),
        ],
        {
          edges: ["start > h", "h:ok > k", "k:gold > m"],
        },
      ),
      events: [
        {
          at: "2026-01-04T00:00:00Z",
          webhook: { node: "h", status: 201, body: { level: "Gold" } },
        },
      ],
    });
    expect(rows(told, "step").slice(1)).toEqual([
      "01-05T00:00 h step ok",
      "01-05T00:00 k step gold",
      "01-05T00:00 m step next",
    ]);
    expect(lineOf(told, "message").text).toBe("Gold");
    expect(lineOf(told, "step", "k")).toMatchObject({
      rule: "/nodes/2/data/cases/0/rule",
      facts: { "steps.crm.level": "Gold" },
    });
  });

  test("a template that throws fails the run", () => {
    const told = run({
      flow: fork(
        ["h", "webhook", { url: "https://x.example", body: { a: "{{money 1 contact.currency}}" } }],
        outputs,
      ),
      contacts: [{ email: ANN, currency: "?" }],
    });
    expect(rows(told, "failed")).toEqual(["01-05T00:00 h failed template"]);
  });
});

describe("notify, letter, tag, field, score, stage", () => {
  test("each writes its line, and a line `changed` for what it changed", () => {
    const told = run({
      flow: flow([
        ["start", "trigger.event", { event: "go" }],
        ["n", "notify", { to: "owner@x.example", subject: "Call {{contact.email}}", body: "Now" }],
        ["l", "letter", { body: "Dear {{contact.first_name}}" }],
        [
          "t",
          "tag",
          { add: [{ tag: "a" }, { tag: "b", expires: "P1D" }], remove: ["old", "none"] },
        ],
        [
          "f",
          "field",
          { set: { city: "Jeddah", last_order: "{{event.amount}}", same: "x" }, clear: ["source"] },
        ],
        ["s", "score", { add: 5 }],
        ["g", "stage", { pipeline: "sales", to: "quoted" }],
        [
          "k",
          "condition",
          {
            rule: {
              all: [
                { field: "last_order", op: "=", value: 12 },
                { field: "stage", op: "=", value: "quoted" },
                { field: "score", op: "=", value: 7 },
              ],
            },
          },
        ],
      ]),
      contacts: [{ email: ANN, tags: ["old"], source: "form", score: 2, same: "x" }],
      events: [{ at: "2026-01-06T08:00:00Z", event: "go", data: { amount: 12 } }],
    });
    expect(
      rows(told, "message", "changed", "step").filter((r) => !r.endsWith("step next")),
    ).toEqual([
      "01-06T08:00 n message notify sent",
      "01-06T08:00 l message letter sent",
      "01-06T08:00 t changed old false",
      "01-06T08:00 t changed a true",
      "01-06T08:00 t changed b true",
      "01-06T08:00 f changed city null Jeddah",
      "01-06T08:00 f changed last_order null 12",
      "01-06T08:00 f changed source form null",
      "01-06T08:00 s changed score 2 7",
      "01-06T08:00 g changed stage null quoted",
      "01-06T08:00 k step yes",
    ]);
    expect(lineOf(told, "message", "n")).toMatchObject({
      to: "owner@x.example",
      subject: "Call ann@x.example",
    });
    expect(lineOf(told, "message", "l")).toMatchObject({
      to: null,
      text: "Dear ",
      missing: ["contact.first_name"],
    });
    expect(told.lines.find((l) => l.tag === "b")?.expires).toBe("2026-01-07T08:00:00Z");
  });

  test("what stays as it was writes no `changed`; a new expiry does", () => {
    const told = run({
      flow: flow([
        start,
        ["t", "tag", { add: [{ tag: "a" }] }],
        ["u", "tag", { add: [{ tag: "a" }] }],
        ["v", "tag", { add: [{ tag: "a", expires: "P1D" }] }],
      ]),
    });
    expect(rows(told, "changed")).toEqual([
      "01-05T00:00 t changed a true",
      "01-05T00:00 v changed a true",
    ]);
  });
});

describe("emit and start-flow", () => {
  test("an event that a flow reports starts others at that instant, with its data and types", () => {
    const other = flow(
      [
        ["start", "trigger.event", { event: "quoted" }],
        ["k", "condition", { rule: { data: "amount", op: ">", value: 5 } }],
      ],
      { id: "other" },
    );
    const told = run({
      flow: flow([
        ["start", "trigger.event", { event: "go" }],
        ["e", "emit", { event: "quoted", data: { amount: "{{event.amount}}" } }],
      ]),
      others: [other],
      events: [{ at: "2026-01-06T08:00:00Z", event: "go", data: { amount: 7 } }],
    });
    expect(rows(told)).toEqual([
      "01-06T08:00 start entered start",
      "01-06T08:00 start step next",
      "01-06T08:00 e step next",
      "01-06T08:00 e completed",
      "01-06T08:00 other: start entered start",
      "01-06T08:00 other: start step next",
      "01-06T08:00 other: k step yes",
      "01-06T08:00 other: k completed",
    ]);
  });

  test("start-flow with wait goes on when the other ends, however it ends", () => {
    const other = flow([start, wait("w", "P2D")], {
      id: "other",
      settings: { exitWhen: { tag: "client" } },
    });
    const parent = flow([start, ["s", "start-flow", { flow: "other", wait: true }], email("m")]);
    const events = [{ at: "2026-01-06T08:00:00Z", addTag: "client" }];
    expect(rows(run({ flow: parent, others: [other] }), "waiting", "message")).toEqual([
      "01-05T00:00 s waiting flow null",
      "01-05T00:00 other: w waiting wait 01-07T00:00",
      "01-07T00:00 m message email sent",
    ]);
    expect(rows(run({ flow: parent, others: [other], events }), "message")).toEqual([
      "01-06T08:00 m message email sent",
    ]);
  });

  test("without wait it goes on at once; one that may not enter leaves an ignored line and holds nobody", () => {
    const other = flow([start, wait("w", "P2D")], { id: "other" });
    const both = flow([
      start,
      ["s", "start-flow", { flow: "other" }],
      ["t", "start-flow", { flow: "other", wait: true }],
      email("m"),
    ]);
    expect(
      rows(run({ flow: both, others: [other] }), "entered", "ignored", "waiting", "message").slice(
        1,
      ),
    ).toEqual([
      "01-05T00:00 m message email sent",
      "01-05T00:00 other: start ignored already-entered",
      "01-05T00:00 other: start entered start",
      "01-05T00:00 other: w waiting wait 01-07T00:00",
    ]);
  });
});
