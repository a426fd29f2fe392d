import { describe, expect, test } from "vitest";
import { FIELD_NAMES } from "../../nodes/fields.ts";
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

const lead: Placed = ["start", "trigger.event", { event: "lead" }];
const AT = "2026-01-06T09:00:00Z";

describe("a way", () => {
  test("that leads no further ends the run as completed", () => {
    expect(rows(run({ flow: flow([start, email("hello")]) })).at(-1)).toBe(
      "01-05T00:00 hello completed",
    );
  });
  test("that ends at an output with no edge ends there, whatever other outputs lead to", () => {
    const asked: Placed = ["c", "condition", { rule: { tag: "vip" } }];
    const told = run({
      flow: flow([start, asked, email("vip")], { edges: ["start > c", "c:yes > vip"] }),
    });
    expect(rows(told, "completed", "message")).toEqual(["01-05T00:00 c completed"]);
  });
});

describe("a parameter", () => {
  const parameters = {
    brand: { title: "Brand", default: "Acme" },
    city: { title: "City", default: "Riyadh" },
  };
  const doc = flow([start, email("hello", { subject: "{{param.brand}} in {{param.city}}" })], {
    parameters,
  });
  test("has what was filled in, else its default", () => {
    expect(lineOf(run({ flow: doc, params: { brand: "Noor" } }), "message").subject).toBe(
      "Noor in Riyadh",
    );
  });
});

describe("`since`, where it isn't said,", () => {
  const before = { at: "2026-01-01T00:00:00Z", event: "paid" };
  test("is ever in a condition: what happened before the run counts", () => {
    const asked: Placed = ["c", "condition", { rule: { event: "paid" } }];
    const told = run({ flow: flow([start, asked], { edges: ["start > c"] }), events: [before] });
    expect(lineOf(told, "step", "c").output).toBe("yes");
  });
  test("is the enrollment in an exit rule and in a goal: what happened before the run doesn't count", () => {
    const settings = {
      exitWhen: { event: "paid" },
      goal: { when: { event: "paid" }, within: "P30D" },
    };
    const told = run({
      flow: flow([lead, wait("w", "P2D"), email("hello")], { settings }),
      events: [before, { at: AT, event: "lead" }],
    });
    expect(rows(told, "goal", "exited", "message")).toEqual([
      "01-08T09:00 hello message email sent",
    ]);
    const again = run({
      flow: flow([lead, wait("w", "P2D"), email("hello")], { settings }),
      events: [before, { at: AT, event: "lead" }, { at: "2026-01-07T09:00:00Z", event: "paid" }],
    });
    expect(rows(again, "goal", "exited", "message")).toEqual([
      "01-07T09:00 - goal",
      "01-07T09:00 w exited exit-when",
    ]);
  });
  test("is the node in a wait-for: what happened earlier in the run doesn't count", () => {
    const told = run({
      flow: flow(
        [
          lead,
          wait("w", "P2D"),
          ["until", "wait-for", { rule: { event: "paid" }, timeout: "P1D" }],
        ],
        {
          edges: ["start > w > until"],
        },
      ),
      events: [
        { at: AT, event: "lead" },
        { at: "2026-01-07T09:00:00Z", event: "paid" },
      ],
    });
    expect(lineOf(told, "step", "until").output).toBe("timeout");
  });
  test("is ever for messages and touches: those of long ago count", () => {
    const asked: Placed = [
      "c",
      "condition",
      { rule: { all: [{ message: "sent" }, { touches: 1, op: ">=" }] } },
    ];
    const told = run({
      flow: flow([start, email("hello"), wait("w", "P300D"), asked], {
        edges: ["start > hello > w > c"],
      }),
      until: "2027-01-01T00:00:00Z",
    });
    expect(lineOf(told, "step", "c").output).toBe("yes");
  });
});

describe("an anniversary in a segment", () => {
  test("is a day of the workspace's zone, whatever the contact's", () => {
    // In Auckland the birthday begins on the 9th at 11:00 UTC; in Riyadh, where the workspace is, at 21:00 UTC.
    const told = run({
      flow: flow([
        ["start", "trigger.segment", { segment: "birthday", on: "entered" }],
        email("hello"),
      ]),
      contacts: [{ email: ANN, timezone: "Pacific/Auckland", birthday: "1990-01-10" }],
      workspace: {
        timezone: "Asia/Riyadh",
        segments: { birthday: { field: "birthday", op: "anniversary" } },
      },
    });
    expect(lineOf(told, "entered").at).toBe("2026-01-09T21:00:00Z");
  });
});

describe("the fields that every contact has", () => {
  test("are these twenty", () => {
    expect(Object.keys(FIELD_NAMES).sort()).toEqual(
      [
        ...["email", "phone", "first_name", "last_name", "locale", "timezone", "country", "city"],
        ...["birthday", "type", "lifecycle", "preferred_channel", "preferred_times", "stage"],
        ...["score", "owner", "source", "created_at", "last_touch_at", "last_reply_at"],
      ].sort(),
    );
  });
});

describe("a frequency cap", () => {
  test("delays where nothing is said", () => {
    const told = run({
      flow: flow([start, email("one"), wait("w", "PT1H"), email("two")], {
        settings: { frequencyCap: [{ channel: "email", max: 1, per: "P1D" }] },
      }),
    });
    expect(rows(told, "message").at(-1)).toBe("01-06T00:00 two message email sent");
  });
  test("of one channel holds no message of another", () => {
    const told = run({
      flow: flow([start, email("one"), sms("two"), sms("three")], {
        settings: { frequencyCap: [{ channel: "email", max: 1, per: "P1D" }] },
      }),
      contacts: [annWithPhone],
    });
    expect(rows(told, "waiting")).toEqual([]);
  });
});

describe("an exit node", () => {
  test("ends the run there with its own words, in the contact's language", () => {
    const told = run({
      flow: flow([start, ["x", "exit", { reason: { en: "Enough", ar: "يكفي" } }]]),
      contacts: [{ email: ANN, locale: "ar" }],
    });
    expect(lineOf(told, "exited")).toMatchObject({ node: "x", reason: "node", text: "يكفي" });
  });
});

describe("a goal of the settings", () => {
  test("keeps the value at its path, and has no node", () => {
    const told = run({
      flow: flow([lead, wait("w", "P9D")], {
        settings: { goal: { when: { event: "order.placed" }, within: "P30D", value: "amount" } },
      }),
      events: [
        { at: AT, event: "lead" },
        { at: "2026-01-07T09:00:00Z", event: "order.placed", data: { amount: 120 } },
      ],
    });
    expect(lineOf(told, "goal")).toMatchObject({ node: null, value: 120 });
  });
});

describe("everything that a node changes", () => {
  test("has a line: tags, fields, score and stage, from what to what", () => {
    const told = run({
      flow: flow([
        start,
        ["t", "tag", { add: [{ tag: "vip" }] }],
        ["f", "field", { set: { city: "Riyadh" } }],
        ["s", "score", { add: 5 }],
        ["g", "stage", { to: "won" }],
      ]),
    });
    expect(rows(told, "changed")).toEqual([
      "01-05T00:00 t changed vip true",
      "01-05T00:00 f changed city null Riyadh",
      "01-05T00:00 s changed score null 5",
      "01-05T00:00 g changed stage null won",
    ]);
  });
});
