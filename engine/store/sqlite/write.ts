import type { Instant } from "../../../nodes/index.ts";
import type { Changes } from "../../core/changes.ts";
import type {
  Consent,
  Contact,
  Line,
  Message,
  Request,
  Run,
  Task,
  Value,
} from "../../core/state.ts";
import { comparableData, comparableFields } from "../comparable.ts";
import type { Base } from "./database.ts";
import type { Held } from "./load.ts";
import { restOf } from "./rows.ts";
import type { Sums } from "./sums.ts";

/** Writes rows of one kind; shared by the engine's work, the import and the dispatcher. */
export interface Writer {
  /** Everything that a turn changed. Erasing is the caller's. */
  changes(held: Held, changes: Changes, sums: Sums): void;
  line(pk: number | null, line: Line): void;
  run(pk: number, run: Run): void;
  consent(pk: number, consent: Consent): void;
  tag(pk: number, tag: string, since: Instant, expires: Instant | null): void;
  untag(pk: number, tag: string): void;
  suppress(address: string, reason: string): void;
  profile(pk: number, contact: Contact): void;
  marks(pk: number, state: Changes["state"]): void;
  consents(pk: number, list: Consent[]): void;
}

const text = (value: Value | undefined): string | null =>
  typeof value === "string" && value !== "" ? value : null;

/** How people name the contact: e-mail, else phone; null once erased. */
export const keyOf = (contact: Pick<Contact, "fields" | "erased">): string | null =>
  contact.erased ? null : (text(contact.fields.email) ?? text(contact.fields.phone));

/** `email:ann@x.example` → channel and address. */
export function splitAddress(key: string): [channel: string, address: string] {
  const colon = key.indexOf(":");
  return [key.slice(0, colon), key.slice(colon + 1)];
}

/** Prepares every write of the hot path once. */
export function writerOf(base: Base): Writer {
  const { db } = base;
  const rows = rowWriter(base);
  const { outbox, contents, tasks } = outboxWriter(base);
  const insertEvent = db.prepare(
    "INSERT OR IGNORE INTO events (contact, id, name, at, data, folded) VALUES (?, ?, ?, ?, ?, jsonb(?))",
  );
  const arrival = db.prepare(
    `INSERT INTO splits (flow, node, first_arrival) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET first_arrival = min(first_arrival, excluded.first_arrival)`,
  );

  const writeTags = (held: Held, contact: Contact): void => {
    for (const [tag, { since, expires }] of Object.entries(contact.tags)) {
      const old = held.tags.get(tag);
      if (old?.since !== since || old.expires !== expires) rows.tag(held.pk, tag, since, expires);
    }
    for (const tag of held.tags.keys()) {
      if (!Object.hasOwn(contact.tags, tag)) rows.untag(held.pk, tag);
    }
  };
  const writeMessage = (held: Held, message: Message): void => {
    const id = held.messageIds.get(message.key);
    if (id !== undefined) return outbox.update(id, message);
    contents.add(outbox.add(held.pk, message), JSON.stringify(message.content));
  };

  return {
    ...rows,
    changes(held, changes, sums) {
      const { pk } = held;
      const { contact } = changes.state;
      if (changes.contact || changes.erased) {
        rows.profile(pk, contact);
        rows.marks(pk, changes.state);
        rows.suppressions(held, contact);
      }
      if (changes.tags) writeTags(held, contact);
      if (changes.consents) rows.consents(pk, contact.consents);
      for (const { id, name, at, data } of changes.events) {
        insertEvent.run(pk, id, name, at, JSON.stringify(data), comparableData(data));
      }
      for (const run of changes.runs) {
        rows.run(pk, run);
        sums.run(run.flow, held.runStates.get(`${run.flow}/${run.n}`) ?? null, run.state);
      }
      for (const message of changes.messages) writeMessage(held, message);
      for (const request of changes.requests) {
        contents.add(outbox.request(pk, request), JSON.stringify(request));
      }
      for (const task of changes.tasks) tasks.write(held, task);
      for (const line of changes.lines) {
        rows.line(line.contact === null ? null : pk, line);
        sums.line(line);
      }
      for (const { flow, node, at } of changes.arrivals) arrival.run(flow, node, at);
    },
  };
}

function rowWriter({ db }: Base) {
  const updateProfile = db.prepare(
    `UPDATE contacts SET key = ?2, phone = ?4, fields = ?5, folded = jsonb(?6), fields_set = ?7,
       stopped = ?8, erased = ?9, seed = ?10,
       email = CASE WHEN EXISTS (SELECT 1 FROM contacts WHERE email = ?3 AND pk <> ?1) THEN NULL ELSE ?3 END
     WHERE pk = ?1`,
  );
  const updateMarks = db.prepare(
    "UPDATE contacts SET drawn = ?, fired = ?, members = ? WHERE pk = ?",
  );
  const insertLine = db.prepare(
    "INSERT INTO journal (contact, flow, version, n, seq, at, kind, node, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const upsertRun = db.prepare(
    `INSERT INTO runs (contact, flow, n, version, state, reason, key, node, waiting, until, since, entered, ended, rest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, state = excluded.state, reason = excluded.reason,
       key = excluded.key, node = excluded.node, waiting = excluded.waiting, until = excluded.until,
       since = excluded.since, entered = excluded.entered, ended = excluded.ended, rest = excluded.rest`,
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
        text(fields.email),
        text(fields.phone),
        JSON.stringify(fields),
        comparableFields(fields, contact.created),
        JSON.stringify(contact.fieldsSet),
        JSON.stringify(contact.stopped),
        contact.erased ? 1 : 0,
        contact.seed,
      );
    },
    marks(pk: number, { drawn, fired, members }: Changes["state"]): void {
      updateMarks.run(JSON.stringify(drawn), JSON.stringify(fired), JSON.stringify(members), pk);
    },
    line(pk: number | null, l: Line): void {
      insertLine.run(
        pk,
        l.flow,
        l.version,
        l.enrollment,
        l.seq,
        l.at,
        l.kind,
        l.node,
        JSON.stringify(l.detail),
      );
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

/** The first receipt that says `sent`: what touches and caps count from. */
const sentAt = (message: Message): Instant | null =>
  message.receipts.find((r) => r.event === "sent")?.at ?? null;

function outboxWriter({ db }: Base) {
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
