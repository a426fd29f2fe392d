/**
 * `npm run mutate [-- --files GLOBS --sample N --seed S --jobs J]`: changes the core and the node types in one
 * place at a time and asks the tests that lead there whether they notice. Prints who survived, and the share
 * that was killed. Without `--sample` every change is tried, which takes hours.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rng } from "../store/random.ts";
import { Checkout, distances, ROOT } from "./checkout.ts";
import { type Mutant, mutantsOf } from "./mutators.ts";

/** Sentences and summaries are for people; a test that repeats them word for word proves nothing. */
const FOR_PEOPLE = /problems|\/say|catalogue|document-shape|\/(schema|node)\.ts$/;
/** Quick tests first; what whole spans alone can tell comes last. */
const NEAR = "tests/core/*.test.ts,tests/nodes/*.test.ts,tests/simulate/*.test.ts";
const FAR = [
  "tests/live/versions.test.ts",
  "tests/hard/clock.test.ts",
  "tests/golden/golden.test.ts",
  "tests/fuzz/fuzz.test.ts",
  "tests/live/segments.test.ts",
  "tests/live/late.test.ts",
  "tests/live/paused.test.ts",
  "tests/live/complaints.test.ts",
  "tests/live/content.test.ts",
  "tests/live/parity.test.ts",
];

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "engine/core/*.ts,nodes/*.ts" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: "2" },
  },
});

const list = (globs: string): string[] =>
  globs.split(",").flatMap((glob) => [...new Bun.Glob(glob).scanSync({ cwd: ROOT })].sort());

/** Shuffled by the seed, so that a sample is drawn fairly and again the same. */
function sampled(all: readonly Mutant[], size: number, seed: number): Mutant[] {
  const random = rng(seed);
  const left = [...all];
  return Array.from(
    { length: Math.min(size, left.length) },
    () => left.splice(random.below(left.length), 1)[0] as Mutant,
  );
}

const files = list(values.files).filter((file) => !FOR_PEOPLE.test(file));
const all = files.flatMap((file) => mutantsOf(file, readFileSync(join(ROOT, file), "utf8")));
const wanted =
  values.sample === undefined ? all : sampled(all, Number(values.sample), Number(values.seed));
const tests = [...list(NEAR), ...FAR];
const far = distances(tests);

/** The tests that lead to a file, in three helpings: the nearest, the others, whole spans. */
function helpings(file: string): string[][] {
  const leading = tests.filter((test) => far.get(test)?.has(file));
  const distance = (test: string): number => far.get(test)?.get(file) ?? 99;
  const near = leading
    .filter((test) => !FAR.includes(test))
    .sort((a, b) => distance(a) - distance(b));
  const least = near[0] === undefined ? 0 : distance(near[0]);
  const first = near.filter((test) => distance(test) <= least + 1).slice(0, 6);
  return [
    first,
    near.filter((test) => !first.includes(test)),
    leading.filter((test) => FAR.includes(test)),
  ];
}

/** The sound run tells nothing by the time it takes. */
const UNHURRIED_MS = 600_000;
/** Tests that only Vitest runs as they were meant. */
const forVitest = new Set<string>();

async function isKilled(checkout: Checkout, mutant: Mutant): Promise<boolean> {
  const later: string[] = [];
  for (const helping of helpings(mutant.file)) {
    later.push(...helping.filter((test) => forVitest.has(test)));
    const now = helping.filter((test) => !forVitest.has(test));
    if (!(await checkout.passes(mutant, now, "bun"))) return true;
  }
  return !(await checkout.passes(mutant, later, "vitest"));
}

/** The tests that fail as the code is, on a machine that may be busy; finds out which need Vitest. */
async function failing(checkout: Checkout): Promise<string[]> {
  if (await checkout.run(tests, "bun", UNHURRIED_MS)) return [];
  for (const test of tests)
    if (!(await checkout.run([test], "bun", UNHURRIED_MS))) forVitest.add(test);
  const failed: string[] = [];
  for (const test of forVitest)
    if (!(await checkout.run([test], "vitest", UNHURRIED_MS))) failed.push(test);
  return failed;
}

console.log(
  `${all.length} possible changes in ${files.length} files; ${wanted.length} tried (seed ${values.seed})`,
);
const started = performance.now();
const checkouts = Array.from({ length: Number(values.jobs) }, () => new Checkout());
const survivors: Mutant[] = [];
let done = 0;
try {
  const first = checkouts[0];
  const failed = first ? await failing(first) : [];
  if (failed.length > 0) {
    console.error(`${failed.join(", ")} failed without any change; mend that first.`);
    process.exitCode = 2;
  } else {
    const queue = [...wanted];
    await Promise.all(
      checkouts.map(async (checkout) => {
        for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
          if (!(await isKilled(checkout, mutant))) {
            survivors.push(mutant);
            console.log(`survived  ${mutant.file}:${mutant.line}  ${mutant.what}`);
          }
          if (++done % 25 === 0)
            console.error(`${done} of ${wanted.length}, ${survivors.length} survived`);
        }
      }),
    );
    const share = ((1 - survivors.length / Math.max(1, done)) * 100).toFixed(1);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${done - survivors.length} of ${done} killed (${share} %) in ${seconds} s`);
  }
} finally {
  for (const checkout of checkouts) checkout.remove();
}
