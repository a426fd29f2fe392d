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
  sms,
  start,
  wait,
} from "./journey.ts";

const says = (at: string, text: string, channel: string) => ({ at, inbound: { channel, text } });

describe("an opt-out word", () => {
  const weekly = flow([
    start,
    sms("a"),
    wait("w1", "P1D"),
    sms("b"),
    sms("t", { transactional: true }),
    wait("w2", "P1D"),
    sms("c"),
    email("e"),
  ]);

  test("closes that channel, transactional too, until START; other channels stay open", () => {
    const told = run({
      flow: weekly,
      contacts: [annWithPhone],
      events: [
        says("2026-01-05T08:00:00Z", "Stop", "sms"),
        says("2026-01-06T08:00:00Z", "start", "sms"),
      ],
    });
    expect(rows(told, "message").filter((r) => !r.includes("replied"))).toEqual([
      "01-05T00:00 a message sms sent",
      "01-06T00:00 b message sms skipped suppressed",
      "01-06T00:00 t message sms skipped suppressed",
      "01-07T00:00 c message sms sent",
      "01-07T00:00 e message email sent",
    ]);
  });

  test("is the whole message: “cancel my order” is none", () => {
    const told = run({
      flow: weekly,
      contacts: [annWithPhone],
      events: [says("2026-01-05T08:00:00Z", "cancel my order", "sms")],
    });
    expect(rows(told, "message").filter((r) => r.includes("skipped"))).toEqual([]);
  });

  test("starts no trigger", () => {
    const told = run({
      flow: flow([
        ["start", "trigger.message", { channel: "sms", match: "any" }],
        wait("w", "PT1H"),
      ]),
      contacts: [annWithPhone],
      events: [
        says("2026-01-05T08:00:00Z", "إلغاء الاشتراك", "sms"),
        says("2026-01-06T08:00:00Z", "ابدأ", "sms"),
      ],
    });
    expect(rows(told, "entered", "ignored")).toEqual(["01-06T08:00 start entered start"]);
  });
});

describe("a withdrawn consent", () => {
  const withdrawn = (channel: string, at = "2026-01-06T08:00:00Z") => ({
    at,
    consent: { channel, granted: false },
  });
  const cancels = (nodes: Placed[], events: Record<string, unknown>[]) =>
    rows(
      run({ flow: flow([start, ...nodes, wait("w", "P30D")]), contacts: [annWithPhone], events }),
      "exited",
    );

  test("ends the run when all that the flow does to reach out are marketing messages there", () => {
    expect(cancels([email("m")], [withdrawn("email")])).toEqual([
      "01-06T08:00 w exited no-consent",
    ]);
  });

  test("only once none of its channels may be used any more", () => {
    expect(cancels([email("m"), sms("s")], [withdrawn("email")])).toEqual([]);
    expect(
      cancels(
        [email("m"), sms("s")],
        [withdrawn("email"), withdrawn("sms", "2026-01-07T08:00:00Z")],
      ),
    ).toEqual(["01-07T08:00 w exited no-consent"]);
  });

  test.each<[string, Placed]>([
    ["a transactional message", email("t", { transactional: true })],
    ["a call", ["c", "task", { title: "Visit" }]],
    ["a letter", ["l", "letter", { body: "Dear {{contact.first_name}}" }]],
  ])("not when %s is in the flow too", (_, node) => {
    expect(cancels([email("m"), node], [withdrawn("email")])).toEqual([]);
  });

  test("cancels what was held", () => {
    const told = run({
      flow: flow([start, email("m")], { settings: { sendWindow: { from: "09:00", to: "10:00" } } }),
      events: [withdrawn("email", "2026-01-05T08:00:00Z")],
    });
    expect(rows(told, "message", "exited")).toEqual([
      "01-05T08:00 m message email cancelled no-consent",
      "01-05T08:00 m exited no-consent",
    ]);
  });
});

describe("erasing", () => {
  test("ends the runs and makes every line of the contact anonymous, those before it too", () => {
    const told = run({
      flow: flow(
        [
          [
            "start",
            "trigger.event",
            { event: "order.placed", where: [{ data: "amount", op: ">", value: 1 }] },
          ],
          email("m", { subject: "For {{contact.email}}", body: "Dear {{contact.email}}" }),
          ["g", "goal", { name: "order", value: "{{event.amount}}" }],
          ["f", "field", { set: { city: "Riyadh" } }],
          ["c", "call", { script: "Call {{contact.email}}" }],
        ],
        { settings: { reentry: { mode: "per-key", key: "order" } } },
      ),
      contacts: [ANN, "bob@x.example"],
      events: [
        { at: "2026-01-06T08:00:00Z", event: "order.placed", data: { order: "A-1", amount: 40 } },
        { at: "2026-01-07T08:00:00Z", erase: true },
        { at: "2026-01-08T08:00:00Z", event: "order.placed", data: { order: "A-2", amount: 40 } },
      ],
    });
    expect(told.lines.map((l) => l.contact)).toEqual(told.lines.map(() => null));
    expect(rows(told, "entered", "message", "goal", "task", "exited", "ignored")).toEqual([
      "01-06T08:00 start entered start",
      "01-06T08:00 m message email sent",
      "01-06T08:00 g goal 40",
      "01-06T08:00 c task open",
      "01-07T08:00 c task closed cancelled",
      "01-07T08:00 c exited erased",
    ]);
    expect(told.text).not.toMatch(/ann@|A-1|Riyadh|"(to|subject|text|key|facts|title|value":")/);
    expect(told.outcome.warnings).toEqual(["event 3: nobody has the address ann@x.example"]);
  });

  test("somebody may come back with the address of one who was erased, as somebody else", () => {
    const told = run({
      flow: flow([["start", "trigger.created"], wait("w", "P1D")]),
      events: [
        { at: "2026-01-07T08:00:00Z", erase: true },
        { at: "2026-01-08T08:00:00Z", created: {} },
      ],
    });
    expect(rows(told, "entered")).toEqual(["01-08T08:00 start entered start"]);
    expect(lineOf(told, "entered").contact).toBe(ANN);
  });
});
