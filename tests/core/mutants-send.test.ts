import { describe, expect, test } from "vitest";
import { mayMessage } from "../../engine/core/consent.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { takeTurn } from "../../engine/core/interpreter.ts";
import type { Consent, ContactState, Input } from "../../engine/core/state.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";
import { alone } from "./alone.ts";
import { flow, run } from "./journey.ts";

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 0, 5, 9);

describe("a cap of several messages", () => {
  test("lets the next go when the oldest that counts falls out, not the newest", () => {
    const doc = flow(
      [
        ["start", "trigger.event", { event: "order.placed" }],
        ["mail", "email", { subject: "x", body: "x" }],
      ],
      {
        settings: {
          reentry: { mode: "always" },
          frequencyCap: [{ channel: "email", max: 2, per: "P7D" }],
        },
      },
    );
    const events = ["01-05T09", "01-07T09", "01-08T09"].map((at) => ({
      at: `2026-${at}:00:00Z`,
      event: "order.placed",
    }));
    const sent = run({ flow: doc, events }).lines.filter((l) => l.kind === "message");
    expect(sent.map((l) => l.at)).toEqual([
      "2026-01-05T09:00:00Z",
      "2026-01-07T09:00:00Z",
      "2026-01-12T09:00:00Z",
    ]);
  });
});

describe("consent of one instant", () => {
  const contact = (...consents: [topic: string, granted: boolean][]): ContactState["contact"] => ({
    id: "c",
    seed: "c",
    created: T0,
    fields: { email: "ann@x.example" },
    fieldsSet: {},
    tags: {},
    consents: consents.map(
      ([topic, granted]): Consent => ({ channel: "email", topic, granted, at: T0, source: "form" }),
    ),
    stopped: [],
    suppressed: {},
    erased: false,
  });
  const may = (who: ContactState["contact"]): boolean =>
    mayMessage(who, "email", "offers", plainWorkspace());

  test("is what was recorded last, for the channel and for a topic", () => {
    expect(may(contact(["", true], ["", false]))).toBe(false);
    expect(may(contact(["", false], ["", true]))).toBe(true);
    expect(may(contact(["offers", true], ["offers", false]))).toBe(false);
    expect(may(contact(["offers", false], ["offers", true]))).toBe(true);
  });

  test("a yes to a topic at the instant of the channel's no is no newer yes", () => {
    expect(may(contact(["", false], ["offers", true]))).toBe(false);
  });
});

describe("an opt-in word", () => {
  test("wakes who waits for consent there", () => {
    const doc = flow(
      [
        ["start", "trigger.manual"],
        ["ask", "wait-for", { rule: { consent: "sms" } }],
        ["text", "sms", { text: "x" }],
      ],
      { edges: ["start > ask", "ask:matched > text"] },
    );
    const contacts = [{ email: "ann@x.example", phone: "+966500000001" }];
    const events = [
      { at: "2026-01-04T00:00:00Z", inbound: { channel: "sms", text: "STOP" } },
      { at: "2026-01-06T08:00:00Z", inbound: { channel: "sms", text: "hello" } },
      { at: "2026-01-07T08:00:00Z", inbound: { channel: "sms", text: "START" } },
    ];
    const { lines } = run({ flow: doc, contacts, events });
    expect(lines.filter((l) => l.kind === "message").map((l) => [l.at, l.state])).toEqual([
      ["2026-01-07T08:00:00Z", "sent"],
    ]);
  });
});

describe("an opt-out word", () => {
  test("wakes who waits until there is no consent", () => {
    const doc = flow(
      [
        ["start", "trigger.manual"],
        ["ask", "wait-for", { rule: { not: { consent: "sms" } } }],
        ["left", "tag", { add: [{ tag: "left" }] }],
      ],
      { edges: ["start > ask", "ask:matched > left"] },
    );
    const contacts = [{ email: "ann@x.example", phone: "+966500000001" }];
    const events = [
      { at: "2026-01-06T08:00:00Z", inbound: { channel: "sms", text: "stop it" } },
      { at: "2026-01-07T08:00:00Z", inbound: { channel: "sms", text: "Stop!" } },
    ];
    const { lines } = run({ flow: doc, contacts, events });
    expect(lines.filter((l) => l.kind === "changed").map((l) => l.at)).toEqual([
      "2026-01-07T08:00:00Z",
    ]);
  });
});

/** Turns of the live engine: messages are queued, and go when the dispatcher comes. */
function turns(settings: Parameters<typeof flow>[1], ...steps: [at: number, ...inputs: Input[]][]) {
  const doc = flow(
    [
      ["start", "trigger.manual"],
      ["rest", "wait", { for: "PT1H" }],
      ["mail", "email", { subject: "x", body: "x" }],
      ["more", "wait", { for: "P1D" }],
    ],
    settings,
  );
  return turnsOf(doc, ...steps);
}

const turnOf = (doc: FlowDoc) => turnsOf(doc, [T0, enroll]);

function turnsOf(doc: FlowDoc, ...steps: [at: number, ...inputs: Input[]][]) {
  const { world, state } = alone(doc, T0, { email: "ann@x.example", phone: "+966500000001" });
  const lines = steps.flatMap(([at, ...inputs]) => takeTurn(world, state, inputs, at).lines);
  return { lines, state };
}

const enroll: Input = { kind: "enroll", flow: "f", at: T0, id: "#1" };

describe("messages that wait to be sent", () => {
  test("are taken along by who leaves, with the reason, in the outbox and in the journal", () => {
    const leaves: Input = {
      kind: "event",
      name: "order.placed",
      data: {},
      at: T0 + 2 * HOUR,
      id: "o1",
    };
    const { state, lines } = turns(
      { settings: { exitWhen: { event: "order.placed" } } },
      [T0, enroll],
      [T0 + HOUR],
      [T0 + 2 * HOUR, leaves],
    );
    expect(state.messages.map((m) => [m.state, m.reason])).toEqual([["cancelled", "exit-when"]]);
    expect(
      lines.filter((l) => l.kind === "message").map((l) => [l.at, l.detail.state, l.detail.reason]),
    ).toEqual([[T0 + 2 * HOUR, "cancelled", "exit-when"]]);
  });

  test("of a run that went to its end stay", () => {
    const { state } = turns({}, [T0, enroll], [T0 + HOUR], [T0 + 26 * HOUR]);
    expect(state.runs.map((r) => r.state)).toEqual(["completed"]);
    expect(state.messages.map((m) => m.state)).toEqual(["queued"]);
  });

  test.each([
    ["send", "queued", null],
    ["skip", "skipped", "late"],
    ["window", undefined, undefined],
  ] as const)("that come late are treated as the flow says: %s", (what, expected, reason) => {
    const settings = {
      late: { after: "PT6H", do: what },
      sendWindow: { from: "07:00", to: "22:00" },
    };
    const { state } = turns({ settings }, [T0, enroll], [T0 + HOUR + 6 * HOUR + 1]);
    expect(state.messages[0]?.state).toBe(expected);
    expect(state.messages[0]?.reason).toBe(reason);
    expect(state.runs[0]?.waiting).toBe(what === "window" ? "window" : "wait");
    if (what === "window") expect(state.runs[0]?.until).toBe(Date.UTC(2026, 0, 6, 7));
  });

  test("exactly so much later are not late yet", () => {
    const { state } = turns(
      { settings: { late: { after: "PT6H", do: "skip" } } },
      [T0, enroll],
      [T0 + 7 * HOUR],
    );
    expect(state.messages.map((m) => m.state)).toEqual(["queued"]);
  });

  test("hold their one-click address where they are marketing by e-mail, and there alone", () => {
    const { state } = turns({}, [T0, enroll], [T0 + HOUR]);
    expect(state.messages.map((m) => m.content.unsubscribe)).toEqual(["https://x.example"]);
    const bare = (type: string, data: object): string | undefined => {
      const doc = flow([
        ["start", "trigger.manual"],
        ["m", type, { ...data }],
      ]);
      return turnOf(doc).state.messages[0]?.content.unsubscribe;
    };
    expect(bare("email", { subject: "x", body: "x", transactional: true })).toBeUndefined();
    expect(bare("sms", { text: "x" })).toBeUndefined();
  });
});
