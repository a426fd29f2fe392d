import { begin, type History, halved, pack, unpack } from "./history.ts";
import type { FlowDocument } from "./shape.ts";

/** Where undo is kept across a reload: the browser's storage, or a stand-in. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const keyOf = (flow: string): string => `tawasul.undo.${flow}`;

interface Kept {
  /** The draft's stamp when the server last took it from here. */
  stamp: string;
  history: string;
  /** The server has what `history` ends in. */
  sent?: boolean;
}

/** Keeps a history. A storage that is full keeps fewer steps, and none at last. */
export function keep(
  shelf: Shelf,
  flow: string,
  history: History,
  stamp: string,
  sent = false,
): void {
  let left = history;
  for (;;) {
    const text = JSON.stringify({ stamp, history: pack(left), sent } satisfies Kept);
    try {
      shelf.setItem(keyOf(flow), text);
      return;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (left.past.length === 0) {
        shelf.removeItem(keyOf(flow));
        return;
      }
      left = halved(left);
    }
  }
}

/** How a kept history stands to the server's draft: it holds what was not sent; and the draft was changed elsewhere meanwhile. */
type Unsent = "no" | "yes" | "overtaken";

/**
 * The history to go on with: the kept one when it belongs to this draft (it ends in it, or holds what a closed page
 * had not sent yet), else a new one. `unsent` says which.
 */
export function recall(
  shelf: Shelf,
  draft: FlowDocument,
  stamp: string,
): { history: History; unsent: Unsent } {
  const fresh = { history: begin(draft), unsent: "no" as const };
  const text = shelf.getItem(keyOf(draft.id));
  if (text === null) return fresh;
  const kept = keptOf(text);
  const history = kept && unpack(kept.history);
  if (!kept || !history) return fresh;
  if (sameDocument(history.present, draft)) return { history, unsent: "no" };
  // A draft that this very history went through was sent from here, whether its answer was heard or not.
  const own = kept.stamp === stamp || history.past.some((doc) => sameDocument(doc, draft));
  if (own && kept.sent !== true) return { history, unsent: "yes" };
  return kept.sent === false ? { history, unsent: "overtaken" } : fresh;
}

function keptOf(text: string): Kept | null {
  try {
    const value = JSON.parse(text) as Partial<Kept> | null;
    if (typeof value?.stamp !== "string" || typeof value.history !== "string") return null;
    const sent = typeof value.sent === "boolean" ? { sent: value.sent } : {};
    return { stamp: value.stamp, history: value.history, ...sent };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Whether two documents say the same, whatever the order in which their keys were written. */
export const sameDocument = (a: FlowDocument, b: FlowDocument): boolean =>
  JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}
