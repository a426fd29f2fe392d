import type { Instant } from "../../../nodes/index.ts";
import type { Consent, Contact, ContactState, Line, Run } from "../../core/state.ts";
import { fieldsText, filled, keyOf, splitAddress } from "../addresses.ts";
import { comparableFields } from "../comparable.ts";
import type { Held } from "../held.ts";
import { isSameTurn, LINES_IN_ROW } from "../lines.ts";
import { restOf, textOf } from "../rows.ts";
import type { Base } from "./database.ts";
import { lineShapes } from "./line-shapes.ts";

/** Writes what belongs to the contact itself, its runs and its journal. */
export function rowWriter(base: Base) {
  const { db } = base;
  const textOfLines = lineShapes(base);
  const updateProfile = db.prepare(
    `UPDATE contacts SET key = ?2, phone = ?4, fields = ?5, folded = jsonb(?6), fields_set = ?7,
       stopped = ?8, erased = ?9, seed = ?10,
       email = CASE WHEN EXISTS (SELECT 1 FROM contacts WHERE email = ?3 AND pk <> ?1) THEN NULL ELSE ?3 END
     WHERE pk = ?1`,
  );
  const updateMarks = db.prepare(
    "UPDATE marks SET due = ?, touched = ?, drawn = ?, fired = ?, members = ? WHERE contact = ?",
  );
  const insertMarks = db.prepare(
    "INSERT INTO marks (due, touched, drawn, fired, members, contact) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const updateDue = db.prepare("UPDATE marks SET due = ?, touched = ? WHERE contact = ?");
  const insertLines = db.prepare(
    "INSERT INTO journal_turns (contact, flow, version, n, at, lines) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const upsertRun = db.prepare(
    `INSERT INTO runs (contact, flow, n, version, state, reason, key, node, waiting, until, since, entered, ended, rest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, state = excluded.state, reason = excluded.reason,
       key = excluded.key, node = excluded.node, waiting = excluded.waiting, until = excluded.until,
       since = excluded.since, entered = excluded.entered, ended = excluded.ended, rest = excluded.rest`,
  );
  // What was counted as a touch when it was queued did not go after all.
  const retouch = db.prepare(
    `UPDATE marks SET touched = (SELECT max(at) FROM (
       SELECT max(sent_at) AS at FROM outbox WHERE contact = ?1 AND kind = 'message' AND channel <> 'notify'
       UNION ALL SELECT max(closed) FROM tasks WHERE contact = ?1 AND kind = 'call'
         AND outcome NOT IN ('timeout', 'cancelled')))
     WHERE contact = ?1`,
  );
  const upsertTag = db.prepare(
    `INSERT INTO tags (contact, tag, since, expires) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET since = excluded.since, expires = excluded.expires`,
  );
  const deleteTag = db.prepare("DELETE FROM tags WHERE contact = ? AND tag = ?");
  const deleteConsents = db.prepare("DELETE FROM consents WHERE contact = ?");
  const insertConsent = db.prepare(
    "INSERT INTO consents (contact, channel, topic, granted, at, source) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const upsertSuppression = db.prepare(
    `INSERT INTO suppressions (address, channel, reason) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET reason = excluded.reason`,
  );
  const deleteSuppression = db.prepare(
    "DELETE FROM suppressions WHERE address = ? AND channel = ?",
  );

  const consent = (pk: number, c: Consent): void => {
    insertConsent.run(pk, c.channel, c.topic, c.granted ? 1 : 0, c.at, c.source);
  };
  const suppress = (key: string, reason: string): void => {
    const [channel, address] = splitAddress(key);
    upsertSuppression.run(address, channel, reason);
  };
  return {
    profile(pk: number, contact: Contact): void {
      const { fields } = contact;
      updateProfile.run(
        pk,
        keyOf(contact),
        filled(fields.email),
        filled(fields.phone),
        fieldsText(fields),
        comparableFields(fields, contact.created),
        JSON.stringify(contact.fieldsSet),
        JSON.stringify(contact.stopped),
        contact.erased ? 1 : 0,
        contact.seed,
      );
    },
    /** Of a contact that was due, and so has marks. */
    due(pk: number, due: Instant | null, touched: Instant | null): void {
      updateDue.run(due, touched, pk);
    },
    retouch(pk: number): void {
      retouch.run(pk);
    },
    marks(
      pk: number,
      { drawn, fired, members }: ContactState,
      due: Instant | null,
      touched: Instant | null,
    ): void {
      const row = [due, touched, textOf(drawn), textOf(fired), textOf(members), pk] as const;
      if (updateMarks.run(...row).changes === 0) insertMarks.run(...row);
    },
    /** Lines that follow each other and belong to one run and moment share a row. */
    lines(pk: number | null, lines: readonly Line[]): void {
      for (let from = 0; from < lines.length; ) {
        const first = lines[from] as Line;
        let to = from + 1;
        const most = Math.min(lines.length, from + LINES_IN_ROW);
        while (to < most && isSameTurn(lines[to] as Line, first)) to++;
        insertLines.run(
          first.contact === null ? null : pk,
          first.flow,
          first.version,
          first.enrollment,
          first.at,
          textOfLines(lines, from, to),
        );
        from = to;
      }
    },
    run(pk: number, r: Run): void {
      upsertRun.run(
        pk,
        r.flow,
        r.n,
        r.version,
        r.state,
        r.reason,
        r.key,
        r.node,
        r.waiting,
        r.until,
        r.since,
        r.entered,
        r.ended,
        restOf(r),
      );
    },
    tag(pk: number, tag: string, since: Instant, expires: Instant | null): void {
      upsertTag.run(pk, tag, since, expires);
    },
    untag(pk: number, tag: string): void {
      deleteTag.run(pk, tag);
    },
    consent,
    /** All of a contact's records anew: they change seldom, and their order matters. */
    consents(pk: number, list: Consent[]): void {
      deleteConsents.run(pk);
      for (const one of list) consent(pk, one);
    },
    suppress,
    suppressions(held: Held, contact: Contact): void {
      for (const [key, reason] of Object.entries(contact.suppressed)) {
        if (held.suppressed[key] !== reason) suppress(key, reason);
      }
      for (const key of Object.keys(held.suppressed)) {
        if (Object.hasOwn(contact.suppressed, key)) continue;
        const [channel, address] = splitAddress(key);
        deleteSuppression.run(address, channel);
      }
    },
  };
}
