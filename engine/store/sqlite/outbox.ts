import type { Instant } from "../../../nodes/index.ts";
import type { Input, Line, Receipt } from "../../core/state.ts";
import { fold } from "../../core/text.ts";
import { iso } from "../../core/time.ts";
import type { SendDone, Sending, Store } from "../store.ts";
import type { Base } from "./database.ts";
import { anonymous } from "./erase.ts";
import type { Inbox } from "./inputs.ts";
import type { Loader } from "./load.ts";
import { type Moved, movedKey, peopleOf } from "./people.ts";
import { MESSAGE_COLUMNS, type MessageRecord, messageOf, requestOf } from "./rows.ts";
import { sumsOf } from "./sums.ts";
import type { Writer } from "./write.ts";

type Part = Pick<Store, "claimSends" | "finishSends" | "orphanSends">;
type Claimed = MessageRecord & {
  kind: string;
  attempt: number;
  worker: string;
  content: string | null;
};

interface Tools {
  loader: Loader;
  writer: Writer;
  inbox: Inbox;
}

export function outboxPart(base: Base, tools: Tools): Part {
  const { db } = base;
  const due = db.prepare<{ id: number }, [number, string, number]>(
    // What arrived of the contact and wasn't looked at yet may be an opt-out: its turn comes first.
    `SELECT id FROM outbox o WHERE state = 'queued' AND due_at <= ?1
     AND channel NOT IN (SELECT value FROM json_each(?2))
     AND NOT EXISTS (SELECT 1 FROM inputs i WHERE i.contact = o.contact AND i.data IS NOT NULL AND i.at <= ?1
       AND i.kind IN ('inbound', 'consent', 'receipt', 'erase'))
     ORDER BY due_at, id LIMIT ?3`,
  );
  const anyDue = db.prepare("SELECT 1 FROM outbox WHERE state = 'queued' AND due_at <= ? LIMIT 1");
  const claim = db.prepare(
    `UPDATE outbox SET state = 'sending', worker = ?, attempt = attempt + 1
     WHERE id IN (SELECT value FROM json_each(?))`,
  );
  const orphans = db.prepare<{ id: number }, [string]>(
    "SELECT id FROM outbox WHERE state = 'sending' AND worker <> ? ORDER BY id",
  );
  const adopt = db.prepare(
    "UPDATE outbox SET worker = ? WHERE id IN (SELECT value FROM json_each(?))",
  );
  const claimed = db.prepare<Claimed, [string]>(
    `SELECT ${MESSAGE_COLUMNS}, o.kind, o.attempt, o.worker, t.content FROM outbox o
     LEFT JOIN contents t ON t.outbox = o.id
     WHERE o.id IN (SELECT value FROM json_each(?)) ORDER BY o.due_at, o.id`,
  );

  const sendings = (ids: string): Sending[] => {
    const rows = claimed.all(ids);
    const people = tools.loader.addressees([...new Set(rows.map((r) => r.contact))]);
    return rows.flatMap((row) => {
      const who = people.get(row.contact)?.state.contact;
      if (!who) return [];
      const { attempt, worker, content } = row;
      const message = row.kind === "message" ? messageOf(row, content) : null;
      const request = row.kind === "request" && content ? requestOf(content) : null;
      return { contact: who.id, who, attempt, worker, message, request };
    });
  };

  return {
    async claimSends(now, limit, worker, except) {
      if (anyDue.get(now) === null) return [];
      return base.write(() => {
        const ids = JSON.stringify(due.all(now, JSON.stringify(except), limit).map((r) => r.id));
        claim.run(worker, ids);
        return sendings(ids);
      });
    },
    async orphanSends(worker) {
      return base.write(() => {
        const ids = JSON.stringify(orphans.all(worker).map((r) => r.id));
        // Taken over, so that what is decided about them counts.
        adopt.run(worker, ids);
        return sendings(ids);
      });
    },
    finishSends: finisher(base, tools),
  };
}

interface Found {
  id: number;
  receipts: string;
  channel: string;
  pk: number;
  erased: number;
}

function finisher(base: Base, { writer, inbox }: Tools): Part["finishSends"] {
  const { db } = base;
  const people = peopleOf(base);
  const sums = sumsOf(base);
  // Subqueries, not joins: measured at a quarter of the time. The plus keeps SQLite from looking through all
  // that this worker is sending.
  const found = (contact: string): string =>
    `SELECT o.id, o.receipts, o.channel, o.contact AS pk,
       (SELECT erased FROM contacts c WHERE c.pk = o.contact) AS erased FROM outbox o
     WHERE o.contact = ${contact} AND o.key = ?
       AND +o.state = 'sending' AND +o.worker = ? AND o.attempt = ?`;
  const find = db.prepare<Found, [string, string, string, number]>(
    found("(SELECT pk FROM contacts WHERE id = ?)"),
  );
  const findMoved = db.prepare<Found, [number, string, string, number]>(found("?"));
  const finish = db.prepare(
    `UPDATE outbox SET state = ?, reason = ?, detail = ?, due_at = ?, receipts = ?, worker = NULL,
       attempt = attempt - ?, provider_id = coalesce(?, provider_id), sent_at = coalesce(sent_at, ?) WHERE id = ?`,
  );
  // The engine sets this field where it hears of a message at once; a send is heard of here.
  const touched = db.prepare(
    `UPDATE contacts SET fields = json_set(fields, '$.last_touch_at', ?),
       folded = jsonb_set(folded, '$.v."last_touch_at"', ?, '$.i."last_touch_at"', ?) WHERE pk = ?`,
  );
  const one = (done: SendDone, worker: string): void => {
    let { key } = done;
    let row = find.get(done.contact, key, worker, done.attempt);
    // Merged into another since the claim, or not this worker's any more.
    const person = row ? null : people.find(done.contact);
    if (person) {
      key = movedKey(key, person.moved);
      row = findMoved.get(person.pk, key, worker, done.attempt);
    }
    if (!row) return;
    const { pk } = row;
    const erased = row.erased === 1;
    const is = outcomeOf(done);
    const receipts = row.receipts === "[]" ? [] : (JSON.parse(row.receipts) as Receipt[]);
    if (is.event) receipts.push({ event: is.event, at: done.at });
    const sent = is.event === "sent" ? done.at : null;
    finish.run(
      is.state,
      is.reason,
      is.detail,
      is.due,
      JSON.stringify(receipts),
      done.state === "queued" && done.held ? 1 : 0,
      is.providerId,
      sent,
      row.id,
    );
    if (sent !== null && !erased && row.channel !== "notify") {
      touched.run(iso(sent), fold(iso(sent)), sent, pk);
    }
    if (is.suppress) writer.suppress(is.suppress, is.reason ?? "");
    if (done.line) {
      const own = erased ? anonymous(done.line) : done.line;
      const line = person ? movedLine(own, person) : own;
      writer.lines(pk, [line]);
      sums.line(line);
    }
    const input = inputOf(done, key);
    if (input) inbox.add(pk, input);
  };
  return async (done, worker) => {
    if (done.length === 0) return;
    sums.reset();
    base.write(() => {
      for (const send of done) one(send, worker);
      sums.flush();
    });
  };
}

interface Outcome {
  state: string;
  reason: string | null;
  detail: string | null;
  due: Instant | null;
  providerId: string | null;
  suppress: string | null;
  event: "sent" | "failed" | null;
}

function outcomeOf(done: SendDone): Outcome {
  const none = {
    reason: null,
    detail: null,
    due: null,
    providerId: null,
    suppress: null,
    event: null,
  };
  switch (done.state) {
    case "sent":
      return { ...none, state: "sent", providerId: done.providerId ?? null, event: "sent" };
    case "answered":
      return { ...none, state: "sent", detail: String(done.status) };
    case "queued":
      return { ...none, state: "queued", due: done.retryAt, detail: done.detail };
    default:
      return {
        ...none,
        state: done.state,
        reason: done.reason,
        detail: done.detail ?? null,
        suppress: done.suppress ?? null,
        event: done.state === "failed" ? "failed" : null,
      };
  }
}

/** What the engine must hear of it: a webhook's answer always, the fate of a message when some rule reads it. */
function inputOf(done: SendDone, key: string): Input | null {
  const { at, attempt } = done;
  if (done.state === "answered") {
    return { kind: "answer", at, id: `answer:${key}`, key, status: done.status, body: done.body };
  }
  if (!done.wake || done.state === "queued") return null;
  if (done.state === "sent") {
    return { kind: "receipt", at, id: `sent:${key}:${attempt}`, key, event: "sent" };
  }
  const { reason } = done;
  return {
    kind: "receipt",
    at,
    id: `${done.state}:${key}:${attempt}`,
    key,
    event: "failed",
    reason,
  };
}

const movedLine = (line: Line, { id, moved }: { id: string; moved: Moved }): Line => ({
  ...line,
  contact: id,
  enrollment: line.enrollment === null ? null : line.enrollment + (moved[line.flow] ?? 0),
});
