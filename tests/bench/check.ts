import { checkFlow } from "../../engine/core/check.ts";
import { bigFlow } from "./big-flow.ts";
import { peakMemory, quantile, type Work } from "./figures.ts";

const TIMES = 20;

/** The time to check a flow of the largest size that is allowed, which the editor does behind every stroke. */
export const check: Work = async () => {
  const whole = median(2000);
  const half = median(1000);
  return {
    figures: [
      { name: "2,000 nodes", value: whole, unit: "ms" },
      { name: "1,000 nodes", value: half, unit: "ms" },
      { name: "growth by node", value: whole / half / 2, unit: "×" },
      { name: "peak memory", value: peakMemory(), unit: "MB" },
    ],
    notes: [`median of ${TIMES}`],
  };
};

function median(nodes: number): number {
  const doc = bigFlow("big", nodes);
  const times = Array.from({ length: TIMES }, () => {
    const started = performance.now();
    const problem = checkFlow(doc).find(({ severity }) => severity === "error");
    if (problem) throw new Error(problem.message.en);
    return performance.now() - started;
  });
  return quantile(times, 0.5);
}
