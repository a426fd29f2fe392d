import { describe, expect, test } from "vitest";
import {
  ANN,
  email,
  flow,
  lineOf,
  type Placed,
  rows,
  run,
  short,
  start,
  wait,
} from "../core/journey.ts";

const go: Placed = ["start", "trigger.event", { event: "go" }];

describe("the span", () => {
  test("is half-open: what happens at `from` happens, at `until` no more", () => {
    const told = run({
      flow: flow([go, ["w", "wait", { for: "P1D" }], email("m")], {
        settings: { reentry: { mode: "always" } },
      }),
      events: [
        { at: "2026-01-05T00:00:00Z", event: "go" },
        { at: "2026-01-06T00:00:00Z", event: "go" },
        { at: "2026-01-07T00:00:00Z", event: "go" },
      ],
      until: "2026-01-07T00:00:00Z",
    });
    expect(rows(told, "entered", "message")).toEqual([
      "01-05T00:00 start entered start",
      "01-06T00:00 m message email sent",
      "01-06T00:00 #2 start entered start",
    ]);
  });

  test("events before it are history: they set facts and fire nothing", () => {
    const told = run({
      flow: flow([
        start,
        [
          "k",
          "switch",
          {
            cases: [
              {
                id: "all",
                rule: {
                  all: [
                    { event: "go", count: 2 },
                    { tag: "lead" },
                    { field: "city", op: "=", value: "Riyadh" },
                    { not: { consent: "sms" } },
                    { field: "last_reply_at", op: "exists" },
                  ],
                },
              },
            ],
          },
        ],
      ]),
      others: [
        flow([go, wait("w", "P1D")], { id: "other" }),
        flow([["start", "trigger.tag", { tag: "lead", on: "added" }], wait("w", "P1D")], {
          id: "tags",
        }),
      ],
      events: [
        { at: "2026-01-01T00:00:00Z", event: "go" },
        { at: "2026-01-02T00:00:00Z", event: "go" },
        { at: "2026-01-02T00:00:00Z", addTag: "lead" },
        { at: "2026-01-02T00:00:00Z", set: { city: "Riyadh" } },
        { at: "2026-01-02T00:00:00Z", consent: { channel: "sms", granted: false } },
        { at: "2026-01-02T00:00:00Z", inbound: { channel: "email", text: "hello" } },
      ],
    });
    expect(rows(told)).toEqual([
      "01-05T00:00 start entered start",
      "01-05T00:00 start step next",
      "01-05T00:00 k step all",
      "01-05T00:00 k completed",
    ]);
  });
});

describe("events", () => {
  test("of one instant keep the file's order, wherever they stand in the file", () => {
    const last = (events: Record<string, unknown>[]) =>
      rows(
        run({
          flow: flow(
            [
              ["start", "trigger.field", { field: "city" }],
              email("m", { body: "{{contact.city}}" }),
            ],
            { settings: { reentry: { mode: "always" } } },
          ),
          events,
        }),
        "entered",
      ).length;
    expect(
      last([
        { at: "2026-01-07T00:00:00Z", set: { city: "B" } },
        { at: "2026-01-06T00:00:00Z", set: { city: "A" } },
        { at: "2026-01-07T00:00:00Z", set: { city: "B" } },
        { at: "2026-01-07T00:00:00Z", set: { city: "C" } },
      ]),
    ).toBe(3);
  });

  test("each is looked at with its facts before the next: an exit, then an entry", () => {
    const doc = flow([go, wait("w", "P9D")], {
      settings: { exitWhen: { tag: "client" }, reentry: { mode: "after-exit" } },
    });
    const at = "2026-01-06T00:00:00Z";
    const first = run({
      flow: doc,
      events: [
        { at, event: "go" },
        { at, addTag: "client" },
        { at, removeTag: "client" },
        { at, event: "go" },
      ],
    });
    expect(rows(first, "entered", "ignored", "exited")).toEqual([
      "01-06T00:00 start entered start",
      "01-06T00:00 start exited exit-when",
      "01-06T00:00 #2 start entered start",
    ]);
    const second = run({
      flow: doc,
      events: [
        { at, addTag: "client" },
        { at, event: "go" },
        { at, removeTag: "client" },
      ],
    });
    expect(rows(second, "entered", "ignored", "exited")).toEqual([
      "01-06T00:00 start ignored exit-rule",
    ]);
  });

  test("for somebody unknown, or not yet there, are warnings", () => {
    const told = run({
      flow: flow([go, wait("w", "P1D")]),
      contacts: [ANN, { email: "later@x.example", created_at: "2026-01-08T00:00:00Z" }],
      events: [
        { contact: "nobody@x.example", at: "2026-01-06T00:00:00Z", event: "go" },
        { contact: "later@x.example", at: "2026-01-06T00:00:00Z", event: "go" },
      ],
    });
    expect(told.lines).toEqual([]);
    expect(told.outcome.warnings).toEqual([
      "event 1: nobody has the address nobody@x.example",
      "event 2: later@x.example doesn't exist yet at 2026-01-06T00:00:00Z",
    ]);
  });

  test("find a contact by e-mail in any case, by phone, and by an address it got meanwhile", () => {
    const told = run({
      flow: flow([go, wait("w", "PT1H")], { settings: { reentry: { mode: "always" } } }),
      contacts: [{ email: ANN, phone: "+966501234567" }],
      events: [
        { contact: "Ann@X.example", at: "2026-01-06T00:00:00Z", event: "go" },
        { contact: "+966 50 123 4567", at: "2026-01-07T00:00:00Z", event: "go" },
        { at: "2026-01-08T00:00:00Z", set: { email: "ann@new.example" } },
        { contact: "ann@new.example", at: "2026-01-09T00:00:00Z", event: "go" },
      ],
      differs: "a store names a contact by today's address, in earlier lines too",
    });
    expect(
      told.lines.filter((l) => l.kind === "entered").map((l) => `${short(l.at)} ${l.contact}`),
    ).toEqual([
      "01-06T00:00 ann@x.example",
      "01-07T00:00 ann@x.example",
      "01-09T00:00 ann@new.example",
    ]);
  });

  test("one who has only a phone is named by it", () => {
    const told = run({
      flow: flow([start, wait("w", "P1D")]),
      contacts: [{ phone: "00966501234567" }],
    });
    expect(lineOf(told, "entered").contact).toBe("+966501234567");
  });

  test("a message's receipt writes one line; delivery is never assumed", () => {
    const told = run({
      flow: flow([start, email("m"), wait("w", "P9D")]),
      events: ["delivered", "opened", "clicked", "replied"].map((event, i) => ({
        at: `2026-01-06T0${i}:00:00Z`,
        message: {
          node: "m",
          event,
          ...(event === "clicked" ? { link: "https://a.example" } : {}),
        },
      })),
    });
    expect(rows(told, "message")).toEqual([
      "01-05T00:00 m message email sent",
      "01-06T00:00 m message email delivered",
      "01-06T01:00 m message email opened",
      "01-06T02:00 m message email clicked",
      "01-06T03:00 m message email replied",
    ]);
    expect(told.lines.find((l) => l.state === "clicked")?.link).toBe("https://a.example");
  });
});

describe("the journal", () => {
  const busy = () =>
    run({
      flow: flow(
        [
          start,
          email("a"),
          wait("w", "P1D"),
          [
            "s",
            "split",
            {
              variants: [
                { id: "x", weight: 1 },
                { id: "y", weight: 1 },
              ],
            },
          ],
          email("b"),
        ],
        {
          edges: ["start > a > w > s", "s:x > b"],
          settings: {
            sendWindow: { from: "09:00", to: "17:00" },
            frequencyCap: [{ channel: "email", max: 1, per: "P2D" }],
          },
        },
      ),
      contacts: ["c@x.example", "a@x.example", "b@x.example"].map((email, i) => ({
        email,
        timezone: ["Asia/Riyadh", "Europe/Paris", "America/Lima"][i],
      })),
      differs: "a store has forgotten whose the lines of an erased contact are, so they come first",
      events: [{ contact: "b@x.example", at: "2026-01-06T10:00:00Z", erase: true }],
    });

  test("is in time order, then by contact, flow, enrollment and sequence; the same input gives the same bytes", () => {
    const told = busy();
    expect(busy().text).toBe(told.text);
    const moments = told.lines.map((l) => l.at);
    expect(moments).toEqual([...moments].sort());
    const atStart = told.lines.filter((l) => l.at === "2026-01-05T00:00:00Z").map((l) => l.contact);
    expect(atStart).toEqual([
      "a@x.example",
      "a@x.example",
      "a@x.example",
      null,
      null,
      null,
      "c@x.example",
      "c@x.example",
      "c@x.example",
    ]);
  });

  test("the order of the contacts in the file changes nobody's lines", () => {
    const doc = flow([start, email("m", { body: "{{contact.first_name}}" }), wait("w", "P1D")]);
    const contacts = ["b", "c", "a"].map((name) => ({
      email: `${name}@x.example`,
      first_name: name,
    }));
    expect(run({ flow: doc, contacts: contacts.toReversed() }).text).toBe(
      run({ flow: doc, contacts }).text,
    );
  });
});

test("the counts tell who was where, for the flow and for those it reached", () => {
  const told = run({
    flow: flow([start, email("m"), ["s", "start-flow", { flow: "other" }], wait("w", "P90D")]),
    others: [flow([start, wait("w", "P1D")], { id: "other" })],
    contacts: [ANN, { phone: "+966501234567" }],
  });
  expect(told.outcome).toEqual({
    contacts: 2,
    enrollments: { active: 2, completed: 2 },
    ignored: {},
    nodes: {
      start: { type: "trigger.manual", entered: 2, left: { next: 2 }, here: 0 },
      m: { type: "email", entered: 2, left: { next: 2 }, here: 0 },
      s: { type: "start-flow", entered: 2, left: { next: 2 }, here: 0 },
      w: { type: "wait", entered: 2, left: {}, here: 2 },
      "other/start": { type: "trigger.manual", entered: 2, left: { next: 2 }, here: 0 },
      "other/w": { type: "wait", entered: 2, left: { next: 2 }, here: 0 },
    },
    messages: { m: { sent: 1, "skipped (no-address)": 1 } },
    goals: 0,
    lines: told.lines.length,
    warnings: [],
  });
});
