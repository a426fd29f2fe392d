import type { Instant, Language } from "../../nodes/index.ts";
import { flaggedFields, zoneOf } from "../core/scope.ts";
import type { ContactState, Line, Run } from "../core/state.ts";
import { turnOf, type World } from "../core/turn.ts";
import type { KnownSplit } from "./known.ts";
import { sentenceOf } from "./lines.ts";
import { notEntered } from "./not-entered.ts";
import { notSent } from "./not-sent.ts";
import type { Sentence } from "./sentence.ts";
import { standsOf } from "./stands.ts";
import { type Voice, voiceIn } from "./voice.ts";

export type { Sentence } from "./sentence.ts";

/** Everything that the answer depends on; the same gives the same sentences. */
export interface Asked {
  flow: string;
  /** The contact's lines of this flow (and the flow's own), in the journal's order. */
  lines: Line[];
  state: ContactState;
  /** Workspace, the current version of this flow, and every version that a line or run names. */
  world: World;
  /** Those of this flow. */
  splits: readonly KnownSplit[];
  now: Instant;
  language: Language;
}

/**
 * The journal of one contact in one flow, told as sentences: what happened and why, where things stand, and why
 * what has not happened has not.
 */
export function whyOf(asked: Asked): Sentence[] {
  const { flow: id, lines, state, world, splits, now } = asked;
  const voice = voiceOf(asked);
  const runs = state.runs.filter((run) => run.flow === id).sort((a, b) => a.n - b.n);
  const current = world.flows.get(id);
  const turn = turnOf(world, state, now);
  const known = { state, world, splits, lines };
  const told = lines.map((line) =>
    sentenceOf(line, voice, world.versions.get(`${id}@${line.version}`) ?? current, known),
  );
  if (state.contact.erased) return [...told, erased(voice)];
  told.push(...flags(asked, voice));
  if (runs.length === 0) {
    return [...told, ...(current ? notEntered(turn, current, voice) : [unpublished(voice)])];
  }
  const latest = runs.at(-1);
  const open = (run: Run): boolean => run.state === "active" || run.state === "paused";
  const asking = runs.filter((run) => open(run) || run === latest);
  return [
    ...told,
    ...standsOf(turn, runs, voice, known),
    ...asking.flatMap((run) => notSent(turn, run, lines, voice)),
  ];
}

/** The voice of the reader's language on the contact's clock. */
export const voiceOf = ({
  language,
  state,
  world,
}: Pick<Asked, "language" | "state" | "world">): Voice =>
  voiceIn(language, zoneOf(world, state, "contact"));

/** What counts as missing of the contact, and what counts in its place. */
function flags({ state, world }: Asked, { say }: Voice): Sentence[] {
  return flaggedFields(state).map((field) => {
    const given = String(state.contact.fields[field]).slice(0, 60);
    const { timezone } = world.workspace;
    const text = say({
      en: `The contact's time zone “${given}” isn't one, so the workspace's counts: ${timezone}.`,
      ar: `المنطقة الزمنية «${given}» لجهة الاتصال غير معروفة، فتُعتمد منطقة مساحة العمل: ${timezone}.`,
    });
    return about(text, "contact");
  });
}

const about = (text: string, what: Sentence["about"] = "not-entered"): Sentence => ({
  about: what,
  at: null,
  enrollment: null,
  node: null,
  text,
});

const unpublished = ({ say }: Voice): Sentence =>
  about(
    say({
      en: "The flow has not been published, so nobody can enter it: a draft never runs.",
      ar: "لم تُنشر الخطة، فلا يمكن لأحد دخولها: المسودة لا تعمل.",
    }),
  );

const erased = ({ say }: Voice): Sentence =>
  about(
    say({
      en: "This contact was erased: what is left no longer says who it was, and nothing more happens.",
      ar: "مُحيت بيانات جهة الاتصال: ما بقي لا يدل على صاحبها، ولن يحدث شيء آخر.",
    }),
  );
