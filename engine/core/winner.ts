import { errorFunction } from "simple-statistics";
import type { Instant } from "../../nodes/index.ts";
import { confidenceOf } from "../../nodes/split.ts";
import type { FlowDoc } from "./document.ts";
import type { Flow } from "./flow.ts";
import type { ContactState } from "./state.ts";
import { addDuration, validZone } from "./time.ts";

export type WinnerBy = "clicked" | "replied" | "goal" | "opened";

/** What a variant brought: contacts that took it, and of those how many the event happened to. */
export interface VariantNumbers {
  variant: string;
  contacts: number;
  hits: number;
}

interface WinnerData {
  variants: { id: string }[];
  winner?: { test: number; by: WinnerBy; after: string; confidence?: number };
}

/** The decision that a split asks for; null for a split without one. */
export function winnerOf(
  flow: Flow,
  node: string,
): { by: WinnerBy; confidence: number; decideAt(first: Instant, zone: string): Instant } | null {
  const data = flow.nodes.get(node)?.data as WinnerData | undefined;
  const winner = data?.winner;
  if (!winner) return null;
  return {
    by: winner.by,
    confidence: confidenceOf(winner),
    decideAt: (first, workspaceZone) =>
      decisionAt(winner.after, first, flow.timezone, workspaceZone),
  };
}

/** When a split of a document is decided whose first contact came at `first`; null: it has no winner. */
export function decidedAt(
  doc: FlowDoc,
  node: string,
  first: Instant,
  workspaceZone: string,
): Instant | null {
  const data = doc.nodes.find(({ id }) => id === node)?.data as WinnerData | undefined;
  if (!data?.winner) return null;
  return decisionAt(data.winner.after, first, doc.settings?.timezone ?? "", workspaceZone);
}

/** In a flow that counts in each contact's zone, what is decided for all counts in the workspace's. */
const decisionAt = (after: string, first: Instant, zone: string, workspaceZone: string): Instant =>
  addDuration(first, after, validZone(zone) ? zone : workspaceZone);

/** For each variant, the nodes that only its branch reaches: those before the branches meet again. */
export function variantNodes(flow: Flow, node: string): Map<string, Set<string>> {
  const data = flow.nodes.get(node)?.data as WinnerData | undefined;
  const variants = data?.variants ?? [];
  const reached = new Map(
    variants.map(({ id }) => [id, reach(flow, flow.edges.get(`${node}/${id}`))]),
  );
  const own = new Map<string, Set<string>>();
  for (const [id, nodes] of reached) {
    const others = [...reached].filter(([other]) => other !== id).map(([, set]) => set);
    own.set(id, new Set([...nodes].filter((n) => !others.some((set) => set.has(n)))));
  }
  return own;
}

function reach(flow: Flow, start: string | undefined): Set<string> {
  const seen = new Set<string>();
  const open = start === undefined ? [] : [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const placed = flow.nodes.get(node);
    for (const output of placed?.type.outputs(placed.data) ?? []) {
      const target = flow.edges.get(`${node}/${output.id}`);
      if (target !== undefined) open.push(target);
    }
  }
  return seen;
}

/** Counts what each variant brought among these contacts. Opens by machines decide nothing. */
export function variantNumbers(flow: Flow, node: string, states: ContactState[]): VariantNumbers[] {
  const winner = winnerOf(flow, node);
  const own = variantNodes(flow, node);
  const numbers = new Map(
    [...own.keys()].map((variant) => [variant, { variant, contacts: 0, hits: 0 }]),
  );
  for (const state of states) {
    const counted = numbers.get(state.drawn[`${flow.id}/${node}`] ?? "");
    if (!counted) continue;
    counted.contacts++;
    if (winner && isHit(flow, own.get(counted.variant), winner.by, state)) counted.hits++;
  }
  return [...numbers.values()];
}

function isHit(
  flow: Flow,
  nodes: Set<string> | undefined,
  by: WinnerBy,
  state: ContactState,
): boolean {
  if (by === "goal") {
    return state.runs.some(
      (r) =>
        r.flow === flow.id &&
        (r.goal.done || [...(nodes ?? [])].some((n) => isGoal(flow, n) && r.visits[n])),
    );
  }
  return state.messages.some(
    (m) =>
      m.flow === flow.id &&
      nodes?.has(m.node) === true &&
      m.receipts.some((r) => r.event === by && !r.machine),
  );
}

const isGoal = (flow: Flow, node: string): boolean => flow.nodes.get(node)?.type.type === "goal";

/**
 * The best variant when a two-sided two-proportion z-test separates it from the next best with the wanted
 * confidence (corrected for the number of comparisons, Bonferroni); else "undecided". The horizon is fixed:
 * it is looked at once, so peeking needs no correction.
 */
export function judge(numbers: VariantNumbers[], confidence: number): string {
  const rate = (n: VariantNumbers): number => (n.contacts === 0 ? 0 : n.hits / n.contacts);
  const [best, next] = [...numbers].sort((a, b) => rate(b) - rate(a));
  if (!best || !next || best.contacts === 0 || next.contacts === 0) return "undecided";
  const pooled = (best.hits + next.hits) / (best.contacts + next.contacts);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / best.contacts + 1 / next.contacts));
  if (error === 0) return "undecided";
  const z = (rate(best) - rate(next)) / error;
  // The library's normal distribution is a table that ends at 0.999; its error function has no such end.
  const p = 1 - errorFunction(z / Math.SQRT2);
  const comparisons = Math.max(1, numbers.length - 1);
  return p <= (1 - confidence) / comparisons ? best.variant : "undecided";
}

/** Decides a split on what these contacts did. */
export function decideWinner(
  flow: Flow,
  node: string,
  states: ContactState[],
): { winner: string; by: WinnerBy; numbers: VariantNumbers[] } {
  const winner = winnerOf(flow, node);
  const numbers = variantNumbers(flow, node, states);
  const { by, confidence } = winner ?? { by: "clicked" as const, confidence: 1 };
  return { winner: judge(numbers, confidence), by, numbers };
}
