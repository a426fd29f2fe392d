import type { SQLQueryBindings } from "bun:sqlite";
import type { EnrollmentRow, FlowCounts, JournalRow, Store } from "../store.ts";
import type { Base } from "./database.ts";
import type { People } from "./people.ts";
import { MESSAGE_COLUMNS, type MessageRecord, messageOf, type TaskRow, taskOf } from "./rows.ts";
import { placeOf } from "./write-rows.ts";

type Part = Pick<Store, "journal" | "messages" | "tasks" | "enrollments" | "flowCounts">;

/** Conditions of one query, each with what it is bound to. */
class Where {
  readonly parts: string[] = [];
  readonly bound: SQLQueryBindings[] = [];

  and(part: string, ...bound: SQLQueryBindings[]): this {
    this.parts.push(part);
    this.bound.push(...bound);
    return this;
  }

  get sql(): string {
    return this.parts.length === 0 ? "" : `WHERE ${this.parts.join(" AND ")}`;
  }
}

type JournalRecord = Omit<JournalRow, "detail"> & { detail: string };
/** Also the order of the lines: (at, contact key, flow, enrollment, seq), the id last. */
const PLACE = "(j.at, coalesce(c.key, ''), j.flow, coalesce(j.n, 0), j.seq, j.id)";

export function readPart(base: Base, people: People): Part {
  const { db } = base;
  const pkOf = (contact: string): number => people.find(contact)?.pk ?? -1;
  // One step of the index for each flow, however many lines it has.
  const flowNames = db.prepare<{ id: string }, []>(
    `WITH RECURSIVE f(id) AS (
       SELECT min(flow) FROM journal_turns
       UNION ALL SELECT (SELECT min(flow) FROM journal_turns WHERE flow > f.id) FROM f WHERE f.id IS NOT NULL)
     SELECT id FROM f WHERE id IS NOT NULL`,
  );
  const place = db.prepare<
    { at: number; key: string; flow: string; n: number; seq: number; id: number },
    [number, number]
  >(
    `SELECT j.at, coalesce(c.key, '') AS key, j.flow, coalesce(j.n, 0) AS n, j.seq, j.id
     FROM journal j LEFT JOIN contacts c ON c.pk = j.contact WHERE j.turn = ? AND j.line = ?`,
  );

  const lines = (
    filter: Parameters<Part["journal"]>[0],
    flow: string | undefined,
  ): JournalRecord[] => {
    const where = new Where();
    if (flow !== undefined) where.and("j.flow = ?", flow);
    if (filter.contact !== undefined) where.and("j.contact = ?", pkOf(filter.contact));
    const last = filter.after && place.get(...placeOf(filter.after.id));
    if (last) {
      // The first condition is what the index can use.
      where.and("j.at >= ?", last.at);
      where.and(
        `${PLACE} > (?, ?, ?, ?, ?, ?)`,
        last.at,
        last.key,
        last.flow,
        last.n,
        last.seq,
        last.id,
      );
    } else if (filter.after) {
      where.and("j.at > ?", filter.after.at);
    }
    return db
      .prepare<JournalRecord, SQLQueryBindings[]>(
        `SELECT j.id, j.at, c.id AS contact, c.key, j.flow, j.version, j.n AS enrollment, j.seq, j.kind, j.node, j.detail
         FROM journal j LEFT JOIN contacts c ON c.pk = j.contact
         ${where.sql} ORDER BY ${PLACE.slice(1, -1)} LIMIT ?`,
      )
      .all(...where.bound, filter.limit);
  };

  return {
    async journal(filter) {
      // Without a flow there is no index by time: the flows' own orders are merged, each cut at the limit.
      const whole = filter.flow !== undefined || filter.contact !== undefined;
      const rows = whole
        ? lines(filter, filter.flow)
        : flowNames
            .all()
            .flatMap(({ id }) => lines(filter, id))
            .sort(inOrder)
            .slice(0, filter.limit);
      return rows.map((row) => ({
        ...row,
        detail: JSON.parse(row.detail) as JournalRow["detail"],
      }));
    },
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

function inOrder(a: JournalRecord, b: JournalRecord): number {
  return (
    a.at - b.at ||
    compare(a.key ?? "", b.key ?? "") ||
    compare(a.flow, b.flow) ||
    (a.enrollment ?? 0) - (b.enrollment ?? 0) ||
    a.seq - b.seq ||
    a.id - b.id
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function outboxReads(
  { db }: Base,
  pkOf: (contact: string) => number,
): Pick<Part, "messages" | "tasks"> {
  type Row = MessageRecord & {
    contactId: string;
    contactKey: string | null;
    attempt: number;
    sent_at: number | null;
    due_at: number | null;
    outcome: string | null;
    provider_id: string | null;
    content: string | null;
  };
  return {
    async messages({ flow, contact, state, channel, after, limit, newest = false }) {
      const where = new Where().and("o.kind = 'message'");
      if (flow !== undefined) where.and("o.flow = ?", flow);
      if (contact !== undefined) where.and("o.contact = ?", pkOf(contact));
      if (state !== undefined) where.and("o.state = ?", state);
      if (channel !== undefined) where.and("o.channel = ?", channel);
      if (after !== undefined) where.and(newest ? "o.id < ?" : "o.id > ?", Number(after));
      return db
        .prepare<Row, SQLQueryBindings[]>(
          `SELECT ${MESSAGE_COLUMNS}, o.attempt, o.sent_at, o.due_at, o.detail AS outcome, o.provider_id,
             t.content, c.id AS contactId, c.key AS contactKey
           FROM outbox o JOIN contacts c ON c.pk = o.contact LEFT JOIN contents t ON t.outbox = o.id
           ${where.sql} ORDER BY o.id${newest ? " DESC" : ""} LIMIT ?`,
        )
        .all(...where.bound, limit)
        .map((row) => ({
          id: String(row.id),
          contact: row.contactId,
          key: row.key,
          contactKey: row.contactKey,
          attempt: row.attempt,
          sentAt: row.sent_at,
          dueAt: row.state === "queued" ? row.due_at : null,
          detail: row.outcome,
          providerId: row.provider_id,
          message: messageOf(row, row.content),
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
  return async (flow) => {
    const runs: Record<string, number> = {};
    const goals: FlowCounts["goals"] = {};
    const nodes: FlowCounts["nodes"] = {};
    for (const { node, kind, name, count } of sums.all(flow)) {
      if (kind === "run") runs[name] = count;
      else if (kind === "goal") {
        goals[node] ??= { reached: 0, value: 0 };
        if (name === "reached") goals[node].reached = count;
        else goals[node].value = count / 1000;
      } else {
        nodes[node] ??= { here: {}, passed: {}, messages: {} };
        const figures = nodes[node][FIGURES[kind] ?? "passed"];
        // A node that everybody left has nobody, not zero of somebody.
        if (kind !== "here" || count !== 0) figures[name] = count;
      }
    }
    return {
      entered: runs.entered ?? 0,
      active: (runs.active ?? 0) + (runs.paused ?? 0),
      completed: runs.completed ?? 0,
      exited: runs.exited ?? 0,
      failed: runs.failed ?? 0,
      goals,
      nodes,
    };
  };
}

const FIGURES: Readonly<Record<string, "here" | "passed" | "messages">> = {
  here: "here",
  passed: "passed",
  message: "messages",
};
