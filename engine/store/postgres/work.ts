import type { Instant } from "../../../nodes/index.ts";
import type { Changes } from "../../core/changes.ts";
import type { FlowDoc } from "../../core/document.ts";
import { parseInstant } from "../../core/time.ts";
import { decidedAt } from "../../core/winner.ts";
import { fieldsText } from "../addresses.ts";
import { WrongChanges } from "../errors.ts";
import { type Held, profileOf } from "../held.ts";
import type { Claim, Sending, Store } from "../store.ts";
import { Batch, type Queued } from "./batch.ts";
import type { Base, Query } from "./database.ts";
import type { Eraser } from "./erase.ts";
import { load } from "./load.ts";
import { readWorkspace } from "./settings.ts";
import type { Lives } from "./workers.ts";

/** Somebody waits for the answer, so they come before a backlog of others, in a batch of their own. */
const CLAIM_ASKING = `SELECT m.contact AS pk FROM marks m WHERE m.due <= $1 AND m.contact IN (
    SELECT i.contact FROM inputs i WHERE i.kind = 'inbound' AND i.data IS NOT NULL AND i.at <= $1 LIMIT $2)
  ORDER BY m.contact FOR NO KEY UPDATE SKIP LOCKED`;
/** What another worker holds is passed over: it is done there. */
const CLAIM_DUE = `SELECT contact AS pk FROM marks WHERE due <= $1 ORDER BY due, contact LIMIT $2
  FOR NO KEY UPDATE SKIP LOCKED`;

const EARLIEST = `SELECT min(at) AS at FROM (
    SELECT min(due) AS at FROM marks WHERE due IS NOT NULL
    UNION ALL SELECT min(due_at) FROM outbox WHERE due_at IS NOT NULL AND state = 'queued'
    UNION ALL SELECT min(next) FROM schedules
    UNION ALL SELECT min(at) FROM sweeps) all_of_them`;

/** When a split is decided is the current version's to say. */
const UNDECIDED = `SELECT s.node, s.first_arrival AS first, v.doc FROM splits s JOIN flows f ON f.id = s.flow
  JOIN flow_versions v ON v.flow = f.id AND v.version = f.version WHERE s.decided IS NULL`;

/** Claims by contact: everything about a person changes under one claim, in one transaction. */
export function workPart(
  base: Base,
  eraser: Eraser,
  lives: Lives,
): Pick<Store, "workDue" | "nextDue"> {
  return {
    async workDue(now, limit, need, work, claim) {
      const nobody = { contacts: 0, sends: [] as Sending[], durable: Promise.resolve() };
      if (!(await base.get("SELECT 1 FROM marks WHERE due <= $1 LIMIT 1", now))) return nobody;
      return base.write(async (tx) => {
        const pks = await claimed(tx, now, limit);
        if (pks.length === 0) return nobody;
        const held = await load(tx, pks, now, need);
        const results = work(
          held.map(({ state, inputs }) => ({ state, inputs: inputs.map((i) => i.input) })),
        );
        const mayClaim = claim !== undefined && (await lives.mayClaim(tx, claim.worker));
        const sends = await save(tx, eraser, held, results, mayClaim ? claim : null);
        return { contacts: pks.length, sends, durable: Promise.resolve() };
      });
    },
    async nextDue() {
      const [earliest, splits] = await Promise.all([
        base.get<{ at: number | null }>(EARLIEST),
        base.all<{ node: string; first: number; doc: string }>(UNDECIDED),
      ]);
      const zone = splits.length > 0 ? (await readWorkspace(base)).timezone : "";
      const moments = splits.map(({ node, first, doc }) =>
        decidedAt(JSON.parse(doc) as FlowDoc, node, first, zone),
      );
      const known = [earliest?.at ?? null, ...moments].filter((at) => at !== null);
      return known.length === 0 ? null : Math.min(...known);
    },
  };
}

async function claimed(tx: Query, now: Instant, limit: number): Promise<number[]> {
  const asking = await tx.all<{ pk: number }>(CLAIM_ASKING, now, limit);
  const rows = asking.length > 0 ? asking : await tx.all<{ pk: number }>(CLAIM_DUE, now, limit);
  return rows.map(({ pk }) => pk);
}

async function save(
  tx: Query,
  eraser: Eraser,
  batch: Held[],
  results: Changes[],
  claim: Claim | null,
): Promise<Sending[]> {
  const left = new Map(batch.map((held) => [held.state.contact.id, held]));
  const rows = new Batch();
  const sends: Sending[] = [];
  const erased: Held[] = [];
  const brought: string[] = [];
  const owners = new Map<string, number>();
  for (const changes of results) {
    const { id } = changes.state.contact;
    const held = left.get(id);
    if (!held) throw new WrongChanges("changes of a contact that is not in the batch", [id]);
    left.delete(id);
    owners.set(id, held.pk);
    if (changes.keepInputs) {
      rows.due(held.pk, changes.due, held.touched);
      continue;
    }
    for (const { seq } of held.inputs) rows.handled(seq);
    sends.push(...put(rows, held, changes, claim));
    if (changes.erased) erased.push(held);
    else if (changes.contact) brought.push(...newAddresses(held, changes));
  }
  if (left.size > 0)
    throw new WrongChanges("contacts of the batch without changes", [...left.keys()]);
  for (const { address, channel, reason } of await eraser.remembered(tx, brought))
    rows.suppress(`${channel}:${address}`, reason);
  const { queued } = await rows.flush(tx);
  if (erased.length > 0) await eraser.erase(tx, erased);
  return sends.length === 0 ? sends : numberedSends(sends, queued, owners);
}

function newAddresses({ email, phone }: Held, { state }: Changes): string[] {
  const { fields } = state.contact;
  return [fields.email, fields.phone].filter(
    (address): address is string =>
      typeof address === "string" && address !== email && address !== phone,
  );
}

/** Gives sends the numbers that their rows got. */
function numberedSends(
  sends: Sending[],
  queued: Queued[],
  owners: ReadonlyMap<string, number>,
): Sending[] {
  const ids = new Map(queued.map(({ id, contact, key }) => [`${contact}/${key}`, id]));
  return sends.map((send) => ({
    ...send,
    ref: ids.get(`${owners.get(send.contact)}/${send.message?.key}`) ?? 0,
  }));
}

/** Everything that a turn changed. Returns the sends that are claimed with it, not yet numbered. */
function put(rows: Batch, held: Held, changes: Changes, claim: Claim | null): Sending[] {
  const { pk } = held;
  const { contact } = changes.state;
  const { later } = held;
  const due =
    later === null || changes.due === null ? (changes.due ?? later) : Math.min(changes.due, later);
  const touched = changes.contact
    ? parseInstant(contact.fields.last_touch_at)
    : changes.touched
      ? changes.at
      : held.touched;
  if (changes.contact || changes.erased) putProfile(rows, held, changes);
  if (changes.marks) rows.marks(pk, changes.state, due, touched);
  else if (due !== held.due || touched !== held.touched) rows.due(pk, due, touched);
  if (changes.tags) putTags(rows, held, changes);
  if (changes.consents) rows.consents(pk, contact.consents);
  for (const event of changes.events) rows.event(pk, event);
  for (const run of changes.runs) {
    rows.run(pk, run);
    rows.sums.run(run.flow, held.runStates.get(`${run.flow}/${run.n}`) ?? null, run);
  }
  const sends = putMessages(rows, held, changes, claim);
  for (const request of changes.requests) rows.request(pk, request);
  for (const task of changes.tasks) rows.task(pk, task);
  rows.lines(pk, changes.lines);
  for (const line of changes.lines) rows.sums.line(line);
  for (const { flow, node, at } of changes.arrivals) rows.arrival(flow, node, at);
  return sends;
}

function putProfile(rows: Batch, held: Held, { state: { contact } }: Changes): void {
  const text = JSON.stringify;
  const { fields, fieldsSet, stopped, erased } = contact;
  const profile = profileOf(fieldsText(fields), text(fieldsSet), text(stopped), erased);
  if (profile !== held.profile) rows.profile(held.pk, contact, held.email);
  rows.suppressions(held, contact);
}

function putTags(rows: Batch, held: Held, { state: { contact } }: Changes): void {
  for (const [tag, { since, expires }] of Object.entries(contact.tags)) {
    const old = held.tags.get(tag);
    if (old?.since !== since || old.expires !== expires) rows.tag(held.pk, tag, since, expires);
  }
  for (const tag of held.tags.keys()) {
    if (!Object.hasOwn(contact.tags, tag)) rows.untag(held.pk, tag);
  }
}

function putMessages(rows: Batch, held: Held, changes: Changes, claim: Claim | null): Sending[] {
  const sends: Sending[] = [];
  const { pk, state, messageIds } = held;
  for (const message of changes.messages) {
    const id = messageIds.get(message.key);
    if (id !== undefined) {
      rows.messageIs(id, message);
      if (message.state === "cancelled") rows.retouch(pk);
      continue;
    }
    const isClaimed = message.state === "queued" && claim?.channels.has(message.channel) === true;
    const worker = isClaimed ? claim.worker : null;
    rows.message(pk, message, worker);
    if (message.state === "sent") rows.sums.message(message.flow, message.node, "sent");
    if (worker === null) continue;
    const { contact: who } = state;
    sends.push({ ref: 0, contact: who.id, who, attempt: 1, worker, message, request: null });
  }
  return sends;
}
