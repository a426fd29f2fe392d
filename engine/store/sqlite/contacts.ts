import { randomUUIDv7 } from "bun";
import type { Instant } from "../../../nodes/index.ts";
import type { Value } from "../../core/state.ts";
import { iso, parseInstant } from "../../core/time.ts";
import { CHANNELS, filled, keyOf, NO_CHANNELS, pruned, recorded } from "../addresses.ts";
import { comparableFields } from "../comparable.ts";
import { NoSuchContact } from "../errors.ts";
import type { Held } from "../held.ts";
import { textOf } from "../rows.ts";
import { ruleToSql } from "../rules-sql.ts";
import type { ContactKnown, ContactWrite, Store } from "../store.ts";
import type { Base } from "./database.ts";
import type { Eraser } from "./erase.ts";
import type { Inbox } from "./inputs.ts";
import type { Listeners } from "./listening.ts";
import type { Loader } from "./load.ts";
import { mergerOf } from "./merge.ts";
import { peopleOf } from "./people.ts";
import type { Settings } from "./settings.ts";
import type { Writer } from "./write.ts";

type Part = Pick<
  Store,
  | "findContact"
  | "loadContact"
  | "findMany"
  | "writeContacts"
  | "contacts"
  | "countContacts"
  | "tagCounts"
>;

interface Tools {
  loader: Loader;
  writer: Writer;
  inbox: Inbox;
  eraser: Eraser;
  settings: Settings;
  listeners: Listeners;
}

export function contactsPart(base: Base, tools: Tools): Part {
  return {
    ...lookups(base, tools),
    ...lists(base, tools),
    writeContacts: contactWriter(base, tools),
  };
}

function lookups(base: Base, { loader }: Tools) {
  const { db } = base;
  const people = peopleOf(base);
  const byEmail = db.prepare<ContactKnown, [string]>(
    "SELECT id, email, phone FROM contacts WHERE email = ?",
  );
  // Of a family that shares a phone, the contact that came first.
  const byPhone = db.prepare<ContactKnown, [string]>(
    "SELECT id, email, phone FROM contacts WHERE phone = ? ORDER BY pk LIMIT 1",
  );
  // A batch of rows asks once for all of them.
  const byEmails = db.prepare<ContactKnown, [string]>(
    "SELECT id, email, phone FROM contacts WHERE email IN (SELECT value FROM json_each(?))",
  );
  const byPhones = db.prepare<ContactKnown, [string]>(
    "SELECT id, email, phone FROM contacts WHERE phone IN (SELECT value FROM json_each(?)) ORDER BY pk",
  );
  return {
    async findContact(key: string) {
      return (people.find(key) ?? byEmail.get(key) ?? byPhone.get(key))?.id ?? null;
    },
    async loadContact(id: string) {
      const row = people.find(id);
      if (!row) return null;
      const need = { events: "*", messages: true, tasks: true } as const;
      return loader.load([row.pk], null, need)[0]?.state ?? null;
    },
    async findMany(keys: string[]) {
      const of = (kind: string) =>
        JSON.stringify(keys.filter((k) => k.startsWith(kind)).map((k) => k.slice(kind.length)));
      const known = new Map<string, ContactKnown>();
      for (const one of byEmails.all(of("email:"))) known.set(`email:${one.email}`, one);
      for (const one of byPhones.all(of("phone:"))) {
        if (!known.has(`phone:${one.phone}`)) known.set(`phone:${one.phone}`, one);
      }
      if (known.size === 0) return known;
      const found = new Map<string, ContactKnown>();
      for (const key of keys) {
        const one = known.get(key);
        if (one) found.set(key, one);
      }
      return found;
    },
  };
}

function lists(
  { db }: Base,
  { settings }: Tools,
): Pick<Part, "contacts" | "countContacts" | "tagCounts"> {
  const tagCounts = db.prepare<{ tag: string; contacts: number }, [number]>(
    `SELECT tag, count(*) AS contacts FROM tags WHERE expires IS NULL OR expires > ?
     GROUP BY tag ORDER BY contacts DESC, tag LIMIT 1000`,
  );
  const compile = (rule: Parameters<Store["countContacts"]>[0], now: Instant) =>
    ruleToSql(rule ?? { all: [] }, { now, workspace: settings.workspace(), dialect: "sqlite" });
  return {
    async contacts(rule, now, { after, limit }) {
      const where = compile(rule, now);
      const rows = db
        .prepare<
          {
            id: string;
            created: number;
            touched: number | null;
            fields: string;
            tags: string | null;
          },
          (string | number)[]
        >(
          `SELECT c.id, c.created, m.touched, c.fields,
             (SELECT json_group_array(tag ORDER BY tag) FROM tags t
              WHERE t.contact = c.pk AND (t.expires IS NULL OR t.expires > ?)) AS tags
           FROM contacts c LEFT JOIN marks m ON m.contact = c.pk
           WHERE c.erased = 0 AND c.id > ? AND ${where.sql} ORDER BY c.id LIMIT ?`,
        )
        .all(now, after ?? "", ...where.params, limit);
      return rows.map(({ id, created, touched, fields, tags }) => ({
        id,
        created,
        fields: {
          ...(JSON.parse(fields) as Record<string, Value>),
          ...(touched === null ? {} : { last_touch_at: iso(touched) }),
        },
        tags: JSON.parse(tags ?? "[]") as string[],
      }));
    },
    async countContacts(rule, now) {
      const where = compile(rule, now);
      const row = db
        .prepare<{ n: number }, (string | number)[]>(
          `SELECT count(*) AS n FROM contacts c WHERE c.erased = 0 AND ${where.sql}`,
        )
        .get(...where.params);
      return row?.n ?? 0;
    },
    async tagCounts(now) {
      return tagCounts.all(now);
    },
  };
}

interface Written {
  pk: number;
  id: string;
}

/** How the contacts of a batch come to be. */
interface Coming {
  /** Their triggers are told. */
  enters: boolean;
  /** They must be looked at even if nothing happens to them. */
  look: boolean;
  /** What they are members of, as JSON; null: of nothing. */
  members: string | null;
}

function contactWriter(
  base: Base,
  { loader, writer, inbox, eraser, listeners }: Tools,
): Part["writeContacts"] {
  const { db } = base;
  const people = peopleOf(base);
  const ofEmail = db.prepare<Written, [string]>("SELECT pk, id FROM contacts WHERE email = ?");
  const insert = db.prepare(
    `INSERT INTO contacts (id, key, email, phone, seed, created, source, fields, folded)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, jsonb(?)) ON CONFLICT DO NOTHING`,
  );
  const mark = db.prepare("INSERT INTO marks (contact, due, members) VALUES (?, ?, ?)");
  const anyRun = db.prepare("SELECT 1 FROM runs WHERE contact = ? LIMIT 1");
  const isYetToCome = db.prepare(
    "SELECT 1 FROM inputs WHERE contact = ? AND id = 'created' AND data IS NOT NULL",
  );
  const merger = mergerOf(base, loader, writer, inbox);

  /** Null: somebody else has brought the address since the caller looked. */
  const create = (row: ContactWrite, at: Instant, { look, members }: Coming): Written | null => {
    // Unguessable all the same, and near each other in the index when they come together.
    const id = randomUUIDv7();
    const fields = pruned(row.fields);
    const created = row.created ?? at;
    const key = keyOf({ fields, erased: false });
    const { changes, lastInsertRowid } = insert.run(
      id,
      key,
      filled(fields.email),
      filled(fields.phone),
      key ?? id,
      created,
      row.source,
      JSON.stringify(fields),
      comparableFields(fields, created),
    );
    if (changes === 0) return null;
    const pk = Number(lastInsertRowid);
    if (look || members !== null) mark.run(pk, look ? at : null, members);
    return { pk, id };
  };
  const update = (held: Held, row: ContactWrite, at: Instant): void => {
    const { contact } = held.state;
    let changed = false;
    for (const [name, value] of Object.entries(pruned(row.fields))) {
      if (JSON.stringify(contact.fields[name]) === JSON.stringify(value)) continue;
      contact.fields[name] = value;
      contact.fieldsSet[name] = at;
      changed = true;
    }
    if (!changed) return;
    writer.profile(held.pk, contact);
    const touched = parseInstant(contact.fields.last_touch_at);
    if (touched !== held.touched) writer.marks(held.pk, held.state, held.due, touched);
  };
  const finish = (pk: number, held: Held | null, row: ContactWrite, at: Instant): void => {
    for (const tag of row.tags) {
      const old = held?.tags.get(tag);
      // A tag that is on stays on since then; importing it again doesn't renew what expires.
      if (!old || (old.expires !== null && old.expires <= at)) writer.tag(pk, tag, at, null);
    }
    for (const channel of row.consent === null
      ? NO_CHANNELS
      : new Set([...CHANNELS, ...row.consent])) {
      const granted = row.consent?.includes(channel) ?? false;
      const old = recorded(held, channel);
      // The stricter stays: a denial is not undone by a list, and a yes needs no second record.
      if (old === false || old === granted) continue;
      writer.consent(pk, { channel, topic: "", granted, at, source: row.source });
    }
    if (!eraser.remembersAny()) return;
    for (const address of [filled(row.fields.email), filled(row.fields.phone)]) {
      if (address === null) continue;
      for (const { channel, reason } of eraser.remembered(address)) {
        writer.suppress(`${channel}:${address}`, reason);
      }
    }
  };

  const one = (row: ContactWrite, at: Instant, coming: Coming): Written => {
    const made = row.id === null ? create(row, at, coming) : null;
    if (made) {
      finish(made.pk, null, row, at);
      if (coming.enters) inbox.add(made.pk, { kind: "created", id: "created", at });
      return made;
    }
    const known =
      row.id === null ? ofEmail.get(filled(row.fields.email) ?? "") : people.find(row.id);
    if (!known) throw new NoSuchContact(row.id ?? "");
    for (const other of row.merge ?? []) {
      const from = people.find(other);
      if (!from) throw new NoSuchContact(other);
      if (from.pk !== known.pk) merger.merge(known.pk, from.pk, at);
    }
    const held = loader.contacts([known.pk]).get(known.pk);
    if (!held) throw new NoSuchContact(row.id ?? "");
    update(held, row, at);
    finish(known.pk, held, row, at);
    // Who has yet to come will enter segments by what they are then.
    if (isYetToCome.get(known.pk) === null) listeners.changedSilently(known.pk, at);
    if (coming.look || anyRun.get(known.pk) !== null) inbox.mark(known.pk, at);
    return { pk: known.pk, id: known.id };
  };

  return async (rows, at, fire) => {
    if (rows.length === 0) return [];
    return base.write(() => {
      const members = textOf(listeners.membersOfNew(fire, at));
      const coming = { enters: fire, look: listeners.needLook(), members };
      return rows.map((row) => one(row, at, coming).id);
    });
  };
}
