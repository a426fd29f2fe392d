import type { Instant } from "../../../nodes/index.ts";
import type { Changes } from "../../core/changes.ts";
import type { Consent, Contact, ContactState, Line, Run } from "../../core/state.ts";
import { parseInstant } from "../../core/time.ts";
import { fieldsText } from "../addresses.ts";
import { comparableData } from "../comparable.ts";
import { type Held, profileOf } from "../held.ts";
import type { Claim, Sending } from "../store.ts";
import type { Sums } from "../sums.ts";
import type { Base } from "./database.ts";
import { outboxWriter } from "./write-outbox.ts";
import { rowWriter } from "./write-rows.ts";

/** Writes rows of one kind; shared by the engine's work, the import and the dispatcher. */
export interface Writer {
  /**
   * Everything that a turn changed, and when the contact is due next. Erasing is the caller's. With `claim` the
   * messages that it queued are claimed; these are handed back.
   */
  changes(
    held: Held,
    changes: Changes,
    due: Instant | null,
    sums: Sums,
    claim: Claim | null,
  ): Sending[];
  lines(pk: number | null, lines: readonly Line[]): void;
  run(pk: number, run: Run): void;
  consent(pk: number, consent: Consent): void;
  tag(pk: number, tag: string, since: Instant, expires: Instant | null): void;
  untag(pk: number, tag: string): void;
  suppress(address: string, reason: string): void;
  profile(pk: number, contact: Contact): void;
  /** Counts anew when the contact was touched last: something that was to go doesn't. */
  retouch(pk: number): void;
  marks(pk: number, state: ContactState, due: Instant | null, touched: Instant | null): void;
  consents(pk: number, list: Consent[]): void;
}

/** Prepares every write of the hot path once. */
export function writerOf(base: Base): Writer {
  const { db } = base;
  const rows = rowWriter(base);
  const { outbox, tasks } = outboxWriter(base);
  const insertEvent = db.prepare(
    "INSERT OR IGNORE INTO events (contact, id, name, at, data, folded) VALUES (?, ?, ?, ?, ?, jsonb(?))",
  );
  const arrival = db.prepare(
    `INSERT INTO splits (flow, node, first_arrival) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET first_arrival = min(first_arrival, excluded.first_arrival)`,
  );

  const writeProfile = (held: Held, contact: Contact): void => {
    const text = JSON.stringify;
    const profile = profileOf(
      fieldsText(contact.fields),
      text(contact.fieldsSet),
      text(contact.stopped),
      contact.erased,
    );
    if (profile !== held.profile) rows.profile(held.pk, contact);
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
  const writeMessages = (
    { pk, state, messageIds }: Held,
    { messages }: Changes,
    sums: Sums,
    claim: Claim | null,
  ): Sending[] => {
    const sends: Sending[] = [];
    let takenBack = false;
    for (const message of messages) {
      const id = messageIds.get(message.key);
      if (id !== undefined) {
        outbox.update(id, message);
        takenBack ||= message.state === "cancelled";
        continue;
      }
      const claimed = message.state === "queued" && claim?.channels.has(message.channel) === true;
      const worker = claimed ? claim.worker : null;
      const ref = outbox.add(pk, message, worker);
      if (message.state === "sent") sums.message(message.flow, message.node, "sent");
      if (worker === null) continue;
      const { contact: who } = state;
      sends.push({ ref, contact: who.id, who, attempt: 1, worker, message, request: null });
    }
    if (takenBack) rows.retouch(pk);
    return sends;
  };

  return {
    ...rows,
    changes(held, changes, due, sums, claim) {
      const { pk } = held;
      const { contact } = changes.state;
      const touched = changes.contact
        ? parseInstant(contact.fields.last_touch_at)
        : changes.touched
          ? changes.at
          : held.touched;
      if (changes.contact || changes.erased) writeProfile(held, contact);
      if (changes.marks) rows.marks(pk, changes.state, due, touched);
      else if (due !== held.due || touched !== held.touched) rows.due(pk, due, touched);
      if (changes.tags) writeTags(held, contact);
      if (changes.consents) rows.consents(pk, contact.consents);
      for (const { id, name, at, data } of changes.events) {
        insertEvent.run(pk, id, name, at, JSON.stringify(data), comparableData(data));
      }
      for (const run of changes.runs) {
        rows.run(pk, run);
        sums.run(run.flow, held.runStates.get(`${run.flow}/${run.n}`) ?? null, run);
      }
      const sends = writeMessages(held, changes, sums, claim);
      for (const request of changes.requests) outbox.request(pk, request);
      for (const task of changes.tasks) tasks.write(held, task);
      rows.lines(pk, changes.lines);
      for (const line of changes.lines) sums.line(line);
      for (const { flow, node, at } of changes.arrivals) arrival.run(flow, node, at);
      return sends;
    },
  };
}
