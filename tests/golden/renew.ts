/**
 * Renews the golden journals after a change that is meant to change them: `bun tests/golden/renew.ts`. Look at the
 * difference before it is committed: contacts that are inside a flow at an upgrade go through the same change.
 * `--generate N` draws N new flows in place of the kept ones.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { trial } from "../fuzz/case.ts";
import { CASES, type GoldenCase, goldenCases, journalFile, journalsOf, linesOf } from "./golden.ts";

const { values } = parseArgs({ options: { generate: { type: "string" } } });
/** Journals that are worth keeping: neither nothing nor more than a person looks through. */
const WORTH = { least: 20, most: 150 };

function generate(count: number): GoldenCase[] {
  const cases: GoldenCase[] = [];
  for (let seed = 1; cases.length < count; seed++) {
    const { plan, people } = trial(seed);
    const { seed: _, ...job } = plan;
    const name = `generated-${String(cases.length + 1).padStart(2, "0")}`;
    const one = { name, ...job, contacts: people.contacts, events: people.events };
    const { length } = linesOf(one);
    if (length >= WORTH.least && length <= WORTH.most) cases.push(one);
  }
  return cases;
}

if (values.generate !== undefined) {
  writeFileSync(CASES, gzipSync(JSON.stringify(generate(Number(values.generate))), { level: 9 }));
}
const folder = join(import.meta.dirname, "journals");
mkdirSync(folder, { recursive: true });
const cases = goldenCases();
for (const [name, flow] of cases) writeFileSync(journalFile(name), journalsOf(flow));
for (const file of readdirSync(folder)) {
  if (!cases.has(file.replace(".txt", "")) && existsSync(join(folder, file)))
    rmSync(join(folder, file));
}
console.log(`${cases.size} flows, ${readdirSync(folder).length} journals`);
