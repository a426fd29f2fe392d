/**
 * `npm run fuzz [-- --flows N --live N --seed S]`: random valid flows over random people and events, each
 * simulated twice and judged by an independent reader of the journal; some lived by the engine on SQLite too.
 */
import { parseArgs } from "node:util";
import { fuzz } from "./run.ts";

const { values } = parseArgs({
  options: {
    flows: { type: "string", default: "300" },
    live: { type: "string", default: "40" },
    seed: { type: "string" },
  },
});
const whole = (name: string, text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`--${name} must be a whole number, not “${text}”.`);
  process.exit(2);
};
const flows = whole("flows", values.flows);
const live = whole("live", values.live);
const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : whole("seed", values.seed);
console.log(`seed ${seed}`);
const started = performance.now();
const report = await fuzz({ flows, live, seed }, (done) => {
  if (done % 50 === 0) console.error(`${done} of ${flows + live}`);
});
for (const failure of report.failures) console.log(`\n${failure}`);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `${report.flows} flows simulated twice, ${report.live} lived in three batch sizes, ${report.lines} lines judged in ${seconds} s: ${report.failures.length} failed`,
);
process.exit(report.failures.length > 0 ? 1 : 0);
