/**
 * The writes of the hot path: one statement for each kind of row, its rows one parameter of JSON. All but those of
 * `idList` take a list of objects; what isn't in a table's own types says how it is read.
 */
const rows = (columns: string): string => `json_to_recordset($1::json) AS r(${columns})`;

export const PROFILES = `UPDATE contacts c SET key = r.key, phone = r.phone, fields = r.fields,
    folded = r.folded::jsonb, fields_set = r.fields_set, stopped = r.stopped, erased = r.erased, seed = r.seed,
    email = CASE WHEN c.email IS NOT DISTINCT FROM r.email THEN c.email
      WHEN NOT EXISTS (SELECT 1 FROM contacts o WHERE o.email = r.email AND o.pk <> r.pk) THEN r.email END
  FROM ${rows("pk bigint, key text, email text, phone text, fields json, folded text, fields_set json, stopped json, erased smallint, seed text")}
  WHERE c.pk = r.pk`;

export const MARKS = `UPDATE marks m SET due = r.due, touched = r.touched, drawn = r.drawn, fired = r.fired,
    members = r.members
  FROM json_populate_recordset(NULL::marks, $1::json) r WHERE m.contact = r.contact`;

export const DUES = `UPDATE marks m SET due = r.due, touched = r.touched
  FROM ${rows("contact bigint, due bigint, touched bigint")} WHERE m.contact = r.contact`;

export const TAGS = `INSERT INTO tags (contact, tag, since, expires)
  SELECT contact, tag, since, expires FROM json_populate_recordset(NULL::tags, $1::json)
  ON CONFLICT (contact, tag) DO UPDATE SET since = excluded.since, expires = excluded.expires`;

export const UNTAGS = `DELETE FROM tags t USING ${rows("contact bigint, tag text")}
  WHERE t.contact = r.contact AND t.tag = r.tag`;

export const FORGET_CONSENTS = "DELETE FROM consents WHERE contact = ANY ($1::bigint[])";

export const CONSENTS = `INSERT INTO consents (contact, channel, topic, granted, at, source)
  SELECT contact, channel, topic, granted, at, source FROM json_populate_recordset(NULL::consents, $1::json)`;

export const EVENTS = `INSERT INTO events (contact, id, name, at, data, folded)
  SELECT contact, id, name, at, data, folded::jsonb
  FROM ${rows("contact bigint, id text, name text, at bigint, data json, folded text")} ON CONFLICT DO NOTHING`;

export const RUNS = `INSERT INTO runs SELECT * FROM json_populate_recordset(NULL::runs, $1::json)
  ON CONFLICT (contact, flow, n) DO UPDATE SET version = excluded.version, state = excluded.state,
    reason = excluded.reason, key = excluded.key, node = excluded.node, waiting = excluded.waiting,
    until = excluded.until, since = excluded.since, entered = excluded.entered, ended = excluded.ended,
    rest = excluded.rest`;

const OUTBOX_COLUMNS =
  "contact, key, kind, state, due_at, attempt, worker, channel, flow, version, n, node, visit, seq, " +
  "transactional, topic, reason, at, due_moment, recipient, receipts, sent_at, content, at_once";

export const OUTBOX = `INSERT INTO outbox (${OUTBOX_COLUMNS})
  SELECT ${OUTBOX_COLUMNS} FROM json_populate_recordset(NULL::outbox, $1::json) RETURNING id, contact, key`;

/** What is no longer queued is done with, but for what is being sent, which isn't the writer's. */
export const MESSAGES = `UPDATE outbox o SET state = r.state, reason = r.reason, receipts = r.receipts,
    recipient = r.recipient, sent_at = r.sent_at, due_at = CASE WHEN r.state IN ('queued', 'sending') THEN o.due_at END
  FROM ${rows("id bigint, state text, reason text, receipts json, recipient text, sent_at bigint")} WHERE o.id = r.id`;

const TASK_COLUMNS =
  "contact, key, kind, flow, version, n, node, visit, title, notes, assignee, opened, due, closed, outcome";

export const TASKS = `INSERT INTO tasks (${TASK_COLUMNS})
  SELECT ${TASK_COLUMNS} FROM json_populate_recordset(NULL::tasks, $1::json)
  ON CONFLICT (contact, key) DO UPDATE SET title = excluded.title, notes = excluded.notes,
    assignee = excluded.assignee, due = excluded.due, closed = excluded.closed, outcome = excluded.outcome`;

export const LINES = `INSERT INTO journal_turns (contact, flow, version, n, at, lines)
  SELECT contact, flow, version, n, at, lines FROM json_populate_recordset(NULL::journal_turns, $1::json)`;

/** The least of a contact's moments is when it is due; its row is held by whoever writes. */
export const INPUTS = `WITH new AS (
    INSERT INTO inputs (contact, id, at, kind, data)
    SELECT contact, id, at, kind, data FROM json_populate_recordset(NULL::inputs, $1::json)
    ON CONFLICT (contact, id) DO NOTHING RETURNING contact, at),
  due AS (
    UPDATE marks m SET due = n.at FROM (SELECT contact, min(at) AS at FROM new GROUP BY contact) n
    WHERE m.contact = n.contact AND (m.due IS NULL OR m.due > n.at))
  SELECT count(*) AS added FROM new`;

export const SUPPRESSED = `INSERT INTO suppressions (address, channel, reason)
  SELECT address, channel, reason FROM json_populate_recordset(NULL::suppressions, $1::json) ORDER BY address, channel
  ON CONFLICT (address, channel) DO UPDATE SET reason = excluded.reason`;

export const UNSUPPRESSED = `DELETE FROM suppressions s USING ${rows("address text, channel text")}
  WHERE s.address = r.address AND s.channel = r.channel`;

/** What was counted as a touch when it was queued did not go after all. */
export const RETOUCH = `UPDATE marks m SET touched = greatest(
    (SELECT max(sent_at) FROM outbox o WHERE o.contact = m.contact AND o.kind = 'message' AND o.channel <> 'notify'),
    (SELECT max(closed) FROM tasks k WHERE k.contact = m.contact AND k.kind = 'call'
      AND k.outcome NOT IN ('timeout', 'cancelled')))
  FROM contacts c WHERE m.contact = ANY ($1::bigint[]) AND c.pk = m.contact AND c.erased = 0`;

export const HANDLED = "UPDATE inputs SET data = NULL WHERE seq = ANY ($1::bigint[])";

/** Each connection adds to parts of its own; in the order of their keys, so that nobody waits in a ring. */
export const SUMS = `INSERT INTO sums (flow, node, kind, name, part, count)
  SELECT flow, node, kind, name, pg_backend_pid() % 64, count
  FROM ${rows("flow text, node text, kind text, name text, count bigint")} ORDER BY flow, node, kind, name
  ON CONFLICT (flow, node, kind, name, part) DO UPDATE SET count = sums.count + excluded.count`;

/** Only the first to arrive take the row. */
export const ARRIVALS = `INSERT INTO splits (flow, node, first_arrival)
  SELECT flow, node, at FROM ${rows("flow text, node text, at bigint")}
  WHERE NOT EXISTS (SELECT 1 FROM splits s WHERE s.flow = r.flow AND s.node = r.node AND s.first_arrival <= r.at)
  ORDER BY flow, node
  ON CONFLICT (flow, node) DO UPDATE SET first_arrival = least(splits.first_arrival, excluded.first_arrival)`;
