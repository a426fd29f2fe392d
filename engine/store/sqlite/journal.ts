import type { SQLQueryBindings } from "bun:sqlite";
import { inOrder, type Place, placeOf, type SentRecord, sentLine } from "../lines.ts";
import { MESSAGE_COLUMNS } from "../rows.ts";
import type { JournalRow, Store } from "../store.ts";
import { contentsOf } from "./contents.ts";
import type { Base } from "./database.ts";
import { absolute } from "./line-shapes.ts";

/** Conditions of one query, each with what it is bound to. */
export class Where {
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

type Filter = Parameters<Store["journal"]>[0];

/**
 * Reads the journal: the lines that turns wrote, and the messages that went out, which the outbox has whole. A
 * line's id is positive, a message's negative.
 */
export function journalOf(base: Base, pkOf: (contact: string) => number): Store["journal"] {
  const { db } = base;
  // One step of the index for each flow, however many lines it has.
  const flowNames = db.prepare<{ id: string }, []>(
    `WITH RECURSIVE f(id) AS (
       SELECT min(flow) FROM journal_turns
       UNION ALL SELECT (SELECT min(flow) FROM journal_turns WHERE flow > f.id) FROM f WHERE f.id IS NOT NULL),
     o(id) AS (
       SELECT min(flow) FROM outbox
       UNION ALL SELECT (SELECT min(flow) FROM outbox WHERE flow > o.id) FROM o WHERE o.id IS NOT NULL)
     SELECT id FROM f WHERE id IS NOT NULL UNION SELECT id FROM o WHERE id IS NOT NULL`,
  );
  const lines = linesOf(base, pkOf);
  const sent = sentOf(base, pkOf);
  const placeOfLast = placesOf(base);
  const both = (filter: Filter, flow: string | undefined): JournalRow[] => {
    const last = filter.after ? placeOfLast(filter.after.id) : null;
    return [...lines(filter, flow, last), ...sent(filter, flow, last)]
      .sort(inOrder)
      .slice(0, filter.limit);
  };
  return async (filter) => {
    if (filter.flow !== undefined || filter.contact !== undefined) return both(filter, filter.flow);
    // Without a flow there is no index by time: the flows' own orders are merged, each cut at the limit.
    return flowNames
      .all()
      .flatMap(({ id }) => both(filter, id))
      .sort(inOrder)
      .slice(0, filter.limit);
  };
}

type Read = (filter: Filter, flow: string | undefined, last: Place | null) => JournalRow[];

/** What a query of either kind asks, with the columns that make a place in the order. */
function whereOf(
  filter: Filter,
  flow: string | undefined,
  last: Place | null,
  { of, at, place }: { of: string; at: string; place: string },
  pkOf: (contact: string) => number,
): Where {
  const where = new Where();
  if (flow !== undefined) where.and(`${of}.flow = ?`, flow);
  if (filter.contact !== undefined) where.and(`${of}.contact = ?`, pkOf(filter.contact));
  if (last) {
    // The first condition is what the index can use.
    where.and(`${at} >= ?`, last.at);
    const { key, n, seq, id } = last;
    where.and(`${place} > (?, ?, ?, ?, ?, ?)`, last.at, key, last.flow, n, seq, id);
  } else if (filter.after) where.and(`${at} > ?`, filter.after.at);
  return where;
}

const LINE = "(j.at, coalesce(c.key, ''), j.flow, coalesce(j.n, 0), j.seq, j.id)";
const SENT = "(o.sent_at, coalesce(c.key, ''), o.flow, o.n, o.seq, -o.id)";

function linesOf({ db }: Base, pkOf: (contact: string) => number): Read {
  return (filter, flow, last) => {
    const where = whereOf(filter, flow, last, { of: "j", at: "j.at", place: LINE }, pkOf);
    return db
      .prepare<Omit<JournalRow, "detail"> & { detail: string }, SQLQueryBindings[]>(
        `SELECT j.id, j.at, c.id AS contact, c.key, j.flow, j.version, j.n AS enrollment, j.seq, j.kind, j.node, j.detail
         FROM journal j LEFT JOIN contacts c ON c.pk = j.contact
         ${where.sql} ORDER BY ${LINE.slice(1, -1)} LIMIT ?`,
      )
      .all(...where.bound, filter.limit)
      .map((row) => ({
        ...row,
        detail: absolute(JSON.parse(row.detail) as JournalRow["detail"], row.at),
      }));
  };
}

function sentOf(base: Base, pkOf: (contact: string) => number): Read {
  const { db } = base;
  const contents = contentsOf(base);
  return (filter, flow, last) => {
    const where = whereOf(filter, flow, last, { of: "o", at: "o.sent_at", place: SENT }, pkOf)
      .and("o.sent_at IS NOT NULL AND o.told = 1")
      .and("o.state = 'sent' AND o.kind = 'message'")
      .and("NOT EXISTS (SELECT 1 FROM claims k WHERE k.id = o.id)");
    return db
      .prepare<SentRecord, SQLQueryBindings[]>(
        `SELECT ${MESSAGE_COLUMNS}, o.content, c.id AS contactId, c.key AS contactKey
         FROM outbox o JOIN contacts c ON c.pk = o.contact
         ${where.sql} ORDER BY ${SENT.slice(1, -1)} LIMIT ?`,
      )
      .all(...where.bound, filter.limit)
      .map((row) => sentLine(row, row.content === null ? undefined : contents.read(row.content)));
  };
}

function placesOf({ db }: Base): (id: number) => Place | null {
  const ofLine = db.prepare<Place, [number, number]>(
    `SELECT j.at, coalesce(c.key, '') AS key, j.flow, coalesce(j.n, 0) AS n, j.seq, j.id
     FROM journal j LEFT JOIN contacts c ON c.pk = j.contact WHERE j.turn = ? AND j.line = ?`,
  );
  const ofSent = db.prepare<Place, [number]>(
    `SELECT o.sent_at AS at, coalesce(c.key, '') AS key, o.flow, o.n, o.seq, -o.id AS id
     FROM outbox o JOIN contacts c ON c.pk = o.contact WHERE o.id = ?`,
  );
  return (id) => (id < 0 ? ofSent.get(-id) : ofLine.get(...placeOf(id)));
}
