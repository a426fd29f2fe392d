import { quantile, type Work } from "./figures.ts";
import { ENROLLED, makeWork } from "./setup.ts";
import { openBench } from "./workspace.ts";

/** How long a keyword waits for its reply to be queued while work W runs in the same engine. */
export const wake: Work = async ({ contacts = 100_000, folder }) => {
  makeWork(folder, contacts);
  const { store, engine, clock } = await openBench(folder, []);
  clock.now = ENROLLED;
  await engine.start("* * * * * *");
  const times: number[] = [];
  for (let i = 0; !(await isDone(contacts)); i++) {
    const contact = await store.findContact(`person${(i * 7919) % contacts}@example.com`);
    if (contact === null) throw new Error("an asker is missing");
    times.push(await ask(contact, i));
  }
  await engine.stop();
  await store.close();
  return {
    figures: [
      { name: "reply queued, median", value: quantile(times, 0.5), unit: "ms" },
      { name: "reply queued, 99th percentile", value: quantile(times, 0.99), unit: "ms" },
      { name: "reply queued, longest", value: Math.max(...times), unit: "ms" },
      { name: "keywords asked while W ran", value: times.length, unit: "" },
    ],
    notes: [
      `${contacts} contacts of work W in the same engine; one asker after the other, without a pause`,
    ],
  };

  async function isDone(total: number): Promise<boolean> {
    const { completed } = await store.flowCounts("work");
    return completed === total;
  }

  async function ask(contact: string, i: number): Promise<number> {
    const started = performance.now();
    clock.now++;
    await store.addInputs([
      {
        contact,
        input: {
          kind: "inbound",
          channel: "whatsapp",
          text: "What is the price?",
          at: clock.now,
          id: `ask:${i}`,
        },
      },
    ]);
    engine.wake();
    for (;;) {
      await new Promise((turn) => setImmediate(turn));
      const replies = await store.messages({ contact, flow: "keyword", limit: 1 });
      if (replies.length > 0) return performance.now() - started;
    }
  }
};
