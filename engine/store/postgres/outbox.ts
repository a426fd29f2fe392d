import type { Instant } from "../../../nodes/index.ts";
import type { Line } from "../../core/state.ts";
import { anonymous } from "../lines.ts";
import { AT_ONCE, inputOf, LATER, outcomeOf } from "../outcomes.ts";
import { MESSAGE_COLUMNS, type MessageRecord, messageOf, requestOf } from "../rows.ts";
import type { SendDone, Sending, Store } from "../store.ts";
import { Batch } from "./batch.ts";
import { type Base, idList, jsonOf, type Query } from "./database.ts";
import { contentOf, loadAddressees } from "./load.ts";
import { hold } from "./people.ts";
import type { Lives } from "./workers.ts";

type Part = Pick<Store, "claimSends" | "finishSends" | "orphanSends">;
type Claimed = MessageRecord & {
  kind: string;
  attempt: number;
  worker: string;
  content: string | null;
};

/**
 * What arrived of the contact and wasn't looked at yet may be an opt-out: its turn comes first. The contact is held
 * with the message, so that no turn takes back what is being claimed.
 */
const CLAIM = `WITH due AS MATERIALIZED (
    SELECT o.id FROM outbox o JOIN marks m ON m.contact = o.contact
    WHERE o.due_at <= $1 AND o.state = 'queued'
      AND o.channel NOT IN (SELECT value FROM json_array_elements_text($2::json))
      AND NOT EXISTS (SELECT 1 FROM inputs i WHERE i.contact = o.contact AND i.data IS NOT NULL AND i.at <= $1
        AND i.kind IN ('inbound', 'consent', 'receipt', 'erase'))
    ORDER BY o.due_at, o.id LIMIT $3 FOR NO KEY UPDATE OF o, m SKIP LOCKED)
  UPDATE outbox o SET state = 'sending', worker = $4, attempt = o.attempt + 1 FROM due WHERE o.id = due.id
  RETURNING o.id`;

const OTHERS =
  "SELECT 1 FROM outbox WHERE due_at IS NOT NULL AND state = 'sending' AND worker <> $1 LIMIT 1";

/** Sendings of workers that are gone: nobody holds the lock that each holds as long as it lives. */
const ADOPT = `WITH gone AS MATERIALIZED (
    SELECT worker FROM (SELECT DISTINCT worker FROM outbox
      WHERE due_at IS NOT NULL AND state = 'sending' AND worker <> $1) w
    WHERE pg_try_advisory_xact_lock(hashtextextended(worker, 0)))
  UPDATE outbox o SET worker = $1 FROM gone
  WHERE o.worker = gone.worker AND o.due_at IS NOT NULL AND o.state = 'sending' RETURNING o.id`;

export function outboxPart(base: Base, lives: Lives): Part {
  return {
    async claimSends(now, limit, worker, except) {
      const any = "SELECT 1 FROM outbox WHERE due_at <= $1 AND state = 'queued' LIMIT 1";
      if (!(await base.get(any, now))) return [];
      return base.write(async (tx) => {
        if (!(await lives.mayClaim(tx, worker))) return [];
        const list = JSON.stringify(except);
        return sendings(tx, await tx.all<{ id: number }>(CLAIM, now, list, limit, worker));
      });
    },
    async orphanSends(worker) {
      // Asked often and seldom so: no transaction where nobody else sends anything.
      if (!(await base.get(OTHERS, worker))) return [];
      return base.write(async (tx) => sendings(tx, await tx.all<{ id: number }>(ADOPT, worker)));
    },
    async finishSends(done, worker) {
      if (done.length > 0) await base.write((tx) => finish(tx, done, worker));
    },
  };
}

async function sendings(tx: Query, ids: { id: number }[]): Promise<Sending[]> {
  if (ids.length === 0) return [];
  const rows = await tx.all<Claimed>(
    `SELECT ${MESSAGE_COLUMNS}, o.kind, o.attempt, o.worker, o.content FROM outbox o
     WHERE o.id = ANY ($1::bigint[]) ORDER BY o.due_at, o.id`,
    idList(ids.map(({ id }) => id)),
  );
  const people = await loadAddressees(tx, [...new Set(rows.map((r) => r.contact))]);
  return rows.flatMap((row) => {
    const who = people.get(row.contact)?.state.contact;
    if (!who) return [];
    const { id: ref, attempt, worker, content } = row;
    const message = row.kind === "message" ? messageOf(row, contentOf(content)) : null;
    const request = row.kind === "request" && content ? requestOf(content) : null;
    return { ref, contact: who.id, who, attempt, worker, message, request };
  });
}

/** The row of a send that is still its worker's; its contact may have been merged or erased since the claim. */
interface Found {
  id: number;
  pk: number;
  contact: string;
  key: string;
  n: number;
  attempt: number;
  receipts: string;
  erased: number;
}

const FIND = `SELECT o.id, o.contact AS pk, c.id AS contact, o.key, o.n, o.attempt, o.receipts, c.erased
  FROM outbox o JOIN contacts c ON c.pk = o.contact
  WHERE o.id = ANY ($1::bigint[]) AND o.state = 'sending' AND o.worker = $2`;

const WENT = `UPDATE outbox o SET state = 'sent', due_at = NULL, worker = NULL, detail = NULL, 
    sent_at = CASE WHEN o.at_once = 1 AND o.attempt = 1 AND r.at >= o.at AND r.at < o.at + ${AT_ONCE} THEN o.at ELSE r.at END,
    provider_id = coalesce(r.provider, o.provider_id)
  FROM json_to_recordset($1::json) AS r(id bigint, at bigint, provider text) WHERE o.id = r.id`;

const TOUCH = `UPDATE marks m SET touched = r.at FROM json_to_recordset($1::json) AS r(contact bigint, at bigint), contacts c
  WHERE m.contact = r.contact AND c.pk = m.contact AND c.erased = 0 AND (m.touched IS NULL OR m.touched < r.at)`;

const ENDED = `UPDATE outbox o SET state = r.state, reason = r.reason, detail = r.detail, due_at = r.due,
    receipts = r.receipts, worker = NULL, attempt = o.attempt - r.held, sent_at = CASE WHEN r.state = 'queued' THEN o.sent_at END
  FROM json_to_recordset($1::json) AS r(id bigint, state text, reason text, detail text, due bigint, receipts json,
    held integer) WHERE o.id = r.id`;

async function finish(tx: Query, done: SendDone[], worker: string): Promise<void> {
  const ids = idList(done.map(({ ref }) => ref));
  const owners = await tx.all<{ contact: number }>(
    "SELECT DISTINCT contact FROM outbox WHERE id = ANY ($1::bigint[])",
    ids,
  );
  await hold(
    tx,
    owners.map(({ contact }) => contact),
  );
  const found = new Map((await tx.all<Found>(FIND, ids, worker)).map((row) => [row.id, row]));
  const rows = new Batch();
  const went: { id: number; at: Instant; provider: string | null }[] = [];
  const touched = new Map<number, { contact: number; at: Instant }>();
  const ended: Record<string, unknown>[] = [];
  for (const send of done) {
    const row = found.get(send.ref);
    if (row?.attempt !== send.attempt) continue;
    found.delete(send.ref);
    if (send.state !== "sent") {
      ended.push(endedRow(rows, send, row));
      continue;
    }
    const { message, at } = send;
    if (message === null) throw new Error("only a message is sent");
    went.push({ id: row.id, at, provider: send.providerId ?? null });
    rows.sums.message(message.flow, message.node, "sent");
    const last = touched.get(row.pk)?.at ?? 0;
    if (at > message.at + LATER && message.channel !== "notify" && at > last)
      touched.set(row.pk, { contact: row.pk, at });
  }
  await Promise.all([
    went.length > 0 && tx.run(WENT, jsonOf(went)),
    ended.length > 0 && tx.run(ENDED, jsonOf(ended)),
    touched.size > 0 && tx.run(TOUCH, jsonOf([...touched.values()])),
    rows.flush(tx),
  ]);
}

/** How one ended that didn't go, with everything that follows from it. */
function endedRow(
  rows: Batch,
  done: Exclude<SendDone, { state: "sent" }>,
  row: Found,
): Record<string, unknown> {
  const { message, line, at } = done;
  const { state, reason, detail, due, suppress } = outcomeOf(done);
  const before = JSON.parse(row.receipts) as unknown[];
  const receipts = done.state === "failed" ? [...before, { event: "failed", at }] : before;
  const isQueued = done.state === "queued";
  if (suppress) rows.suppress(suppress, reason ?? "");
  if (!isQueued && message !== null && message.channel !== "notify") rows.retouch(row.pk);
  if (line) {
    const own: Line = { ...line, contact: row.contact, enrollment: row.n };
    rows.lines(row.pk, [row.erased === 1 ? anonymous(own) : own]);
    rows.sums.line(line);
  }
  const input = inputOf(done, row.key);
  if (input) rows.input(row.pk, input);
  const held = isQueued && done.held ? 1 : 0;
  return { id: row.id, state, reason, detail, due, receipts, held };
}
