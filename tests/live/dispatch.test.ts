import { describe, expect, test } from "vitest";
import type { Channel, Outcome, Outgoing } from "../../engine/channels/channel.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { ByHand, DAY, email, flowOf, HOUR, START } from "./by-hand.ts";

const ANN = "ann@x.example";
const LATER: Outcome = { state: "later", detail: "451 try again" };
const SENT: Outcome = { state: "sent" };

/** A provider that answers as it was told, the last answer for ever; it keeps what it was given. */
class Provider implements Channel {
  readonly name = "provider";
  readonly carries = ["email", "sms"];
  readonly given: Outgoing[] = [];
  readonly keys: string[] = [];
  constructor(
    private answers: Outcome[],
    readonly idempotent = false,
  ) {}
  answer(...answers: Outcome[]): void {
    this.answers = answers;
  }
  send(message: Outgoing): Outcome {
    this.given.push(message);
    this.keys.push(message.providerKey());
    const [answer = SENT] = this.answers;
    if (this.answers.length > 1) this.answers.shift();
    return answer;
  }
  async close(): Promise<void> {
    return;
  }
}

const one = (settings: FlowDoc["settings"] = {}): FlowDoc =>
  flowOf(
    [
      ["start", "trigger.manual"],
      ["hello", "email", email("Hello")],
    ],
    { settings },
  );

async function sending(provider: Provider, doc = one()): Promise<ByHand> {
  const live = new ByHand({ channel: provider });
  await live.people(ANN);
  await live.publish(doc);
  await live.enroll(doc.id, ANN);
  return live;
}

const messages = async (live: ByHand): Promise<string[]> =>
  (await live.lines())
    .filter((line) => line.kind === "message")
    .map((line) => [line.node, line.state, line.reason].filter(Boolean).join(" "));

describe("a message that the provider doesn't take for now", () => {
  test("is tried five times more over about a day under the same keys, then given up with a line", async () => {
    const provider = new Provider([LATER]);
    const live = await sending(provider);
    await live.until(START + 3 * DAY);
    expect(provider.given.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(provider.keys).size).toBe(1);
    expect(new Set(provider.given.map(({ key }) => key)).size).toBe(1);
    const span = (provider.given.at(-1)?.at ?? 0) - START;
    expect(span).toBeGreaterThan(20 * HOUR);
    expect(span).toBeLessThan(30 * HOUR);
    expect(await messages(live)).toEqual(["hello failed gave-up"]);
  });

  test("is sent once it is taken, and has one line", async () => {
    const provider = new Provider([LATER, LATER, SENT]);
    const live = await sending(provider);
    await live.until(START + 3 * DAY);
    expect(provider.given).toHaveLength(3);
    expect(await messages(live)).toEqual(["hello sent"]);
  });

  test("waits for the send window with its next attempt", async () => {
    const provider = new Provider([LATER, SENT]);
    // The first attempt is at 09:00, and the window ends a minute after it.
    const live = await sending(provider, one({ sendWindow: { from: "08:00", to: "09:01" } }));
    await live.until(START + 2 * DAY);
    expect(provider.given.map(({ at }) => at)).toEqual([START, START + 23 * HOUR]);
    expect(await messages(live)).toEqual(["hello sent"]);
  });

  test("is skipped as late where the flow says so", async () => {
    const provider = new Provider([LATER]);
    const live = await sending(provider, one({ late: { after: "PT1H", do: "skip" } }));
    await live.until(START + 2 * DAY);
    expect(await messages(live)).toEqual(["hello skipped late"]);
    expect(provider.given.length).toBeLessThan(6);
  });

  test("goes no more once its contact has left, or has withdrawn consent", async () => {
    const exits = new Provider([LATER, SENT]);
    const leaving = await sending(
      exits,
      flowOf(
        [
          ["start", "trigger.manual"],
          ["hello", "email", email("Hello")],
          ["rest", "wait", { for: "P9D" }],
        ],
        { settings: { exitWhen: { tag: "client" } } },
      ),
    );
    leaving.asleep(START + 60_000);
    await leaving.happen(ANN, { kind: "tag", add: "client" });
    await leaving.until(START + 2 * DAY);
    expect(exits.given).toHaveLength(1);
    const consent = new Provider([LATER, SENT]);
    const withdrawn = await sending(consent);
    withdrawn.asleep(START + 60_000);
    await withdrawn.happen(ANN, { kind: "consent", channel: "email", granted: false });
    await withdrawn.until(START + 2 * DAY);
    expect(consent.given).toHaveLength(1);
    expect((await messages(withdrawn)).join()).toMatch(/^hello (skipped|cancelled) no-consent$/);
  });
});

describe("a message that the provider refuses for good", () => {
  test("fails at once, and its contact goes on", async () => {
    const provider = new Provider([
      { state: "refused", reason: "refused", detail: "550 no" },
      SENT,
    ]);
    const doc = flowOf([
      ["start", "trigger.manual"],
      ["hello", "email", email("Hello")],
      ["rest", "wait", { for: "P1D" }],
      ["again", "email", email("Again")],
    ]);
    const live = await sending(provider, doc);
    await live.until(START + 2 * DAY);
    expect(await messages(live)).toEqual(["hello failed refused", "again sent"]);
  });

  test("because the address is dead closes the address: the next one is skipped", async () => {
    const provider = new Provider([{ state: "refused", reason: "bounced", detail: "550 unknown" }]);
    const doc = flowOf([
      ["start", "trigger.manual"],
      ["hello", "email", email("Hello")],
      ["rest", "wait", { for: "P1D" }],
      ["receipt", "email", { ...email("Receipt"), transactional: true }],
    ]);
    const live = await sending(provider, doc);
    await live.until(START + 2 * DAY);
    expect(provider.given).toHaveLength(1);
    expect(await messages(live)).toEqual(["hello failed bounced", "receipt skipped suppressed"]);
  });
});

describe("a message of which nobody knows whether it went", () => {
  const unknown: Outcome = { state: "unknown", detail: "the line was cut" };
  test("is uncertain where the provider knows no keys, and isn't sent again by itself", async () => {
    const provider = new Provider([unknown, SENT]);
    const live = await sending(provider);
    await live.until(START + 2 * DAY);
    expect(provider.given).toHaveLength(1);
    expect(await messages(live)).toEqual(["hello uncertain crash"]);
  });

  test("is sent again under the same key where the provider knows it", async () => {
    const provider = new Provider([unknown, SENT], true);
    const live = await sending(provider);
    await live.until(START + 2 * DAY);
    expect(provider.given).toHaveLength(2);
    expect(new Set(provider.keys).size).toBe(1);
    expect(await messages(live)).toEqual(["hello sent"]);
  });
});

test("a provider that keeps failing is left alone for a while, and no message of that time is lost", async () => {
  const provider = new Provider([LATER]);
  const live = new ByHand({ channel: provider });
  const people = Array.from({ length: 60 }, (_, i) => `p${i}@x.example`);
  await live.people(...people);
  await live.publish(one());
  for (const person of people) await live.enroll("welcome", person);
  expect(provider.given.length).toBeLessThan(60);
  expect([...live.engine.breakers.values()][0]?.openUntil).toBeGreaterThan(START);
  provider.answer(SENT);
  for (let hour = 1; hour <= 48; hour++) {
    live.asleep(START + hour * HOUR);
    await live.engine.untilIdle();
  }
  expect(await messages(live)).toEqual(people.map(() => "hello sent"));
});

test("what arrives is answered at once, not at the next tick", async () => {
  const provider = new Provider([SENT], true);
  const live = new ByHand({ channel: provider });
  await live.people(ANN);
  await live.publish(
    flowOf([
      ["start", "trigger.event", { event: "asked" }],
      ["hello", "email", { ...email("Hello"), transactional: true }],
    ]),
  );
  // The next tick of this pattern is months away.
  await live.engine.start("0 0 1 1 *");
  const input = { kind: "event", name: "asked", data: {}, at: live.now, id: "e1" } as const;
  await live.store.addInputs([{ contact: await live.id(ANN), input }]);
  live.engine.wake();
  for (let turn = 0; turn < 1000 && provider.given.length === 0; turn++) {
    await new Promise((done) => setImmediate(done));
  }
  await live.engine.stop();
  expect(provider.given.map(({ content }) => content.subject)).toEqual(["Hello"]);
});

test("a holiday that is entered today holds what would have gone today", async () => {
  const provider = new Provider([SENT], true);
  const live = new ByHand({ channel: provider });
  await live.people(ANN, "bob@x.example");
  await live.publish(one());
  await live.enroll("welcome", ANN);
  expect(provider.given).toHaveLength(1);
  await live.store.setWorkspace({ holidays: ["2026-03-02"] }, live.now);
  await live.enroll("welcome", "bob@x.example");
  expect(provider.given).toHaveLength(1);
  await live.until(START + DAY);
  expect(provider.given.map(({ at }) => at)).toEqual([START, START + DAY]);
});

test("a date's moment before publishing doesn't fire, and the next one does", async () => {
  const provider = new Provider([SENT], true);
  const live = new ByHand({ channel: provider });
  await live.people(ANN, "bob@x.example");
  // Both are published at 09:00 on 2 March.
  await live.happen(ANN, { kind: "set", fields: { renewal: "2020-03-02T08:00:00Z" } });
  await live.happen("bob@x.example", { kind: "set", fields: { renewal: "2020-03-02T10:00:00Z" } });
  await live.publish(
    flowOf([
      ["start", "trigger.date", { field: "renewal" }],
      ["hello", "email", email("Hello")],
    ]),
  );
  await live.until(START + 2 * DAY);
  expect(provider.given.map(({ to }) => to)).toEqual(["bob@x.example"]);
  await live.until(Date.parse("2027-03-02T09:00:00Z"));
  expect(provider.given.map(({ to }) => to)).toEqual(["bob@x.example", ANN]);
});
