import type { Instant, Label, Language } from "../../nodes/index.ts";
import { compileFlow, type Flow } from "../core/flow.ts";
import { zoneOf } from "../core/scope.ts";
import type { ContactState, Line } from "../core/state.ts";
import { iso } from "../core/time.ts";
import type { World } from "../core/turn.ts";
import { winnerOf } from "../core/winner.ts";
import type { FlowVersion, SplitRecord, Store } from "../store/store.ts";
import type { KnownSplit } from "./known.ts";
import { type Sentence, whyOf } from "./why.ts";

/** Why a person did or didn't get each message of a flow; or which of the two isn't known. */
export type Explanation =
  | {
      ok: true;
      contact: string;
      flow: string;
      /** The zone in which the sentences tell the time. */
      zone: string;
      sentences: Sentence[];
    }
  | { ok: false; unknown: "contact" | "flow"; message: Label };

/** Lines read at a time. */
const PAGE = 1000;

/** Tells a contact's journal of a flow as sentences. `contact` is an id, or an address as the store keeps it. */
export async function explain(
  store: Store,
  contact: string,
  flow: string,
  { language, now }: { language: Language; now: Instant },
): Promise<Explanation> {
  const record = await store.flow(flow);
  if (!record) {
    return {
      ok: false,
      unknown: "flow",
      message: { en: `There is no flow “${flow}”.`, ar: `لا توجد خطة متابعة «${flow}».` },
    };
  }
  const id = await store.findContact(contact);
  const state = id === null ? null : await store.loadContact(id);
  if (!state) {
    return {
      ok: false,
      unknown: "contact",
      message: { en: `There is no contact “${contact}”.`, ar: `لا توجد جهة اتصال «${contact}».` },
    };
  }
  const own = await linesOf(store, state.contact.id, flow);
  const world = await worldOf(store, flow, record.version, own, state);
  const splits = (await store.splits()).filter((split) => split.flow === flow);
  const current = world.flows.get(flow);
  const lines = [...own, ...splits.flatMap((split) => decisionLine(split, own))];
  lines.sort((a, b) => a.at - b.at);
  return {
    ok: true,
    contact: state.contact.id,
    flow,
    zone: zoneOf(world, state, "contact"),
    sentences: whyOf({
      ...{ flow, lines, state, world, now, language },
      splits: current ? splits.flatMap((split) => knownSplit(split, current, world)) : [],
    }),
  };
}

async function linesOf(store: Store, contact: string, flow: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (;;) {
    const last = lines.at(-1) as (Line & { id: number }) | undefined;
    const page = await store.journal({
      ...{ flow, contact, limit: PAGE },
      ...(last ? { after: { at: last.at, id: last.id } } : {}),
    });
    lines.push(...page);
    if (page.length < PAGE) return lines;
  }
}

/** The decision of a split that the contact came by: it stands in the journal once for all. */
function decisionLine({ flow, node, decided, figures }: SplitRecord, lines: Line[]): Line[] {
  const { at, by, numbers } = figures ?? {};
  const passed = lines.find((line) => line.node === node);
  if (!passed || decided === null || typeof at !== "number") return [];
  const detail = { winner: decided, by, numbers };
  const { version } = passed;
  const line = { at, contact: null, flow, version, enrollment: null, seq: 0, node, detail };
  return [{ ...line, kind: "decided" }];
}

function knownSplit(split: SplitRecord, flow: Flow, { workspace }: World): KnownSplit[] {
  const { node, decided, figures, firstArrival } = split;
  const planned = winnerOf(flow, node)?.decideAt(firstArrival, workspace.timezone);
  const at = typeof figures?.at === "number" ? figures.at : planned;
  return at === undefined ? [] : [{ node, at, winner: decided }];
}

/** As much of the world as one flow needs: every version that a line or a run names. */
async function worldOf(
  store: Store,
  flow: string,
  current: number | null,
  lines: Line[],
  state: ContactState,
): Promise<World> {
  const numbers = new Set(current === null ? [] : [current]);
  for (const line of lines) numbers.add(line.version);
  for (const run of state.runs) if (run.flow === flow) numbers.add(run.version);
  const read = await Promise.all([...numbers].map((n) => store.version(flow, n)));
  const versions = read.flatMap((v) => (v ? [compiled(v)] : []));
  return {
    workspace: await store.workspace(),
    flows: new Map(versions.filter((v) => v.version === current).map((v) => [flow, v])),
    versions: new Map(versions.map((v) => [`${flow}@${v.version}`, v])),
    decisions: new Map(),
    link: () => "",
    deliver: null,
    answer: null,
    from: null,
  };
}

const compiled = ({ doc, version, firstPublished, paused, params }: FlowVersion): Flow =>
  compileFlow(doc, { version, firstPublished, paused, params });

/** What the API and `--json` answer: moments as ISO 8601 in UTC. */
export const explanationJson = ({
  contact,
  flow,
  zone,
  sentences,
}: Extract<Explanation, { ok: true }>): Record<string, unknown> => ({
  contact,
  flow,
  timezone: zone,
  sentences: sentences.map(sentenceJson),
});

const sentenceJson = ({ at, next, ...sentence }: Sentence): Record<string, unknown> => ({
  at: at === null ? null : iso(at),
  ...sentence,
  ...(next === undefined ? {} : { next: iso(next) }),
});
