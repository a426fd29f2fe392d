import { describe, expect, test } from "vitest";
import { ANN, annWithPhone, email, flow, lineOf, type Placed, rows, run, start, wait } from "./journey.ts";

/** A trigger, and a wait that keeps the run open for an hour. */
const on = (type: string, data: Record<string, unknown> = {}, settings: Record<string, unknown> = {}) =>
  flow([["start", type, data], wait("w", "PT1H")], { settings: { reentry: { mode: "always" }, ...settings } as never });
const entries = (journey: Parameters<typeof run>[0]) => rows(run(journey), "entered", "ignored").map((r) => r.replace(/( #\d+)? start entered start$/, ""));

describe("trigger.created", () => {
  test("fires only for who comes to be during the run, if the rule holds", () => {
    const told = run({
      flow: on("trigger.created", { where: { field: "source", op: "=", value: "form" } }),
      contacts: [{ email: ANN, source: "form" }, { email: "later@x.example", source: "form", created_at: "2026-01-06T08:00:00Z" }],
      events: [
        { contact: "bob@x.example", at: "2026-01-07T08:00:00Z", created: { source: "Form" } },
        { contact: "eve@x.example", at: "2026-01-07T08:00:00Z", created: { source: "import" } },
        { contact: "old@x.example", at: "2026-01-01T08:00:00Z", created: { source: "form" } },
      ],
    });
    expect(rows(told, "entered")).toEqual(["01-06T08:00 start entered start", "01-07T08:00 start entered start"]);
    expect(told.lines.filter((l) => l.kind === "entered").map((l) => l.contact)).toEqual(["later@x.example", "bob@x.example"]);
    expect(lineOf(told, "entered")).toMatchObject({ rule: "/nodes/0/data/where", facts: { "field:source": "form" } });
  });
});

describe("trigger.manual", () => {
  test("enrolls every contact of the file when it begins to exist, and who is created then", () => {
    const told = run({
      flow: flow([start, wait("w", "PT1H")]),
      contacts: [ANN, { email: "later@x.example", created_at: "2026-01-06T08:00:00Z" }, { email: "old@x.example", created_at: "2020-01-01" }],
      events: [{ contact: "new@x.example", at: "2026-01-07T08:00:00Z", created: {} }],
    });
    expect(told.lines.filter((l) => l.kind === "entered").map((l) => `${l.at} ${l.contact}`)).toEqual([
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
    expect(rows(told, "entered", "ignored", "exited")).toEqual(["01-05T00:00 start entered start", "01-05T00:00 start exited exit-when"]);
  });
});

describe("trigger.event", () => {
  test("compares numbers as numbers, text folded, dates as dates, and takes parameters", () => {
    const doc = {
      ...on("trigger.event", { event: "order.placed", where: [{ data: "total.amount", op: ">", value: "{{param.least}}" }, { data: "city", op: "=", value: "جدة" }, { data: "due", op: "before", value: "2026-03-01" }] }),
      parameters: { least: { title: "Least", default: 100 } },
    };
    const order = (at: string, amount: unknown, city = "جده", due = "2026-02-01") => ({ at, event: "order.placed", data: { total: { amount }, city, due } });
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
    expect(entries({ flow: on("trigger.event", { event: "order.placed" }), events: [event, { ...event, at: "2026-01-07T01:00:00Z" }] })).toEqual(["01-06T01:00"]);
  });
});

describe("trigger.tag", () => {
  test("fires for what happens during the run, by hand or by a flow; a tag that is there already is no news", () => {
    const tagger = flow([["start", "trigger.event", { event: "go" }], ["t", "tag", { add: [{ tag: "lead", expires: "P1D" }] }]], { id: "tagger" });
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
    const tagger = flow([start, ["t", "tag", { add: [{ tag: "new", expires: "PT24H" }] }]], { id: "f" });
    const told = run({
      flow: tagger,
      others: [{ ...on("trigger.tag", { tag: "new", on: "removed" }), id: "gone" }, { ...on("trigger.tag", { tag: "new", on: "added" }), id: "again" }],
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
    expect(told.lines.filter((l) => l.kind === "entered").map((l) => `${l.at} ${l.flow} ${l.contact}`)).toEqual([
      "2026-01-06T08:00:00Z f ann@x.example",
      "2026-01-11T08:00:00Z left old@x.example",
      "2026-01-15T08:00:00Z left ann@x.example",
    ]);
  });
});

describe("trigger.field", () => {
  test("fires when the field changes, if the rule holds after it; the same value is no change", () => {
    const told = run({
      flow: on("trigger.field", { field: "lifecycle", where: { field: "lifecycle", op: "=", value: "client" } }),
      events: [
        { at: "2026-01-06T01:00:00Z", set: { lifecycle: "lead" } },
        { at: "2026-01-06T02:00:00Z", set: { lifecycle: "client", city: "Riyadh" } },
        { at: "2026-01-06T03:00:00Z", set: { lifecycle: "client" } },
        { at: "2026-01-06T04:00:00Z", set: { city: "Jeddah" } },
      ],
    });
    expect(rows(told, "entered")).toEqual(["01-06T02:00 start entered start"]);
  });
});

describe("trigger.schedule", () => {
  const audience = { tag: "client" };
  const contacts = [{ email: ANN, tags: ["client"], timezone: "America/New_York" }, "other@x.example"];

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ["in the workspace's zone in a `contact` flow", {}, {}, ["01-05T06:00", "01-12T06:00"]],
    ["in the flow's zone", {}, { timezone: "Europe/Paris" }, ["01-05T08:00", "01-12T08:00"]],
    ["in its own zone", { timezone: "Asia/Dubai" }, { timezone: "Europe/Paris" }, ["01-05T05:00", "01-12T05:00"]],
    ["at each contact's own hour", { timezone: "contact" }, {}, ["01-05T14:00", "01-12T14:00"]],
  ])("fires for its audience %s", (_, data, settings, moments) => {
    expect(
      entries({
        flow: on("trigger.schedule", { cron: "0 9 * * 1", audience, ...data }, settings),
        contacts,
        workspace: { timezone: "Asia/Riyadh" },
        until: "2026-01-19T00:00:00Z",
      }),
    ).toEqual(moments);
  });

  test("fires once at one moment; the audience is looked at then, events of that instant included", () => {
    const told = run({
      flow: on("trigger.schedule", { at: "2026-01-07T09:00:00Z", audience }),
      events: [{ at: "2026-01-07T09:00:00Z", addTag: "client" }],
    });
    expect(rows(told, "entered")).toEqual(["01-07T09:00 start entered start"]);
    expect(lineOf(told, "entered")).toMatchObject({ rule: "/nodes/0/data/audience", facts: { "tag:client": true } });
  });

  test("a moment at the first instant fires, one at the end of the span doesn't", () => {
    expect(
      entries({ flow: on("trigger.schedule", { cron: "0 0 * * *", audience: { all: [] } }), until: "2026-01-07T00:00:00Z" }),
    ).toEqual(["01-05T00:00", "01-06T00:00"]);
  });
});

describe("trigger.date", () => {
  const span = { from: "2026-01-01T00:00:00Z", until: "2028-12-31T00:00:00Z" };

  test.each<[string, Record<string, unknown>, string, string[]]>([
    ["every year at its own 00:00", {}, "1990-02-03", ["02-03T00:00", "2027-02-03T00:00", "2028-02-03T00:00"]],
    ["every year, before it, at an hour", { offset: "-P3D", at: "09:00" }, "1990-02-03", ["01-31T09:00", "2027-01-31T09:00", "2028-01-31T09:00"]],
    ["29 February on the 28th in other years", {}, "1992-02-29", ["02-28T00:00", "2027-02-28T00:00", "2028-02-29T00:00"]],
    ["once", { every: "once" }, "2027-05-06T10:00:00Z", ["2027-05-06T10:00"]],
    ["once, before the span", { every: "once" }, "2025-05-06", []],
    ["by the Hijri calendar", { calendar: "islamic-umalqura" }, "2024-03-11", ["02-18T00:00", "2027-02-08T00:00", "2028-01-28T00:00"]],
  ])("fires %s", (_, data, anniversary, moments) => {
    expect(entries({ flow: on("trigger.date", { field: "anniversary", ...data }), contacts: [{ email: ANN, anniversary }], ...span })).toEqual(moments);
  });

  test("every month, the 31st on a month's last day", () => {
    expect(
      entries({ flow: on("trigger.date", { field: "due", every: "month" }), contacts: [{ email: ANN, due: "2025-12-31" }], until: "2026-05-01T00:00:00Z" }),
    ).toEqual(["01-31T00:00", "02-28T00:00", "03-31T00:00", "04-30T00:00"]);
  });

  test("a moment before the field was set doesn't fire; a new date does", () => {
    expect(
      entries({
        flow: on("trigger.date", { field: "renewal", every: "once", offset: "-P7D" }),
        events: [
          { at: "2026-01-06T00:00:00Z", set: { renewal: "2026-01-10" } },
          { at: "2026-01-08T00:00:00Z", set: { renewal: "2026-01-20" } },
          { at: "2026-01-15T00:00:00Z", set: { renewal: "2026-01-22" } },
        ],
      }),
    ).toEqual(["01-13T00:00", "01-15T00:00"]);
  });

  test("counts in the contact's zone", () => {
    expect(
      entries({ flow: on("trigger.date", { field: "birthday", at: "09:00" }), contacts: [{ email: ANN, birthday: "1990-02-03", timezone: "Asia/Riyadh" }] }),
    ).toEqual(["02-03T06:00"]);
  });
});

describe("trigger.message", () => {
  const says = (data: Record<string, unknown>, texts: string[], channel = "whatsapp") => {
    const told = run({
      flow: on("trigger.message", { channel: "whatsapp", ...data }),
      contacts: [annWithPhone],
      events: texts.map((text, i) => ({ at: `2026-01-06T0${i}:00:00Z`, inbound: { channel, text } })),
      workspace: { timezone: "Asia/Riyadh" },
    });
    return told.lines.filter((l) => l.kind === "entered").map((l) => texts[Number(l.at.slice(12, 13))]);
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
    expect(says({ match: "any", within: { from: "05:00", to: "06:00" } }, ["a", "b", "c", "d", "e"])).toEqual(["c"]);
    expect(says({ match: "any", outside: { from: "05:00", to: "06:00" } }, ["a", "b", "c", "d", "e"])).toEqual(["a", "b", "d", "e"]);
  });

  test("the message is the event that templates and rules see; the answer goes at that instant", () => {
    const told = run({
      flow: flow([["start", "trigger.message", { channel: "email", match: "any" }], email("m", { body: "You wrote: {{event.text}}" })]),
      events: [{ at: "2026-01-06T08:00:00Z", inbound: { channel: "email", text: "hello" } }],
    });
    expect(lineOf(told, "message")).toMatchObject({ at: "2026-01-06T08:00:00Z", text: "You wrote: hello" });
  });
});

describe("trigger.idle", () => {
  test("fires once for each silence, counted from the last touch, never from before the span", () => {
    const told = run({
      flow: flow([["start", "trigger.idle", { for: "P7D" }], ["n", "notify", { to: "o@x.example", subject: "s", body: "b" }]]),
      contacts: [{ email: ANN, created_at: "2025-01-01" }],
      events: [
        { at: "2026-01-04T00:00:00Z", inbound: { channel: "email", text: "long ago" } },
        { at: "2026-01-20T08:00:00Z", inbound: { channel: "email", text: "hello" } },
        { at: "2026-01-22T08:00:00Z", inbound: { channel: "email", text: "hello?" } },
      ],
    });
    expect(rows(told, "entered")).toEqual(["01-12T00:00 start entered start", "01-29T08:00 #2 start entered start"]);
  });

  test("its own message ends the silence; a call and a letter do too", () => {
    const idle = (node: Placed) =>
      rows(run({ flow: flow([["start", "trigger.idle", { for: "P10D" }], node]), until: "2026-02-05T00:00:00Z" }), "entered");
    for (const node of [email("m"), ["l", "letter", { body: "Dear" }] as Placed]) {
      expect(idle(node)).toEqual(["01-15T00:00 start entered start", "01-25T00:00 #2 start entered start", "02-04T00:00 #3 start entered start"]);
    }
  });
});
