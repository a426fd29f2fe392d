import type { Instant } from "../../../nodes/index.ts";
import type { Run } from "../../core/state.ts";
import type { Base } from "./database.ts";
import { sumsOf } from "./sums.ts";
import type { Writer } from "./write.ts";

/** Stops what is queued for a run that the store itself takes out of its flow. */
export interface Canceller {
  queued(pk: number, run: Pick<Run, "flow" | "n" | "version">, reason: string, at: Instant): void;
}

/**
 * The engine ends such a run at its next turn; its messages must not go out in between, so they are
 * cancelled at once, each with the line at the place reserved for it.
 */
export function cancellerOf(base: Base, writer: Writer): Canceller {
  const { db } = base;
  const sums = sumsOf(base);
  const rows = db.prepare<
    { id: number; kind: string; node: string; seq: number; channel: string; id_contact: string },
    [number, string, number]
  >(
    `SELECT o.id, o.kind, o.node, o.seq, o.channel, c.id AS id_contact FROM outbox o JOIN contacts c ON c.pk = o.contact
     WHERE o.contact = ? AND o.flow = ? AND o.n = ? AND o.state = 'queued'`,
  );
  const cancel = db.prepare(
    "UPDATE outbox SET state = 'cancelled', reason = ?, due_at = NULL WHERE id = ?",
  );
  return {
    queued(pk, { flow, n, version }, reason, at) {
      sums.reset();
      for (const row of rows.all(pk, flow, n)) {
        cancel.run(reason, row.id);
        if (row.kind !== "message") continue;
        const detail = { channel: row.channel, state: "cancelled", reason };
        const line = {
          at,
          contact: row.id_contact,
          flow,
          version,
          enrollment: n,
          seq: row.seq,
          kind: "message",
          node: row.node,
          detail,
        } as const;
        writer.line(pk, line);
        sums.line(line);
      }
      sums.flush();
    },
  };
}
