import type { Instant } from "../../../nodes/index.ts";
import type { Run } from "../../core/state.ts";
import type { Batch } from "./batch.ts";
import { idList, type Query } from "./database.ts";

/**
 * Stops what is queued for a run that the store itself takes out of its flow. The engine ends such a run at its next
 * turn; its messages must not go out in between, so they are cancelled at once, each with the line at the place
 * reserved for it. What is counted and told is left in `rows`.
 */
export async function cancelQueued(
  tx: Query,
  rows: Batch,
  pk: number,
  { flow, n, version }: Pick<Run, "flow" | "n" | "version">,
  reason: string,
  at: Instant,
): Promise<void> {
  const queued = await tx.all<{
    kind: string;
    node: string;
    seq: number;
    channel: string;
    contact: string;
  }>(
    `UPDATE outbox o SET state = 'cancelled', reason = $4, due_at = NULL, sent_at = NULL FROM contacts c
     WHERE o.contact = $1 AND o.flow = $2 AND o.n = $3 AND o.state = 'queued' AND c.pk = o.contact
     RETURNING o.kind, o.node, o.seq, o.channel, c.id AS contact`,
    pk,
    flow,
    n,
    reason,
  );
  for (const { kind, channel, ...row } of queued) {
    if (kind !== "message") continue;
    const detail = { channel, state: "cancelled", reason };
    const line = { ...row, at, flow, version, enrollment: n, kind: "message", detail } as const;
    rows.lines(pk, [line]);
    rows.sums.line(line);
  }
  rows.retouch(pk);
}

/** Closes the calls and tasks that runs of older versions than `version` wait for at a node, each with its line. */
export async function cancelTasks(
  tx: Query,
  rows: Batch,
  flow: string,
  before: number,
  node: string,
  at: Instant,
): Promise<void> {
  const awaited = await tx.all<{
    id: number;
    kind: string;
    pk: number;
    contact: string;
    n: number;
    version: number;
    seq: number;
  }>(
    `SELECT t.id, t.kind, c.pk, c.id AS contact, r.n, r.version, (r.rest ->> 'seq')::integer AS seq
     FROM runs r JOIN tasks t ON t.contact = r.contact AND t.flow = r.flow AND t.n = r.n AND t.node = r.node
       JOIN contacts c ON c.pk = r.contact
     WHERE r.flow = $1 AND r.version <> $2 AND r.node = $3 AND r.state IN ('active', 'paused')
       AND r.waiting = 'task' AND t.closed IS NULL ORDER BY t.id`,
    flow,
    before,
    node,
  );
  if (awaited.length === 0) return;
  await tx.run(
    "UPDATE tasks SET closed = $1, outcome = 'cancelled' WHERE id = ANY ($2::bigint[])",
    at,
    idList(awaited.map(({ id }) => id)),
  );
  for (const { kind: task, pk, contact, n, version, seq } of awaited) {
    await tx.run(
      `UPDATE runs SET rest = (rest::jsonb || jsonb_build_object('seq', (rest ->> 'seq')::integer + 1))::json
       WHERE contact = $1 AND flow = $2 AND n = $3`,
      pk,
      flow,
      n,
    );
    const detail = { task, state: "closed", outcome: "cancelled" };
    const line = { at, contact, flow, version, enrollment: n, seq, node, detail };
    rows.lines(pk, [{ ...line, kind: "task" }]);
  }
}
