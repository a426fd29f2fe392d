import type { Message, Request, Task } from "../../core/state.ts";
import type { Base } from "./database.ts";
import type { Held } from "./load.ts";
import { otherReceipts, sentAtOf } from "./rows.ts";

/** Writes messages, requests and tasks. */
export function outboxWriter({ db }: Base) {
  const insert = db.prepare(
    `INSERT INTO outbox (contact, key, kind, state, due_at, attempt, worker, channel, flow, version, n, node,
       visit, seq, transactional, topic, reason, at, due_moment, recipient, receipts, sent_at, content)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
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
      /** A new message; with `worker` it is claimed at once, as its first attempt. Returns its id. */
      add(pk: number, m: Message, worker: string | null): number {
        return Number(
          insert.run(
            pk,
            m.key,
            "message",
            worker === null ? m.state : "sending",
            m.state === "queued" ? m.at : null,
            worker === null ? 0 : 1,
            worker,
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
            JSON.stringify(m.content),
          ).lastInsertRowid,
        );
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
