import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { importContacts } from "../../engine/import.ts";
import { waitingFlow } from "./bench-flows.ts";
import { peakMemory, timed, type Work } from "./figures.ts";
import { importFloor } from "./floor.ts";
import { watchThread } from "./thread.ts";
import { openBench, T0 } from "./workspace.ts";

const CITIES = ["Riyadh", "Jeddah", "Dubai", "Cairo", "الرياض", "Berlin"];

/** A CSV file with exact matching: every tenth row is somebody who came before, by e-mail or by phone. */
export const importing: Work = async ({ contacts: rows = 1_000_000, folder }) => {
  const file = `${folder}/people.csv`;
  // In a process of its own: what it takes is no part of the import's memory.
  Bun.spawnSync([process.execPath, import.meta.path, file, String(rows)]);
  const { store, engine } = await openBench(folder, [waitingFlow]);
  const before = peakMemory();
  const held = watchThread();
  const memory: number[] = [];
  const { seconds, cpu, value } = await timed(() =>
    importContacts(store, file, {
      at: T0,
      onDuplicate: "merge",
      dryRun: false,
      fire: false,
      progress: (done) => {
        if (done % 100_000 === 0) memory.push(peakMemory());
      },
    }),
  );
  const longest = held.stop();
  const peak = peakMemory();
  if (!value.ok) throw new Error(value.problem.message.en);
  const { counts } = value.value;
  await engine.stop();
  await store.close();
  const floor = await importFloor(folder, file);
  return {
    figures: [
      { name: `${rows.toLocaleString("en")} rows`, value: seconds, unit: "s" },
      {
        name: "rows a second",
        value: rows / seconds,
        unit: "rows/s",
        ratio: rows / seconds / floor,
      },
      { name: "processor time", value: cpu, unit: "s" },
      { name: "peak memory", value: peak, unit: "MB" },
      { name: "peak memory before", value: before, unit: "MB" },
      ...memory
        .slice(0, 1)
        .map((value) => ({ name: "peak memory after 100,000 rows", value, unit: "MB" })),
      { name: "longest hold of the tick", value: longest, unit: "ms" },
      { name: "floor", value: floor, unit: "rows/s", ratio: 1 },
    ],
    notes: [
      `created ${counts.created}, updated ${counts.updated}, merged ${counts.merged}, rejected ${counts.rejected}`,
    ],
  };
};

async function writeCsv(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  out.write("email,phone,first_name,last_name,city,birthday,tags,points\n");
  for (let from = 0; from < rows; from += 1000) {
    let text = "";
    for (let n = from; n < Math.min(rows, from + 1000); n++) {
      const who = n % 10 === 9 ? Math.floor(n / 2) : n;
      text += `Person${who}@Example.com,+9665${String(who).padStart(8, "0")},First${who % 997},Last${who % 1009},${CITIES[n % CITIES.length]},1990-0${1 + (n % 9)}-1${n % 9},${n % 2 === 0 ? "vip|lead" : "lead"},${n % 500}\n`;
    }
    if (!out.write(text)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

if (import.meta.main) {
  const [file = "", rows = ""] = process.argv.slice(2);
  await writeCsv(file, Number(rows));
}
