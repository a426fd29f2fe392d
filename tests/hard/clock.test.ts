import { describe, expect, test } from "vitest";
import { outboxChannel } from "../../engine/channels/outbox-viewer.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { Engine } from "../../engine/engine.ts";
import { Links } from "../../engine/links.ts";
import { publishFlow } from "../../engine/publish.ts";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import type { Store } from "../../engine/store/store.ts";
import { allLines } from "../live/live.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday, 08:00. */
const START = Date.UTC(2026, 2, 2, 8);

type Placed = [id: string, type: string, data?: Record<string, unknown>];

const flow = (id: string, settings: Record<string, unknown>, ...nodes: Placed[]): FlowDoc =>
  ({
    format: 1,
    id,
    name: id,
    settings,
    nodes: nodes.map(([node, type, data = {}]) => ({
      id: node,
      type,
      position: { x: 0, y: 0 },
      data,
    })),
    edges: nodes.slice(1).map(([target], i) => ({
      id: `e${i}`,
      source: nodes[i]?.[0],
      sourceHandle: nodes[i]?.[1] === "wait-for" ? "matched" : "next",
      target,
    })),
  }) as FlowDoc;

interface Live {
  store: Store;
  clock: { now: number };
  engine: Engine;
  contact: string;
  told(): Promise<string[]>;
}

/** A running engine with one contact, whose clock stands where it was put. */
async function live(
  docs: FlowDoc[],
  setUp?: (store: Store, contact: string) => Promise<unknown>,
): Promise<Live> {
  const store = openSqlite(":memory:", { now: START });
  const clock = { now: START };
  const engine = new Engine({
    store,
    channels: [outboxChannel()],
    links: new Links("secret", "https://example.com"),
    clock: () => clock.now,
    worker: "test",
    jitter: () => 0,
    secret: () => undefined,
    warn: (message) => {
      throw new Error(message);
    },
  });
  await store.writeContacts(
    [
      {
        id: null,
        fields: { email: "ann@x.example" },
        tags: [],
        consent: null,
        created: START,
        source: "test",
      },
    ],
    START,
    false,
  );
  const contact = (await store.findContact("ann@x.example")) ?? "";
  for (const doc of docs) {
    await store.saveDraft(doc, START);
    await publishFlow(store, doc.id, START);
  }
  await setUp?.(store, contact);
  await engine.untilIdle();
  const told = async (): Promise<string[]> =>
    (await allLines(store))
      .filter((l) => l.kind !== "step")
      .map((l) =>
        [l.at.slice(5, 16), l.flow, l.kind, l.state ?? l.for ?? l.reason ?? ""]
          .filter(Boolean)
          .join(" "),
      );
  return { store, clock, engine, contact, told };
}

const enroll = (id: string) => (store: Store, contact: string) =>
  store.addInputs([{ contact, input: { kind: "enroll", flow: id, at: START, id: "#enroll" } }]);

describe("a clock that is set back", () => {
  const twoMails = flow(
    "two",
    {},
    ["start", "trigger.manual"],
    ["one", "email", { subject: "1", body: "1" }],
    ["rest", "wait", { for: "PT2H" }],
    ["two", "email", { subject: "2", body: "2" }],
  );

  test("sends nothing twice and goes on when the time comes round again", async () => {
    const { clock, engine, told } = await live([twoMails], enroll("two"));
    clock.now = START - DAY;
    await engine.untilIdle();
    clock.now = START + HOUR;
    await engine.untilIdle();
    clock.now = START + 2 * HOUR;
    await engine.untilIdle();
    clock.now = START;
    await engine.untilIdle();
    expect(await told()).toEqual([
      "03-02T08:00 two entered",
      "03-02T08:00 two message sent",
      "03-02T08:00 two waiting wait",
      "03-02T10:00 two message sent",
      "03-02T10:00 two completed",
    ]);
  });

  test("fires no moment of a schedule twice", async () => {
    const hourly = flow(
      "hourly",
      { reentry: { mode: "always" } },
      ["start", "trigger.schedule", { cron: "0 * * * *", audience: { all: [] } }],
      ["note", "score", { add: 1 }],
    );
    const { clock, engine, told } = await live([hourly]);
    for (const hours of [1, 2, 1, 0, 2, 3]) {
      clock.now = START + hours * HOUR;
      await engine.untilIdle();
    }
    const entered = (await told()).filter((line) => line.endsWith("entered"));
    expect(entered).toEqual([
      "03-02T08:00 hourly entered",
      "03-02T09:00 hourly entered",
      "03-02T10:00 hourly entered",
      "03-02T11:00 hourly entered",
    ]);
  });
});

describe("after 72 hours in which nothing ran", () => {
  const schedule = (catchUp: string) =>
    flow(
      catchUp,
      { reentry: { mode: "always" } },
      ["start", "trigger.schedule", { cron: "0 9 * * *", audience: { all: [] }, catchUp }],
      ["note", "score", { add: 1 }],
    );

  test.each([
    ["latest", ["03-05T08:30 latest entered"], "03-05T09:00 latest entered"],
    [
      "all",
      ["03-05T08:30 all entered", "03-05T08:30 all entered", "03-05T08:30 all entered"],
      "03-05T09:00 all entered",
    ],
    ["none", [], "03-05T09:00 none entered"],
  ])(
    "a schedule that catches up %s fires so, and goes on at its next moment",
    async (catchUp, missed, next) => {
      const { clock, engine, told } = await live([schedule(catchUp)]);
      clock.now = START + 72 * HOUR + HOUR / 2;
      await engine.untilIdle();
      const entered = async () => (await told()).filter((line) => line.endsWith("entered"));
      expect(await entered()).toEqual(missed);
      clock.now = START + 73 * HOUR;
      await engine.untilIdle();
      expect(await entered()).toEqual([...missed, next]);
    },
  );

  test("a wait that ended meanwhile goes on at once, and the next counts from then", async () => {
    const doc = flow(
      "waits",
      {},
      ["start", "trigger.manual"],
      ["a", "wait", { for: "PT1H" }],
      ["b", "wait", { for: "P1D" }],
      ["mail", "email", { subject: "x", body: "x" }],
    );
    const { clock, engine, told } = await live([doc], enroll("waits"));
    clock.now = START + 72 * HOUR;
    await engine.untilIdle();
    clock.now = START + 96 * HOUR;
    await engine.untilIdle();
    expect(await told()).toEqual([
      "03-02T08:00 waits entered",
      "03-02T08:00 waits waiting wait",
      "03-05T08:00 waits waiting wait",
      "03-06T08:00 waits message sent",
      "03-06T08:00 waits completed",
    ]);
  });

  test.each([
    ["send", ["03-05T08:00 late message sent"]],
    ["skip", ["03-05T08:00 late message late"]],
    ["window", ["03-05T08:00 late waiting window", "03-06T07:00 late message sent"]],
  ])("a message that came too late is treated as the flow says: %s", async (what, expected) => {
    const settings = {
      late: { after: "PT6H", do: what },
      sendWindow: { from: "07:00", to: "21:00" },
    };
    const doc = flow(
      "late",
      settings,
      ["start", "trigger.manual"],
      ["a", "wait", { for: "PT1H" }],
      ["mail", "email", { subject: "x", body: "x" }],
    );
    const { clock, engine, store } = await live([doc], enroll("late"));
    clock.now = START + 72 * HOUR;
    await engine.untilIdle();
    clock.now = START + 95 * HOUR;
    await engine.untilIdle();
    const lines = (await allLines(store)).filter(
      (l) => l.kind === "message" || (l.kind === "waiting" && l.for === "window"),
    );
    expect(
      lines.map((l) => [l.at.slice(5, 16), l.flow, l.kind, l.reason ?? l.state ?? l.for].join(" ")),
    ).toEqual(expected);
  });

  test("an event received meanwhile keeps who has left from being written to", async () => {
    const doc = flow(
      "exits",
      { exitWhen: { event: "order.placed" } },
      ["start", "trigger.manual"],
      ["a", "wait", { for: "PT1H" }],
      ["mail", "email", { subject: "x", body: "x" }],
    );
    const { clock, engine, store, contact, told } = await live([doc], enroll("exits"));
    await store.addInputs([
      {
        contact,
        input: { kind: "event", name: "order.placed", data: {}, at: START + 60 * HOUR, id: "o1" },
      },
    ]);
    clock.now = START + 72 * HOUR;
    await engine.untilIdle();
    expect(await told()).toEqual([
      "03-02T08:00 exits entered",
      "03-02T08:00 exits waiting wait",
      "03-05T08:00 exits exited exit-when",
    ]);
  });

  test.each([
    [1, "matched"],
    [3, "timeout"],
  ])("a wait-for whose event came after %i hours leaves by %s", async (hours, output) => {
    const doc = flow(
      "await",
      {},
      ["start", "trigger.manual"],
      ["a", "wait-for", { rule: { event: "order.placed" }, timeout: "PT2H" }],
      ["b", "score", { add: 1 }],
    );
    const { clock, engine, store, contact } = await live([doc], enroll("await"));
    await store.addInputs([
      {
        contact,
        input: {
          kind: "event",
          name: "order.placed",
          data: {},
          at: START + hours * HOUR,
          id: "o1",
        },
      },
    ]);
    clock.now = START + 72 * HOUR;
    await engine.untilIdle();
    const step = (await allLines(store)).find((l) => l.kind === "step" && l.node === "a");
    expect([step?.at, step?.output]).toEqual(["2026-03-05T08:00:00Z", output]);
  });
});
