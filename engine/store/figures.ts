import type { Instant } from "../../nodes/index.ts";

export interface EnrollmentRow {
  id: string;
  contact: string;
  contactKey: string | null;
  flow: string;
  version: number;
  n: number;
  state: string;
  reason: string | null;
  node: string | null;
  until: Instant | null;
  waiting: string | null;
  entered: Instant;
  ended: Instant | null;
}

/** States in which a run stands at a node: a failed one waits there to be tried again. */
export type StandingState = "active" | "paused" | "failed";

export interface StandingRow {
  contact: string;
  contactKey: string | null;
  firstName: string | null;
  lastName: string | null;
  version: number;
  n: number;
  state: StandingState;
  /** Why it failed. */
  reason: string | null;
  since: Instant;
  until: Instant | null;
  waiting: string | null;
  entered: Instant;
}

export interface FlowCounts {
  entered: number;
  active: number;
  completed: number;
  exited: number;
  failed: number;
  /** Conversions, with the sum of their values: by goal node, "" for the goal of the settings. */
  goals: Record<string, { reached: number; value: number }>;
  /** Node → standing there now by state (`active`, `paused`, `failed`), passed by output, messages by state. */
  nodes: Record<
    string,
    {
      here: Record<string, number>;
      passed: Record<string, number>;
      messages: Record<string, number>;
    }
  >;
}
