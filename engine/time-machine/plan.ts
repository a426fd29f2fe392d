import type { Instant } from "../../nodes/index.ts";
import type { FlowDoc } from "../core/document.ts";
import type { Workspace } from "../core/state.ts";

/** What somebody wants to see: a flow as it is drawn now, lived through by people on a virtual clock. */
export interface Plan {
  doc: FlowDoc;
  params: Record<string, string>;
  /** Published flows that `doc` starts, and those that these start. */
  others: FlowDoc[];
  workspace: Workspace;
  /** The span is [from, until). */
  from: Instant;
  until: Instant;
  /** Null: real people are handed in one by one. */
  people: MadeUp | null;
  entry: Entry;
  does: Does;
  happens: Happening[];
}

/** People who don't exist. The same description gives the same people. */
export interface MadeUp {
  count: number;
  /** IANA names; each has an equal share. */
  zones: string[];
  /** Language tags; each has an equal share. */
  languages: string[];
  tags: { tag: string; share: Percent }[];
  /** How many have agreed to be written to. */
  consent: Percent;
}

/** How people come in: put in by hand, or only as the flow's triggers say; evenly over so many days. */
export interface Entry {
  how: "hand" | "triggers";
  over: number;
}

/** 0–100 */
export type Percent = number;

/** What people do about what reaches them, each drawn for each message, call and task. */
export interface Does {
  opens: Percent;
  clicks: Percent;
  replies: Percent;
  bounces: Percent;
  optsOut: Percent;
  /** Of surveys. */
  rates: Percent;
  /** Of calls. */
  answers: Percent;
  declines: Percent;
  /** Of tasks of the team. */
  finishes: Percent;
}

/** Something that happens to a share of the people at a moment of the span drawn for each. */
export type Happening = { share: Percent } & (
  | { event: string; data?: Record<string, unknown> }
  | { tag: string }
);
