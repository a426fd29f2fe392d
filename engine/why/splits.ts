import type { Flow } from "../core/flow.ts";
import type { Line } from "../core/state.ts";
import { iso } from "../core/time.ts";
import type { Background, Known } from "./known.ts";
import type { Voice } from "./voice.ts";

/** Why a split sent the contact this way: held out, drawn before, the winner, or its share. */
export function splitBackground(
  line: Line,
  voice: Voice,
  flow: Flow | undefined,
  { splits, lines }: Known,
): Background | null {
  const placed = line.node === null ? undefined : flow?.nodes.get(line.node);
  if (placed?.type.type !== "split") return null;
  const { output } = line.detail;
  const earlier = lines.find((l) => l.kind === "step" && l.node === line.node);
  if (earlier && earlier !== line && earlier.detail.output === output) {
    const moment = voice.moment(earlier.at);
    return {
      words: {
        en: `drawn for them on ${moment}; what is drawn stays`,
        ar: `سُحب لها في ${moment}، وما يُسحب يبقى`,
      },
      facts: { drawn: output, since: iso(earlier.at) },
    };
  }
  const facts = { drawn: output };
  if (output === "holdout") {
    const percent = Number(placed.data.holdout);
    return {
      words: {
        en: `${percent}% of the contacts are held out, to compare with`,
        ar: `تُستبعد نسبة ${percent}% من جهات الاتصال للمقارنة`,
      },
      facts,
    };
  }
  const split = splits.find((s) => s.node === line.node);
  if (split && split.winner === output && split.at <= line.at) {
    return { words: { en: "it had won the test", ar: "فاز في الاختبار" }, facts };
  }
  const share = shareOf(placed.data.variants, output);
  return {
    words: { en: `drawn by lot, with a share of ${share}%`, ar: `بالسحب، وحصته ${share}%` },
    facts,
  };
}

function shareOf(variants: unknown, id: unknown): number {
  const all = (Array.isArray(variants) ? variants : []) as { id: string; weight: number }[];
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  return Math.round(((all.find((v) => v.id === id)?.weight ?? 0) / total) * 100);
}
