import type { SQLQueryBindings } from "bun:sqlite";
import { countsFrom } from "../figures.ts";
import { MESSAGE_COLUMNS, type MessageRecord, messageOf, type TaskRow, taskOf } from "../rows.ts";
import type { EnrollmentRow, Store } from "../store.ts";
import { contentsOf } from "./contents.ts";
import type { Base } from "./database.ts";
import { journalOf, Where } from "./journal.ts";
import type { People } from "./people.ts";

type Part = Pick<Store, "journal" | "messages" | "tasks" | "enrollments" | "flowCounts">;

export function readPart(base: Base, people: People): Part {
  const { db } = base;
  const pkOf = (contact: string): number => people.find(contact)?.pk ?? -1;
  return {
    journal: journalOf(base, pkOf),
    ...outboxReads(base, pkOf),
    async enrollments({ flow, contact, state, after, limit }) {
      const where = new Where();
      if (flow !== undefined) where.and("r.flow = ?", flow);
      if (contact !== undefined) where.and("r.contact = ?", pkOf(contact));
      if (state !== undefined) where.and("r.state = ?", state);
      if (after !== undefined) {
        const [pk, name, n] = after.split("/");
        where.and("(r.contact, r.flow, r.n) > (?, ?, ?)", Number(pk), name ?? "", Number(n));
      }
      return db
        .prepare<EnrollmentRow, SQLQueryBindings[]>(
          `SELECT r.contact || '/' || r.flow || '/' || r.n AS id, c.id AS contact, c.key AS contactKey, r.flow,
             r.version, r.n, r.state, r.reason, r.node, r.until, r.waiting, r.entered, r.ended
           FROM runs r JOIN contacts c ON c.pk = r.contact ${where.sql} ORDER BY r.contact, r.flow, r.n LIMIT ?`,
        )
        .all(...where.bound, limit);
    },
    flowCounts: countsOf(base),
  };
}

function outboxReads(
  base: Base,
  pkOf: (contact: string) => number,
): Pick<Part, "messages" | "tasks"> {
  const { db } = base;
  const contents = contentsOf(base);
  type Row = MessageRecord & {
    contactId: string;
    contactKey: string | null;
    attempt: number;
    due_at: number | null;
    outcome: string | null;
    provider_id: string | null;
    content: string | null;
    claim: number | null;
  };
  const STATE = "CASE WHEN k.id IS NULL THEN o.state ELSE 'sending' END";
  return {
    async messages({ flow, contact, state, channel, after, limit, newest = false }) {
      const where = new Where().and("o.kind = 'message'");
      if (flow !== undefined) where.and("o.flow = ?", flow);
      if (contact !== undefined) where.and("o.contact = ?", pkOf(contact));
      if (state !== undefined) where.and(`${STATE} = ?`, state);
      if (channel !== undefined) where.and("o.channel = ?", channel);
      if (after !== undefined) where.and(newest ? "o.id < ?" : "o.id > ?", Number(after));
      return db
        .prepare<Row, SQLQueryBindings[]>(
          `SELECT ${MESSAGE_COLUMNS}, k.id AS claim, o.attempt, o.due_at, o.detail AS outcome,
             o.provider_id, o.content, c.id AS contactId, c.key AS contactKey
           FROM outbox o JOIN contacts c ON c.pk = o.contact LEFT JOIN claims k ON k.id = o.id
           ${where.sql} ORDER BY o.id${newest ? " DESC" : ""} LIMIT ?`,
        )
        .all(...where.bound, limit)
        .map(({ claim, ...row }) => (claim === null ? row : { ...row, state: "sending" as const }))
        .map((row) => ({
          id: String(row.id),
          contact: row.contactId,
          key: row.key,
          contactKey: row.contactKey,
          attempt: row.attempt,
          sentAt: row.state === "sent" ? row.sent_at : null,
          dueAt: row.state === "queued" ? row.due_at : null,
          detail: row.outcome,
          providerId: row.provider_id,
          // On its way counts as sent for rules, but people are shown what has happened.
          message: messageOf(
            row.state === "sent" ? row : { ...row, sent_at: null },
            row.content === null ? undefined : contents.read(row.content),
          ),
        }));
    },
    async tasks({ open, contact, after, limit }) {
      const where = new Where();
      if (open !== undefined) where.and(open ? "t.closed IS NULL" : "t.closed IS NOT NULL");
      if (contact !== undefined) where.and("t.contact = ?", pkOf(contact));
      if (after !== undefined) where.and("t.id > ?", Number(after));
      return db
        .prepare<TaskRow & { contactId: string }, SQLQueryBindings[]>(
          `SELECT t.*, c.id AS contactId FROM tasks t JOIN contacts c ON c.pk = t.contact
           ${where.sql} ORDER BY t.id LIMIT ?`,
        )
        .all(...where.bound, limit)
        .map(({ contactId, ...row }) => ({
          ...taskOf(row),
          contact: contactId,
          id: String(row.id),
        }));
    },
  };
}

function countsOf({ db }: Base): Part["flowCounts"] {
  const sums = db.prepare<{ node: string; kind: string; name: string; count: number }, [string]>(
    "SELECT node, kind, name, count FROM sums WHERE flow = ? ORDER BY node, kind, name",
  );
  return async (flow) => countsFrom(sums.all(flow));
}
