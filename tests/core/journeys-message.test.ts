import { describe, expect, test } from "vitest";
import {
  ANN,
  annWithPhone,
  email,
  flow,
  lineOf,
  rows,
  rowsOf,
  run,
  sms,
  start,
  wait,
} from "./journey.ts";

const settings = (of: Record<string, unknown>) => ({ settings: of as never });
const hours = { from: "09:00", to: "21:00" };

describe("a message's line", () => {
  test("shows address, rendered subject and text, and what was missing", () => {
    const told = run({
      flow: flow(
        [
          start,
          email("m", {
            subject: "Hello {{contact.first_name}}",
            body: "From {{param.brand}}, {{contact.city}}{{event.x}}",
          }),
        ],
        { parameters: { brand: { title: "Brand", default: "Acme" } } },
      ),
      contacts: [{ email: "Ann@X.example", first_name: "Ann" }],
    });
    expect(lineOf(told, "message")).toEqual({
      at: "2026-01-05T00:00:00Z",
      contact: ANN,
      flow: "f",
      version: 1,
      enrollment: 1,
      kind: "message",
      node: "m",
      channel: "email",
      state: "sent",
      to: ANN,
      subject: "Hello Ann",
      text: "From Acme, ",
      missing: ["contact.city", "event.x"],
    });
    expect(rows(told)).toEqual([
      "01-05T00:00 start entered start",
      "01-05T00:00 start step next",
      "01-05T00:00 m message email sent",
      "01-05T00:00 m step next",
      "01-05T00:00 m completed",
    ]);
  });

  test("is in the contact's locale, else its language, else the workspace's, else the first given", () => {
    const body = { fr: "Bonjour", en: "Hello", ar: "مرحبًا" };
    const told = run({
      flow: flow([start, email("m", { subject: body, body })]),
      contacts: [
        { email: "a@x.example", locale: "ar-SA" },
        { email: "b@x.example", locale: "de" },
        { email: "c@x.example" },
      ],
      workspace: { locale: "en" },
    });
    expect(told.lines.filter((l) => l.kind === "message").map((l) => l.text)).toEqual([
      "مرحبًا",
      "Hello",
      "Hello",
    ]);
  });

  test("a template that throws fails that run alone, with node and reason", () => {
    const told = run({
      flow: flow([
        start,
        email("m", { body: "{{money contact.amount contact.currency}}" }),
        wait("w", "P1D"),
      ]),
      contacts: [
        { email: ANN, amount: 5, currency: "ZZZ1" },
        { email: "bob@x.example", amount: 5, currency: "SAR" },
      ],
    });
    expect(rowsOf(told, ANN, "message", "failed", "completed")).toEqual([
      "01-05T00:00 m failed template",
    ]);
    expect(lineOf(told, "failed").error).toContain("money");
    expect(rowsOf(told, "bob@x.example", "completed")).toEqual(["01-06T00:00 w completed"]);
  });
});

describe("why a message is skipped", () => {
  test.each<
    [string, Record<string, unknown>, Record<string, unknown>[], string, Record<string, unknown>]
  >([
    ["no consent", { email: ANN, consent: "sms" }, [], "no-consent", {}],
    [
      "no consent comes before no address",
      { phone: "+966501234567", consent: "sms" },
      [],
      "no-consent",
      {},
    ],
    ["no address", { phone: "+966501234567" }, [], "no-address", {}],
    [
      "no consent comes before a closed channel",
      annWithPhone,
      [
        { at: "2026-01-04T00:00:00Z", inbound: { channel: "email", text: "Stop." } },
        { at: "2026-01-04T01:00:00Z", consent: { channel: "email", granted: false } },
      ],
      "no-consent",
      {},
    ],
    [
      "a closed channel",
      annWithPhone,
      [{ at: "2026-01-04T00:00:00Z", inbound: { channel: "email", text: "إلغاء" } }],
      "suppressed",
      {},
    ],
    [
      "transactional passes consent, never an opt-out",
      annWithPhone,
      [{ at: "2026-01-04T00:00:00Z", inbound: { channel: "email", text: "unsubscribe" } }],
      "suppressed",
      { transactional: true },
    ],
    [
      "a topic that was refused",
      { email: ANN },
      [
        {
          at: "2026-01-04T00:00:00Z",
          consent: { channel: "email", topic: "offers", granted: false },
        },
      ],
      "no-consent",
      { topic: "offers" },
    ],
  ])("%s", (_, contact, events, reason, data) => {
    const told = run({
      flow: flow([start, email("m", data), wait("w", "P1D")]),
      contacts: [contact],
      events: events.map((e) => ({ contact: contact.email ?? contact.phone, ...e })),
    });
    expect(rows(told, "message", "step").slice(1)).toEqual([
      `01-05T00:00 m message email skipped ${reason}`,
      "01-05T00:00 m step next",
      "01-06T00:00 w step next",
    ]);
  });

  test("transactional passes a missing consent", () => {
    const told = run({
      flow: flow([start, email("a"), email("b", { transactional: true })]),
      workspace: { consent: "denied" },
    });
    expect(rows(told, "message")).toEqual([
      "01-05T00:00 a message email skipped no-consent",
      "01-05T00:00 b message email sent",
    ]);
  });

  test.each(["bounced", "complained"])(
    "after it %s, the address is suppressed, transactional too",
    (event) => {
      const told = run({
        flow: flow([
          start,
          email("a"),
          wait("w", "P1D"),
          email("b", { transactional: true }),
          sms("c"),
        ]),
        contacts: [annWithPhone],
        events: [{ at: "2026-01-05T10:00:00Z", message: { node: "a", event } }],
      });
      expect(rows(told, "message")).toEqual([
        "01-05T00:00 a message email sent",
        `01-05T10:00 a message email ${event}`,
        "01-06T00:00 b message email skipped suppressed",
        "01-06T00:00 c message sms sent",
      ]);
    },
  );

  test("what was skipped can't be opened: a warning, and no line", () => {
    const told = run({
      flow: flow([start, email("m"), wait("w", "P2D")]),
      workspace: { consent: "denied" },
      events: [{ at: "2026-01-05T10:00:00Z", message: { node: "m", event: "opened" } }],
    });
    expect(rows(told, "message")).toEqual(["01-05T00:00 m message email skipped no-consent"]);
    expect(told.outcome.warnings).toEqual([
      "ann@x.example: no message of node “m” was sent that could be opened",
    ]);
  });
});

describe("the send window", () => {
  test("holds at the message until it opens; exits are looked at again then", () => {
    const nightly = flow(
      [start, email("m")],
      settings({ sendWindow: hours, exitWhen: { tag: "client" } }),
    );
    expect(rows(run({ flow: nightly }))).toEqual([
      "01-05T00:00 start entered start",
      "01-05T00:00 start step next",
      "01-05T00:00 m waiting window 01-05T09:00",
      "01-05T09:00 m message email sent",
      "01-05T09:00 m step next",
      "01-05T09:00 m completed",
    ]);
    const left = run({ flow: nightly, events: [{ at: "2026-01-05T04:00:00Z", addTag: "client" }] });
    expect(rows(left, "message", "exited")).toEqual([
      "01-05T04:00 m message email cancelled exit-when",
      "01-05T04:00 m exited exit-when",
    ]);
  });

  test("a consent withdrawn while held skips the message then", () => {
    const told = run({
      flow: flow(
        [start, email("m"), ["t", "task", { title: "Pack" }]],
        settings({ sendWindow: hours }),
      ),
      events: [{ at: "2026-01-05T04:00:00Z", consent: { channel: "email", granted: false } }],
    });
    expect(rows(told, "message")).toEqual(["01-05T09:00 m message email skipped no-consent"]);
  });

  test("transactional passes it", () => {
    const told = run({
      flow: flow([start, email("m", { transactional: true })], settings({ sendWindow: hours })),
    });
    expect(rows(told, "waiting", "message")).toEqual(["01-05T00:00 m message email sent"]);
  });

  test.each([
    ["the contact's times narrow it", "16:00-20:00", "01-05T16:00"],
    ["where the two never meet, the contact's win", "22:00-23:00", "01-05T22:00"],
  ])("%s", (_, preferred_times, at) => {
    const told = run({
      flow: flow([start, email("m")], settings({ sendWindow: hours })),
      contacts: [{ email: ANN, preferred_times }],
    });
    expect(rows(told, "waiting", "message")).toEqual([
      `01-05T00:00 m waiting window ${at}`,
      `${at} m message email sent`,
    ]);
  });
});

describe("frequency caps", () => {
  const cap = (of: Record<string, unknown>) => ({
    frequencyCap: [{ channel: "email", max: 2, per: "P7D", ...of }],
  });
  const three = [
    start,
    email("a"),
    wait("w1", "P1D"),
    email("b"),
    wait("w2", "P1D"),
    email("c"),
  ] as const;

  test("over: delay goes exactly `per` after the oldest that counts", () => {
    const told = run({ flow: flow([...three], settings(cap({}))) });
    expect(rows(told, "waiting", "message").slice(-2)).toEqual([
      "01-07T00:00 c waiting cap 01-12T00:00",
      "01-12T00:00 c message email sent",
    ]);
  });

  test("over: skip records it and goes on", () => {
    const told = run({
      flow: flow([...three, wait("w3", "P1D")], settings(cap({ over: "skip" }))),
    });
    expect(rows(told, "message", "completed").slice(-2)).toEqual([
      "01-07T00:00 c message email skipped cap",
      "01-08T00:00 w3 completed",
    ]);
  });

  test("counts across all flows; transactional neither counts nor waits; skipped ones don't count", () => {
    const other = flow(
      [
        ["start", "trigger.event", { event: "go" }],
        email("x"),
        email("t", { transactional: true }),
      ],
      { id: "other" },
    );
    const told = run({
      flow: flow([start, wait("w", "P1D"), email("a"), email("b")], settings(cap({ max: 2 }))),
      others: [other],
      events: [{ at: "2026-01-05T08:00:00Z", event: "go" }],
    });
    expect(rows(told, "message")).toEqual([
      "01-05T08:00 other: x message email sent",
      "01-05T08:00 other: t message email sent",
      "01-06T00:00 a message email sent",
      "01-12T08:00 b message email sent",
    ]);
  });

  test("with a window, it goes at the first moment that satisfies both", () => {
    const told = run({
      flow: flow(
        [...three],
        settings({ ...cap({}), sendWindow: { ...hours, days: ["mon", "tue", "thu"] } }),
      ),
      from: "2026-01-05T10:00:00Z",
    });
    // Monday and Tuesday at 10:00; Wednesday is closed, and the cap holds until Monday 10:00.
    expect(rows(told, "waiting", "message").slice(-2)).toEqual([
      "01-07T10:00 c waiting window 01-12T10:00",
      "01-12T10:00 c message email sent",
    ]);
  });

  test("several caps of a channel hold together", () => {
    const told = run({
      flow: flow(
        [start, sms("a"), sms("b"), sms("c")],
        settings({
          frequencyCap: [
            { channel: "sms", max: 1, per: "PT1H" },
            { channel: "sms", max: 2, per: "P1D" },
          ],
        }),
      ),
      contacts: [annWithPhone],
    });
    expect(rows(told, "message")).toEqual([
      "01-05T00:00 a message sms sent",
      "01-05T01:00 b message sms sent",
      "01-06T00:00 c message sms sent",
    ]);
  });

  test("a held message is looked at again when another flow used up the place meanwhile", () => {
    const other = flow([["start", "trigger.event", { event: "go" }], email("x")], { id: "other" });
    const told = run({
      flow: flow([start, email("a"), email("b")], settings({ ...cap({ max: 1, per: "P1D" }) })),
      others: [other],
      events: [{ at: "2026-01-05T18:00:00Z", event: "go" }],
    });
    expect(rows(told, "waiting", "message").filter((r) => !r.includes("other:"))).toEqual([
      "01-05T00:00 a message email sent",
      "01-05T00:00 b waiting cap 01-06T00:00",
      "01-06T00:00 b waiting cap 01-06T18:00",
      "01-06T18:00 b message email sent",
    ]);
  });
});

test("in a simulation nothing is ever late", () => {
  const told = run({
    flow: flow(
      [start, wait("w", "P1D"), email("m"), email("n")],
      settings({
        late: { after: "PT0S", do: "skip" },
        sendWindow: { from: "09:00", to: "10:00" },
      }),
    ),
  });
  expect(rows(told, "message").map((r) => r.split(" ").slice(1).join(" "))).toEqual([
    "m message email sent",
    "n message email sent",
  ]);
});
