import type { Instant } from "../../../nodes/index.ts";
import type { Content, EventFact, Input } from "../../core/state.ts";
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
import { idList, type Query } from "./database.ts";

const THESE = "= ANY ($1::bigint[])";
/** `json` says nothing about equality, its text does. */
const unless = (column: string, empty: string): string =>
  `CASE WHEN ${column}::text <> '${empty}' THEN ${column} END AS ${column.slice(2)}`;

const CONTACTS = `SELECT c.pk, c.id, c.email, c.phone, c.seed, c.created, m.due, m.touched, c.erased, c.fields,
    ${unless("c.fields_set", "{}")}, ${unless("c.stopped", "[]")}, m.drawn, m.fired, m.members
  FROM contacts c JOIN marks m ON m.contact = c.pk WHERE c.pk ${THESE}`;
const SUPPRESSED = `SELECT c.pk, s.channel, s.address, s.reason
  FROM contacts c CROSS JOIN LATERAL json_each_text(c.fields) f JOIN suppressions s ON s.address = f.value
  WHERE c.pk ${THESE}`;

type Row<T> = T & { contact: number };
type EventRow = Row<Omit<EventFact, "data"> & { json: string }>;

const parse = <T>(text: string): T => JSON.parse(text) as T;

/** As the dispatcher needs them: fields, consents and suppressions, no tags. */
export async function loadAddressees(tx: Query, pks: number[]): Promise<Map<number, Held>> {
  const list = idList(pks);
  const held = new Map<number, Held>();
  const [contacts, consents, suppressed] = await Promise.all([
    tx.all<ContactRecord>(CONTACTS, list),
    tx.all<Row<{ channel: string; topic: string; granted: number; at: number; source: string }>>(
      `SELECT contact, channel, topic, granted, at, source FROM consents WHERE contact ${THESE} ORDER BY id`,
      list,
    ),
    tx.all<{ pk: number; channel: string; address: string; reason: string }>(SUPPRESSED, list),
  ]);
  for (const row of contacts) held.set(row.pk, holdOf(row));
  for (const { contact, ...consent } of consents) {
    held.get(contact)?.state.contact.consents.push({ ...consent, granted: consent.granted === 1 });
  }
  for (const { pk, channel, address, reason } of suppressed) {
    const one = held.get(pk);
    if (one) one.suppressed[`${channel}:${address}`] = reason;
  }
  for (const one of held.values()) one.state.contact.suppressed = { ...one.suppressed };
  return held;
}

/** With their tags. */
export async function loadContacts(tx: Query, pks: number[]): Promise<Map<number, Held>> {
  const [held, tags] = await Promise.all([
    loadAddressees(tx, pks),
    tx.all<Row<{ tag: string; since: number; expires: number | null }>>(
      `SELECT contact, tag, since, expires FROM tags WHERE contact ${THESE}`,
      idList(pks),
    ),
  ]);
  for (const { contact, tag, since, expires } of tags) {
    const one = held.get(contact);
    if (!one) continue;
    one.state.contact.tags[tag] = { since, expires };
    one.tags.set(tag, { since, expires });
  }
  return held;
}

/** Whole contacts in the order of `pks`, with the inputs that have happened at `now` (null: without any). */
export async function load(
  tx: Query,
  pks: number[],
  now: Instant | null,
  need: Need,
): Promise<Held[]> {
  if (pks.length === 0) return [];
  const list = idList(pks);
  const [held, runs, inputs, events, messages, tasks] = await Promise.all([
    loadContacts(tx, pks),
    tx.all<RunRow>(
      `SELECT contact, flow, n, version, state, reason, key, node, waiting, until, since, entered, ended, rest
       FROM runs WHERE contact ${THESE} ORDER BY contact, entered, flow, n`,
      list,
    ),
    now === null ? [] : readInputs(tx, list),
    readEvents(tx, list, need),
    readMessages(tx, list, need.messages),
    readTasks(tx, list, need.messages || need.tasks),
  ]);
  for (const row of runs) {
    const one = held.get(row.contact);
    if (!one) continue;
    one.state.runs.push(runOf(row));
    one.runStates.set(`${row.flow}/${row.n}`, row);
  }
  const rich = new Set<number>();
  for (const row of inputs) {
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
  for (const { contact, json, ...event } of events) {
    held.get(contact)?.state.events.push({ ...event, data: parse(json) });
  }
  const whole = idList(rich);
  const [allMessages, allTasks] = await Promise.all([
    rich.size > 0 && !need.messages ? readMessages(tx, whole, true) : [],
    rich.size > 0 && !need.tasks ? readTasks(tx, whole, true) : [],
  ]);
  keepMessages(held, [...allMessages, ...messages]);
  keepTasks(held, [...allTasks, ...tasks]);
  return pks.flatMap((pk) => held.get(pk) ?? []);
}

/** An enrollment comes before the events of its instant. */
const readInputs = (tx: Query, list: string) =>
  tx.all<Row<{ seq: number; at: number; data: string }>>(
    `SELECT seq, contact, at, data FROM inputs WHERE contact ${THESE} AND data IS NOT NULL
     ORDER BY at, kind <> 'enroll', seq`,
    list,
  );

const EVENTS = `SELECT contact, id, name, at, data AS json FROM events WHERE contact ${THESE}`;

function readEvents(tx: Query, list: string, { events }: Need): Promise<EventRow[]> | EventRow[] {
  if (events === "*") return tx.all<EventRow>(`${EVENTS} ORDER BY at, seq`, list);
  if (events.length === 0) return [];
  return tx.all<EventRow>(
    `${EVENTS} AND name IN (SELECT value FROM json_array_elements_text($2::json)) ORDER BY at, seq`,
    list,
    JSON.stringify(events),
  );
}

const readMessages = (tx: Query, list: string, all: boolean) =>
  tx.all<MessageRecord>(
    `SELECT ${MESSAGE_COLUMNS} FROM outbox o WHERE o.contact ${THESE} AND o.kind = 'message'
     ${all ? "" : "AND o.state = 'queued'"} ORDER BY o.at, o.id`,
    list,
  );

const readTasks = (tx: Query, list: string, all: boolean) =>
  tx.all<TaskRow>(
    `SELECT * FROM tasks WHERE contact ${THESE} ${all ? "" : "AND closed IS NULL"} ORDER BY opened, id`,
    list,
  );

function keepMessages(held: Map<number, Held>, rows: MessageRecord[]): void {
  for (const row of rows) {
    const one = held.get(row.contact);
    if (!one || one.messageIds.has(row.key)) continue;
    one.state.messages.push(messageOf(row));
    one.messageIds.set(row.key, row.id);
  }
}

function keepTasks(held: Map<number, Held>, rows: TaskRow[]): void {
  for (const row of rows) {
    const one = held.get(row.contact);
    if (!one || one.taskIds.has(row.key)) continue;
    one.state.tasks.push(taskOf(row));
    one.taskIds.set(row.key, row.id);
  }
}

/** What a message says, from its column. */
export const contentOf = (text: string | null): Content | undefined =>
  text === null ? undefined : (JSON.parse(text) as Content);
