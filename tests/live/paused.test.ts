import { describe, expect, test } from "vitest";
import type { FlowDoc } from "../../engine/core/document.ts";
import { ByHand, DAY, email, flowOf, HOUR, START } from "./by-hand.ts";

const ANN = "ann@x.example";

/** The flow is published, Ann enters it, and it is paused an hour later. */
async function paused(doc: FlowDoc, enter = true): Promise<ByHand> {
  const live = new ByHand();
  await live.people(ANN);
  await live.publish(doc);
  if (enter) await live.enroll("welcome", ANN);
  await live.until(START + HOUR);
  await live.store.pauseFlow("welcome", live.now);
  return live;
}

async function resumed(live: ByHand, shift = false): Promise<void> {
  await live.store.resumeFlow("welcome", live.now, shift);
  await live.engine.untilIdle();
}

const since = (live: ByHand, hours: number): Promise<string[]> =>
  live.story(ANN, START + hours * HOUR);

const waiting = (settings: FlowDoc["settings"] = {}): FlowDoc =>
  flowOf(
    [
      ["start", "trigger.manual"],
      ["pause", "wait", { for: "P1D" }],
      ["mail", "email", email("Hello")],
    ],
    { settings },
  );

describe("while a flow is paused", () => {
  test("nobody in it goes on; who waits too long goes on at the resume", async () => {
    const live = await paused(waiting());
    await live.until(START + 3 * DAY);
    expect(await since(live, 1)).toEqual([]);
    await resumed(live);
    expect(await since(live, 1)).toEqual([
      "step pause next",
      "message mail sent",
      "step mail next",
      "completed mail",
    ]);
  });

  test("a trigger still lets people in; they stand at it until the resume", async () => {
    const live = await paused(
      flowOf([
        ["start", "trigger.event", { event: "go" }],
        ["mail", "email", email("Hello")],
      ]),
      false,
    );
    await live.happen(ANN, { kind: "event", name: "go", data: {} });
    expect(await since(live, 1)).toEqual(["entered start"]);
    expect(await live.run(ANN, "welcome")).toMatchObject({ state: "active", node: "start" });
    await live.until(START + DAY);
    await resumed(live);
    expect(await since(live, 2)).toEqual([
      "step start next",
      "message mail sent",
      "step mail next",
      "completed mail",
    ]);
  });

  test("goals and exits still work", async () => {
    const live = await paused(
      waiting({ exitWhen: { tag: "client" }, goal: { when: { event: "order.placed" } } }),
    );
    await live.happen(ANN, { kind: "event", name: "order.placed", data: {} });
    await live.happen(ANN, { kind: "tag", add: "client" });
    expect(await since(live, 1)).toEqual(["goal -", "exited pause exit-when"]);
  });

  test("what a wait-for waited for is kept for the resume", async () => {
    const live = await paused(
      flowOf(
        [
          ["start", "trigger.manual"],
          ["wf", "wait-for", { rule: { event: "quiz" }, timeout: "P1D" }],
          ["mail", "email", email("Hello")],
        ],
        { edges: ["start wf", "wf/matched mail"] },
      ),
    );
    await live.happen(ANN, { kind: "event", name: "quiz", data: {} });
    await live.until(START + 3 * DAY);
    await resumed(live);
    expect(await since(live, 2)).toEqual([
      "step wf matched",
      "message mail sent",
      "step mail next",
      "completed mail",
    ]);
  });

  test("a call that is closed moves its contact at the resume", async () => {
    const live = await paused(
      flowOf([
        ["start", "trigger.manual"],
        ["ring", "call", { script: "Hi" }],
      ]),
    );
    await live.happen(ANN, { kind: "task", node: "ring", outcome: "answered" });
    expect(await since(live, 1)).toEqual(["task ring closed"]);
    await live.until(START + DAY);
    await resumed(live);
    expect(await since(live, 2)).toEqual(["step ring answered", "completed ring"]);
  });
});

describe("at the resume", () => {
  test("the overdue go on inside send windows", async () => {
    const live = await paused(waiting({ sendWindow: { from: "09:00", to: "18:00" } }));
    await live.until(START + 2 * DAY + 12 * HOUR);
    await resumed(live);
    await live.until(START + 4 * DAY);
    expect(await since(live, 1)).toEqual([
      "step pause next",
      "waiting mail 2026-03-05T09:00:00Z",
      "message mail sent",
      "step mail next",
      "completed mail",
    ]);
  });

  test.each([
    ["P3D", "message mail sent"],
    ["P1D", "message mail skipped"],
  ])(
    "a message whose moment passed more than `late` ago obeys it (after %s)",
    async (after, expected) => {
      const live = await paused(waiting({ late: { after, do: "skip" } }));
      await live.until(START + 3 * DAY);
      await resumed(live);
      expect((await since(live, 1))[1]).toBe(expected);
    },
  );

  test("with shift every due moment moves by the length of the pause, and nothing is late", async () => {
    const live = await paused(waiting({ late: { after: "PT1H", do: "skip" } }));
    await live.until(START + 3 * DAY);
    await resumed(live, true);
    expect(await since(live, 1)).toEqual([]);
    // A day's wait, of which an hour had passed.
    await live.until(START + 3 * DAY + 23 * HOUR);
    const [left, sent] = await since(live, 1);
    expect([left, sent]).toEqual(["step pause next", "message mail sent"]);
    const line = (await live.lines()).find((l) => l.kind === "message");
    expect(line?.at).toBe(
      new Date(START + 3 * DAY + 23 * HOUR).toISOString().replace(".000Z", "Z"),
    );
  });

  test("with shift a timeout moves too", async () => {
    const live = await paused(
      flowOf([
        ["start", "trigger.manual"],
        ["wf", "wait-for", { rule: { event: "quiz" }, timeout: "P1D" }],
      ]),
    );
    await live.until(START + 3 * DAY);
    await resumed(live, true);
    await live.until(START + 4 * DAY);
    const line = (await live.lines()).find((l) => l.kind === "step" && l.node === "wf");
    expect([line?.at, line?.output]).toEqual(["2026-03-06T08:00:00Z", "timeout"]);
  });
});

test("each of several events that come while the flow is paused counts for a loop around a wait-for", async () => {
  const live = new ByHand();
  await live.people(ANN);
  await live.publish(
    flowOf(
      [
        ["start", "trigger.manual"],
        ["paid", "wait-for", { rule: { event: "paid" } }],
        ["point", "score", { add: 1 }],
      ],
      { edges: ["start paid", "paid/matched point", "point paid"] },
    ),
  );
  await live.enroll("welcome", ANN);
  await live.store.pauseFlow("welcome", live.now);
  for (const hour of [1, 2, 3]) {
    await live.until(START + hour * HOUR);
    await live.happen(ANN, { kind: "event", name: "paid", data: {} });
  }
  await live.store.resumeFlow("welcome", live.now, false);
  await live.engine.untilIdle();
  const { contact } = (await live.store.loadContact(await live.id(ANN))) ?? {};
  expect(contact?.fields.score).toBe(3);
});
