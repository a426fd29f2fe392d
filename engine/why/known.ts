import type { Instant, Label } from "../../nodes/index.ts";
import type { ContactState, Line } from "../core/state.ts";
import type { World } from "../core/turn.ts";

/** A split with a winner to which somebody has come. */
export interface KnownSplit {
  node: string;
  /** When it was decided, or will be. */
  at: Instant;
  /** The variant, or `undecided`; null: it is still to come. */
  winner: string | null;
}

/** What is known beside a line: the contact as it is, the versions, and what splits were decided on. */
export interface Known {
  state: ContactState;
  world: World;
  /** Of this flow. */
  splits: readonly KnownSplit[];
  /** All lines of the contact in this flow. */
  lines: readonly Line[];
}

/** More of what was seen than the line says itself. */
export interface Background {
  /** Follows the sentence in brackets. */
  words: Label;
  next?: Instant;
  facts?: Record<string, unknown>;
}
