import { compareLive, judge, type Trial, trial } from "./case.ts";
import { hint, shrink } from "./shrink.ts";

export const BATCHES = [1, 7, 1000];

export interface Report {
  flows: number;
  live: number;
  lines: number;
  /** One paragraph a failing seed: what is wrong, how to see it again, and what is left of it when shrunk. */
  failures: string[];
}

const thrown = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

function simulated(given: Trial): { problems: string[]; lines: number } {
  try {
    return judge(given);
  } catch (error) {
    return { problems: [`threw ${thrown(error)}`], lines: 0 };
  }
}

async function compared(given: Trial): Promise<{ problems: string[]; lines: number }> {
  let lines = 0;
  for (const batch of BATCHES) {
    try {
      const verdict = await compareLive(given, batch);
      lines += verdict.lines;
      if (verdict.problems.length > 0) return { problems: verdict.problems, lines };
    } catch (error) {
      return { problems: [`batches of ${batch}: threw ${thrown(error)}`], lines };
    }
  }
  return { problems: [], lines };
}

/** The first words of a problem: shrinking must keep to it, and not slip to another. */
const sort = (problem: string | undefined): string | undefined => problem?.split(/[:{(]/)[0];

async function failure(
  seed: number,
  live: boolean,
  given: Trial,
  problems: string[],
): Promise<string> {
  const look = live ? compared : simulated;
  const small = await shrink(
    given,
    async (t) => sort((await look(t)).problems[0]) === sort(problems[0]),
  );
  const left = (await look(small)).problems[0] ?? problems[0];
  const again = `npm run fuzz -- --seed ${seed} --flows 1${live ? " --live 1" : " --live 0"}`;
  return `seed ${seed}, flow ${given.plan.doc.id}${live ? ", live" : ""}: ${problems.join("\n  ")}\n  again: ${again}\n  shrunk: ${hint(small)}\n  ${left}`;
}

/**
 * Simulates `flows` random flows from `seed` on and has each journal judged; `live` of them are lived by the
 * engine on SQLite too, in batches of several sizes. Stops at `most` failing seeds.
 */
export async function fuzz(
  { flows, live, seed, most = 5 }: { flows: number; live: number; seed: number; most?: number },
  progress?: (done: number) => void,
): Promise<Report> {
  const report: Report = { flows: 0, live: 0, lines: 0, failures: [] };
  for (let i = 0; i < flows + live && report.failures.length < most; i++) {
    const isLive = i >= flows;
    const at = seed + (isLive ? i - flows : i);
    const given = trial(at, { live: isLive });
    const { problems, lines } = isLive ? await compared(given) : simulated(given);
    report[isLive ? "live" : "flows"]++;
    report.lines += lines;
    if (problems.length > 0) report.failures.push(await failure(at, isLive, given, problems));
    progress?.(i + 1);
  }
  return report;
}
