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

/** Sums as figures of a flow. */
export function countsFrom(
  sums: Iterable<{ node: string; kind: string; name: string; count: number }>,
): FlowCounts {
  const runs: Record<string, number> = {};
  const goals: FlowCounts["goals"] = {};
  const nodes: FlowCounts["nodes"] = {};
  for (const { node, kind, name, count } of sums) {
    if (kind === "run") runs[name] = count;
    else if (kind === "goal") {
      goals[node] ??= { reached: 0, value: 0 };
      if (name === "reached") goals[node].reached = count;
      else goals[node].value = count / 1000;
    } else {
      nodes[node] ??= { here: {}, passed: {}, messages: {} };
      const figures = nodes[node][FIGURES[kind] ?? "passed"];
      // A node that everybody left has nobody, not zero of somebody.
      if (kind !== "here" || count !== 0) figures[name] = count;
    }
  }
  return {
    entered: runs.entered ?? 0,
    active: (runs.active ?? 0) + (runs.paused ?? 0),
    completed: runs.completed ?? 0,
    exited: runs.exited ?? 0,
    failed: runs.failed ?? 0,
    goals,
    nodes,
  };
}

const FIGURES: Readonly<Record<string, "here" | "passed" | "messages">> = {
  here: "here",
  passed: "passed",
  message: "messages",
};
