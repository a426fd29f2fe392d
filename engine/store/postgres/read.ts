import { countsFrom } from "../figures.ts";
import { MESSAGE_COLUMNS, type MessageRecord, messageOf, type TaskRow, taskOf } from "../rows.ts";
import type { EnrollmentRow, Store } from "../store.ts";
import type { Base } from "./database.ts";
import { journalOf, Where } from "./journal.ts";
import { contentOf } from "./load.ts";
import { pkOf } from "./people.ts";

type Part = Pick<Store, "journal" | "messages" | "tasks" | "enrollments" | "flowCounts">;

export function readPart(base: Base): Part {
  const find = (contact: string): Promise<number> => pkOf(base, contact);
  return {
    journal: journalOf(base, find),
    ...outboxReads(base, find),
    async enrollments({ flow, contact, state, after, limit }) {
      const where = new Where();
      if (flow !== undefined) where.and("r.flow = ?", flow);
      if (contact !== undefined) where.and("r.contact = ?", await find(contact));
      if (state !== undefined) where.and("r.state = ?", state);
      if (after !== undefined) {
        const [pk, name, n] = after.split("/");
        where.and(
          "(r.contact, r.flow, r.n) > (?::bigint, ?, ?::integer)",
          ...[Number(pk), name ?? "", Number(n)],
        );
      }
      return base.all<EnrollmentRow>(
        `SELECT r.contact || '/' || r.flow || '/' || r.n AS id, c.id AS contact, c.key AS "contactKey", r.flow,
           r.version, r.n, r.state, r.reason, r.node, r.until, r.waiting, r.entered, r.ended
         FROM runs r JOIN contacts c ON c.pk = r.contact ${where.sql} ORDER BY r.contact, r.flow, r.n
         LIMIT ${where.next}`,
        ...where.bound,
        limit,
      );
    },
    flowCounts: countsOf(base),
  };
}

type MessageRead = MessageRecord & {
  contactId: string;
  contactKey: string | null;
  attempt: number;
  due_at: number | null;
  outcome: string | null;
  provider_id: string | null;
  content: string | null;
};

function outboxReads(
  base: Base,
  find: (contact: string) => Promise<number>,
): Pick<Part, "messages" | "tasks"> {
  return {
    async messages({ flow, contact, state, channel, after, limit, newest = false }) {
      const where = new Where().and("o.kind = 'message'");
      if (flow !== undefined) where.and("o.flow = ?", flow);
      if (contact !== undefined) where.and("o.contact = ?", await find(contact));
      if (state !== undefined) where.and("o.state = ?", state);
      if (channel !== undefined) where.and("o.channel = ?", channel);
      if (after !== undefined) where.and(newest ? "o.id < ?" : "o.id > ?", Number(after));
      const rows = await base.all<MessageRead>(
        `SELECT ${MESSAGE_COLUMNS}, o.attempt, o.due_at, o.detail AS outcome, o.provider_id,
           o.content, c.id AS "contactId", c.key AS "contactKey"
         FROM outbox o JOIN contacts c ON c.pk = o.contact
         ${where.sql} ORDER BY o.id${newest ? " DESC" : ""} LIMIT ${where.next}`,
        ...where.bound,
        limit,
      );
      return rows.map((row) => ({
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
          contentOf(row.content),
        ),
      }));
    },
    async tasks({ open, contact, after, limit }) {
      const where = new Where();
      if (open !== undefined) where.and(open ? "t.closed IS NULL" : "t.closed IS NOT NULL");
      if (contact !== undefined) where.and("t.contact = ?", await find(contact));
      if (after !== undefined) where.and("t.id > ?", Number(after));
      const rows = await base.all<TaskRow & { contactId: string }>(
        `SELECT t.*, c.id AS "contactId" FROM tasks t JOIN contacts c ON c.pk = t.contact
         ${where.sql} ORDER BY t.id LIMIT ${where.next}`,
        ...where.bound,
        limit,
      );
      return rows.map(({ contactId, ...row }) => ({
        ...taskOf(row),
        contact: contactId,
        id: String(row.id),
      }));
    },
  };
}

function countsOf(base: Base): Part["flowCounts"] {
  return async (flow) => {
    const sums = await base.all<{ node: string; kind: string; name: string; count: number }>(
      `SELECT node, kind, name, sum(count)::bigint AS count FROM sums WHERE flow = $1
       GROUP BY node, kind, name ORDER BY node, kind, name`,
      flow,
    );
    return countsFrom(sums);
  };
}
