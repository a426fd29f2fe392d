/**
 * Benchmarks: `npm run bench [-- --only NAME] [--contacts N] [--json]`. Each work runs alone in its own process and
 * prints figures with their unit and, where there is one, the ratio to a floor measured in the same run. Nothing
 * fails on an absolute time.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Figure, machine, type Result, type Work } from "./figures.ts";

const WORKS: Record<string, () => Promise<Work>> = {
  W: async () => (await import("./work.ts")).work,
  "idle-tick": async () => (await import("./idle-tick.ts")).idleTick,
  wake: async () => (await import("./wake.ts")).wake,
  simulate: async () => (await import("./simulate.ts")).simulate,
  import: async () => (await import("./import.ts")).importing,
  check: async () => (await import("./check.ts")).check,
  segment: async () => (await import("./segment.ts")).segment,
  editor: async () => (await import("./editor.ts")).editor,
  "segment-trigger": async () => (await import("./segment-trigger.ts")).segmentTrigger,
};

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    contacts: { type: "string" },
    json: { type: "boolean" },
    folder: { type: "string" },
    child: { type: "string" },
  },
});

/** Runs one work here and prints its result as JSON. */
async function child(name: string): Promise<void> {
  const folder = mkdtempSync(join(values.folder ?? tmpdir(), "tawasul-bench-"));
  try {
    const work = await WORKS[name]?.();
    if (!work) throw new Error(`there is no work ${name}`);
    const contacts = values.contacts === undefined ? {} : { contacts: Number(values.contacts) };
    process.stdout.write(JSON.stringify(await work({ folder, ...contacts })));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inChild(name: string): Promise<Result> {
  const args = process.argv.slice(2).filter((arg) => arg !== "--json");
  const spawned = Bun.spawn([process.execPath, import.meta.path, ...args, "--child", name], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const [text, code] = await Promise.all([new Response(spawned.stdout).text(), spawned.exited]);
  if (code !== 0) throw new Error(`the benchmark ${name} ended with ${code}`);
  return JSON.parse(text) as Result;
}

function show({ name, value, unit, ratio }: Figure): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
  const figure = value.toLocaleString("en", { maximumFractionDigits: digits });
  const compared = ratio === undefined ? "" : `   ${ratio.toFixed(2)} × floor`;
  return `  ${name.padEnd(32)} ${figure.padStart(12)} ${unit}${compared}`;
}

async function main(): Promise<void> {
  const names = values.only === undefined ? Object.keys(WORKS) : values.only.split(",");
  const unknown = names.find((name) => !Object.hasOwn(WORKS, name));
  if (unknown !== undefined) {
    console.error(
      `There is no benchmark “${unknown}”; there are ${Object.keys(WORKS).join(", ")}.`,
    );
    process.exitCode = 2;
    return;
  }
  const results: Record<string, Result> = {};
  if (!values.json) console.log(machine());
  for (const name of names) {
    const result = await inChild(name);
    results[name] = result;
    if (values.json) continue;
    console.log(`\n${name}`);
    for (const figure of result.figures) console.log(show(figure));
    for (const note of result.notes) console.log(`  ${note}`);
  }
  if (values.json) console.log(JSON.stringify({ machine: machine(), results }, null, 2));
}

if (values.child === undefined) await main();
else await child(values.child);
