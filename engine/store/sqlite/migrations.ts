import type { Database } from "bun:sqlite";
import { StoreRefused } from "../errors.ts";
import { accounts } from "./migration-accounts.ts";
import { marks } from "./migration-marks.ts";
import { jobs, requests } from "./migration-requests.ts";

/** One step of the schema's history; once released it never changes. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
}

const first = `
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE segments (name TEXT PRIMARY KEY, rule TEXT NOT NULL) STRICT;
CREATE TABLE fields (name TEXT PRIMARY KEY, type TEXT NOT NULL) STRICT;

CREATE TABLE flows (
  id TEXT PRIMARY KEY,
  draft TEXT NOT NULL,
  version INTEGER,
  first_published INTEGER,
  paused INTEGER,
  updated INTEGER NOT NULL
) STRICT;
CREATE TABLE flow_versions (
  flow TEXT NOT NULL REFERENCES flows(id),
  version INTEGER NOT NULL,
  doc TEXT NOT NULL,
  params TEXT NOT NULL,
  published INTEGER NOT NULL,
  PRIMARY KEY (flow, version)
) STRICT;

CREATE TABLE contacts (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  key TEXT,
  email TEXT,
  phone TEXT,
  seed TEXT NOT NULL,
  created INTEGER NOT NULL,
  source TEXT NOT NULL,
  due INTEGER,
  erased INTEGER NOT NULL DEFAULT 0,
  fields TEXT NOT NULL,
  folded BLOB NOT NULL,
  fields_set TEXT NOT NULL DEFAULT '{}',
  stopped TEXT NOT NULL DEFAULT '[]',
  drawn TEXT NOT NULL DEFAULT '{}',
  fired TEXT NOT NULL DEFAULT '{}',
  members TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE UNIQUE INDEX contacts_id ON contacts (id);
CREATE UNIQUE INDEX contacts_email ON contacts (email) WHERE email IS NOT NULL;
CREATE INDEX contacts_phone ON contacts (phone) WHERE phone IS NOT NULL;
CREATE INDEX contacts_due ON contacts (due) WHERE due IS NOT NULL;

CREATE TABLE aliases (
  id TEXT PRIMARY KEY,
  contact INTEGER NOT NULL REFERENCES contacts(pk),
  moved TEXT NOT NULL
) STRICT;
CREATE INDEX aliases_contact ON aliases (contact);

CREATE TABLE tags (
  contact INTEGER NOT NULL REFERENCES contacts(pk),
  tag TEXT NOT NULL,
  since INTEGER NOT NULL,
  expires INTEGER,
  PRIMARY KEY (contact, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_tag ON tags (tag, contact);

CREATE TABLE consents (
  id INTEGER PRIMARY KEY,
  contact INTEGER NOT NULL REFERENCES contacts(pk),
  channel TEXT NOT NULL,
  topic TEXT NOT NULL,
  granted INTEGER NOT NULL,
  at INTEGER NOT NULL,
  source TEXT NOT NULL
) STRICT;
CREATE INDEX consents_contact ON consents (contact, channel, topic, at);

CREATE TABLE suppressions (
  address TEXT NOT NULL,
  channel TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (address, channel)
) STRICT, WITHOUT ROWID;
CREATE TABLE erased_addresses (
  hash TEXT NOT NULL,
  channel TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (hash, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE inputs (
  seq INTEGER PRIMARY KEY,
  contact INTEGER NOT NULL REFERENCES contacts(pk),
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  data TEXT
) STRICT;
CREATE UNIQUE INDEX inputs_id ON inputs (contact, id);
CREATE INDEX inputs_pending ON inputs (contact, at) WHERE data IS NOT NULL;
CREATE INDEX inputs_inbound ON inputs (at) WHERE kind = 'inbound' AND data IS NOT NULL;

CREATE TABLE events (
  contact INTEGER NOT NULL REFERENCES contacts(pk),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  data TEXT NOT NULL,
  folded BLOB,
  PRIMARY KEY (contact, id)
) STRICT;
CREATE INDEX events_name ON events (contact, name, at);

CREATE TABLE runs (
  contact INTEGER NOT NULL REFERENCES contacts(pk),
  flow TEXT NOT NULL,
  n INTEGER NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  key TEXT,
  node TEXT,
  waiting TEXT,
  until INTEGER,
  since INTEGER NOT NULL,
  entered INTEGER NOT NULL,
  ended INTEGER,
  rest TEXT NOT NULL,
  PRIMARY KEY (contact, flow, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_flow ON runs (flow, version, state);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  contact INTEGER NOT NULL REFERENCES contacts(pk),
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at INTEGER,
  attempt INTEGER NOT NULL DEFAULT 0,
  worker TEXT,
  channel TEXT NOT NULL,
  flow TEXT NOT NULL,
  version INTEGER NOT NULL,
  n INTEGER NOT NULL,
  node TEXT NOT NULL,
  visit INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  transactional INTEGER NOT NULL,
  topic TEXT NOT NULL,
  reason TEXT,
  at INTEGER NOT NULL,
  due_moment INTEGER,
  recipient TEXT,
  receipts TEXT NOT NULL DEFAULT '[]',
  provider_id TEXT,
  sent_at INTEGER,
  detail TEXT
) STRICT;
CREATE UNIQUE INDEX outbox_key ON outbox (contact, key);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'queued';
CREATE INDEX outbox_sending ON outbox (worker) WHERE state = 'sending';
CREATE INDEX outbox_flow ON outbox (flow);
CREATE TABLE contents (
  outbox INTEGER PRIMARY KEY REFERENCES outbox(id),
  content TEXT NOT NULL
) STRICT;

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY,
  contact INTEGER NOT NULL REFERENCES contacts(pk),
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  flow TEXT NOT NULL,
  version INTEGER NOT NULL,
  n INTEGER NOT NULL,
  node TEXT NOT NULL,
  visit INTEGER NOT NULL,
  title TEXT NOT NULL,
  notes TEXT NOT NULL,
  assignee TEXT,
  opened INTEGER NOT NULL,
  due INTEGER,
  closed INTEGER,
  outcome TEXT
) STRICT;
CREATE UNIQUE INDEX tasks_key ON tasks (contact, key);
CREATE INDEX tasks_open ON tasks (id) WHERE closed IS NULL;

-- What one turn wrote of one run lies in one row: a row and two index entries for each line cost thrice the time.
CREATE TABLE journal_turns (
  id INTEGER PRIMARY KEY,
  contact INTEGER,
  flow TEXT NOT NULL,
  version INTEGER NOT NULL,
  n INTEGER,
  at INTEGER NOT NULL,
  lines TEXT NOT NULL
) STRICT;
CREATE INDEX journal_contact ON journal_turns (contact);
CREATE INDEX journal_flow ON journal_turns (flow, at);
CREATE VIEW journal AS
  SELECT t.id * 65536 + l.key AS id, t.id AS turn, l.key AS line, t.contact, t.flow, t.version, t.n, l.value ->> 0 AS seq, t.at,
    l.value ->> 1 AS kind, l.value ->> 2 AS node, l.value -> 3 AS detail
  FROM journal_turns t, json_each(t.lines) l;

CREATE TABLE sums (
  flow TEXT NOT NULL,
  node TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (flow, node, kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules (
  flow TEXT NOT NULL,
  node TEXT NOT NULL,
  version INTEGER NOT NULL,
  next INTEGER,
  PRIMARY KEY (flow, node)
) STRICT;
CREATE TABLE splits (
  flow TEXT NOT NULL,
  node TEXT NOT NULL,
  first_arrival INTEGER NOT NULL,
  decided TEXT,
  numbers TEXT,
  PRIMARY KEY (flow, node)
) STRICT;

-- Moves with everything that a tick keeps in memory, whichever process changes it.
CREATE TABLE revision (n INTEGER NOT NULL) STRICT;
INSERT INTO revision VALUES (1);
CREATE TRIGGER settings_insert AFTER INSERT ON settings BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER settings_update AFTER UPDATE ON settings BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER settings_delete AFTER DELETE ON settings BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER segments_insert AFTER INSERT ON segments BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER segments_update AFTER UPDATE ON segments BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER segments_delete AFTER DELETE ON segments BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER fields_insert AFTER INSERT ON fields BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER fields_update AFTER UPDATE ON fields BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER fields_delete AFTER DELETE ON fields BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER flows_insert AFTER INSERT ON flows BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER flows_update AFTER UPDATE ON flows BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER flows_delete AFTER DELETE ON flows BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER flow_versions_insert AFTER INSERT ON flow_versions BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER flow_versions_update AFTER UPDATE ON flow_versions BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER flow_versions_delete AFTER DELETE ON flow_versions BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER splits_insert AFTER INSERT ON splits BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER splits_update AFTER UPDATE ON splits BEGIN UPDATE revision SET n = n + 1; END;
CREATE TRIGGER splits_delete AFTER DELETE ON splits BEGIN UPDATE revision SET n = n + 1; END;
`;

// Who stands where and what was reached, counted once; from now on kept as the other sums are.
const standing = `
DROP INDEX runs_flow;
CREATE INDEX runs_flow ON runs (flow, version, state, node);
INSERT INTO sums (flow, node, kind, name, count)
  SELECT flow, node, 'here', state, count(*) FROM runs
  WHERE node IS NOT NULL AND state IN ('active', 'paused', 'failed') GROUP BY flow, node, state;
INSERT INTO sums (flow, node, kind, name, count)
  SELECT flow, coalesce(node, ''), 'goal', 'reached', count(*) FROM journal WHERE kind = 'goal' GROUP BY 1, 2;
INSERT INTO sums (flow, node, kind, name, count)
  SELECT flow, coalesce(node, ''), 'goal', 'thousandths', CAST(sum(round((detail ->> '$.value') * 1000)) AS INTEGER)
  FROM journal WHERE kind = 'goal' AND json_type(detail, '$.value') IN ('integer', 'real') GROUP BY 1, 2;
`;

// The texts lie in the message's row, and the journal reads what was sent from it instead of holding it again.
const outboxWhole = `
ALTER TABLE contacts ADD COLUMN touched INTEGER;
UPDATE contacts SET touched = CAST(round(unixepoch(fields ->> '$.last_touch_at', 'subsec') * 1000) AS INTEGER),
  fields = json_remove(fields, '$.last_touch_at'),
  folded = jsonb_remove(folded, '$.v.last_touch_at', '$.i.last_touch_at')
WHERE fields ->> '$.last_touch_at' IS NOT NULL;

ALTER TABLE outbox ADD COLUMN content TEXT;
ALTER TABLE outbox ADD COLUMN told INTEGER NOT NULL DEFAULT 1;
UPDATE outbox SET content = (SELECT t.content FROM contents t WHERE t.outbox = outbox.id);
DROP TABLE contents;
UPDATE outbox SET receipts = (SELECT json_group_array(json(r.value)) FROM json_each(receipts) r
  WHERE r.value ->> '$.event' <> 'sent') WHERE receipts <> '[]';
UPDATE outbox SET sent_at = at WHERE kind = 'message' AND state IN ('queued', 'sending');
UPDATE outbox SET sent_at = NULL WHERE kind = 'request' OR state NOT IN ('queued', 'sending', 'sent');
UPDATE outbox SET due_at = NULL WHERE state NOT IN ('queued', 'sending');
UPDATE outbox SET told = 0 WHERE state = 'sent' AND NOT EXISTS (SELECT 1 FROM journal_turns t, json_each(t.lines) l
  WHERE t.contact = outbox.contact AND t.flow = outbox.flow AND t.n = outbox.n AND l.value ->> 1 = 'message'
    AND l.value ->> 0 = outbox.seq);
UPDATE journal_turns SET lines = (SELECT json_group_array(json(l.value)) FROM json_each(lines) l
  WHERE NOT (l.value ->> 1 = 'message' AND l.value ->> '$[3].state' = 'sent'))
WHERE EXISTS (SELECT 1 FROM json_each(lines) l WHERE l.value ->> 1 = 'message' AND l.value ->> '$[3].state' = 'sent');
DELETE FROM journal_turns WHERE lines = '[]';
DROP INDEX outbox_due;
DROP INDEX outbox_sending;
CREATE INDEX outbox_open ON outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_told ON outbox (flow, sent_at) WHERE sent_at IS NOT NULL AND told = 1;
`;

// What was listened to before has no number: its members are known.
const sweeps = `
CREATE TABLE sweeps (
  id INTEGER PRIMARY KEY,
  segment TEXT,
  at INTEGER NOT NULL,
  after INTEGER NOT NULL,
  upto INTEGER NOT NULL
) STRICT;
INSERT INTO settings (name, value)
  SELECT 'listening', json_object('last', 0, 'segments', json_group_object(name, json('{"n":0,"at":0}')))
  FROM (SELECT DISTINCT j.value AS name FROM settings s, json_each(s.value) j WHERE s.name GLOB 'listens:*')
  HAVING count(*) > 0;
INSERT INTO settings (name, value) SELECT 'timers:' || id, 'true' FROM flows WHERE version IS NOT NULL;
`;

/** Every migration there is, in order. Plain text in the code, so that a compiled executable has them too. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: "first", sql: first },
  { version: 2, name: "standing", sql: standing },
  { version: 3, name: "requests", sql: requests },
  { version: 4, name: "whole messages in the outbox", sql: outboxWhole },
  { version: 5, name: "accounts", sql: accounts },
  { version: 6, name: "jobs", sql: jobs },
  { version: 7, name: "sweeps", sql: sweeps },
  { version: 8, name: "marks and claims", sql: marks },
];

/**
 * Brings the schema up to `migrations`' last version in one transaction: all of them or none.
 * Throws `StoreRefused` for a database that a newer program wrote.
 */
export function migrate(
  db: Database,
  at: number,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  db.run("BEGIN IMMEDIATE");
  try {
    db.run(
      "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
    );
    const row = db.prepare("SELECT max(version) AS v FROM migrations").get() as {
      v: number | null;
    };
    const have = row.v ?? 0;
    const newest = migrations.at(-1)?.version ?? 0;
    if (have > newest) throw StoreRefused.newer(have, newest);
    const record = db.prepare("INSERT INTO migrations (version, name, at) VALUES (?, ?, ?)");
    for (const migration of migrations) {
      if (migration.version <= have) continue;
      db.run(migration.sql);
      record.run(migration.version, migration.name, at);
    }
    db.run("COMMIT");
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (db.inTransaction) db.run("ROLLBACK");
    throw error;
  }
}
