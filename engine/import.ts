import type { Instant } from "../nodes/index.ts";
import { readCsv } from "./contacts/csv.ts";
import type { ColumnMap } from "./contacts/mapping.ts";
import type { Known } from "./contacts/match.ts";
import { planImport, readRows } from "./contacts/read.ts";
import type { RowRead } from "./contacts/row.ts";
import type { Column, Read } from "./contacts/types.ts";
import {
  addresses,
  type Group,
  type ImportAction,
  keysOf,
  People,
  type RowReport,
  writeOf,
} from "./import-batch.ts";
import type { Store } from "./store/store.ts";

export interface ImportOptions {
  at: Instant;
  map?: ColumnMap;
  /** Country (code or name) of phone numbers that don't say theirs; default: that of the workspace's zone. */
  country?: string;
  /** What is done with a row of a known contact; `review` leaves out the doubtful alone. */
  onDuplicate: "merge" | "skip" | "review";
  /** Nothing is written. */
  dryRun: boolean;
  /** New contacts start the flows that begin with a new contact or a tag. */
  fire: boolean;
  /** Is given the rows batch by batch, in the file's order. */
  report?: (rows: RowReport[]) => void;
  /** Is told how many rows are done. */
  progress?: (rows: number) => void;
}

export interface ImportSummary {
  rows: number;
  counts: Record<ImportAction, number>;
  /** The file's columns in its order. */
  header: string[];
  /** Header → field that it fills; null: left out. */
  columns: Record<string, string | null>;
  /** Contact → the other that a later row made it part of: earlier reports still name the first. */
  joined: ReadonlyMap<string, string>;
}

/** Fields that a workspace need not be told of. */
const BUILT_IN = new Set(
  [
    "email",
    "phone",
    "first_name",
    "last_name",
    "locale",
    "timezone",
    "country",
    "city",
    "birthday",
  ].concat(
    [
      "type",
      "lifecycle",
      "preferred_channel",
      "preferred_times",
      "stage",
      "score",
      "owner",
      "source",
    ],
    ["created_at", "last_touch_at", "last_reply_at", "tags", "consent"],
  ),
);

/** What lasts from batch to batch; of the contacts, only those that are odd. */
interface Memory {
  joined: Map<string, string>;
  former: Map<string, Known>;
  /** The least id that this import made. Ids of the store are in order of time. */
  firstMade: string | null;
  /** A dry run's own contacts by key. It alone needs memory that grows with the file. */
  planned: Map<string, Known> | null;
}

/**
 * Reads a CSV file into the store in bounded memory; each batch is one transaction, so that an import cut
 * short may be started again. What is wrong with the file as a whole is a value.
 */
export async function importContacts(
  store: Store,
  source: string,
  options: ImportOptions,
): Promise<Read<ImportSummary>> {
  const csv = await readCsv(source);
  if (!csv.ok) return csv;
  const workspace = await store.workspace();
  const reading = {
    workspace,
    ...(options.country === undefined ? {} : { country: options.country }),
  };
  const plan = await planImport(csv.value, {
    ...reading,
    ...(options.map ? { map: options.map } : {}),
  });
  if (!plan.ok) return plan;
  if (!options.dryRun) await keepTypes(store, plan.value, options.at);
  const memory: Memory = {
    joined: new Map(),
    former: new Map(),
    firstMade: null,
    planned: options.dryRun ? new Map() : null,
  };
  const summary: ImportSummary = {
    rows: 0,
    counts: { created: 0, updated: 0, merged: 0, skipped: 0, review: 0, rejected: 0 },
    header: csv.value.header,
    columns: Object.fromEntries(
      plan.value.map((c) => [c.header, c.fullName ? "full_name" : c.field]),
    ),
    joined: memory.joined,
  };
  for await (const batch of readRows(csv.value, plan.value, reading)) {
    const done = await importBatch(store, batch, options, memory);
    summary.rows += done.length;
    for (const { action } of done) summary.counts[action]++;
    options.report?.(done);
    options.progress?.(summary.rows);
    // Whatever else waits for the thread, the tick above all, gets its turn between two batches.
    await new Promise((turn) => setImmediate(turn));
  }
  return { ok: true, value: summary };
}

/** The workspace learns the types of custom fields that it didn't know. */
async function keepTypes(store: Store, columns: Column[], at: Instant): Promise<void> {
  const { fields } = await store.workspace();
  const fresh = columns.flatMap(({ field, type }) =>
    field === null || BUILT_IN.has(field) || Object.hasOwn(fields, field)
      ? []
      : [[field, type.type] as const],
  );
  if (fresh.length > 0)
    await store.setWorkspace({ fields: { ...fields, ...Object.fromEntries(fresh) } }, at);
}

async function importBatch(
  store: Store,
  batch: RowRead[],
  options: ImportOptions,
  memory: Memory,
): Promise<RowReport[]> {
  const { firstMade, former, planned } = memory;
  const people = new People(await knownOf(store, batch, memory), {
    onDuplicate: options.onDuplicate,
    former,
    isOurs: (id) => id.startsWith("new:") || (firstMade !== null && id >= firstMade),
  });
  const reports = batch.map((read): RowReport => {
    const report = people.take(read);
    const isLeft = report.action === "rejected" || report.action === "review";
    if (isLeft && read.cells) report.cells = read.cells;
    return report;
  });
  const groups = people.groups();
  if (planned) {
    for (const { known } of groups)
      for (const key of keysOf(known)) if (!planned.has(key)) planned.set(key, known);
    for (const report of reports) if (report.contact?.startsWith("new:")) report.contact = null;
    return reports;
  }
  const ids = await store.writeContacts(groups.map(writeOf), options.at, options.fire);
  for (const [i, group] of groups.entries()) nameContact(group, ids[i] ?? "", memory);
  return reports;
}

const NOBODY = { email: null, phone: null };

/** What the store, a dry run's plan and replaced phones say of the batch's addresses. */
async function knownOf(
  store: Store,
  batch: RowRead[],
  { former, planned }: Memory,
): Promise<Map<string, Known>> {
  const keys = new Set<string>();
  for (const { row } of batch) {
    const { email, phone } = row ? addresses(row) : NOBODY;
    if (email !== null) keys.add(`email:${email}`);
    if (phone !== null) keys.add(`phone:${phone}`);
  }
  const known: Map<string, Known> = await store.findMany([...keys]);
  for (const key of planned || former.size > 0 ? keys : []) {
    const other = planned?.get(key) ?? former.get(key);
    if (other && (planned || !known.has(key))) known.set(key, other);
  }
  return known;
}

/** Ids of new contacts are made by the store: the reports are told them. */
function nameContact(group: Group, id: string, memory: Memory): void {
  const { known, isNew, absorbed, reports } = group;
  known.id = id;
  if (isNew && (memory.firstMade === null || id < memory.firstMade)) memory.firstMade = id;
  for (const report of reports) report.contact = id;
  for (const gone of absorbed) memory.joined.set(gone, id);
}
