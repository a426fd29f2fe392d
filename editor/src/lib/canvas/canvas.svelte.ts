import { getContext, setContext } from "svelte";
import type { FlowDoc } from "../flow-doc.svelte.ts";
import type { Distance } from "./view.ts";

/** A problem of the document, said in the reader's language. */
export interface FlowProblem {
  severity: "error" | "warning";
  code: string;
  node: string | null;
  /** JSON Pointer in the document. */
  pointer: string;
  message: string;
}

/** How many people passed, by node and output. */
export type Passed = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Where a node that is about to be chosen from a list will go. */
export type Target =
  | { kind: "output"; source: string; handle: string }
  | { kind: "edge"; edge: string };

export interface Picking {
  target: Target;
  /** Of the button that asked, in the window. */
  at: { x: number; y: number };
}

/** What the canvas and its cards share beside the document. */
export class Canvas {
  readonly flow: FlowDoc;
  problems = $state.raw<readonly FlowProblem[]>([]);
  passed = $state.raw<Passed | null>(null);
  /** How many stand at each node now; of failed ones too. */
  here = $state.raw<Readonly<Record<string, number>>>({});
  /** Figures of a simulated moment, shown in place of the live ones. */
  simulated = $state.raw<{ passed: Passed; here: Readonly<Record<string, number>> } | null>(null);
  /** The node whose people are looked at. */
  peopleAt = $state.raw<string | null>(null);
  picking = $state.raw<Picking | null>(null);
  /** The edge under a node that is being dragged. */
  over = $state.raw<string | null>(null);
  /** Cards are being dragged: nothing else may move or open meanwhile. */
  moving = $state.raw(false);
  distance = $state.raw<Distance>("near");

  readonly #byNode = $derived.by(() => {
    const counts = new Map<string, { errors: number; warnings: number }>();
    for (const { node, severity } of this.problems) {
      if (node === null) continue;
      const count = counts.get(node) ?? { errors: 0, warnings: 0 };
      count[severity === "error" ? "errors" : "warnings"] += 1;
      counts.set(node, count);
    }
    return counts;
  });

  constructor(flow: FlowDoc) {
    this.flow = flow;
  }

  problemsOf(node: string): { errors: number; warnings: number } {
    return this.#byNode.get(node) ?? { errors: 0, warnings: 0 };
  }

  /** People who left a node by an output; null while no figures are known. */
  passedBy(node: string, handle: string): number | null {
    const passed = this.simulated?.passed ?? this.passed;
    return passed === null ? null : (passed[node]?.[handle] ?? 0);
  }

  passedThrough(node: string): number | null {
    const passed = this.simulated?.passed ?? this.passed;
    if (passed === null) return null;
    return Object.values(passed[node] ?? {}).reduce((sum, n) => sum + n, 0);
  }

  standingAt(node: string): number {
    return (this.simulated?.here ?? this.here)[node] ?? 0;
  }

  /** Puts a node of the type where the list was asked for. */
  pick(type: string): void {
    const target = this.picking?.target;
    this.picking = null;
    if (target?.kind === "output") this.flow.addAfter(type, target.source, target.handle);
    if (target?.kind === "edge") this.flow.insert(type, target.edge);
  }
}

const KEY = Symbol("canvas");
export const provideCanvas = (canvas: Canvas): Canvas => setContext(KEY, canvas);
export const useCanvas = (): Canvas => getContext<Canvas>(KEY);
