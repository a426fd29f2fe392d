/**
 * What moves at every turn lies apart from the rest of a contact, which is ten times as wide; and a message that is
 * claimed as it is queued is written once: while it is under way a claim says so.
 */
export const marks = `
CREATE TABLE marks (
  contact INTEGER PRIMARY KEY REFERENCES contacts(pk),
  due INTEGER,
  touched INTEGER,
  drawn TEXT,
  fired TEXT,
  members TEXT
) STRICT;
INSERT INTO marks (contact, due, touched, drawn, fired, members)
  SELECT pk, due, touched, nullif(drawn, '{}'), nullif(fired, '{}'), nullif(members, '{}') FROM contacts
  WHERE due IS NOT NULL OR touched IS NOT NULL OR drawn <> '{}' OR fired <> '{}' OR members <> '{}';
CREATE INDEX marks_due ON marks (due) WHERE due IS NOT NULL;
DROP INDEX contacts_due;
ALTER TABLE contacts DROP COLUMN due;
ALTER TABLE contacts DROP COLUMN touched;
ALTER TABLE contacts DROP COLUMN drawn;
ALTER TABLE contacts DROP COLUMN fired;
ALTER TABLE contacts DROP COLUMN members;

CREATE TABLE claims (
  id INTEGER PRIMARY KEY REFERENCES outbox(id),
  worker TEXT NOT NULL
) STRICT;

-- What a template says to everybody lies once; a message keeps what was filled in.
CREATE TABLE texts (id INTEGER PRIMARY KEY, pieces TEXT NOT NULL UNIQUE) STRICT;

-- What the journal says of those who go the same way lies once: 'lines' is a list, or '17:4' for shape 17 from number 4.
CREATE TABLE journal_shapes (id INTEGER PRIMARY KEY, lines TEXT NOT NULL UNIQUE) STRICT;
DROP VIEW journal;
CREATE VIEW journal AS
  SELECT t.id * 65536 + l.key AS id, t.id AS turn, l.key AS line, t.contact, t.flow, t.version, t.n,
    (l.value ->> 0) + CASE WHEN t.lines GLOB '[[]*' THEN 0 ELSE CAST(substr(t.lines, instr(t.lines, ':') + 1) AS INTEGER) END AS seq,
    t.at, l.value ->> 1 AS kind, l.value ->> 2 AS node, l.value -> 3 AS detail
  FROM journal_turns t, json_each(CASE WHEN t.lines GLOB '[[]*' THEN t.lines
    ELSE (SELECT s.lines FROM journal_shapes s WHERE s.id = CAST(t.lines AS INTEGER)) END) l;
`;
