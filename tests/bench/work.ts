import { Database } from "bun:sqlite";
import { peakMemory, timed, type Work } from "./figures.ts";
import { floorRate } from "./floor.ts";
import { ENROLLED, makeWork } from "./setup.ts";
import { openBench } from "./workspace.ts";

/** Contact-steps a second of work W, durable, from the enrollment to the last message sent; and peak memory. */
export const work: Work = async ({ contacts = 100_000, folder }) => {
  makeWork(folder, contacts);
  const { store, engine, file, clock } = await openBench(folder, []);
  clock.now = ENROLLED;
  const before = peakMemory();
  const { seconds, value } = await timed(() => engine.untilIdle());
  const peak = peakMemory();
  await engine.stop();
  await store.close();
  const floor = floorRate(folder, Math.min(contacts, 100_000));
  const { steps, sent } = countsOf(file);
  if (steps !== contacts * 6 || sent !== contacts || value.dispatched.sent !== contacts) {
    throw new Error(
      `work W is not whole: ${steps} steps, ${sent} messages for ${contacts} contacts`,
    );
  }
  const rate = steps / seconds;
  return {
    figures: [
      { name: "steps", value: rate, unit: "contact-steps/s", ratio: rate / floor },
      { name: "contacts", value: contacts / seconds, unit: "contacts/s" },
      { name: "peak memory", value: peak, unit: "MB" },
      { name: "peak memory before the work", value: before, unit: "MB" },
      { name: "floor", value: floor, unit: "steps/s", ratio: 1 },
    ],
    notes: [
      `${contacts} contacts × 6 steps, each message rendered, claimed, handed to a null channel and finished; synchronous=FULL`,
    ],
  };
};

function countsOf(file: string): { steps: number; sent: number } {
  const db = new Database(file, { readonly: true });
  const count = (sql: string): number => (db.prepare(sql).get() as { n: number }).n;
  const found = {
    steps: count("SELECT sum(count) AS n FROM sums WHERE kind = 'passed'"),
    sent: count(
      "SELECT count(*) AS n FROM outbox o WHERE o.state = 'sent' AND NOT EXISTS (SELECT 1 FROM claims k WHERE k.id = o.id)",
    ),
  };
  db.close();
  return found;
}
