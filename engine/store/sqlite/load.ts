import type { Instant } from "../../../nodes/index.ts";
import type { EventFact, Input } from "../../core/state.ts";
import { type ContactRecord, type Held, holdOf, NEEDS_MESSAGES } from "../held.ts";
import {
  MESSAGE_COLUMNS,
  type MessageRecord,
  messageOf,
  type RunRow,
  runOf,
  type TaskRow,
  taskOf,
} from "../rows.ts";
import type { Need } from "../store.ts";
import type { Base } from "./database.ts";

export interface Loader {
  /** In the order of `pks`. */
  load(pks: number[], now: Instant | null, need: Need): Held[];
  contacts(pks: number[]): Map<number, Held>;
  /** Contacts as the dispatcher needs them: fields, consents and suppressions, no tags. */
  addressees(pks: number[]): Map<number, Held>;
}

const parse = <T>(text: string): T => JSON.parse(text) as T;

/** Loads batches of contacts with one query for each table. */
export function loaderOf({ db }: Base): Loader {
  const these = "IN (SELECT value FROM json_each(?))";
  const contactRows = db.prepare<ContactRecord, [string]>(
    `SELECT c.pk, c.id, c.email, c.phone, c.seed, c.created, m.due, m.touched, c.erased, c.fields,
       nullif(c.fields_set, '{}') AS fields_set, nullif(c.stopped, '[]') AS stopped, m.drawn, m.fired, m.members
     FROM contacts c LEFT JOIN marks m ON m.contact = c.pk WHERE c.pk ${these}`,
  );
  const tagRows = db.prepare<
    { contact: number; tag: string; since: number; expires: number | null },
    [string]
  >(`SELECT contact, tag, since, expires FROM tags WHERE contact ${these}`);
  const consentRows = db.prepare<
    {
      contact: number;
      channel: string;
      topic: string;
      granted: number;
      at: number;
      source: string;
    },
    [string]
  >(
    `SELECT contact, channel, topic, granted, at, source FROM consents WHERE contact ${these} ORDER BY id`,
  );
  const anySuppressed = db.prepare("SELECT 1 FROM suppressions LIMIT 1");
  const suppressedRows = db.prepare<
    { pk: number; channel: string; address: string; reason: string },
    [string]
  >(
    `SELECT c.pk, s.channel, s.address, s.reason FROM contacts c, json_each(c.fields) f
     JOIN suppressions s ON s.address = f.value WHERE c.pk ${these}`,
  );
  const runRows = db.prepare<RunRow, [string]>(
    `SELECT contact, flow, n, version, state, reason, key, node, waiting, until, since, entered, ended, rest
     FROM runs WHERE contact ${these} ORDER BY contact, entered, flow, n`,
  );
  // An enrollment comes before the events of its instant.
  const inputRows = db.prepare<
    { seq: number; contact: number; at: number; data: string },
    [string]
  >(
    `SELECT seq, contact, at, data FROM inputs WHERE contact ${these} AND data IS NOT NULL
     ORDER BY at, kind <> 'enroll', seq`,
  );
  const eventRows = db.prepare<EventFact & { contact: number; json: string }, [string, string]>(
    `SELECT contact, id, name, at, data AS json FROM events WHERE contact ${these}
     AND name IN (SELECT value FROM json_each(?)) ORDER BY at, rowid`,
  );
  const allEventRows = db.prepare<EventFact & { contact: number; json: string }, [string]>(
    `SELECT contact, id, name, at, data AS json FROM events WHERE contact ${these} ORDER BY at, rowid`,
  );
  const messageRows = db.prepare<MessageRecord, [string]>(
    `SELECT ${MESSAGE_COLUMNS} FROM outbox o WHERE o.contact ${these} AND o.kind = 'message' ORDER BY o.at, o.id`,
  );
  const queuedRows = db.prepare<MessageRecord, [string]>(
    `SELECT ${MESSAGE_COLUMNS} FROM outbox o WHERE o.contact ${these} AND o.kind = 'message'
     AND o.state = 'queued' ORDER BY o.at, o.id`,
  );
  const taskRows = db.prepare<TaskRow, [string]>(
    `SELECT * FROM tasks WHERE contact ${these} ORDER BY opened, id`,
  );
  const openTaskRows = db.prepare<TaskRow, [string]>(
    `SELECT * FROM tasks WHERE contact ${these} AND closed IS NULL ORDER BY opened, id`,
  );

  const contacts = (pks: number[]): Map<number, Held> => {
    const held = addressees(pks);
    for (const row of tagRows.all(JSON.stringify(pks))) {
      const one = held.get(row.contact);
      if (!one) continue;
      one.state.contact.tags[row.tag] = { since: row.since, expires: row.expires };
      one.tags.set(row.tag, row);
    }
    return held;
  };
  const addressees = (pks: number[]): Map<number, Held> => {
    const list = JSON.stringify(pks);
    const held = new Map<number, Held>();
    for (const row of contactRows.all(list)) held.set(row.pk, holdOf(row));
    for (const { contact, ...consent } of consentRows.all(list)) {
      held
        .get(contact)
        ?.state.contact.consents.push({ ...consent, granted: consent.granted === 1 });
    }
    if (anySuppressed.get() !== null) {
      for (const row of suppressedRows.all(list)) {
        const one = held.get(row.pk);
        if (one) one.suppressed[`${row.channel}:${row.address}`] = row.reason;
      }
      for (const one of held.values()) one.state.contact.suppressed = { ...one.suppressed };
    }
    return held;
  };

  const facts = (held: Map<number, Held>, list: string, rich: number[], need: Need): void => {
    const all = need.messages || need.tasks;
    const wanted = JSON.stringify(rich);
    const events =
      need.events === "*"
        ? allEventRows.all(list)
        : need.events.length > 0
          ? eventRows.all(list, JSON.stringify(need.events))
          : [];
    for (const { contact, id, name, at, json } of events) {
      held.get(contact)?.state.events.push({ id, name, at, data: parse(json) });
    }
    const keepMessage = (row: MessageRecord) => {
      const one = held.get(row.contact);
      if (!one || one.messageIds.has(row.key)) return;
      one.state.messages.push(messageOf(row));
      one.messageIds.set(row.key, row.id);
    };
    const keepTask = (row: TaskRow) => {
      const one = held.get(row.contact);
      if (!one || one.taskIds.has(row.key)) return;
      one.state.tasks.push(taskOf(row));
      one.taskIds.set(row.key, row.id);
    };
    if (rich.length > 0 && !need.messages) messageRows.all(wanted).forEach(keepMessage);
    (need.messages ? messageRows : queuedRows).all(list).forEach(keepMessage);
    if (rich.length > 0 && !need.tasks) taskRows.all(wanted).forEach(keepTask);
    (all ? taskRows : openTaskRows).all(list).forEach(keepTask);
  };

  const load = (pks: number[], now: Instant | null, need: Need): Held[] => {
    const held = contacts(pks);
    const list = JSON.stringify(pks);
    for (const row of runRows.all(list)) {
      const one = held.get(row.contact);
      if (!one) continue;
      one.state.runs.push(runOf(row));
      one.runStates.set(`${row.flow}/${row.n}`, row);
    }
    const rich = new Set<number>();
    for (const row of now === null ? [] : inputRows.all(list)) {
      const one = held.get(row.contact);
      if (!one) continue;
      if (now !== null && row.at > now) {
        one.later ??= row.at;
        continue;
      }
      const input = parse<Input>(row.data);
      one.inputs.push({ seq: row.seq, input });
      if (NEEDS_MESSAGES.has(input.kind)) rich.add(row.contact);
    }
    facts(held, list, [...rich], need);
    return pks.flatMap((pk) => held.get(pk) ?? []);
  };

  return { load, contacts, addressees };
}
