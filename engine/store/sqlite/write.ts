import type { Instant } from "../../../nodes/index.ts";
import type { Changes } from "../../core/changes.ts";
import type { Consent, Contact, ContactState, Line, Message, Run } from "../../core/state.ts";
import { comparableData } from "../comparable.ts";
import type { Base } from "./database.ts";
import { type Held, marksOf, profileOf } from "./load.ts";
import type { Sums } from "./sums.ts";
import { outboxWriter } from "./write-outbox.ts";
import { rowWriter } from "./write-rows.ts";

/** Writes rows of one kind; shared by the engine's work, the import and the dispatcher. */
export interface Writer {
  /** Everything that a turn changed. Erasing is the caller's. */
  changes(held: Held, changes: Changes, sums: Sums): void;
  lines(pk: number | null, lines: readonly Line[]): void;
  run(pk: number, run: Run): void;
  consent(pk: number, consent: Consent): void;
  tag(pk: number, tag: string, since: Instant, expires: Instant | null): void;
  untag(pk: number, tag: string): void;
  suppress(address: string, reason: string): void;
  profile(pk: number, contact: Contact): void;
  marks(pk: number, state: ContactState): void;
  consents(pk: number, list: Consent[]): void;
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

  // Most turns that change a contact change only what was drawn or fired, or only its fields.
  const writeContact = (held: Held, state: ContactState): void => {
    const { contact, drawn, fired, members } = state;
    const text = JSON.stringify;
    const profile = profileOf(
      text(contact.fields),
      text(contact.fieldsSet),
      text(contact.stopped),
      contact.erased,
    );
    if (profile !== held.profile) rows.profile(held.pk, contact);
    if (marksOf(text(drawn), text(fired), text(members)) !== held.marks) rows.marks(held.pk, state);
    rows.suppressions(held, contact);
  };
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
    if (id === undefined) {
      contents.add(outbox.add(held.pk, message), JSON.stringify(message.content));
    } else {
      outbox.update(id, message);
    }
  };

  return {
    ...rows,
    changes(held, changes, sums) {
      const { pk } = held;
      const { contact } = changes.state;
      if (changes.contact || changes.erased) writeContact(held, changes.state);
      if (changes.tags) writeTags(held, contact);
      if (changes.consents) rows.consents(pk, contact.consents);
      for (const { id, name, at, data } of changes.events) {
        insertEvent.run(pk, id, name, at, JSON.stringify(data), comparableData(data));
      }
      for (const run of changes.runs) {
        rows.run(pk, run);
        sums.run(run.flow, held.runStates.get(`${run.flow}/${run.n}`) ?? null, run);
      }
      for (const message of changes.messages) writeMessage(held, message);
      for (const request of changes.requests) {
        contents.add(outbox.request(pk, request), JSON.stringify(request));
      }
      for (const task of changes.tasks) tasks.write(held, task);
      rows.lines(pk, changes.lines);
      for (const line of changes.lines) sums.line(line);
      for (const { flow, node, at } of changes.arrivals) arrival.run(flow, node, at);
    },
  };
}
