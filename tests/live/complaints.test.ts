import { describe, expect, test } from "vitest";
import type { FlowDoc } from "../../engine/core/document.ts";
import { ByHand, DAY, email, flowOf, HOUR, START } from "./by-hand.ts";

const ANN = "ann@x.example";

/** Every message that went out, as `node at`. */
async function sent(hand: ByHand, node?: string): Promise<string[]> {
  const lines = await hand.lines();
  return lines
    .filter((l) => l.kind === "message" && l.state === "sent" && (!node || l.node === node))
    .map((l) => `${l.node} ${l.at}`);
}

async function begun(doc: FlowDoc, path?: string): Promise<ByHand> {
  const hand = new ByHand(path ? { path } : {});
  await hand.people(ANN);
  await hand.publish(doc);
  return hand;
}

const settings = (more: NonNullable<FlowDoc["settings"]>) => ({ settings: more });
const greeting = flowOf([
  ["in", "trigger.manual"],
  ["hello", "email", email("Hello")],
  ["wait", "wait", { for: "P1D" }],
  ["news", "email", email("News")],
]);

describe("what people complain about elsewhere doesn't happen here", () => {
  test("a message is not sent twice, however often the engine runs and the same enrollment arrives", async () => {
    const hand = await begun(greeting);
    const input = { kind: "enroll" as const, flow: "welcome", at: START, id: "enroll:1" };
    const contact = await hand.id(ANN);
    for (let i = 0; i < 3; i++) {
      await hand.store.addInputs([{ contact, input }]);
      await hand.engine.untilIdle();
    }
    expect(await sent(hand)).toEqual(["hello 2026-03-02T09:00:00Z"]);
  });

  test("what was due while the program was down is sent late, once, and not skipped in silence", async () => {
    const hand = await begun(greeting);
    await hand.enroll("welcome", ANN);
    hand.asleep(START + 4 * DAY);
    await hand.engine.untilIdle();
    expect(await sent(hand, "news")).toEqual(["news 2026-03-06T09:00:00Z"]);
  });

  test("an overdue message is skipped with its reason where the flow says so", async () => {
    const late = { after: "PT6H", do: "skip" as const };
    const hand = await begun(flowOf(rows(greeting), settings({ late })));
    await hand.enroll("welcome", ANN);
    hand.asleep(START + 4 * DAY);
    await hand.engine.untilIdle();
    expect(await sent(hand, "news")).toEqual([]);
    const skipped = (await hand.lines()).find((l) => l.node === "news" && l.kind === "message");
    expect(skipped).toMatchObject({ state: "skipped", reason: "late" });
  });

  test("the hour is the contact's own, on both sides of a clock change", async () => {
    const hand = await begun(
      flowOf(
        [
          ["in", "trigger.manual"],
          ["morning", "wait", { until: { time: "09:00" } }],
          ["one", "email", email("One")],
          ["day", "wait", { for: "P7D" }],
          ["two", "email", email("Two")],
        ],
        settings({ timezone: "contact" }),
      ),
    );
    await hand.happen(ANN, { kind: "set", fields: { timezone: "America/New_York" } });
    await hand.enroll("welcome", ANN);
    await hand.until(START + 9 * DAY);
    // New York sets its clocks forward on 8 March 2026.
    expect(await sent(hand)).toEqual(["one 2026-03-02T14:00:00Z", "two 2026-03-09T13:00:00Z"]);
  });

  test("nobody enters again who may enter once, and everybody does who may enter always", async () => {
    for (const [mode, entries] of [
      ["once", 1],
      ["always", 3],
    ] as const) {
      const doc = flowOf(
        [
          ["in", "trigger.event", { event: "order.placed" }],
          ["hello", "email", email("Hello")],
        ],
        settings({ reentry: { mode } }),
      );
      const hand = await begun(doc);
      for (let i = 0; i < 3; i++) {
        await hand.happen(ANN, { kind: "event", name: "order.placed", data: {} });
      }
      expect(await sent(hand)).toHaveLength(entries);
    }
  });

  test("one branch is taken and never both, whatever changes a moment later", async () => {
    const doc = flowOf(
      [
        ["in", "trigger.manual"],
        ["vip", "condition", { rule: { tag: "vip" } }],
        ["gold", "email", email("Gold")],
        ["plain", "email", email("Plain")],
      ],
      { edges: ["in vip", "vip/yes gold", "vip/no plain"] },
    );
    const hand = await begun(doc);
    await hand.enroll("welcome", ANN);
    await hand.happen(ANN, { kind: "tag", add: "vip" });
    await hand.until(START + DAY);
    expect(await sent(hand)).toEqual(["plain 2026-03-02T09:00:00Z"]);
  });

  test("after an unsubscribe nothing more is sent", async () => {
    const hand = await begun(greeting);
    await hand.enroll("welcome", ANN);
    await hand.happen(ANN, { kind: "consent", channel: "email", granted: false });
    await hand.until(START + 3 * DAY);
    expect(await sent(hand)).toEqual(["hello 2026-03-02T09:00:00Z"]);
    expect((await hand.run(ANN, "welcome")).reason).toBe("no-consent");
  });

  test("after a reply the flow stops for a person, and goes on when its time is over", async () => {
    const onReply = { do: "pause" as const, resume: "P3D" };
    const hand = await begun(flowOf(rows(greeting), settings({ onReply })));
    await hand.enroll("welcome", ANN);
    hand.now = START + HOUR;
    await hand.happen(ANN, { kind: "inbound", channel: "email", text: "Who are you?" });
    await hand.until(START + 10 * DAY);
    // One day of waiting, of which an hour was over, after three days of pause.
    expect(await sent(hand, "news")).toEqual(["news 2026-03-06T09:00:00Z"]);
  });

  test("every wait goes on: after a pause of the flow, and after a month of downtime", async () => {
    const hand = await begun(greeting);
    await hand.enroll("welcome", ANN);
    await hand.store.pauseFlow("welcome", hand.now);
    await hand.until(START + 5 * DAY);
    expect(await sent(hand, "news")).toEqual([]);
    hand.asleep(START + 30 * DAY);
    await hand.store.resumeFlow("welcome", hand.now, false);
    await hand.engine.untilIdle();
    expect(await sent(hand, "news")).toEqual(["news 2026-04-01T09:00:00Z"]);
    expect((await hand.run(ANN, "welcome")).state).toBe("completed");
  });

  test("a step that is taken out runs nobody again who has passed it", async () => {
    const hand = await begun(greeting);
    await hand.enroll("welcome", ANN);
    const [first, , ...rest] = rows(greeting);
    if (!first) throw new Error("the flow has a trigger");
    await hand.publish(flowOf([first, ...rest]), { migrate: true });
    await hand.until(START + 3 * DAY);
    expect(await sent(hand)).toEqual(["hello 2026-03-02T09:00:00Z", "news 2026-03-03T09:00:00Z"]);
  });
});

/** The nodes of a flow in a row, as `flowOf` takes them. */
function rows(doc: FlowDoc): [string, string, Record<string, unknown>][] {
  return doc.nodes.map(({ id, type, data }) => [id, type, data]);
}
