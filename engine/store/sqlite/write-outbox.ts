import type { Instant } from "../../../nodes/index.ts";
import type { Message, Request, Task } from "../../core/state.ts";
import type { Base } from "./database.ts";
import type { Held } from "./load.ts";

/** The first receipt that says `sent`: what touches and caps count from. */
const sentAt = (message: Message): Instant | null =>
  message.receipts.find((r) => r.event === "sent")?.at ?? null;

/** Writes messages, requests and tasks. */
export function outboxWriter({ db }: Base) {
  const insert = db.prepare(
    `INSERT INTO outbox (contact, key, kind, state, due_at, channel, flow, version, n, node, visit, seq,
       transactional, topic, reason, at, due_moment, recipient, receipts, sent_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const updateMessage = db.prepare(
    "UPDATE outbox SET state = ?, reason = ?, receipts = ?, recipient = ?, sent_at = coalesce(?, sent_at) WHERE id = ?",
  );
  const insertContent = db.prepare("INSERT INTO contents (outbox, content) VALUES (?, ?)");
  const upsertTask = db.prepare(
    `INSERT INTO tasks (contact, key, kind, flow, version, n, node, visit, title, notes, assignee, opened, due, closed, outcome)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET title = excluded.title, notes = excluded.notes, assignee = excluded.assignee,
       due = excluded.due, closed = excluded.closed, outcome = excluded.outcome`,
  );
  return {
    outbox: {
      add(pk: number, m: Message): number {
        const due = m.state === "queued" ? m.at : null;
        return Number(
          insert.run(
            pk,
            m.key,
            "message",
            m.state,
            due,
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
            JSON.stringify(m.receipts),
            sentAt(m),
          ).lastInsertRowid,
        );
      },
      /** The stored texts stay: a message loaded as a fact has none. */
      update(id: number, m: Message): void {
        updateMessage.run(m.state, m.reason, JSON.stringify(m.receipts), m.to, sentAt(m), id);
      },
      request(pk: number, r: Request): number {
        return Number(
          insert.run(
            pk,
            r.key,
            "request",
            "queued",
            r.at,
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
          ).lastInsertRowid,
        );
      },
    },
    contents: {
      add(id: number, content: string): void {
        insertContent.run(id, content);
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
