import type { Line } from "../../core/state.ts";
import { anonymous } from "../lines.ts";
import { AT_ONCE, inputOf, LATER, outcomeOf } from "../outcomes.ts";
import { MESSAGE_COLUMNS, type MessageRecord, messageOf, requestOf } from "../rows.ts";
import type { SendDone, Sending, Store } from "../store.ts";
import { contentsOf } from "./contents.ts";
import type { Base } from "./database.ts";
import type { Inbox } from "./inputs.ts";
import type { Loader } from "./load.ts";
import { sumsOf } from "./sums.ts";
import type { Writer } from "./write.ts";

type Part = Pick<Store, "claimSends" | "finishSends" | "orphanSends">;
type Claimed = MessageRecord & {
  kind: string;
  attempt: number;
  worker: string;
  content: string | null;
};

interface Tools {
  loader: Loader;
  writer: Writer;
  inbox: Inbox;
}

export function outboxPart(base: Base, tools: Tools): Part {
  const { db } = base;
  const due = db.prepare<{ id: number }, [number, string, number]>(
    // What arrived of the contact and wasn't looked at yet may be an opt-out: its turn comes first.
    `SELECT id FROM outbox o WHERE due_at <= ?1 AND state = 'queued'
     AND channel NOT IN (SELECT value FROM json_each(?2))
     AND NOT EXISTS (SELECT 1 FROM inputs i WHERE i.contact = o.contact AND i.data IS NOT NULL AND i.at <= ?1
       AND i.kind IN ('inbound', 'consent', 'receipt', 'erase'))
     ORDER BY due_at, id LIMIT ?3`,
  );
  const anyDue = db.prepare("SELECT 1 FROM outbox WHERE due_at <= ? AND state = 'queued' LIMIT 1");
  const claim = db.prepare(
    `UPDATE outbox SET state = 'sending', worker = ?, attempt = attempt + 1
     WHERE id IN (SELECT value FROM json_each(?))`,
  );
  const orphans = db.prepare<{ id: number }, [string]>(
    "SELECT id FROM outbox WHERE due_at IS NOT NULL AND state = 'sending' AND worker <> ? ORDER BY id",
  );
  const disclaim = disclaimer(base);
  const contents = contentsOf(base);
  const adopt = db.prepare(
    "UPDATE outbox SET worker = ? WHERE id IN (SELECT value FROM json_each(?))",
  );
  const claimed = db.prepare<Claimed, [string]>(
    `SELECT ${MESSAGE_COLUMNS}, o.kind, o.attempt, o.worker, o.content FROM outbox o
     WHERE o.id IN (SELECT value FROM json_each(?)) ORDER BY o.due_at, o.id`,
  );

  const sendings = (ids: string): Sending[] => {
    const rows = claimed.all(ids);
    const people = tools.loader.addressees([...new Set(rows.map((r) => r.contact))]);
    return rows.flatMap((row) => {
      const who = people.get(row.contact)?.state.contact;
      if (!who) return [];
      const { id: ref, attempt, worker, content } = row;
      const message =
        row.kind === "message"
          ? messageOf(row, content === null ? undefined : contents.read(content))
          : null;
      const request = row.kind === "request" && content ? requestOf(content) : null;
      return { ref, contact: who.id, who, attempt, worker, message, request };
    });
  };

  return {
    async claimSends(now, limit, worker, except) {
      if (anyDue.get(now) === null) return [];
      return base.write(() => {
        const ids = JSON.stringify(due.all(now, JSON.stringify(except), limit).map((r) => r.id));
        claim.run(worker, ids);
        return sendings(ids);
      });
    },
    async orphanSends(worker) {
      return base.write(() => {
        disclaim.others(worker);
        const ids = JSON.stringify(orphans.all(worker).map((r) => r.id));
        // Taken over, so that what is decided about them counts.
        adopt.run(worker, ids);
        return sendings(ids);
      });
    },
    finishSends: finisher(base, tools),
  };
}

/** Gives messages that were claimed as they were queued rows like those of any other that is being sent. */
export function disclaimer({ db }: Base): { one(id: number): void; others(than: string): void } {
  const disclaim = (which: string) => [
    db.prepare(
      `UPDATE outbox SET state = 'sending', due_at = at, worker = k.worker FROM claims k
       WHERE k.id = outbox.id AND ${which}`,
    ),
    db.prepare(`DELETE FROM claims AS k WHERE ${which}`),
  ];
  const one = disclaim("k.id = ?");
  const others = disclaim("k.worker <> ?");
  return {
    one: (id) => {
      for (const statement of one) statement.run(id);
    },
    others: (than) => {
      for (const statement of others) statement.run(than);
    },
  };
}

/** The row of a send that is still its worker's; its contact may have been merged or erased since the claim. */
interface Found {
  pk: number;
  contact: string;
  key: string;
  n: number;
  receipts: string;
  erased: number;
}

function finisher(base: Base, { writer, inbox }: Tools): Part["finishSends"] {
  const { db } = base;
  const sums = sumsOf(base);
  const OURS = "id = ? AND state = 'sending' AND worker = ? AND attempt = ?";
  const went = db.prepare(
    `UPDATE outbox SET state = 'sent', due_at = NULL, worker = NULL, detail = NULL, sent_at = ?,
       provider_id = coalesce(?, provider_id) WHERE ${OURS}`,
  );
  const release = db.prepare("DELETE FROM claims WHERE id = ? AND worker = ?");
  const disclaim = disclaimer(base);
  const tell = db.prepare("UPDATE outbox SET sent_at = ?, provider_id = ? WHERE id = ?");
  const touch = db.prepare(
    `UPDATE marks SET touched = ?1 WHERE contact = (SELECT contact FROM outbox WHERE id = ?2)
       AND (touched IS NULL OR touched < ?1)`,
  );
  const find = db.prepare<Found, [number, string, number]>(
    `SELECT o.contact AS pk, c.id AS contact, o.key, o.n, o.receipts, c.erased
     FROM outbox o JOIN contacts c ON c.pk = o.contact
     WHERE ${OURS.replaceAll(/(id|state|worker|attempt) =/g, "o.$1 =")}`,
  );
  const finish = db.prepare(
    `UPDATE outbox SET state = ?, reason = ?, detail = ?, due_at = ?, receipts = ?, worker = NULL,
       attempt = attempt - ?, sent_at = CASE WHEN ? THEN sent_at END WHERE id = ?`,
  );

  /** Whether it was claimed as it was queued, which is done for providers that know our keys. */
  const sent = (done: SendDone & { state: "sent" }, worker: string): boolean => {
    const { ref, at, message, attempt } = done;
    if (message === null) throw new Error("only a message is sent");
    const provider = done.providerId ?? null;
    const isClaim = attempt === 1 && release.run(ref, worker).changes > 0;
    if (isClaim) {
      const isLater = at < message.at || at >= message.at + AT_ONCE;
      if (isLater || provider !== null) tell.run(isLater ? at : message.at, provider, ref);
    } else if (went.run(at, provider, ref, worker, attempt).changes === 0) return false;
    sums.message(message.flow, message.node, "sent");
    if (at > message.at + LATER && message.channel !== "notify") touch.run(at, ref);
    return isClaim;
  };
  const other = (done: Exclude<SendDone, { state: "sent" }>, worker: string): void => {
    const { ref, at, attempt, message, line } = done;
    disclaim.one(ref);
    const row = find.get(ref, worker, attempt);
    if (!row) return;
    const is = outcomeOf(done);
    const isQueued = done.state === "queued";
    const receipts =
      done.state === "failed"
        ? JSON.stringify([...(JSON.parse(row.receipts) as unknown[]), { event: "failed", at }])
        : row.receipts;
    const held = isQueued && done.held ? 1 : 0;
    finish.run(is.state, is.reason, is.detail, is.due, receipts, held, isQueued ? 1 : 0, ref);
    if (is.suppress) writer.suppress(is.suppress, is.reason ?? "");
    if (!isQueued && message !== null && message.channel !== "notify") writer.retouch(row.pk);
    if (line) {
      const own: Line = { ...line, contact: row.contact, enrollment: row.n };
      writer.lines(row.pk, [row.erased === 1 ? anonymous(own) : own]);
      sums.line(line);
    }
    const input = inputOf(done, row.key);
    if (input) inbox.add(row.pk, input);
  };
  return async (done, worker) => {
    if (done.length === 0) return;
    sums.reset();
    const { result, durable } = base.writeSoon(() => {
      let areClaims = true;
      for (const send of done) {
        if (send.state !== "sent") other(send, worker);
        if (send.state !== "sent" || !sent(send, worker)) areClaims = false;
      }
      sums.flush();
      return areClaims;
    });
    // Of a provider that knows our keys it does no harm to ask again; of any other it must not be forgotten.
    if (!result) await durable();
  };
}
