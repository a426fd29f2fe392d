import type { Message, Request, Task } from "../../core/state.ts";
import type { Held } from "../held.ts";
import { otherReceipts, sentAtOf } from "../rows.ts";
import { contentsOf } from "./contents.ts";
import type { Base } from "./database.ts";

/** Writes messages, requests and tasks. */
export function outboxWriter(base: Base) {
  const { db } = base;
  const contents = contentsOf(base);
  const insert = db.prepare(
    `INSERT INTO outbox (contact, key, kind, state, due_at, attempt, worker, channel, flow, version, n, node,
       visit, seq, transactional, topic, reason, at, due_moment, recipient, receipts, sent_at, content)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const claim = db.prepare("INSERT INTO claims (id, worker) VALUES (?, ?)");
  // What is no longer queued is done with, but for what is being sent, which isn't the writer's.
  const updateMessage = db.prepare(
    `UPDATE outbox SET state = ?1, reason = ?2, receipts = ?3, recipient = ?4, sent_at = ?5,
       due_at = CASE WHEN ?1 IN ('queued', 'sending') THEN due_at END WHERE id = ?6`,
  );
  const upsertTask = db.prepare(
    `INSERT INTO tasks (contact, key, kind, flow, version, n, node, visit, title, notes, assignee, opened, due, closed, outcome)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET title = excluded.title, notes = excluded.notes, assignee = excluded.assignee,
       due = excluded.due, closed = excluded.closed, outcome = excluded.outcome`,
  );
  return {
    outbox: {
      /**
       * A new message; with `worker` it is claimed at once, as its first attempt: the row says already that it went,
       * so that it is written once, and the claim that this isn't known yet. Returns its id.
       */
      add(pk: number, m: Message, worker: string | null): number {
        const isClaimed = worker !== null;
        const id = Number(
          insert.run(
            pk,
            m.key,
            "message",
            isClaimed ? "sent" : m.state,
            m.state === "queued" && !isClaimed ? m.at : null,
            isClaimed ? 1 : 0,
            null,
            m.channel,
            m.flow,
            m.version,
            m.n,
            m.node,
            m.visit,
            m.seq,
            m.transactional ? 1 : 0,
            m.topic,
            m.reason,
            m.at,
            m.dueMoment,
            m.to,
            otherReceipts(m),
            sentAtOf(m),
            contents.write(m.content),
          ).lastInsertRowid,
        );
        if (isClaimed) claim.run(id, worker);
        return id;
      },
      /** The stored texts stay: a message loaded as a fact has none. */
      update(id: number, m: Message): void {
        updateMessage.run(m.state, m.reason, otherReceipts(m), m.to, sentAtOf(m), id);
      },
      request(pk: number, r: Request): void {
        insert.run(
          pk,
          r.key,
          "request",
          "queued",
          r.at,
          0,
          null,
          "webhook",
          r.flow,
          r.version,
          r.n,
          r.node,
          r.visit,
          0,
          1,
          "",
          null,
          r.at,
          null,
          null,
          "[]",
          null,
          JSON.stringify(r),
        );
      },
    },
    tasks: {
      write({ pk }: Held, t: Task): void {
        upsertTask.run(
          pk,
          t.key,
          t.kind,
          t.flow,
          t.version,
          t.n,
          t.node,
          t.visit,
          t.title,
          t.notes,
          t.assignee,
          t.opened,
          t.due,
          t.closed,
          t.outcome,
        );
      },
    },
  };
}
