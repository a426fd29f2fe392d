/**
 * Crash tests: `npm run crash [-- --only NAME] [--kills N] [--contacts N] [--cases N] [--seed S] [--json]`. Ends with 1
 * when a promise was broken.
 */
import { parseArgs } from "node:util";
import { EXPECTED, oddClocks } from "./clock.ts";
import { MOST_ATTEMPTS, providerDown } from "./down.ts";
import { killKeyed, killMail, type Verdict } from "./kills.ts";
import { optOuts } from "./optout.ts";
import { cutLogs } from "./wal.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    kills: { type: "string" },
    contacts: { type: "string" },
    cases: { type: "string" },
    seed: { type: "string" },
    json: { type: "boolean" },
  },
});

/** What a test says: figures by name, and what was broken. */
interface Told {
  figures: Record<string, number>;
  broken: string[];
}

const number = (text: string | undefined, fallback: number): number =>
  text === undefined ? fallback : Number(text);
const seed = number(values.seed, 20_261_122);
const kills = (): { kills: number; contacts: number; seed: number } => ({
  kills: number(values.kills, 100),
  contacts: number(values.contacts, 500),
  seed,
});

const tell = ({ lost, doubled, uncertain, unlisted, ...rest }: Verdict): Told => ({
  figures: {
    ...rest,
    lost: lost.length,
    doubled: doubled.length,
    uncertain: uncertain.length,
    unlisted: unlisted.length,
  },
  broken: [
    ...lost.map((what) => `lost: ${what}`),
    ...doubled.map((what) => `doubled: ${what}`),
    ...unlisted.map((what) => `uncertain and not in the journal: ${what}`),
  ],
});

const TESTS: Record<string, () => Promise<Told>> = {
  keys: async () => tell(await killKeyed(kills())),
  smtp: async () => tell(await killMail(kills())),
  wal: async () => {
    const cuts = await cutLogs(number(values.cases, 500), seed);
    const broken = cuts.flatMap(({ at, problems }) =>
      problems.map((problem) => `cut at ${at}: ${problem}`),
    );
    return {
      figures: { cuts: cuts.length, journals: new Set(cuts.map((cut) => cut.lines)).size },
      broken,
    };
  },
  optout: async () => {
    const cases = number(values.cases, 10_000);
    return { figures: { cases }, broken: await optOuts(cases, seed) };
  },
  down: async () => {
    const { lost, doubled, closedAtTheEnd, ...figures } = await providerDown(
      number(values.contacts, 1000),
      seed,
    );
    const broken = [
      ...lost.map((what) => `lost: ${what}`),
      ...doubled.map((what) => `doubled: ${what}`),
      ...(figures.mostAttempts > MOST_ATTEMPTS ? ["more attempts than the cap"] : []),
      ...(figures.opened > 0 && closedAtTheEnd ? [] : ["the circuit did not open and close"]),
    ];
    return { figures, broken };
  },
  clock: async () => {
    const { twice, outside, ...figures } = await oddClocks();
    const short = figures.messages !== EXPECTED.messages || figures.noons !== EXPECTED.noons;
    const broken = [
      ...twice.map((step) => `twice: ${step}`),
      ...outside.map((send) => `outside the window: ${send}`),
      ...(short ? [`expected ${JSON.stringify(EXPECTED)}`] : []),
    ];
    return { figures, broken };
  },
};

const names = values.only === undefined ? Object.keys(TESTS) : values.only.split(",");
const unknown = names.find((name) => !Object.hasOwn(TESTS, name));
if (unknown !== undefined) {
  console.error(`There is no crash test “${unknown}”; there are ${Object.keys(TESTS).join(", ")}.`);
  process.exit(2);
}
const told: Record<string, Told> = {};
for (const name of names) {
  const test = TESTS[name];
  if (!test) continue;
  const result = await test();
  told[name] = result;
  if (result.broken.length > 0) process.exitCode = 1;
  if (values.json) continue;
  const figures = Object.entries(result.figures).map(
    ([what, n]) => `${what} ${Math.round(n * 10) / 10}`,
  );
  console.log(`${name}: ${figures.join(", ")}`);
  for (const line of result.broken.slice(0, 20)) console.log(`  ${line}`);
}
if (values.json) console.log(JSON.stringify({ seed, results: told }, null, 2));
