import { expect, test } from "vitest";
import { PublishRefused } from "../../engine/store/store.ts";
import { ByHand, DAY, email, flowOf, HOUR, START } from "./by-hand.ts";

const iso = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");
const waitThen = (wait: Record<string, unknown>, settings = {}) =>
  flowOf(
    [
      ["start", "trigger.manual"],
      ["pause", "wait", wait],
      ["mail", "email", email("Hello")],
    ],
    { settings },
  );

/** Ann enters the first version now. */
async function begun(doc: Parameters<ByHand["publish"]>[0]): Promise<ByHand> {
  const live = new ByHand();
  await live.people("ann@x.example");
  await live.publish(doc);
  await live.enroll("welcome", "ann@x.example");
  return live;
}
const ANN = "ann@x.example";

test("without migrate everybody inside keeps the version that they entered", async () => {
  const live = await begun(waitThen({ for: "P3D" }));
  const changed = waitThen({ for: "P1D" });
  await live.publish({
    ...changed,
    nodes: changed.nodes.map((n) => (n.id === "mail" ? { ...n, data: email("New") } : n)),
  });
  await live.until(START + 4 * DAY);
  const sent = (await live.lines()).filter((l) => l.kind === "message");
  expect(sent).toMatchObject([{ at: iso(START + 3 * DAY), version: 1, subject: "Hello" }]);
});

test("a wait that is made longer counts from when it began", async () => {
  const live = await begun(waitThen({ for: "P3D" }));
  await live.until(START + DAY);
  await live.publish(waitThen({ for: "P5D" }), { migrate: true });
  await live.until(START + 6 * DAY);
  expect(await live.story(ANN, START + DAY)).toEqual([
    "migrated pause",
    `waiting pause ${iso(START + 5 * DAY)}`,
    "step pause next",
    "message mail sent",
    "step mail next",
    "completed mail",
  ]);
  const sent = (await live.lines()).find((l) => l.kind === "message");
  expect(sent).toMatchObject({ at: iso(START + 5 * DAY), version: 2 });
});

test("a wait that is made shorter than it has lasted goes on at once", async () => {
  const live = await begun(waitThen({ for: "P9D" }));
  await live.until(START + 4 * DAY);
  await live.publish(waitThen({ for: "P3D" }), { migrate: true });
  await live.engine.untilIdle();
  expect(await live.story(ANN, START + 4 * DAY)).toEqual([
    "migrated pause",
    "step pause next",
    "message mail sent",
    "step mail next",
    "completed mail",
  ]);
});

test("a moment computed anew that lies in the past obeys late", async () => {
  const late = { after: "PT6H", do: "skip" as const };
  const live = await begun(waitThen({ for: "P9D" }, { late }));
  await live.until(START + 4 * DAY);
  await live.publish(waitThen({ for: "P3D" }, { late }), { migrate: true });
  await live.engine.untilIdle();
  const [message] = (await live.lines()).filter((l) => l.kind === "message");
  expect(message).toMatchObject({ state: "skipped", reason: "late" });
});

test("a moment computed anew that lies in the past a little only is not late", async () => {
  const late = { after: "PT6H", do: "skip" as const };
  const live = await begun(waitThen({ for: "P9D" }, { late }));
  await live.until(START + 3 * DAY + 5 * HOUR);
  await live.publish(waitThen({ for: "P3D" }, { late }), { migrate: true });
  await live.engine.untilIdle();
  const [message] = (await live.lines()).filter((l) => l.kind === "message");
  expect(message).toMatchObject({ state: "sent" });
});

test("a wait until a date keeps its own moment", async () => {
  const live = await begun(waitThen({ date: "2026-03-10T12:00" }));
  await live.until(START + DAY);
  await live.publish(waitThen({ date: "2026-03-12T12:00" }), { migrate: true });
  await live.engine.untilIdle();
  expect((await live.run(ANN, "welcome")).until).toBe(Date.UTC(2026, 2, 12, 12));
});

const forPaid = (timeout: string, rule: unknown = { event: "paid" }) =>
  flowOf(
    [
      ["start", "trigger.manual"],
      ["paid", "wait-for", { rule, timeout }],
      ["thanks", "email", email("Thanks")],
      ["nudge", "email", email("Nudge")],
    ],
    { edges: ["start paid", "paid/matched thanks", "paid/timeout nudge"] },
  );

test("a timeout counts from when the waiting began, also in the new version", async () => {
  const live = await begun(forPaid("P5D"));
  await live.until(START + 2 * DAY);
  await live.publish(forPaid("P3D"), { migrate: true });
  await live.engine.untilIdle();
  expect((await live.run(ANN, "welcome")).until).toBe(START + 3 * DAY);
  await live.until(START + 3 * DAY);
  expect((await live.story(ANN, START + 3 * DAY))[0]).toBe("step paid timeout");
});

test("a wait-for whose new rule holds already goes on by it at once", async () => {
  const live = await begun(forPaid("P5D"));
  await live.happen(ANN, { kind: "tag", add: "client" });
  await live.publish(forPaid("P5D", { tag: "client" }), { migrate: true });
  await live.engine.untilIdle();
  expect((await live.story(ANN)).slice(-4)).toEqual([
    "step paid matched",
    "message thanks sent",
    "step thanks next",
    "completed thanks",
  ]);
});

test("an event while the flow was paused is not lost by a migration", async () => {
  const live = await begun(forPaid("P5D"));
  await live.store.pauseFlow("welcome", live.now);
  await live.happen(ANN, { kind: "event", name: "paid", data: {} });
  await live.publish(forPaid("P9D"), { migrate: true });
  await live.engine.untilIdle();
  await live.store.resumeFlow("welcome", live.now, false);
  await live.engine.untilIdle();
  expect(await live.story(ANN)).toContain("step paid matched");
});

const held = (to: string, subject = "Hello") =>
  flowOf(
    [
      ["start", "trigger.manual"],
      ["mail", "email", email(subject)],
    ],
    { settings: { sendWindow: { from: "20:00", to } } },
  );

test("a message that is held goes in the new version's words, once", async () => {
  const live = await begun(held("21:00"));
  expect((await live.run(ANN, "welcome")).held).toBe(true);
  await live.publish(held("22:00", "Better"), { migrate: true });
  await live.until(START + DAY);
  const messages = (await live.lines()).filter((l) => l.kind === "message");
  expect(messages).toMatchObject([
    { state: "sent", subject: "Better", at: iso(START + 11 * HOUR) },
  ]);
});

test("an open call stays the same call", async () => {
  const call = (timeout: string) =>
    flowOf(
      [
        ["start", "trigger.manual"],
        ["ring", "call", { script: "Hello", timeout }],
        ["mail", "email", email("Thanks")],
      ],
      { edges: ["start ring", "ring/answered mail"] },
    );
  const live = await begun(call("P5D"));
  await live.until(START + DAY);
  await live.publish(call("P9D"), { migrate: true });
  await live.engine.untilIdle();
  expect((await live.store.tasks({ limit: 9 })).map((t) => [t.node, t.closed])).toEqual([
    ["ring", null],
  ]);
  await live.happen(ANN, { kind: "task", node: "ring", outcome: "answered" });
  expect((await live.story(ANN)).slice(-4)).toEqual([
    "step ring answered",
    "message mail sent",
    "step mail next",
    "completed mail",
  ]);
});

test("those on a removed node go where the publisher says, as if they had just come", async () => {
  const live = await begun(waitThen({ for: "P9D" }));
  const doc = flowOf([
    ["start", "trigger.manual"],
    ["rest", "wait", { for: "P1D" }],
    ["mail", "email", email("Hello")],
  ]);
  await live.until(START + 2 * DAY);
  await live.publish(doc, { migrate: true, move: { pause: "rest" } });
  await live.until(START + 4 * DAY);
  expect(await live.story(ANN, START + 2 * DAY)).toEqual([
    "migrated rest",
    `waiting rest ${iso(START + 3 * DAY)}`,
    "step rest next",
    "message mail sent",
    "step mail next",
    "completed mail",
  ]);
});

test("those told to leave exit moved, and their unsent messages go with them", async () => {
  const live = await begun(waitThen({ for: "P9D" }));
  const doc = flowOf([
    ["start", "trigger.manual"],
    ["mail", "email", email("Hello")],
  ]);
  await live.publish(doc, { migrate: true, move: { pause: "leave" } });
  await live.engine.untilIdle();
  expect((await live.lines()).at(-1)).toMatchObject({
    kind: "exited",
    reason: "moved",
    node: "pause",
  });
  expect((await live.store.flowCounts("welcome")).active).toBe(0);
});

test("publishing refuses when people stand on a removed node, names it with their number and changes nothing", async () => {
  const live = await begun(waitThen({ for: "P9D" }));
  await live.people("bob@x.example");
  await live.enroll("welcome", "bob@x.example");
  const doc = flowOf([
    ["start", "trigger.manual"],
    ["mail", "email", email("Hello")],
  ]);
  const before = await live.lines();
  const error = await live.publish(doc, { migrate: true }).then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(PublishRefused);
  expect((error as PublishRefused).nodes).toEqual({ pause: 2 });
  await expect(live.publish(doc, { migrate: true, move: { pause: "nowhere" } })).rejects.toThrow(
    "pause (2)",
  );
  expect((await live.store.flow("welcome"))?.version).toBe(1);
  expect(await live.lines()).toEqual(before);
});

test("a node whose type changed begins as its new type", async () => {
  const live = await begun(waitThen({ for: "P9D" }));
  const doc = flowOf(
    [
      ["start", "trigger.manual"],
      ["pause", "wait-for", { rule: { tag: "client" }, timeout: "P9D" }],
      ["mail", "email", email("Hello")],
    ],
    { edges: ["start pause", "pause/matched mail"] },
  );
  await live.until(START + DAY);
  await live.publish(doc, { migrate: true });
  await live.engine.untilIdle();
  expect(await live.run(ANN, "welcome")).toMatchObject({
    node: "pause",
    waiting: "rule",
    until: START + 9 * DAY,
  });
  await live.happen(ANN, { kind: "tag", add: "client" });
  expect(await live.story(ANN)).toContain("step pause matched");
});

test("a wait that became a call opens the call, and one that became a message sends it", async () => {
  for (const [type, data, sign] of [
    ["call", { script: "Hello", timeout: "P2D" }, "task pause open"],
    ["email", email("Now"), "message pause sent"],
    [
      "survey",
      { kind: "nps", question: "How likely?", channel: "email", timeout: "P2D" },
      "message pause sent",
    ],
  ] as const) {
    const live = await begun(waitThen({ for: "P9D" }));
    await live.publish(
      flowOf([
        ["start", "trigger.manual"],
        ["pause", type, data],
      ]),
      { migrate: true },
    );
    await live.engine.untilIdle();
    expect(await live.story(ANN)).toContain(sign);
    expect(live.warnings).toEqual([]);
  }
});

test("a call that became a wait is closed, so that nobody calls a person who has moved on", async () => {
  const live = await begun(
    flowOf([
      ["start", "trigger.manual"],
      ["pause", "call", { script: "Hello" }],
    ]),
  );
  await live.publish(waitThen({ for: "P2D" }), { migrate: true });
  await live.until(START + 3 * DAY);
  expect((await live.store.tasks({ open: true, limit: 9 })).map((t) => t.node)).toEqual([]);
  expect(await live.story(ANN)).toContain("message mail sent");
});

test("a split keeps what was drawn though the weights changed", async () => {
  const split = (a: number, b: number) =>
    flowOf(
      [
        ["start", "trigger.manual"],
        [
          "ab",
          "split",
          {
            variants: [
              { id: "a", label: "A", weight: a },
              { id: "b", label: "B", weight: b },
            ],
          },
        ],
        ["one", "wait", { for: "P1D" }],
        ["two", "wait", { for: "P1D" }],
      ],
      { edges: ["start ab", "ab/a one", "ab/b two", "one ab", "two ab"] },
    );
  const live = await begun(split(99, 1));
  const { node } = await live.run(ANN, "welcome");
  await live.publish(split(1, 99), { migrate: true });
  await live.until(START + 36 * HOUR);
  expect((await live.run(ANN, "welcome")).node).toBe(node);
});

test("somebody who is paused after a reply stays paused and counts on from there", async () => {
  const settings = { onReply: { do: "pause" as const, resume: "P2D" } };
  const live = await begun(waitThen({ for: "P3D" }, settings));
  await live.until(START + DAY);
  await live.happen(ANN, { kind: "inbound", channel: "email", text: "call me" });
  await live.publish(waitThen({ for: "P4D" }, settings), { migrate: true });
  await live.until(START + 7 * DAY);
  const sent = (await live.lines()).find((l) => l.kind === "message" && l.state === "sent");
  expect(sent).toMatchObject({ at: iso(START + 6 * DAY), version: 2 });
});

test("those who are moved away from an open call leave no call behind", async () => {
  const live = await begun(
    flowOf([
      ["start", "trigger.manual"],
      ["ring", "call", { script: "Hello" }],
    ]),
  );
  await live.publish(waitThen({ for: "P2D" }), { migrate: true, move: { ring: "pause" } });
  await live.engine.untilIdle();
  expect(await live.store.tasks({ open: true, limit: 9 })).toEqual([]);
  expect(await live.story(ANN)).toEqual([
    "entered start",
    "step start next",
    "task ring open",
    "waiting ring",
    "task ring closed",
    "migrated pause",
    `waiting pause ${iso(START + 2 * DAY)}`,
  ]);
});

test("a survey that became an e-mail is not sent a second time", async () => {
  const survey = { kind: "nps", question: "How likely?", channel: "email", timeout: "P2D" };
  const live = await begun(
    flowOf([
      ["start", "trigger.manual"],
      ["ask", "survey", survey],
    ]),
  );
  const doc = flowOf([
    ["start", "trigger.manual"],
    ["ask", "email", email("Instead")],
  ]);
  await live.publish(doc, { migrate: true });
  await live.engine.untilIdle();
  expect((await live.lines()).filter((l) => l.kind === "message")).toHaveLength(1);
  expect((await live.run(ANN, "welcome")).state).toBe("completed");
});

test("a new exit rule that holds already ends the run at its next node", async () => {
  const live = await begun(waitThen({ for: "P3D" }));
  await live.happen(ANN, { kind: "tag", add: "client" });
  await live.publish(waitThen({ for: "P3D" }, { exitWhen: { tag: "client" } }), { migrate: true });
  await live.until(START + 4 * DAY);
  expect((await live.lines()).at(-1)).toMatchObject({
    kind: "exited",
    reason: "exit-when",
    node: "mail",
  });
});
