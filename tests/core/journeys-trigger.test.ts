import { describe, expect, test } from "vitest";
import { ANN, annWithPhone, email, flow, lineOf, rows, run, start, wait } from "./journey.ts";

/** A trigger, and a wait that keeps the run open for an hour. */
const on = (
  type: string,
  data: Record<string, unknown> = {},
  settings: Record<string, unknown> = {},
) =>
  flow([["start", type, data], wait("w", "PT1H")], {
    settings: { reentry: { mode: "always" }, ...settings } as never,
  });
const entries = (journey: Parameters<typeof run>[0]) =>
  rows(run(journey), "entered", "ignored").map((r) =>
    r.replace(/( #\d+)? start entered start$/, ""),
  );

describe("trigger.created", () => {
  test("fires only for who comes to be during the run, if the rule holds", () => {
    const told = run({
      flow: on("trigger.created", { where: { field: "source", op: "=", value: "form" } }),
      contacts: [
        { email: ANN, source: "form" },
        { email: "later@x.example", source: "form", created_at: "2026-01-06T08:00:00Z" },
      ],
      events: [
        { contact: "bob@x.example", at: "2026-01-07T08:00:00Z", created: { source: "Form" } },
        { contact: "eve@x.example", at: "2026-01-07T08:00:00Z", created: { source: "import" } },
        { contact: "old@x.example", at: "2026-01-01T08:00:00Z", created: { source: "form" } },
      ],
    });
    expect(rows(told, "entered")).toEqual([
      "01-06T08:00 start entered start",
      "01-07T08:00 start entered start",
    ]);
    expect(told.lines.filter((l) => l.kind === "entered").map((l) => l.contact)).toEqual([
      "later@x.example",
      "bob@x.example",
    ]);
    expect(lineOf(told, "entered")).toMatchObject({
      rule: "/nodes/0/data/where",
      facts: { "field:source": "form" },
    });
  });
});

describe("trigger.manual", () => {
  test("enrolls every contact of the file when it begins to exist, and who is created then", () => {
    const told = run({
      flow: flow([start, wait("w", "PT1H")]),
      contacts: [
        ANN,
        { email: "later@x.example", created_at: "2026-01-06T08:00:00Z" },
        { email: "old@x.example", created_at: "2020-01-01" },
      ],
      events: [{ contact: "new@x.example", at: "2026-01-07T08:00:00Z", created: {} }],
    });
    expect(
      told.lines.filter((l) => l.kind === "entered").map((l) => `${l.at} ${l.contact}`),
    ).toEqual([
      "2026-01-05T00:00:00Z ann@x.example",
      "2026-01-05T00:00:00Z old@x.example",
      "2026-01-06T08:00:00Z later@x.example",
      "2026-01-07T08:00:00Z new@x.example",
    ]);
  });

  test("comes before the events of that instant", () => {
    const told = run({
      flow: flow([start, wait("w", "PT1H")], { settings: { exitWhen: { tag: "client" } } }),
      events: [{ at: "2026-01-05T00:00:00Z", addTag: "client" }],
    });
    expect(rows(told, "entered", "ignored", "exited")).toEqual([
      "01-05T00:00 start entered start",
      "01-05T00:00 start exited exit-when",
    ]);
  });
});

describe("trigger.event", () => {
  test("compares numbers as numbers, text folded, dates as dates, and takes parameters", () => {
    const doc = {
      ...on("trigger.event", {
        event: "order.placed",
        where: [
          { data: "total.amount", op: ">", value: "{{param.least}}" },
          { data: "city", op: "=", value: "جدة" },
          { data: "due", op: "before", value: "2026-03-01" },
        ],
      }),
      parameters: { least: { title: "Least", default: 100 } },
    };
    const order = (at: string, amount: unknown, city = "جده", due = "2026-02-01") => ({
      at,
      event: "order.placed",
      data: { total: { amount }, city, due },
    });
    expect(
      entries({
        flow: doc,
        events: [
          order("2026-01-06T01:00:00Z", 100),
          order("2026-01-06T02:00:00Z", 101),
          order("2026-01-06T03:00:00Z", "101"),
          order("2026-01-06T04:00:00Z", 101, "مكة"),
          order("2026-01-06T05:00:00Z", 101, "جُدّة", "2026-03-01"),
        ],
      }),
    ).toEqual(["01-06T02:00"]);
  });

  test("the same id twice counts once", () => {
    const event = { at: "2026-01-06T01:00:00Z", event: "order.placed", id: "o-1" };
    expect(
      entries({
        flow: on("trigger.event", { event: "order.placed" }),
        events: [event, { ...event, at: "2026-01-07T01:00:00Z" }],
      }),
    ).toEqual(["01-06T01:00"]);
  });
});

describe("trigger.tag", () => {
  test("fires for what happens during the run, by hand or by a flow; a tag that is there already is no news", () => {
    const tagger = flow(
      [
        ["start", "trigger.event", { event: "go" }],
        ["t", "tag", { add: [{ tag: "lead", expires: "P1D" }] }],
      ],
      { id: "tagger" },
    );
    const told = run({
      flow: on("trigger.tag", { tag: "lead", on: "added" }),
      others: [tagger, { ...on("trigger.tag", { tag: "lead", on: "removed" }), id: "gone" }],
      contacts: [ANN, { email: "had@x.example", tags: ["lead"] }],
      events: [
        { at: "2026-01-06T08:00:00Z", event: "go" },
        { at: "2026-01-06T09:00:00Z", addTag: "lead" },
        { contact: "had@x.example", at: "2026-01-06T10:00:00Z", removeTag: "lead" },
        { contact: "had@x.example", at: "2026-01-06T11:00:00Z", removeTag: "lead" },
      ],
    });
    expect(rows(told, "entered").filter((r) => !r.includes("tagger"))).toEqual([
      "01-06T08:00 start entered start",
      "01-06T10:00 gone: start entered start",
    ]);
  });

  test("an expiry is a removal, before the events of its instant", () => {
    const tagger = flow([start, ["t", "tag", { add: [{ tag: "new", expires: "PT24H" }] }]], {
      id: "f",
    });
    const told = run({
      flow: tagger,
      others: [
        { ...on("trigger.tag", { tag: "new", on: "removed" }), id: "gone" },
        { ...on("trigger.tag", { tag: "new", on: "added" }), id: "again" },
      ],
      events: [{ at: "2026-01-06T00:00:00Z", addTag: "new" }],
    });
    expect(rows(told, "entered")).toEqual([
      "01-05T00:00 again: start entered start",
      "01-05T00:00 start entered start",
      "01-06T00:00 again: #2 start entered start",
      "01-06T00:00 gone: start entered start",
    ]);
  });
});

describe("trigger.segment", () => {
  const workspace = { segments: { recent: { event: "order.placed", since: "P7D" } } };

  test("who is in it at the start is the baseline; entering and leaving fire, by time alone too", () => {
    const told = run({
      flow: on("trigger.segment", { segment: "recent", on: "entered" }),
      others: [{ ...on("trigger.segment", { segment: "recent", on: "left" }), id: "left" }],
      contacts: [ANN, "old@x.example"],
      events: [
        { contact: "old@x.example", at: "2026-01-04T08:00:00Z", event: "order.placed" },
        { at: "2026-01-06T08:00:00Z", event: "order.placed" },
        { at: "2026-01-08T08:00:00Z", event: "order.placed" },
      ],
      workspace,
    });
    expect(
      told.lines.filter((l) => l.kind === "entered").map((l) => `${l.at} ${l.flow} ${l.contact}`),
    ).toEqual([
      "2026-01-06T08:00:00Z f ann@x.example",
      "2026-01-11T08:00:00Z left old@x.example",
      "2026-01-15T08:00:00Z left ann@x.example",
    ]);
  });
});

describe("trigger.field", () => {
  test("fires when the field changes, if the rule holds after it; the same value is no change", () => {
    const told = run({
      flow: on("trigger.field", {
        field: "lifecycle",
        where: { field: "lifecycle", op: "=", value: "client" },
      }),
      events: [
        { at: "2026-01-06T01:00:00Z", set: { lifecycle: "lead" } },
        { at: "2026-01-06T02:00:00Z", set: { lifecycle: "client", city: "Riyadh" } },
        { at: "2026-01-06T03:00:00Z", set: { lifecycle: "client" } },
        { at: "2026-01-06T04:00:00Z", set: { city: "Jeddah" } },
      ],
    });
    expect(rows(told, "entered")).toEqual(["01-06T02:00 start entered start"]);
  });

  test("fires for the fields that the engine keeps: the last reply, the score, the stage", () => {
    const entered = (field: string, event: Record<string, unknown>) =>
      rows(
        run({
          flow: on("trigger.field", { field }),
          events: [{ at: "2026-01-06T02:00:00Z", ...event }],
        }),
        "entered",
      );
    const said = { inbound: { channel: "email", text: "Hello" } };
    expect(entered("last_reply_at", said)).toEqual(["01-06T02:00 start entered start"]);
    expect(entered("city", said)).toEqual([]);
    expect(entered("score", { set: { score: 5 } })).toEqual(["01-06T02:00 start entered start"]);
    expect(entered("stage", { set: { stage: "won" } })).toEqual([
      "01-06T02:00 start entered start",
    ]);
    expect(entered("last_touch_at", { set: { stage: "won" } })).toEqual([]);
  });
});

describe("trigger.message", () => {
  const says = (data: Record<string, unknown>, texts: string[], channel = "whatsapp") => {
    const told = run({
      flow: on("trigger.message", { channel: "whatsapp", ...data }),
      contacts: [annWithPhone],
      events: texts.map((text, i) => ({
        at: `2026-01-06T0${i}:00:00Z`,
        inbound: { channel, text },
      })),
      workspace: { timezone: "Asia/Riyadh" },
    });
    return told.lines
      .filter((l) => l.kind === "entered")
      .map((l) => texts[Number(l.at.slice(12, 13))]);
  };
  const texts = ["OFFER", "the offer?", "offers", "my العرض!", "عُرض"];

  test.each<[string, Record<string, unknown>, string[]]>([
    ["word", {}, ["OFFER", "the offer?", "عُرض"]],
    ["exact", { match: "exact" }, ["OFFER", "عُرض"]],
    ["contains", { match: "contains" }, texts],
    ["any", { match: "any" }, texts],
  ])("match: %s", (_, data, expected) => {
    expect(says({ keywords: ["offer", "عرض"], ...data }, texts)).toEqual(expected);
  });

  test("on its channel only; within and outside are the workspace's hours", () => {
    expect(says({ match: "any" }, ["a"], "sms")).toEqual([]);
    // 00:00 to 04:00 in UTC is 03:00 to 07:00 in Riyadh.
    expect(
      says({ match: "any", within: { from: "05:00", to: "06:00" } }, ["a", "b", "c", "d", "e"]),
    ).toEqual(["c"]);
    expect(
      says({ match: "any", outside: { from: "05:00", to: "06:00" } }, ["a", "b", "c", "d", "e"]),
    ).toEqual(["a", "b", "d", "e"]);
  });

  test("the message is the event that templates and rules see; the answer goes at that instant", () => {
    const told = run({
      flow: flow([
        ["start", "trigger.message", { channel: "email", match: "any" }],
        email("m", { body: "You wrote: {{event.text}}" }),
      ]),
      events: [{ at: "2026-01-06T08:00:00Z", inbound: { channel: "email", text: "hello" } }],
    });
    expect(lineOf(told, "message")).toMatchObject({
      at: "2026-01-06T08:00:00Z",
      text: "You wrote: hello",
    });
  });
});
