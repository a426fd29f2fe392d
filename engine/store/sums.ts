import type { Line } from "../core/state.ts";

/**
 * Sums for the canvas and the reports, kept as deltas while the work is written: runs by state, passages
 * by output, messages by state, who stands where, conversions. They stay when a contact is erased.
 */
export interface Sums {
  /** `from` is the run as it was loaded; null: it is new. */
  run(flow: string, from: Stood | null, to: Stood): void;
  line(line: Line): void;
  /** A message that the journal shows without a line. */
  message(flow: string, node: string, state: string): void;
  /** Hands the deltas out and forgets them. */
  take(): Sum[];
  /** Forgets what a transaction that was rolled back had collected. */
  reset(): void;
}

/** What is added to one sum. */
export interface Sum {
  flow: string;
  node: string;
  kind: string;
  name: string;
  count: number;
}

/** What the sums know of a run. */
export interface Stood {
  state: string;
  node: string | null;
}

type Kind = "run" | "passed" | "message" | "here" | "goal";
/** Node → name → how many more. Nested, because joining a key for each line costs more than all the look-ups. */
type Deltas = Map<string, Map<string, number>>;

/** States in which a run stands at its node: a failed one waits there to be tried again. */
const STANDING: ReadonlySet<string> = new Set(["active", "paused", "failed"]);

/** Sums are whole numbers, and dinars have three decimals; what is no amount adds nothing. */
const thousandthsOf = (value: unknown): number =>
  typeof value === "number" && Math.abs(value) < 1e12 ? Math.round(value * 1000) : 0;

const inner = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const held = map.get(key);
  if (held !== undefined) return held;
  const made = make();
  map.set(key, made);
  return made;
};

/** Collects deltas in memory, so that a batch of a thousand contacts touches each sum once. */
export function collectSums(): Sums {
  const flows = new Map<string, Record<Kind, Deltas>>();
  const add = (flow: string, kind: Kind, node: string, name: string, count: number): void => {
    const kinds = inner(flows, flow, () => ({
      run: new Map(),
      passed: new Map(),
      message: new Map(),
      here: new Map(),
      goal: new Map(),
    }));
    const names = inner(kinds[kind], node, () => new Map<string, number>());
    names.set(name, (names.get(name) ?? 0) + count);
  };
  const stand = (flow: string, { state, node }: Stood, count: number): void => {
    if (node !== null && STANDING.has(state)) add(flow, "here", node, state, count);
  };
  return {
    run(flow, from, to) {
      if (from?.state === to.state && from.node === to.node) return;
      if (from !== null) stand(flow, from, -1);
      stand(flow, to, 1);
      if (from?.state === to.state) return;
      if (from === null) add(flow, "run", "", "entered", 1);
      else add(flow, "run", "", from.state, -1);
      add(flow, "run", "", to.state, 1);
    },
    line({ flow, node, kind, detail }) {
      if (kind === "goal") {
        add(flow, "goal", node ?? "", "reached", 1);
        add(flow, "goal", node ?? "", "thousandths", thousandthsOf(detail.value));
      }
      if (node === null) return;
      if (kind === "step") add(flow, "passed", node, String(detail.output), 1);
      else if (kind === "message") add(flow, "message", node, String(detail.state), 1);
    },
    message(flow, node, state) {
      add(flow, "message", node, state, 1);
    },
    take() {
      const sums: Sum[] = [];
      for (const [flow, kinds] of flows) {
        for (const [kind, nodes] of Object.entries(kinds)) {
          for (const [node, names] of nodes) {
            for (const [name, count] of names)
              if (count !== 0) sums.push({ flow, node, kind, name, count });
          }
        }
      }
      flows.clear();
      return sums;
    },
    reset: () => flows.clear(),
  };
}
