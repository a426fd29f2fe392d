import { expect, test } from "vitest";
import type { FlowDoc } from "../../engine/core/document.ts";
import type { Input } from "../../engine/core/state.ts";
import { ByHand, DAY, email, flowOf, HOUR, START } from "./by-hand.ts";

const ANN = "ann@x.example";
const SKIP: FlowDoc["settings"] = { late: { after: "PT6H", do: "skip" } };

async function live(doc: FlowDoc, fields: Record<string, string> = {}): Promise<ByHand> {
  const hand = new ByHand();
  await hand.people(ANN);
  if (Object.keys(fields).length > 0) await hand.happen(ANN, { kind: "set", fields });
  await hand.publish(doc);
  return hand;
}

const mailBehind = (
  first: [id: string, type: string, data?: Record<string, unknown>],
  settings: FlowDoc["settings"] = {},
  between: [id: string, type: string, data?: Record<string, unknown>][] = [],
): FlowDoc =>
  flowOf([first, ...between, ["mail", "email", email("Hello")]], {
    settings: { ...SKIP, ...settings },
  });

/** What became of the message, after the program was down until `at`. */
async function after(hand: ByHand, at: number): Promise<string[]> {
  hand.asleep(at);
  await hand.engine.untilIdle();
  await hand.until(at + 3 * DAY);
  return (await hand.story(ANN)).filter((line) => line.startsWith("message"));
}

const manual: [string, string] = ["start", "trigger.manual"];
const day: [string, string, Record<string, unknown>] = ["pause", "wait", { for: "P1D" }];

test.each([
  [6 * HOUR, "message mail sent"],
  [6 * HOUR + 1000, "message mail skipped"],
])("lateness is now less the moment that woke the run: %i ms after it", async (late, expected) => {
  const hand = await live(mailBehind(manual, {}, [day]));
  await hand.enroll("welcome", ANN);
  expect(await after(hand, START + DAY + late)).toEqual([expected]);
});

test("a line that skips a late message says so", async () => {
  const hand = await live(mailBehind(manual, {}, [day]));
  await hand.enroll("welcome", ANN);
  await after(hand, START + 3 * DAY);
  const line = (await hand.lines()).find((l) => l.kind === "message");
  expect(line).toMatchObject({ state: "skipped", reason: "late", channel: "email" });
});

test("the time that a send window holds doesn't count", async () => {
  const hand = await live(mailBehind(manual, { sendWindow: { from: "08:00", to: "09:00" } }));
  await hand.enroll("welcome", ANN);
  await hand.until(START + 2 * DAY);
  expect((await hand.story(ANN)).filter((line) => line.startsWith("message"))).toEqual([
    "message mail sent",
  ]);
});

test("the time that a cap holds doesn't count", async () => {
  const hand = await live(
    mailBehind(manual, { frequencyCap: [{ channel: "email", max: 1, per: "P2D" }] }, [
      ["first", "email", email("First")],
    ]),
  );
  await hand.enroll("welcome", ANN);
  await hand.until(START + 3 * DAY);
  expect((await hand.story(ANN)).filter((line) => line.startsWith("message"))).toEqual([
    "message first sent",
    "message mail sent",
  ]);
});

test("the time that a reply holds doesn't count, in a dated wait either", async () => {
  const until: [string, string, Record<string, unknown>] = [
    "pause",
    "wait",
    { date: "2026-03-03T09:00:00Z" },
  ];
  const hand = await live(mailBehind(manual, { onReply: { do: "pause", resume: "P5D" } }, [until]));
  await hand.enroll("welcome", ANN);
  await hand.until(START + HOUR);
  await hand.happen(ANN, { kind: "inbound", channel: "email", text: "Wait" });
  await hand.until(START + 7 * DAY);
  expect((await hand.story(ANN)).filter((line) => line.startsWith("message"))).toEqual([
    "message mail sent",
  ]);
});

test("a run that an event starts or wakes is never late, however long the program was down", async () => {
  const event = (name: string): Input => ({
    kind: "event",
    name,
    data: {},
    at: START + HOUR,
    id: `e:${name}`,
  });
  const started = await live(mailBehind(["start", "trigger.event", { event: "go" }]));
  await started.store.addInputs([{ contact: await started.id(ANN), input: event("go") }]);
  expect(await after(started, START + 3 * DAY)).toEqual(["message mail sent"]);
  const woken = await live(
    flowOf(
      [manual, ["wf", "wait-for", { rule: { event: "quiz" } }], ["mail", "email", email("Hello")]],
      { settings: SKIP, edges: ["start wf", "wf/matched mail"] },
    ),
  );
  await woken.enroll("welcome", ANN);
  await woken.store.addInputs([{ contact: await woken.id(ANN), input: event("quiz") }]);
  expect(await after(woken, START + 3 * DAY)).toEqual(["message mail sent"]);
});

test.each<[string, [string, string, Record<string, unknown>]]>([
  ["schedule", ["start", "trigger.schedule", { cron: "0 12 * * *", audience: { all: [] } }]],
  [
    "contact's own schedule",
    [
      "start",
      "trigger.schedule",
      { cron: "0 12 2 3 *", audience: { all: [] }, timezone: "contact" },
    ],
  ],
  ["date", ["start", "trigger.date", { field: "due", every: "once" }]],
])("a message behind a %s's moment that passed long ago is late", async (_, trigger) => {
  const hand = await live(mailBehind(trigger), { due: "2026-03-02T12:00:00Z" });
  expect((await after(hand, START + 2 * DAY + 12 * HOUR))[0]).toBe("message mail skipped");
});

test("a transactional message that comes too late is skipped as the flow says", async () => {
  const hand = await live(
    flowOf([manual, day, ["mail", "email", { ...email("Hello"), transactional: true }]], {
      settings: SKIP,
    }),
  );
  await hand.enroll("welcome", ANN);
  expect(await after(hand, START + 3 * DAY)).toEqual(["message mail skipped"]);
});

test("with `window` a late message goes at the next opening, though one is open now", async () => {
  const hand = await live(
    mailBehind(
      manual,
      { late: { after: "PT6H", do: "window" }, sendWindow: { from: "08:00", to: "20:00" } },
      [day],
    ),
  );
  await hand.enroll("welcome", ANN);
  hand.asleep(START + 3 * DAY);
  await hand.engine.untilIdle();
  await hand.until(START + 5 * DAY);
  const sent = (await hand.lines()).find((l) => l.kind === "message");
  expect(sent).toMatchObject({ at: "2026-03-06T08:00:00Z", state: "sent" });
});
