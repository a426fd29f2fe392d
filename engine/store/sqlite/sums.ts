import type { Line } from "../../core/state.ts";
import type { Base } from "./database.ts";

/**
 * Sums for the canvas and the reports, kept as deltas while the work is written: runs by state, passages
 * by output, messages by state. They stay when a contact is erased.
 */
export interface Sums {
  run(flow: string, from: string | null, to: string): void;
  line(line: Line): void;
  /** Writes the deltas and forgets them. */
  flush(): void;
  /** Forgets what a transaction that was rolled back had collected. */
  reset(): void;
}

/** Collects deltas in memory, so that a batch of a thousand contacts touches each sum once. */
export function sumsOf({ db }: Base): Sums {
  const upsert = db.prepare(
    `INSERT INTO sums (flow, node, kind, name, count) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  const deltas = new Map<string, { key: [string, string, string, string]; count: number }>();
  const add = (flow: string, node: string, kind: string, name: string, count: number) => {
    const id = `${flow}\n${node}\n${kind}\n${name}`;
    const held = deltas.get(id);
    if (held) held.count += count;
    else deltas.set(id, { key: [flow, node, kind, name], count });
  };
  return {
    run(flow, from, to) {
      if (from === to) return;
      if (from === null) add(flow, "", "run", "entered", 1);
      else add(flow, "", "run", from, -1);
      add(flow, "", "run", to, 1);
    },
    line(line) {
      if (line.node === null) return;
      if (line.kind === "step") add(line.flow, line.node, "passed", String(line.detail.output), 1);
      if (line.kind === "message") {
        add(line.flow, line.node, "message", String(line.detail.state), 1);
      }
    },
    flush() {
      for (const { key, count } of deltas.values()) if (count !== 0) upsert.run(...key, count);
      deltas.clear();
    },
    reset: () => deltas.clear(),
  };
}
