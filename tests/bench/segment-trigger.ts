import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { FlowDoc } from "../../engine/core/document.ts";
import type { Engine } from "../../engine/engine.ts";
import { publishFlow } from "../../engine/publish.ts";
import type { Store } from "../../engine/store/store.ts";
import type { Rule } from "../../nodes/index.ts";
import { peakMemory, quantile, timed, type Work } from "./figures.ts";
import { MADE_BY_SQL, multiply } from "./populate.ts";
import { watchThread } from "./thread.ts";
import { addContacts, openBench, T0 } from "./workspace.ts";

const DAY = 86_400_000;
const CHANGES = 200;
const AT_ONCE = 10_000;

/** Plain: only a change can flip it. Timed: everybody was created at `T0`, so all of them fall out of it in a month. */
const PLAIN: Rule = { all: [{ field: "city", op: "=", value: "Riyadh" }, { tag: "hot" }] };
const TIMED: Rule = { field: "created_at", op: "within-last", value: "P30D" };

const listensTo = (id: string, segment: string, on: "entered" | "left"): FlowDoc => ({
  format: 1,
  id,
  name: id,
  settings: { reentry: { mode: "always" } },
  nodes: [
    { id: "start", type: "trigger.segment", position: { x: 0, y: 0 }, data: { segment, on } },
  ],
  edges: [],
});

/**
 * What segments as triggers cost with a million contacts in the store: publishing a flow that listens, saving the
 * segment again, from one contact's change to the line that says it entered, many at once, and the passing of time.
 */
export const segmentTrigger: Work = async ({ contacts = 1_000_000, folder }) => {
  const { store, engine, file, clock } = await openBench(folder, []);
  await addContacts(store, 1000);
  await engine.untilIdle();
  multiply(file, contacts);
  clock.now = T0 + 5 * DAY;
  await store.saveSegment("hot", PLAIN, clock.now);
  await store.saveSegment("new", TIMED, clock.now);
  const before = peakMemory();

  const idle = async () => {
    engine.wake();
    while (((await store.nextDue()) ?? Number.POSITIVE_INFINITY) <= clock.now)
      await new Promise((turn) => setTimeout(turn, 5));
  };
  const publish = async (doc: FlowDoc) => {
    await store.saveDraft(doc, clock.now);
    const held = watchThread();
    const published = await timed(() => publishFlow(store, doc.id, clock.now));
    const swept = await timed(idle);
    const hold = held.stop();
    return { ms: published.seconds * 1000, swept, hold, turns: stamped(file) };
  };
  await engine.start("* * * * * *");
  const plain = await publish(listensTo("came", "hot", "entered"));
  const timely = await publish(listensTo("went", "new", "left"));

  const changes = await oneByOne(store, engine, clock);
  const saved = await timed(() =>
    store.saveSegment("hot", { any: [PLAIN, { tag: "warm" }] }, clock.now),
  );
  clock.now += 1000;
  const many = await atOnce(store, engine, clock, contacts);
  clock.now = T0 + 30 * DAY;
  const passing = watchThread();
  const passed = await timed(idle);
  const passHold = passing.stop();
  const left = (await store.flowCounts("went")).entered;
  if (left !== contacts) throw new Error(`${left} contacts left the segment, not ${contacts}`);
  const peak = peakMemory();
  await engine.stop();
  await store.close();
  const floor = commits(folder);
  return {
    figures: [
      { name: "publishing, rule without time", value: plain.ms, unit: "ms" },
      { name: "contacts through a turn", value: plain.turns, unit: "contacts" },
      { name: "publishing, rule with time", value: timely.ms, unit: "ms" },
      { name: "noting when time may move whom", value: timely.swept.seconds, unit: "s" },
      { name: "contacts through a turn", value: timely.turns, unit: "contacts" },
      { name: "longest hold of the tick", value: Math.max(plain.hold, timely.hold), unit: "ms" },
      {
        name: "change to entry, median",
        value: quantile(changes, 0.5),
        unit: "ms",
        ratio: floor / quantile(changes, 0.5),
      },
      { name: "change to entry, 99th percentile", value: quantile(changes, 0.99), unit: "ms" },
      { name: "saving the segment again", value: saved.seconds * 1000, unit: "ms" },
      {
        name: `${AT_ONCE.toLocaleString("en")} changed at once, all in`,
        value: many.seconds,
        unit: "s",
      },
      { name: "longest hold of the tick", value: many.hold, unit: "ms" },
      { name: "all leave as time passes", value: contacts / passed.seconds, unit: "contacts/s" },
      { name: "longest hold of the tick", value: passHold, unit: "ms" },
      { name: "peak memory", value: peak, unit: "MB" },
      { name: "peak memory before", value: before, unit: "MB" },
      { name: "floor: two durable commits", value: floor, unit: "ms", ratio: 1 },
    ],
    notes: [
      `${contacts} contacts; ${CHANGES} changes one after the other, each to its line in the journal; ${MADE_BY_SQL}`,
    ],
  };
};

/** Contacts that had a turn since somebody listens: each notes then what it is a member of. */
function stamped(file: string): number {
  const db = new Database(file, { readonly: true });
  const { n } = db.prepare("SELECT count(*) AS n FROM marks WHERE members IS NOT NULL").get() as {
    n: number;
  };
  db.close();
  return n;
}

async function oneByOne(store: Store, engine: Engine, clock: { now: number }): Promise<number[]> {
  const riyadh = await store.contacts({ field: "city", op: "=", value: "Riyadh" }, clock.now, {
    limit: CHANGES,
  });
  const times: number[] = [];
  for (const [i, { id: contact }] of riyadh.entries()) {
    clock.now++;
    const started = performance.now();
    const input = { kind: "tag", add: "hot", at: clock.now, id: `hot:${i}` } as const;
    await store.addInputs([{ contact, input }]);
    engine.wake();
    for (;;) {
      await new Promise((turn) => setImmediate(turn));
      const [line] = await store.journal({ contact, flow: "came", limit: 1 });
      if (line?.kind === "entered") break;
    }
    times.push(performance.now() - started);
  }
  return times;
}

/** One tag for many contacts, while the engine runs. */
async function atOnce(
  store: Store,
  engine: Engine,
  clock: { now: number },
  contacts: number,
): Promise<{ seconds: number; hold: number }> {
  const { entered } = await store.flowCounts("came");
  // E-mail addresses of the generated people end in their number: one in a hundred of a million.
  const who: Rule = { field: "email", op: "ends-with", value: "77@example.com" };
  const held = watchThread();
  const { seconds, value } = await timed(async () => {
    const input = { kind: "tag", add: "warm", at: clock.now, id: "warm" } as const;
    const count = await store.addInputForAll(who, input, clock.now);
    engine.wake();
    for (;;) {
      await new Promise((turn) => setTimeout(turn, 5));
      if ((await store.flowCounts("came")).entered - entered >= count) return count;
    }
  });
  if (contacts >= 1_000_000 && value < AT_ONCE)
    throw new Error(`only ${value} were changed at once`);
  return { seconds, hold: held.stop() };
}

/** Milliseconds of two small durable transactions: to keep a change, and to keep what came of it. */
function commits(folder: string): number {
  const db = new Database(join(folder, "floor.sqlite"), { create: true });
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL"]) db.run(`PRAGMA ${pragma}`);
  db.run("CREATE TABLE line (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT");
  const insert = db.prepare("INSERT INTO line (at) VALUES (?)");
  const times: number[] = [];
  for (let i = 0; i < CHANGES; i++) {
    const started = performance.now();
    insert.run(i);
    insert.run(i);
    times.push(performance.now() - started);
  }
  db.close();
  return quantile(times, 0.5);
}
