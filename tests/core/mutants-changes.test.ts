import { describe, expect, test } from "vitest";
import type { Changes } from "../../engine/core/changes.ts";
import { compileFlow } from "../../engine/core/flow.ts";
import { takeTurn } from "../../engine/core/interpreter.ts";
import type { Contact, ContactState, Input } from "../../engine/core/state.ts";
import type { World } from "../../engine/core/turn.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";
import { flow, type Placed } from "./journey.ts";

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 0, 5, 9);

function stateOf(more: Partial<Contact> = {}): ContactState {
  return {
    contact: {
      id: "c",
      seed: "c",
      created: T0,
      fields: { email: "ann@x.example" },
      fieldsSet: {},
      tags: {},
      consents: [],
      stopped: [],
      suppressed: {},
      erased: false,
      ...more,
    },
    events: [],
    messages: [],
    tasks: [],
    runs: [],
    drawn: {},
    fired: {},
    members: {},
  };
}

function worldOf(...nodes: Placed[]): World {
  const doc = flow([["start", "trigger.manual"], ...nodes]);
  const compiled = compileFlow(doc, { version: 1, firstPublished: T0, paused: false });
  return {
    workspace: plainWorkspace(),
    flows: new Map([["f", compiled]]),
    versions: new Map(),
    decisions: new Map(),
    link: () => "https://x.example",
    deliver: null,
    answer: null,
    from: null,
  };
}

const enroll: Input = { kind: "enroll", flow: "f", at: T0, id: "#1" };
const at = { at: T0, id: "i1" };

/** Which parts of a contact a store must write. */
const parts = (changes: Changes): string[] =>
  Object.entries({ ...pick(changes), events: changes.events.length > 0, erased: changes.erased })
    .filter(([, changed]) => changed)
    .map(([name]) => name);

const pick = ({ contact, marks, touched, tags, consents }: Changes) => ({
  contact,
  marks,
  touched,
  tags,
  consents,
});

describe("what a turn tells the store to write", () => {
  test.each<[string, Partial<Contact>, Input, string[]]>([
    ["a new tag", {}, { ...at, kind: "tag", add: "vip" }, ["tags"]],
    [
      "a tag's new expiry",
      { tags: { vip: { since: 0, expires: null } } },
      { ...at, kind: "tag", add: "vip", expires: T0 + HOUR },
      ["tags"],
    ],
    [
      "a tag that goes",
      { tags: { vip: { since: 0, expires: null } } },
      { ...at, kind: "tag", remove: "vip" },
      ["tags"],
    ],
    ["a tag that was never there", {}, { ...at, kind: "tag", remove: "vip" }, []],
    [
      "a tag that has expired",
      { tags: { vip: { since: 0, expires: T0 } } },
      { ...at, kind: "event", name: "x", data: {} },
      ["tags", "events"],
    ],
    ["a field", {}, { ...at, kind: "set", fields: { city: "Riyadh" } }, ["contact"]],
    [
      "a field that stays as it is",
      { fields: { city: "Riyadh" } },
      { ...at, kind: "set", fields: { city: "Riyadh" } },
      [],
    ],
    [
      "a field that is cleared",
      { fields: { city: "Riyadh" } },
      { ...at, kind: "set", fields: { city: "" } },
      ["contact"],
    ],
    ["an event", {}, { ...at, kind: "event", name: "x", data: {} }, ["events"]],
    ["consent", {}, { ...at, kind: "consent", channel: "email", granted: false }, ["consents"]],
    [
      "an inbound message",
      {},
      { ...at, kind: "inbound", channel: "sms", text: "hello" },
      ["contact"],
    ],
    ["erasing", {}, { ...at, kind: "erase" }, ["contact", "marks", "tags", "consents", "erased"]],
  ])("%s", (_, more, input, expected) => {
    expect(parts(takeTurn(worldOf(), stateOf(more), [input], T0))).toEqual(expected);
  });

  test.each<[string, Placed, string[]]>([
    ["a tag node", ["n", "tag", { add: [{ tag: "vip" }] }], ["tags"]],
    ["a field node", ["n", "field", { set: { city: "Riyadh" } }], ["contact"]],
    ["a score node", ["n", "score", { add: 5 }], ["contact"]],
    ["a stage node", ["n", "stage", { to: "won" }], ["contact"]],
    ["an emit node", ["n", "emit", { event: "x" }], ["events"]],
    ["a split that draws", ["n", "split", { variants: [{ id: "a", weight: 1 }] }], ["marks"]],
    ["a letter", ["n", "letter", { body: "x" }], ["touched"]],
    ["a message that waits to be sent", ["n", "sms", { text: "x" }], []],
    ["a wait", ["n", "wait", { for: "P1D" }], []],
  ])("%s", (_, node, expected) => {
    const changes = takeTurn(worldOf(node), stateOf(), [enroll], T0);
    expect(parts(changes)).toEqual(expected);
    expect([...changes.runs].map((r) => r.n)).toEqual([1]);
  });

  test("runs, messages and tasks that changed, and when to look again", () => {
    const world = worldOf(
      ["rest", "wait", { for: "PT1H" }],
      ["call", "call", { script: "x", timeout: "P1D" }],
    );
    const state = stateOf();
    expect(takeTurn(world, state, [enroll], T0).due).toBe(T0 + HOUR);
    const untouched = takeTurn(world, state, [], T0 + 1);
    expect([untouched.runs.size, untouched.lines.length, untouched.due]).toEqual([0, 0, T0 + HOUR]);
    const called = takeTurn(world, state, [], T0 + HOUR);
    expect([called.runs.size, called.tasks.size, called.due]).toEqual([1, 1, T0 + 25 * HOUR]);
    const closed = takeTurn(
      world,
      state,
      [{ kind: "task", node: "call", outcome: "answered", at: T0 + 2 * HOUR, id: "t" }],
      T0 + 2 * HOUR,
    );
    expect([closed.runs.size, closed.tasks.size, closed.due]).toEqual([1, 1, null]);
    expect(closed.contact).toBe(true);
    expect(state.contact.fields.last_touch_at).toBe("2026-01-05T11:00:00Z");
  });

  test("the same event twice counts once", () => {
    const world = worldOf();
    const state = stateOf();
    const event: Input = { ...at, kind: "event", name: "x", data: {} };
    expect(takeTurn(world, state, [event], T0).events).toHaveLength(1);
    expect(takeTurn(world, state, [event], T0 + 1).events).toEqual([]);
  });

  test("a receipt or an outcome by key is that of the named visit, by node that of the newest", () => {
    const world = worldOf(
      ["one", "email", { subject: "1", body: "1" }],
      ["two", "email", { subject: "2", body: "2" }],
      ["call", "task", { title: "x" }],
      ["again", "task", { title: "y" }],
    );
    const state = stateOf();
    takeTurn(world, state, [enroll], T0);
    for (const message of state.messages) message.state = "sent";
    const clicked = { kind: "receipt", event: "clicked", at: T0 + 1 } as const;
    takeTurn(world, state, [{ ...clicked, key: "f.1.one.1", id: "r1" }], T0 + 1);
    takeTurn(world, state, [{ ...clicked, node: "two", id: "r2" }], T0 + 2);
    takeTurn(world, state, [{ ...clicked, key: "f.1.three.1", id: "r3" }], T0 + 3);
    expect(state.messages.map((m) => [m.node, m.receipts.length])).toEqual([
      ["one", 2],
      ["two", 2],
    ]);
    const done = { kind: "task", outcome: "done", at: T0 + 4 } as const;
    takeTurn(world, state, [{ ...done, key: "f.1.call.1", id: "t1" }], T0 + 4);
    expect(state.tasks.map((t) => [t.node, t.outcome])).toEqual([
      ["call", "done"],
      ["again", null],
    ]);
  });

  test("an address that bounced hard, so that it stays closed", () => {
    const state = stateOf();
    const world = worldOf(["mail", "email", { subject: "1", body: "1" }]);
    takeTurn(world, state, [enroll], T0);
    const [message] = state.messages;
    Object.assign(message ?? {}, { state: "sent", to: "ann@x.example" });
    const bounced: Input = { ...at, kind: "receipt", event: "bounced", key: "f.1.mail.1" };
    const changes = takeTurn(world, state, [bounced], T0 + 1);
    expect(parts(changes)).toEqual(["contact"]);
    expect(state.contact.suppressed).toEqual({ "email:ann@x.example": "bounced" });
  });

  test("that a contact has caught up with the segments that are listened to", () => {
    const workspace = { ...plainWorkspace(), segments: { ours: { tag: "vip" } } };
    const world: World = {
      ...worldOf(["w", "wait", { for: "P1D" }]),
      workspace,
      listening: new Map([["ours", { n: 3, at: T0 - HOUR }]]),
    };
    const doc = flow([["start", "trigger.segment", { segment: "ours", on: "entered" }]]);
    const compiled = compileFlow(doc, { version: 1, firstPublished: T0, paused: false });
    Object.assign(world, { flows: new Map([["f", compiled]]) });
    const state = stateOf({ tags: { vip: { since: 0, expires: null } } });
    const untold: Input = { ...at, kind: "event", name: "x", data: {} };
    expect(parts(takeTurn(world, state, [untold], T0))).toEqual(["marks", "events"]);
    expect(parts(takeTurn(world, state, [{ ...untold, id: "i2" }], T0))).toEqual(["events"]);
    expect(state.runs).toEqual([]);
  });

  test("and nothing of an erased contact stays behind", () => {
    const state = stateOf({ tags: { vip: { since: 0, expires: null } } });
    const world = worldOf(["n", "split", { variants: [{ id: "a", weight: 1 }] }]);
    const event: Input = { ...at, kind: "event", name: "x", data: { secret: "s" } };
    takeTurn(world, state, [enroll, event], T0);
    expect([state.events.length, Object.keys(state.drawn).length]).toEqual([1, 1]);
    takeTurn(world, state, [{ ...at, kind: "erase", id: "gone" }], T0 + 1);
    expect([state.events, state.drawn, state.fired, state.members]).toEqual([[], {}, {}, {}]);
  });
});

test("tags that expired while nobody looked go in the order in which they expired", () => {
  const trigger: Placed = ["start", "trigger.tag", { tag: "b", on: "removed" }];
  const doc = (tag: string, id: string) => {
    const [node, type, data] = trigger;
    return flow([[node, type, { ...data, tag }]], {
      id,
      settings: { reentry: { mode: "always" } },
    });
  };
  const flows = ["a", "b", "c"].map((tag) =>
    compileFlow(doc(tag, tag), { version: 1, firstPublished: T0, paused: false }),
  );
  const world = { ...worldOf(), flows: new Map(flows.map((one) => [one.id, one])) };
  const state = stateOf({
    tags: {
      a: { since: 0, expires: T0 + 3 },
      b: { since: 0, expires: T0 + 1 },
      c: { since: 0, expires: T0 + 2 },
    },
  });
  const { lines } = takeTurn(world, state, [], T0 + HOUR);
  expect(lines.filter((l) => l.kind === "entered").map((l) => l.flow)).toEqual(["b", "c", "a"]);
});
