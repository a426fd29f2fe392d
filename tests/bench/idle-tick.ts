import { mkdirSync } from "node:fs";
import { tick } from "../../engine/tick.ts";
import { waitingFlow } from "./bench-flows.ts";
import { quantile, type Work } from "./figures.ts";
import { MADE_BY_SQL, multiply } from "./populate.ts";
import { addContacts, openBench, T0 } from "./workspace.ts";

const TICKS = 500;

/** The time of a tick in which nobody is due, with many waiting and with few. */
export const idleTick: Work = async ({ contacts = 1_000_000, folder }) => {
  const few = await median(`${folder}/few`, 10_000);
  const many = await median(`${folder}/many`, contacts);
  return {
    figures: [
      {
        name: `tick with ${contacts.toLocaleString("en")} waiting`,
        value: many,
        unit: "ms",
        ratio: few / many,
      },
      { name: "tick with 10,000 waiting", value: few, unit: "ms", ratio: 1 },
      { name: "many ÷ few", value: many / few, unit: "×" },
    ],
    notes: [`median of ${TICKS} ticks; the floor is the tick with 10,000; ${MADE_BY_SQL}`],
  };
};

async function median(folder: string, count: number): Promise<number> {
  mkdirSync(folder);
  const { store, engine, file, clock } = await openBench(folder, [waitingFlow]);
  await addContacts(store, 1000);
  await store.addInputForAll(null, { kind: "enroll", flow: "waiting", at: T0, id: "enroll" }, T0);
  await engine.untilIdle();
  multiply(file, count);
  clock.now = T0 + 86_400_000;
  const waiting = await store.countContacts({ not: { tag: "waited" } }, clock.now);
  if (waiting !== count) throw new Error(`${waiting} contacts wait, not ${count}`);
  const times: number[] = [];
  for (let i = 0; i < TICKS; i++) {
    const started = performance.now();
    const done = await tick(store, engine.worlds, clock.now, { batch: 1000, warn: console.error });
    times.push(performance.now() - started);
    if (done.contacts + done.fired + done.decided > 0) throw new Error("the tick was not idle");
  }
  await engine.stop();
  await store.close();
  return quantile(times, 0.5);
}
