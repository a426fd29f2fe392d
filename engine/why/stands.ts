import type { Flow } from "../core/flow.ts";
import { workspaceReason } from "../core/hours.ts";
import { RuleError, runRule, zoneOf } from "../core/scope.ts";
import type { Run } from "../core/state.ts";
import { flowOf, type Turn } from "../core/turn.ts";
import type { Known } from "./known.ts";
import { seen } from "./lines.ts";
import type { Sentence } from "./sentence.ts";
import type { Voice } from "./voice.ts";
import { type Saw, waitWords } from "./waits.ts";

/** Where each open run stands now, what it waits for and when it goes on by itself. */
export function standsOf(turn: Turn, runs: Run[], voice: Voice, known: Known): Sentence[] {
  const open = runs.filter((run) => run.state === "active" || run.state === "paused");
  const sentences = open.map((run): Sentence => {
    const flow = flowOf(turn, run);
    const { text, next } = standing(turn, run, flow, voice, known);
    return { ...frame(run), text, ...(next === null ? {} : { next }) };
  });
  const [first] = open;
  if (first && turn.world.flows.get(first.flow)?.paused) {
    const text = voice.say({
      en: "The flow is paused, so nobody in it goes on until it is resumed.",
      ar: "الخطة موقوفة مؤقتًا، فلا يتابع أحد فيها حتى تُستأنف.",
    });
    sentences.push({ about: "now", at: null, enrollment: null, node: null, text });
  }
  return sentences;
}

const frame = (run: Run): Omit<Sentence, "text"> => ({
  about: "now",
  at: null,
  enrollment: run.n,
  node: run.node,
});

function standing(
  turn: Turn,
  run: Run,
  flow: Flow | undefined,
  voice: Voice,
  known: Known,
): { text: string; next: number | null } {
  const name = voice.node(flow, run.node);
  const since = voice.moment(run.since);
  if (run.state === "paused") {
    const until = run.paused?.until ?? null;
    const en = until === null ? "until somebody resumes it" : `until ${voice.moment(until)}`;
    const ar = until === null ? "حتى يستأنفها أحد" : `حتى ${voice.moment(until)}`;
    return {
      text: voice.say({
        en: `Now: paused at ${name} for a person, ${en}.`,
        ar: `الآن: موقوفة مؤقتًا عند ${name} ليتابعها موظف، ${ar}.`,
      }),
      next: until,
    };
  }
  if (run.until !== null && run.until <= turn.now) {
    return {
      text: voice.say({
        en: `Now: at ${name} since ${since}, and due to go on at the next tick.`,
        ar: `الآن: عند ${name} منذ ${since}، وتتابع عند الدورة التالية للمحرك.`,
      }),
      next: run.until,
    };
  }
  const split = known.splits.find(({ node }) => node === run.node);
  const decided = run.waiting === "winner" ? (split?.at ?? null) : null;
  const until = run.until ?? decided;
  const clause = waitWords(voice, flow, run.node, run.waiting, until, heldBy(turn, run, flow));
  const saw = run.waiting === "rule" ? sawNow(turn, run, flow, voice) : "";
  return {
    text: voice.say({
      en: `Now: waits at ${name} since ${since}, ${clause}${saw}.`,
      ar: `الآن: تنتظر عند ${name} منذ ${since}، ${clause}${saw}.`,
    }),
    next: until,
  };
}

/** What of the workspace holds the message of the run, as of now. */
function heldBy({ world, state, now }: Turn, run: Run, flow: Flow | undefined): Saw {
  if (!flow || run.waiting !== "window") return {};
  const zone = zoneOf(world, state, flow.timezone);
  return workspaceReason(world.workspace, state, flow, now, zone)?.facts ?? {};
}

/** What the rule that the run waits for sees at this moment. */
function sawNow(turn: Turn, run: Run, flow: Flow | undefined, voice: Voice): string {
  const rule = run.node === null ? undefined : flow?.nodes.get(run.node)?.data.rule;
  if (!flow || rule === undefined) return "";
  const facts: Record<string, unknown> = {};
  try {
    runRule(turn, run, flow, rule as Parameters<typeof runRule>[3], "wait", facts);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return ` (${error.message})`;
  }
  return seen(voice, facts);
}
