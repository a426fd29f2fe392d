import type { FlowDocument, FlowEdge, FlowNode } from "./shape.ts";

/** What can be undone and redone: whole documents, which share all that stayed the same. */
export interface History {
  past: readonly FlowDocument[];
  present: FlowDocument;
  future: readonly FlowDocument[];
  /** Edits under one key within `TOGETHER_MS` are one step, so that undo takes back a word and not a letter. */
  last: { key: string; at: number } | null;
}

/** Steps that are kept. */
export const MAX_STEPS = 100;
/** Milliseconds within which edits of one thing count as one. */
export const TOGETHER_MS = 1500;

export const begin = (doc: FlowDocument): History => ({
  past: [],
  present: doc,
  future: [],
  last: null,
});

/** The document after an edit. `key` names what was edited, null for an edit that stands alone; `now` in ms. */
export function record(
  history: History,
  doc: FlowDocument,
  key: string | null,
  now: number,
): History {
  if (doc === history.present) return history;
  const { last } = history;
  const together = key !== null && last?.key === key && now - last.at <= TOGETHER_MS;
  const past = together ? history.past : [...history.past, history.present].slice(-MAX_STEPS);
  return { past, present: doc, future: [], last: key === null ? null : { key, at: now } };
}

export function undo(history: History): History {
  const previous = history.past.at(-1);
  if (!previous) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    last: null,
  };
}

export function redo(history: History): History {
  const [next, ...future] = history.future;
  if (!next) return history;
  return { past: [...history.past, history.present], present: next, future, last: null };
}

/** A history as it is kept across a reload: each part once, and each document as places in that list. */
interface Packed {
  pool: unknown[];
  steps: { rest: number; nodes: number[]; edges: number[] }[];
  /** The place of `present` among the steps. */
  at: number;
}

/** The history as JSON. A hundred steps of a flow of 500 nodes take little more than one, as most parts are shared. */
export function pack(history: History): string {
  const pool: unknown[] = [];
  const places = new Map<unknown, number>();
  const put = (part: unknown): number => {
    const known = places.get(part);
    if (known !== undefined) return known;
    places.set(part, pool.length);
    return pool.push(part) - 1;
  };
  // `rest` is a new object each time it is taken out, so it is told apart by what it holds.
  const rests = new Map<string, number>();
  const steps = [...history.past, history.present, ...history.future].map((doc) => {
    const { nodes, edges, ...rest } = doc;
    const text = JSON.stringify(rest);
    const place = rests.get(text) ?? put(rest);
    rests.set(text, place);
    return { rest: place, nodes: nodes.map(put), edges: edges.map(put) };
  });
  return JSON.stringify({ pool, steps, at: history.past.length } satisfies Packed);
}

const isPacked = (value: unknown): value is Packed => {
  if (typeof value !== "object" || value === null) return false;
  const { pool, steps, at } = value as Partial<Packed>;
  return Array.isArray(pool) && Array.isArray(steps) && Number.isInteger(at);
};

/** Reads what `pack` wrote; null when it is damaged or of another shape. */
export function unpack(text: string): History | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!isPacked(value)) return null;
  const { pool, steps, at } = value;
  const docs = steps.map(
    (step) =>
      ({
        ...(pool[step.rest] as object),
        nodes: step.nodes.map((i) => pool[i] as FlowNode),
        edges: step.edges.map((i) => pool[i] as FlowEdge),
      }) as FlowDocument,
  );
  const present = docs[at];
  if (!present) return null;
  return { past: docs.slice(0, at), present, future: docs.slice(at + 1), last: null };
}

/** The same history with half of what can be undone, for a storage that is full. */
export const halved = (history: History): History => ({
  ...history,
  past: history.past.slice(Math.ceil(history.past.length / 2)),
  future: [],
});
