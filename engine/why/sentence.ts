import type { Instant } from "../../nodes/index.ts";
import type { LineKind } from "../core/state.ts";

/** One thing to say about a person in a flow. */
export interface Sentence {
  /** What it tells: a line of the journal, what is odd of the contact, where things stand, or what has not happened. */
  about: LineKind | "contact" | "now" | "not-yet" | "not-sent" | "not-entered";
  /** When it happened; null for what holds now. */
  at: Instant | null;
  /** The contact's n-th run of the flow; null outside any. */
  enrollment: number | null;
  node: string | null;
  text: string;
  /** The next moment at which something happens by itself, where the sentence names one. */
  next?: Instant;
  /** The rule's place in the document, and what it saw. */
  rule?: string;
  facts?: Record<string, unknown>;
}
