import { describe, expect, test } from "vitest";
import { takeTurn } from "../../engine/core/interpreter.ts";
import type { Input } from "../../engine/core/state.ts";
import { alone } from "./alone.ts";
import { flow, type Placed, rows, run } from "./journey.ts";

const T0 = Date.UTC(2026, 0, 5, 9);
const HOUR = 3_600_000;
const enroll: Input = { kind: "enroll", flow: "f", at: T0, id: "#1" };

/** A live engine's turns on one contact; what is sent and called waits for the dispatcher. */
function live(...nodes: Placed[]) {
  const doc = flow([["start", "trigger.manual"], ...nodes]);
  const { world, state } = alone(doc, T0, { email: "ann@x.example", currency: "gold" });
  return { state, turn: (at: number, ...inputs: Input[]) => takeTurn(world, state, inputs, at) };
}

describe("a run that failed and is tried again by hand", () => {
  const mail: Placed = ["mail", "email", { subject: "x", body: "{{money 5 contact.currency}}" }];

  test("goes on from its node in the same visit once the data is mended", () => {
    const { state, turn } = live(["tag", "tag", { add: [{ tag: "seen" }] }], mail);
    turn(T0, enroll);
    expect(state.runs.map((r) => [r.state, r.reason, r.node, r.ended])).toEqual([
      ["failed", "template", "mail", T0],
    ]);
    turn(T0 + HOUR, { kind: "set", fields: { currency: "SAR" }, at: T0 + HOUR, id: "s" });
    expect(state.runs[0]?.state).toBe("failed");
    const { lines } = turn(T0 + HOUR, { kind: "retry", flow: "f", n: 1, at: T0 + HOUR, id: "r" });
    expect(lines.map((l) => l.kind)).toEqual(["resumed", "step", "completed"]);
    expect(state.messages.map((m) => m.key)).toEqual(["f.1.mail.1"]);
    expect(state.runs.map((r) => [r.state, r.reason, r.ended])).toEqual([
      ["completed", null, T0 + HOUR],
    ]);
  });

  test("is open while it waits again, and fails again while nothing was mended", () => {
    const { state, turn } = live(mail);
    turn(T0, enroll);
    const { lines } = turn(T0 + HOUR, { kind: "retry", flow: "f", n: 1, at: T0 + HOUR, id: "r" });
    expect(lines.map((l) => l.kind)).toEqual(["resumed", "failed"]);
    expect(state.runs[0]?.ended).toBe(T0 + HOUR);
  });

  test("asks a survey that it could not ask, and doesn't take it for one without an answer", () => {
    const question = "{{money 5 contact.currency}}";
    const { state, turn } = live([
      "ask",
      "survey",
      { kind: "nps", channel: "email", question, timeout: "P7D" },
    ]);
    turn(T0, enroll);
    turn(T0 + 1, { kind: "set", fields: { currency: "SAR" }, at: T0 + 1, id: "s" });
    turn(T0 + 2, { kind: "retry", flow: "f", n: 1, at: T0 + 2, id: "r" });
    expect(state.messages.map((m) => m.state)).toEqual(["queued"]);
    expect(state.runs.map((r) => [r.state, r.waiting, r.until])).toEqual([
      ["active", "reply", T0 + 2 + 7 * 24 * HOUR],
    ]);
  });

  test("has not ended while it goes on", () => {
    const { state, turn } = live(mail, ["rest", "wait", { for: "P1D" }]);
    turn(T0, enroll);
    turn(T0 + 1, { kind: "set", fields: { currency: "SAR" }, at: T0 + 1, id: "s" });
    turn(T0 + 2, { kind: "retry", flow: "f", n: 1, at: T0 + 2, id: "r" });
    expect(state.runs.map((r) => [r.state, r.ended, r.node])).toEqual([["active", null, "rest"]]);
  });
});

describe("a run that a person moves to another node", () => {
  const move = (node: string, at: number): Input => ({
    kind: "move",
    flow: "f",
    n: 1,
    node,
    at,
    id: `m${at}`,
  });
  const rest: Placed = ["rest", "wait", { for: "P3D" }];
  const nap: Placed = ["nap", "wait", { for: "P1D" }];
  const mail: Placed = ["mail", "email", { subject: "x", body: "{{money 5 contact.currency}}" }];

  test("begins there as one who has just arrived, and goes on from there", () => {
    const { state, turn } = live(rest, nap);
    turn(T0, enroll);
    const moved = turn(T0 + HOUR, move("nap", T0 + HOUR));
    expect(moved.lines.map((l) => [l.kind, l.node, l.detail])).toEqual([
      ["migrated", "nap", { from: 1, to: 1, was: "rest" }],
      ["waiting", "nap", { until: T0 + 25 * HOUR, for: "wait" }],
    ]);
    expect(state.runs).toMatchObject([
      { node: "nap", visit: 1, since: T0 + HOUR, waiting: "wait" },
    ]);
    expect(turn(T0 + 25 * HOUR).lines.map((l) => l.kind)).toEqual(["step", "completed"]);
  });

  test("visits a node anew, so that what it sends has a key of its own", () => {
    const { state, turn } = live(["hello", "email", { subject: "x", body: "y" }], rest);
    turn(T0, enroll);
    turn(T0 + HOUR, move("hello", T0 + HOUR));
    expect(state.messages.map((m) => m.key)).toEqual(["f.1.hello.1", "f.1.hello.2"]);
    expect(state.runs).toMatchObject([{ node: "rest", visit: 2 }]);
  });

  test("is open again when it had failed", () => {
    const { state, turn } = live(mail, rest);
    turn(T0, enroll);
    turn(T0 + 1, move("rest", T0 + 1));
    expect(state.runs).toMatchObject([
      { state: "active", reason: null, ended: null, node: "rest" },
    ]);
  });

  test("leaves no call behind that nobody needs to make any more", () => {
    const { state, turn } = live(["ring", "call", { script: "hello" }], rest);
    turn(T0, enroll);
    const { lines } = turn(T0 + 1, move("rest", T0 + 1));
    expect(lines.slice(0, 2).map((l) => [l.kind, l.node, l.detail.outcome])).toEqual([
      ["task", "ring", "cancelled"],
      ["migrated", "rest", undefined],
    ]);
    expect(state.tasks).toMatchObject([{ closed: T0 + 1, outcome: "cancelled" }]);
  });

  test("loses the message that was held there, with a line that says so", () => {
    const doc = flow(
      [["start", "trigger.manual"], ["hello", "email", { subject: "x", body: "y" }], rest],
      {
        settings: { sendWindow: { from: "10:00", to: "11:00" } },
      },
    );
    const { world, state } = alone(doc, T0, { email: "ann@x.example" });
    const turn = (at: number, input: Input) => takeTurn(world, state, [input], at);
    turn(T0, enroll);
    const { lines } = turn(T0 + 1, move("rest", T0 + 1));
    expect(lines[0]).toMatchObject({
      kind: "message",
      node: "hello",
      detail: { state: "cancelled", reason: "moved" },
    });
    expect(state.runs).toMatchObject([{ node: "rest", held: false }]);
  });

  test("stays paused, and goes on at the new node when it is resumed", () => {
    const { state, turn } = live(rest, nap);
    turn(T0, enroll);
    const [one] = state.runs;
    Object.assign(one ?? {}, { state: "paused", until: null, paused: { since: T0, until: null } });
    turn(T0 + 1, move("nap", T0 + 1));
    expect(state.runs).toMatchObject([{ state: "paused", node: "nap", until: null }]);
    turn(T0 + 2, { kind: "resume", flow: "f", n: 1, at: T0 + 2, id: "go" });
    expect(state.runs).toMatchObject([
      { state: "active", node: "nap", waiting: "wait", until: T0 + 2 + 24 * HOUR },
    ]);
  });

  test("is taken out while it is paused, and once it has ended no more", () => {
    const { state, turn } = live(rest);
    turn(T0, enroll);
    Object.assign(state.runs[0] ?? {}, { state: "paused", paused: { since: T0, until: null } });
    const remove = (at: number): Input => ({
      kind: "remove",
      flow: "f",
      n: 1,
      reason: "asked us to",
      at,
      id: `out${at}`,
    });
    expect(turn(T0 + 1, remove(T0 + 1)).lines).toMatchObject([
      { kind: "exited", detail: { reason: "node", text: "asked us to" } },
    ]);
    expect(state.runs).toMatchObject([{ state: "exited", reason: "node" }]);
    expect(turn(T0 + 2, remove(T0 + 2)).lines).toEqual([]);
  });

  test("stays where it is when it has ended, or when its version has no such node", () => {
    const { state, turn } = live(rest);
    turn(T0, enroll);
    expect(turn(T0 + 1, move("gone", T0 + 1))).toMatchObject({
      lines: [],
      warnings: [expect.stringContaining("gone")],
    });
    turn(T0 + 72 * HOUR);
    expect(turn(T0 + 73 * HOUR, move("rest", T0 + 73 * HOUR)).lines).toEqual([]);
    expect(state.runs).toMatchObject([{ state: "completed" }]);
  });
});

describe("a webhook's call", () => {
  test.each([
    [undefined, 10_000],
    ["PT2M", 120_000],
    ["PT1H30S", 3_630_000],
    ["PT45S", 45_000],
    ["PT0.2S", 1000],
  ])("with timeout %s is given up after %i ms", (timeout, ms) => {
    const { turn } = live([
      "hook",
      "webhook",
      { url: "https://x.example", ...(timeout ? { timeout } : {}) },
    ]);
    expect(turn(T0, enroll).requests.map((r) => r.timeout)).toEqual([ms]);
  });

  test.each([
    [199, "failed"],
    [200, "ok"],
    [204, "ok"],
    [299, "ok"],
    [300, "failed"],
    [500, "failed"],
  ])("answered with %i leaves by %s", (status, output) => {
    const { turn } = live(["hook", "webhook", { url: "https://x.example" }]);
    turn(T0, enroll);
    const answer: Input = {
      kind: "answer",
      key: "f.1.hook.1",
      status,
      body: {},
      at: T0 + 1,
      id: "a",
    };
    const step = turn(T0 + 1, answer).lines.find((l) => l.kind === "step");
    expect(step?.detail.output).toBe(output);
  });

  test("isn't moved by the answer to another call", () => {
    const { state, turn } = live(["hook", "webhook", { url: "https://x.example" }]);
    turn(T0, enroll);
    const answer = { kind: "answer", status: 200, body: {}, at: T0 + 1, id: "a" } as const;
    expect(turn(T0 + 1, { ...answer, key: "g.1.hook.1" }).lines).toEqual([]);
    expect(turn(T0 + 1, { ...answer, key: "f.1.hook.2" }).lines).toEqual([]);
    expect(state.runs.map((r) => [r.node, r.waiting])).toEqual([["hook", "request"]]);
  });
});

describe("touches of one channel", () => {
  const asked = (channel: string | undefined, wanted: number) =>
    flow(
      [
        ["start", "trigger.manual"],
        ["mail", "email", { subject: "x", body: "x" }],
        ["call", "call", { script: "x" }],
        [
          "ask",
          "condition",
          { rule: { touches: wanted, op: "=", ...(channel ? { channel } : {}) } },
        ],
      ],
      { edges: ["start > mail > call", "call:answered > ask"] },
    );

  test.each([
    [undefined, 2],
    ["email", 1],
    ["call", 1],
    ["sms", 0],
  ])("(%s) are %i after an email and a call", (channel, wanted) => {
    const told = run({
      flow: asked(channel, wanted),
      events: [{ at: "2026-01-06T09:00:00Z", task: { node: "call", outcome: "answered" } }],
    });
    expect(rows(told, "step").at(-1)).toBe("01-06T09:00 ask step yes");
  });
});
