import { expect, test } from "vitest";
import { EXPECTED, oddClocks } from "./clock.ts";
import { MOST_ATTEMPTS, providerDown } from "./down.ts";
import { killKeyed, killMail } from "./kills.ts";
import { optOuts } from "./optout.ts";
import { cutLogs } from "./wal.ts";

const SEED = 20_261_122;

test("an engine that is killed at random loses and doubles nothing where the provider takes keys", async () => {
  const { lost, doubled, uncertain } = await killKeyed({
    kills: 3,
    contacts: 200,
    seed: SEED,
    longest: 600,
  });
  expect({ lost, doubled, uncertain }).toEqual({ lost: [], doubled: [], uncertain: [] });
}, 60_000);

test("a program that is killed at random sends no mail twice and lists every one that is uncertain", async () => {
  const { lost, doubled, unlisted } = await killMail({
    kills: 3,
    contacts: 100,
    seed: SEED,
    longest: 600,
  });
  expect({ lost, doubled, unlisted }).toEqual({ lost: [], doubled: [], unlisted: [] });
}, 60_000);

test("a log cut anywhere opens with a prefix of what happened, whole in itself", async () => {
  const cuts = await cutLogs(50, SEED);
  expect(
    cuts.flatMap(({ at, problems }) => problems.map((problem) => `cut at ${at}: ${problem}`)),
  ).toEqual([]);
  const lines = cuts.map((cut) => cut.lines);
  expect(Math.min(...lines)).toBe(0);
  expect(new Set(lines).size).toBeGreaterThan(10);
}, 60_000);

test("nothing goes out to somebody who opted out before, whatever the order of things", async () => {
  expect(await optOuts(500, SEED)).toEqual([]);
}, 60_000);

test("a provider that fails a third of the time and wholly for two hours loses and doubles nothing", async () => {
  const down = await providerDown(100, SEED);
  expect(down).toMatchObject({ messages: 200, lost: [], doubled: [], closedAtTheEnd: true });
  expect(down.mostAttempts).toBeLessThanOrEqual(MOST_ATTEMPTS);
  expect(down.opened).toBeGreaterThan(0);
}, 60_000);

test("three days of downtime and a clock set back take each due step once and keep the windows", async () => {
  expect(await oddClocks()).toEqual({ twice: [], outside: [], ...EXPECTED });
}, 60_000);
