import type { Flow } from "../core/flow.ts";
import type { ContactState, Line } from "../core/state.ts";

/** Counts of a simulated span. */
export interface Outcome {
  contacts: number;
  enrollments: Record<string, number>;
  ignored: Record<string, number>;
  nodes: Record<
    string,
    { type: string; entered: number; left: Record<string, number>; here: number }
  >;
  messages: Record<string, Record<string, number>>;
  goals: number;
  lines: number;
  warnings: string[];
}

/** Counts what happens in a span, line by line. Nodes of other flows are named `flow/node`. */
export class Tally {
  readonly #main: string;
  readonly #flows: ReadonlyMap<string, Flow>;
  readonly #outcome: Outcome = {
    contacts: 0,
    enrollments: {},
    ignored: {},
    nodes: {},
    messages: {},
    goals: 0,
    lines: 0,
    warnings: [],
  };

  constructor(main: string, flows: ReadonlyMap<string, Flow>) {
    this.#main = main;
    this.#flows = flows;
  }

  count(line: Line): void {
    const tally = this.#outcome;
    tally.lines++;
    if (line.kind === "ignored") add(tally.ignored, String(line.detail.reason));
    if (line.kind === "goal") tally.goals++;
    if (line.node === null) return;
    if (line.kind === "message") {
      const place = this.#place(line.flow, line.node);
      const counts = tally.messages[place] ?? {};
      tally.messages[place] = counts;
      const reason = line.detail.reason === undefined ? "" : ` (${line.detail.reason})`;
      add(counts, String(line.detail.state) + reason);
    }
    // Who leaves the flow where it stands has been at that node too, and took none of its outputs.
    if (line.kind === "exited" || line.kind === "failed") {
      const node = this.#node(line.flow, line.node);
      node.entered++;
      add(node.left, line.kind);
    }
    if (line.kind === "step") {
      const node = this.#node(line.flow, line.node);
      node.entered++;
      add(node.left, String(line.detail.output));
    }
  }

  /** Adds where everybody stands at the end. */
  finish(
    people: Iterable<{ state: ContactState; exists: boolean }>,
    warnings: Iterable<string>,
  ): Outcome {
    const tally = this.#outcome;
    for (const { state, exists } of people) {
      if (exists) tally.contacts++;
      for (const run of state.runs) {
        add(tally.enrollments, run.state);
        if ((run.state !== "active" && run.state !== "paused") || run.node === null) continue;
        const node = this.#node(run.flow, run.node);
        node.here++;
        node.entered++;
      }
    }
    tally.warnings = [...warnings];
    return tally;
  }

  #place(flow: string, node: string): string {
    return flow === this.#main ? node : `${flow}/${node}`;
  }

  #node(flow: string, node: string): Outcome["nodes"][string] {
    const place = this.#place(flow, node);
    const known = this.#outcome.nodes[place];
    if (known) return known;
    const type = this.#flows.get(flow)?.nodes.get(node)?.type.type ?? "";
    const fresh = { type, entered: 0, left: {}, here: 0 };
    this.#outcome.nodes[place] = fresh;
    return fresh;
  }
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
