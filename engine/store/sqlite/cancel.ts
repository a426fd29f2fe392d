import type { Instant } from "../../../nodes/index.ts";
import type { Run } from "../../core/state.ts";
import type { Base } from "./database.ts";
import { sumsOf } from "./sums.ts";
import type { Writer } from "./write.ts";

/** Stops what is queued for a run that the store itself takes out of its flow. */
export interface Canceller {
  queued(pk: number, run: Pick<Run, "flow" | "n" | "version">, reason: string, at: Instant): void;
  /** Closes the calls and tasks that runs of older versions than `version` wait for at a node, each with its line. */
  tasks(flow: string, version: number, node: string, at: Instant): void;
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
    "UPDATE outbox SET state = 'cancelled', reason = ?, due_at = NULL, sent_at = NULL WHERE id = ?",
  );
  const awaited = db.prepare<
    {
      id: number;
      kind: string;
      pk: number;
      contact: string;
      n: number;
      version: number;
      seq: number;
    },
    [string, number, string]
  >(
    `SELECT t.id, t.kind, c.pk, c.id AS contact, r.n, r.version, r.rest ->> '$.seq' AS seq
     FROM runs r JOIN tasks t ON t.contact = r.contact AND t.flow = r.flow AND t.n = r.n AND t.node = r.node
       JOIN contacts c ON c.pk = r.contact
     WHERE r.flow = ? AND r.version <> ? AND r.node = ? AND r.state IN ('active', 'paused')
       AND r.waiting = 'task' AND t.closed IS NULL ORDER BY t.id`,
  );
  const close = db.prepare("UPDATE tasks SET closed = ?, outcome = 'cancelled' WHERE id = ?");
  const count = db.prepare(
    "UPDATE runs SET rest = json_set(rest, '$.seq', (rest ->> '$.seq') + 1) WHERE contact = ? AND flow = ? AND n = ?",
  );
  return {
    tasks(flow, before, node, at) {
      for (const { id, kind, pk, contact, n, version, seq } of awaited.all(flow, before, node)) {
        close.run(at, id);
        count.run(pk, flow, n);
        const detail = { task: kind, state: "closed", outcome: "cancelled" };
        writer.lines(pk, [
          { at, contact, flow, version, enrollment: n, seq, kind: "task", node, detail },
        ]);
      }
    },
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
        writer.lines(pk, [line]);
        sums.line(line);
      }
      writer.retouch(pk);
      sums.flush();
    },
  };
}
