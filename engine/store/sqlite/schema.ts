import { sql } from "drizzle-orm";
import {
  blob,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

export * from "./schema-accounts.ts";
export * from "./schema-requests.ts";

/**
 * The tables as drizzle sees them; `migrations.ts` makes them, and a test says that the two agree.
 *
 * Rows of a contact point to `contacts.pk`, a small whole number: the random id is 36 bytes, which every
 * index of every history table would carry. Moments are milliseconds since 1970, JSON is text, and
 * `folded` is the comparable copy (see `comparable.ts`) that rules compiled to SQL read, as JSONB.
 * An input whose `data` is null has been handled; its id stays, so that it never counts again.
 * `marks` has what moves at every turn, and no row of a contact who has none of it; `marks.touched` is the field
 * `last_touch_at`. A row of the outbox has `due_at` while it is queued or being sent, `sent_at` from when it is
 * queued (it goes away when the message doesn't go) and `receipts` beside that; the journal shows what was sent
 * from here while `told` is 1. A message that is claimed as it is queued stands there as `sent` at once, and is
 * being sent while it has a row in `claims`.
 */

export const settings = sqliteTable("settings", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
});

export const segments = sqliteTable("segments", {
  name: text("name").primaryKey(),
  rule: text("rule").notNull(),
});

export const fields = sqliteTable("fields", {
  name: text("name").primaryKey(),
  type: text("type").notNull(),
});

export const flows = sqliteTable("flows", {
  id: text("id").primaryKey(),
  draft: text("draft").notNull(),
  version: integer("version"),
  firstPublished: integer("first_published"),
  paused: integer("paused"),
  updated: integer("updated").notNull(),
});

export const flowVersions = sqliteTable(
  "flow_versions",
  {
    flow: text("flow")
      .notNull()
      .references(() => flows.id),
    version: integer("version").notNull(),
    doc: text("doc").notNull(),
    params: text("params").notNull(),
    published: integer("published").notNull(),
  },
  (t) => [primaryKey({ columns: [t.flow, t.version] })],
);

export const contacts = sqliteTable(
  "contacts",
  {
    pk: integer("pk").primaryKey(),
    id: text("id").notNull(),
    key: text("key"),
    email: text("email"),
    phone: text("phone"),
    seed: text("seed").notNull(),
    created: integer("created").notNull(),
    source: text("source").notNull(),
    erased: integer("erased").notNull().default(0),
    fields: text("fields").notNull(),
    folded: blob("folded").notNull(),
    fieldsSet: text("fields_set").notNull().default("{}"),
    stopped: text("stopped").notNull().default("[]"),
  },
  (t) => [
    uniqueIndex("contacts_id").on(t.id),
    uniqueIndex("contacts_email").on(t.email).where(sql`email IS NOT NULL`),
    index("contacts_phone").on(t.phone).where(sql`phone IS NOT NULL`),
  ],
);

export const marks = sqliteTable(
  "marks",
  {
    contact: integer("contact")
      .primaryKey()
      .references(() => contacts.pk),
    due: integer("due"),
    touched: integer("touched"),
    drawn: text("drawn"),
    fired: text("fired"),
    members: text("members"),
  },
  (t) => [index("marks_due").on(t.due).where(sql`due IS NOT NULL`)],
);

export const aliases = sqliteTable(
  "aliases",
  {
    id: text("id").primaryKey(),
    contact: integer("contact")
      .notNull()
      .references(() => contacts.pk),
    moved: text("moved").notNull(),
  },
  (t) => [index("aliases_contact").on(t.contact)],
);

export const tags = sqliteTable(
  "tags",
  {
    contact: integer("contact")
      .notNull()
      .references(() => contacts.pk),
    tag: text("tag").notNull(),
    since: integer("since").notNull(),
    expires: integer("expires"),
  },
  (t) => [primaryKey({ columns: [t.contact, t.tag] }), index("tags_tag").on(t.tag, t.contact)],
);

export const consents = sqliteTable(
  "consents",
  {
    id: integer("id").primaryKey(),
    contact: integer("contact")
      .notNull()
      .references(() => contacts.pk),
    channel: text("channel").notNull(),
    topic: text("topic").notNull(),
    granted: integer("granted").notNull(),
    at: integer("at").notNull(),
    source: text("source").notNull(),
  },
  (t) => [index("consents_contact").on(t.contact, t.channel, t.topic, t.at)],
);

export const suppressions = sqliteTable(
  "suppressions",
  {
    address: text("address").notNull(),
    channel: text("channel").notNull(),
    reason: text("reason").notNull(),
  },
  (t) => [primaryKey({ columns: [t.address, t.channel] })],
);

export const erasedAddresses = sqliteTable(
  "erased_addresses",
  {
    hash: text("hash").notNull(),
    channel: text("channel").notNull(),
    reason: text("reason").notNull(),
  },
  (t) => [primaryKey({ columns: [t.hash, t.channel] })],
);

export const inputs = sqliteTable(
  "inputs",
  {
    seq: integer("seq").primaryKey(),
    contact: integer("contact")
      .notNull()
      .references(() => contacts.pk),
    id: text("id").notNull(),
    at: integer("at").notNull(),
    kind: text("kind").notNull(),
    data: text("data"),
  },
  (t) => [
    uniqueIndex("inputs_id").on(t.contact, t.id),
    index("inputs_pending").on(t.contact, t.at).where(sql`data IS NOT NULL`),
    index("inputs_inbound").on(t.at).where(sql`kind = 'inbound' AND data IS NOT NULL`),
  ],
);

export const events = sqliteTable(
  "events",
  {
    contact: integer("contact")
      .notNull()
      .references(() => contacts.pk),
    id: text("id").notNull(),
    name: text("name").notNull(),
    at: integer("at").notNull(),
    data: text("data").notNull(),
    folded: blob("folded"),
  },
  (t) => [
    primaryKey({ columns: [t.contact, t.id] }),
    index("events_name").on(t.contact, t.name, t.at),
  ],
);

export const runs = sqliteTable(
  "runs",
  {
    contact: integer("contact")
      .notNull()
      .references(() => contacts.pk),
    flow: text("flow").notNull(),
    n: integer("n").notNull(),
    version: integer("version").notNull(),
    state: text("state").notNull(),
    reason: text("reason"),
    key: text("key"),
    node: text("node"),
    waiting: text("waiting"),
    until: integer("until"),
    since: integer("since").notNull(),
    entered: integer("entered").notNull(),
    ended: integer("ended"),
    rest: text("rest").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.contact, t.flow, t.n] }),
    index("runs_flow").on(t.flow, t.version, t.state, t.node),
  ],
);

export const outbox = sqliteTable(
  "outbox",
  {
    id: integer("id").primaryKey(),
    contact: integer("contact")
      .notNull()
      .references(() => contacts.pk),
    key: text("key").notNull(),
    kind: text("kind").notNull(),
    state: text("state").notNull(),
    dueAt: integer("due_at"),
    attempt: integer("attempt").notNull().default(0),
    worker: text("worker"),
    channel: text("channel").notNull(),
    flow: text("flow").notNull(),
    version: integer("version").notNull(),
    n: integer("n").notNull(),
    node: text("node").notNull(),
    visit: integer("visit").notNull(),
    seq: integer("seq").notNull(),
    transactional: integer("transactional").notNull(),
    topic: text("topic").notNull(),
    reason: text("reason"),
    at: integer("at").notNull(),
    dueMoment: integer("due_moment"),
    recipient: text("recipient"),
    receipts: text("receipts").notNull().default("[]"),
    providerId: text("provider_id"),
    sentAt: integer("sent_at"),
    detail: text("detail"),
    content: text("content"),
    told: integer("told").notNull().default(1),
  },
  (t) => [
    uniqueIndex("outbox_key").on(t.contact, t.key),
    index("outbox_open").on(t.dueAt).where(sql`due_at IS NOT NULL`),
    index("outbox_flow").on(t.flow),
    index("outbox_told").on(t.flow, t.sentAt).where(sql`sent_at IS NOT NULL AND told = 1`),
  ],
);

/** The pieces of a template that are the same for everybody, as a JSON list (`contents.ts`). */
export const texts = sqliteTable("texts", {
  id: integer("id").primaryKey(),
  pieces: text("pieces").notNull().unique(),
});

export const claims = sqliteTable("claims", {
  id: integer("id")
    .primaryKey()
    .references(() => outbox.id),
  worker: text("worker").notNull(),
});

export const tasks = sqliteTable(
  "tasks",
  {
    id: integer("id").primaryKey(),
    contact: integer("contact")
      .notNull()
      .references(() => contacts.pk),
    key: text("key").notNull(),
    kind: text("kind").notNull(),
    flow: text("flow").notNull(),
    version: integer("version").notNull(),
    n: integer("n").notNull(),
    node: text("node").notNull(),
    visit: integer("visit").notNull(),
    title: text("title").notNull(),
    notes: text("notes").notNull(),
    assignee: text("assignee"),
    opened: integer("opened").notNull(),
    due: integer("due"),
    closed: integer("closed"),
    outcome: text("outcome"),
  },
  (t) => [
    uniqueIndex("tasks_key").on(t.contact, t.key),
    index("tasks_open").on(t.id).where(sql`closed IS NULL`),
  ],
);

/** Lines of one run in one turn, as a list or by their shape (`line-shapes.ts`); the view `journal` shows them one by one. */
export const journalTurns = sqliteTable(
  "journal_turns",
  {
    id: integer("id").primaryKey(),
    contact: integer("contact"),
    flow: text("flow").notNull(),
    version: integer("version").notNull(),
    n: integer("n"),
    at: integer("at").notNull(),
    lines: text("lines").notNull(),
  },
  (t) => [index("journal_contact").on(t.contact), index("journal_flow").on(t.flow, t.at)],
);

export const journalShapes = sqliteTable("journal_shapes", {
  id: integer("id").primaryKey(),
  lines: text("lines").notNull().unique(),
});

export const sums = sqliteTable(
  "sums",
  {
    flow: text("flow").notNull(),
    node: text("node").notNull(),
    kind: text("kind").notNull(),
    name: text("name").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [primaryKey({ columns: [t.flow, t.node, t.kind, t.name] })],
);

export const schedules = sqliteTable(
  "schedules",
  {
    flow: text("flow").notNull(),
    node: text("node").notNull(),
    version: integer("version").notNull(),
    next: integer("next"),
  },
  (t) => [primaryKey({ columns: [t.flow, t.node] })],
);

/** Looks that all contacts need, each worked piece by piece: up to contact `after` it is done. */
export const sweeps = sqliteTable("sweeps", {
  id: integer("id").primaryKey(),
  segment: text("segment"),
  at: integer("at").notNull(),
  after: integer("after").notNull(),
  upto: integer("upto").notNull(),
});

export const splits = sqliteTable(
  "splits",
  {
    flow: text("flow").notNull(),
    node: text("node").notNull(),
    firstArrival: integer("first_arrival").notNull(),
    decided: text("decided"),
    numbers: text("numbers"),
  },
  (t) => [primaryKey({ columns: [t.flow, t.node] })],
);

export const revision = sqliteTable("revision", {
  n: integer("n").notNull(),
});
