import { inOrder, type Place, placeOf, type SentRecord, sentLine } from "../lines.ts";
import { MESSAGE_COLUMNS } from "../rows.ts";
import type { JournalRow, Store } from "../store.ts";
import type { Base, Param } from "./database.ts";
import { contentOf } from "./load.ts";

/** Conditions of one query, each with what it is bound to: `?` stands for the next. */
export class Where {
  readonly parts: string[] = [];
  readonly bound: Param[] = [];

  and(part: string, ...bound: Param[]): this {
    let n = this.bound.length;
    this.parts.push(part.replaceAll("?", () => `$${++n}`));
    this.bound.push(...bound);
    return this;
  }

  get sql(): string {
    return this.parts.length === 0 ? "" : `WHERE ${this.parts.join(" AND ")}`;
  }

  /** The place of what is bound after all conditions. */
  get next(): string {
    return `$${this.bound.length + 1}`;
  }
}

type Filter = Parameters<Store["journal"]>[0];

/** One step of the index for each flow, however many lines it has. */
const FLOWS = `WITH RECURSIVE f(id) AS (
    SELECT min(flow) FROM journal_turns
    UNION ALL SELECT (SELECT min(flow) FROM journal_turns WHERE flow > f.id) FROM f WHERE f.id IS NOT NULL),
  o(id) AS (
    SELECT min(flow) FROM outbox
    UNION ALL SELECT (SELECT min(flow) FROM outbox WHERE flow > o.id) FROM o WHERE o.id IS NOT NULL)
  SELECT id FROM f WHERE id IS NOT NULL UNION SELECT id FROM o WHERE id IS NOT NULL`;

/** Reads the journal: the lines that turns wrote, and the messages that went out, which the outbox has whole. */
export function journalOf(
  base: Base,
  pkOf: (contact: string) => Promise<number>,
): Store["journal"] {
  return async (filter) => {
    const { flow, contact, after, limit } = filter;
    const pk = contact === undefined ? null : await pkOf(contact);
    const last = after ? await placeOfLast(base, after.id) : null;
    // Without a flow there is no index by time: the flows' own orders are merged, each cut at the limit.
    const flows =
      flow !== undefined || pk !== null
        ? [flow]
        : (await base.all<{ id: string }>(FLOWS)).map(({ id }) => id);
    const found = await Promise.all(
      flows.flatMap((one) => [
        lines(base, filter, one, pk, last),
        sent(base, filter, one, pk, last),
      ]),
    );
    return found.flat().sort(inOrder).slice(0, limit);
  };
}

const LINE = "(j.at, coalesce(c.key, ''), j.flow, coalesce(j.n, 0), j.seq, j.id)";
const SENT = "(o.sent_at, coalesce(c.key, ''), o.flow, o.n, o.seq, -o.id)";
const PLACE = "(?::bigint, ?, ?, ?::integer, ?::integer, ?::bigint)";

/** What a query of either kind asks, with the columns that make a place in the order. */
function whereOf(
  filter: Filter,
  flow: string | undefined,
  pk: number | null,
  last: Place | null,
  { of, at, place }: { of: string; at: string; place: string },
): Where {
  const where = new Where();
  if (flow !== undefined) where.and(`${of}.flow = ?`, flow);
  if (pk !== null) where.and(`${of}.contact = ?`, pk);
  if (last) {
    // The first condition is what the index can use.
    where.and(`${at} >= ?`, last.at);
    where.and(`${place} > ${PLACE}`, last.at, last.key, last.flow, last.n, last.seq, last.id);
  } else if (filter.after) where.and(`${at} > ?`, filter.after.at);
  return where;
}

async function lines(
  base: Base,
  filter: Filter,
  flow: string | undefined,
  pk: number | null,
  last: Place | null,
): Promise<JournalRow[]> {
  const where = whereOf(filter, flow, pk, last, { of: "j", at: "j.at", place: LINE });
  const rows = await base.all<Omit<JournalRow, "detail"> & { detail: string }>(
    `SELECT j.id, j.at, c.id AS contact, c.key, j.flow, j.version, j.n AS enrollment, j.seq, j.kind, j.node, j.detail
     FROM journal j LEFT JOIN contacts c ON c.pk = j.contact
     ${where.sql} ORDER BY ${LINE.slice(1, -1)} LIMIT ${where.next}`,
    ...where.bound,
    filter.limit,
  );
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as JournalRow["detail"] }));
}

async function sent(
  base: Base,
  filter: Filter,
  flow: string | undefined,
  pk: number | null,
  last: Place | null,
): Promise<JournalRow[]> {
  const where = whereOf(filter, flow, pk, last, { of: "o", at: "o.sent_at", place: SENT })
    .and("o.sent_at IS NOT NULL AND o.told = 1")
    .and("o.state = 'sent' AND o.kind = 'message'");
  const rows = await base.all<SentRecord>(
    `SELECT ${MESSAGE_COLUMNS}, o.content, c.id AS "contactId", c.key AS "contactKey"
     FROM outbox o JOIN contacts c ON c.pk = o.contact
     ${where.sql} ORDER BY ${SENT.slice(1, -1)} LIMIT ${where.next}`,
    ...where.bound,
    filter.limit,
  );
  return rows.map((row) => sentLine(row, contentOf(row.content)));
}

/** Where a line stands in the journal's order; a line's id is positive, a message's negative. */
function placeOfLast(base: Base, id: number): Promise<Place | null> {
  if (id < 0) {
    return base.get<Place>(
      `SELECT o.sent_at AS at, coalesce(c.key, '') AS key, o.flow, o.n, o.seq, -o.id AS id
       FROM outbox o JOIN contacts c ON c.pk = o.contact WHERE o.id = $1`,
      -id,
    );
  }
  return base.get<Place>(
    `SELECT j.at, coalesce(c.key, '') AS key, j.flow, coalesce(j.n, 0) AS n, j.seq, j.id
     FROM journal j LEFT JOIN contacts c ON c.pk = j.contact WHERE j.turn = $1 AND j.line = $2`,
    ...placeOf(id),
  );
}
