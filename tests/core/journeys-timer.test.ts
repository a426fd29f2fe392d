import { describe, expect, test } from "vitest";
import { ANN, email, flow, lineOf, type Placed, rows, run, wait } from "./journey.ts";

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

describe("trigger.schedule", () => {
  const audience = { tag: "client" };
  const contacts = [
    { email: ANN, tags: ["client"], timezone: "America/New_York" },
    "other@x.example",
  ];

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ["in the workspace's zone in a `contact` flow", {}, {}, ["01-05T06:00", "01-12T06:00"]],
    ["in the flow's zone", {}, { timezone: "Europe/Paris" }, ["01-05T08:00", "01-12T08:00"]],
    [
      "in its own zone",
      { timezone: "Asia/Dubai" },
      { timezone: "Europe/Paris" },
      ["01-05T05:00", "01-12T05:00"],
    ],
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
    expect(lineOf(told, "entered")).toMatchObject({
      rule: "/nodes/0/data/audience",
      facts: { "tag:client": true },
    });
  });

  test("a moment at the first instant fires, one at the end of the span doesn't", () => {
    expect(
      entries({
        flow: on("trigger.schedule", { cron: "0 0 * * *", audience: { all: [] } }),
        until: "2026-01-07T00:00:00Z",
      }),
    ).toEqual(["01-05T00:00", "01-06T00:00"]);
  });
});

describe("trigger.date", () => {
  const span = { from: "2026-01-01T00:00:00Z", until: "2028-12-31T00:00:00Z" };

  test.each<[string, Record<string, unknown>, string, string[]]>([
    [
      "every year at its own 00:00",
      {},
      "1990-02-03",
      ["02-03T00:00", "2027-02-03T00:00", "2028-02-03T00:00"],
    ],
    [
      "every year, before it, at an hour",
      { offset: "-P3D", at: "09:00" },
      "1990-02-03",
      ["01-31T09:00", "2027-01-31T09:00", "2028-01-31T09:00"],
    ],
    [
      "29 February on the 28th in other years",
      {},
      "1992-02-29",
      ["02-28T00:00", "2027-02-28T00:00", "2028-02-29T00:00"],
    ],
    ["once", { every: "once" }, "2027-05-06T10:00:00Z", ["2027-05-06T10:00"]],
    ["once, before the span", { every: "once" }, "2025-05-06", []],
    [
      "by the Hijri calendar",
      { calendar: "islamic-umalqura" },
      "2024-03-11",
      ["02-18T00:00", "2027-02-08T00:00", "2028-01-28T00:00"],
    ],
  ])("fires %s", (_, data, anniversary, moments) => {
    expect(
      entries({
        flow: on("trigger.date", { field: "anniversary", ...data }),
        contacts: [{ email: ANN, anniversary }],
        ...span,
      }),
    ).toEqual(moments);
  });

  test("every month, the 31st on a month's last day", () => {
    expect(
      entries({
        flow: on("trigger.date", { field: "due", every: "month" }),
        contacts: [{ email: ANN, due: "2025-12-31" }],
        until: "2026-05-01T00:00:00Z",
      }),
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
      entries({
        flow: on("trigger.date", { field: "birthday", at: "09:00" }),
        contacts: [{ email: ANN, birthday: "1990-02-03", timezone: "Asia/Riyadh" }],
      }),
    ).toEqual(["02-03T06:00"]);
  });
});

describe("trigger.idle", () => {
  test("fires once for each silence, counted from the last touch, never from before the span", () => {
    const told = run({
      flow: flow([
        ["start", "trigger.idle", { for: "P7D" }],
        ["n", "notify", { to: "o@x.example", subject: "s", body: "b" }],
      ]),
      contacts: [{ email: ANN, created_at: "2025-01-01" }],
      events: [
        { at: "2026-01-04T00:00:00Z", inbound: { channel: "email", text: "long ago" } },
        { at: "2026-01-20T08:00:00Z", inbound: { channel: "email", text: "hello" } },
        { at: "2026-01-22T08:00:00Z", inbound: { channel: "email", text: "hello?" } },
      ],
      differs: "alive, a silence may have begun before the flow was there",
    });
    expect(rows(told, "entered")).toEqual([
      "01-12T00:00 start entered start",
      "01-29T08:00 #2 start entered start",
    ]);
  });

  test("its own message ends the silence; a call and a letter do too", () => {
    const idle = (node: Placed) =>
      rows(
        run({
          flow: flow([["start", "trigger.idle", { for: "P10D" }], node]),
          until: "2026-02-05T00:00:00Z",
        }),
        "entered",
      );
    for (const node of [email("m"), ["l", "letter", { body: "Dear" }] as Placed]) {
      expect(idle(node)).toEqual([
        "01-15T00:00 start entered start",
        "01-25T00:00 #2 start entered start",
        "02-04T00:00 #3 start entered start",
      ]);
    }
  });
});

test("of several segments that time moves, each is looked at when its own moment comes", () => {
  const listening = (segment: string) =>
    flow([["start", "trigger.segment", { segment, on: "left" }], wait("w", "PT1H")], {
      id: segment,
      settings: { reentry: { mode: "always" } },
    });
  const seen = (value: string) => ({ field: "seen", op: "within-last" as const, value });
  const told = run({
    flow: listening("month"),
    others: [listening("day"), listening("week")],
    workspace: {
      segments: { month: seen("P1M"), day: seen("P1D"), week: seen("P7D"), always: { all: [] } },
    },
    contacts: [{ email: ANN, seen: "2026-01-04T12:00:00Z" }],
  });
  expect(rows(told, "entered")).toEqual([
    "01-05T12:00 day: start entered start",
    "01-11T12:00 week: start entered start",
    "02-04T12:00 month: start entered start",
  ]);
});
