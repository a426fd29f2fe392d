import { randomUUIDv7 } from "bun";
import type { Instant, Rule } from "../../../nodes/index.ts";
import type { Value } from "../../core/state.ts";
import { iso, parseInstant } from "../../core/time.ts";
import { CHANNELS, filled, keyOf, NO_CHANNELS, pruned, recorded } from "../addresses.ts";
import { comparableFields } from "../comparable.ts";
import { NoSuchContact } from "../errors.ts";
import type { Held } from "../held.ts";
import { ruleToSql } from "../rules-sql.ts";
import type { Sql } from "../sql.ts";
import { numbered } from "../sql-postgres.ts";
import type { ContactKnown, ContactWrite, Store } from "../store.ts";
import { Batch } from "./batch.ts";
import { type Base, jsonOf, mended, notify, type Query } from "./database.ts";
import type { Eraser } from "./erase.ts";
import { changedSilently, membersOfNew, needLook } from "./listening.ts";
import { load, loadContacts } from "./load.ts";
import { mergeContacts } from "./merge.ts";
import { findPeople, findPerson, hold } from "./people.ts";
import { readWorkspace } from "./settings.ts";

type Part = Pick<
  Store,
  | "findContact"
  | "loadContact"
  | "findMany"
  | "writeContacts"
  | "contacts"
  | "states"
  | "countContacts"
  | "tagCounts"
>;

export const contactsPart = (base: Base, eraser: Eraser): Part => ({
  ...lookups(base),
  ...lists(base),
  async writeContacts(rows, at, fire) {
    if (rows.length === 0) return [];
    return base.write((tx) => writeContacts(tx, eraser, rows, at, fire));
  },
});

const KNOWN = "SELECT id, email, phone FROM contacts";

function lookups(base: Base): Pick<Part, "findContact" | "loadContact" | "findMany"> {
  return {
    async findContact(key) {
      const person = await findPerson(base, key);
      if (person) return person.id;
      // Of a family that shares a phone, the contact that came first.
      const row =
        (await base.get<ContactKnown>(`${KNOWN} WHERE email = $1`, key)) ??
        (await base.get<ContactKnown>(`${KNOWN} WHERE phone = $1 ORDER BY pk LIMIT 1`, key));
      return row?.id ?? null;
    },
    async loadContact(id) {
      const person = await findPerson(base, id);
      if (!person) return null;
      const need = { events: "*", messages: true, tasks: true } as const;
      return (await load(base, [person.pk], null, need))[0]?.state ?? null;
    },
    async findMany(keys) {
      const of = (kind: string) =>
        jsonOf(keys.filter((k) => k.startsWith(kind)).map((k) => k.slice(kind.length)));
      const these = "IN (SELECT value FROM json_array_elements_text($1::json))";
      const [emails, phones] = await Promise.all([
        base.all<ContactKnown>(`${KNOWN} WHERE email ${these}`, of("email:")),
        base.all<ContactKnown>(`${KNOWN} WHERE phone ${these} ORDER BY pk`, of("phone:")),
      ]);
      const known = new Map<string, ContactKnown>();
      for (const one of emails) known.set(`email:${one.email}`, one);
      for (const one of phones) {
        if (!known.has(`phone:${one.phone}`)) known.set(`phone:${one.phone}`, one);
      }
      const found = new Map<string, ContactKnown>();
      for (const key of keys) {
        const one = known.get(key);
        if (one) found.set(key, one);
      }
      return found;
    },
  };
}

interface Listed {
  id: string;
  created: number;
  touched: number | null;
  fields: string;
  tags: string;
}

function lists(base: Base): Pick<Part, "contacts" | "states" | "countContacts" | "tagCounts"> {
  const compile = async (rule: Rule | null, now: Instant): Promise<Sql> =>
    ruleToSql(rule ?? { all: [] }, {
      now,
      workspace: await readWorkspace(base),
      dialect: "postgres",
    });
  return {
    async contacts(rule, now, { after = "", limit }) {
      const where = await compile(rule, now);
      const rows = await base.all<Listed>(
        `SELECT c.id, c.created, m.touched, c.fields, coalesce((SELECT json_agg(tag ORDER BY tag) FROM tags t
           WHERE t.contact = c.pk AND (t.expires IS NULL OR t.expires > $1)), '[]') AS tags
         FROM contacts c JOIN marks m ON m.contact = c.pk
         WHERE c.erased = 0 AND c.id > $2 AND ${numbered(where, 3)} ORDER BY c.id LIMIT $3`,
        now,
        after,
        limit,
        ...where.params,
      );
      return rows.map(({ id, created, touched, fields, tags }) => ({
        id,
        created,
        fields: {
          ...(JSON.parse(fields) as Record<string, Value>),
          ...(touched === null ? {} : { last_touch_at: iso(touched) }),
        },
        tags: JSON.parse(tags) as string[],
      }));
    },
    async states(rule, now, { after = "", limit }, need) {
      const where = await compile(rule, now);
      const rows = await base.all<{ pk: number }>(
        `SELECT c.pk FROM contacts c WHERE c.erased = 0 AND c.id > $1 AND ${numbered(where, 2)}
         ORDER BY c.id LIMIT $2`,
        after,
        limit,
        ...where.params,
      );
      const held = await load(
        base,
        rows.map(({ pk }) => pk),
        null,
        need,
      );
      return held.map(({ state }) => state);
    },
    async countContacts(rule, now) {
      const where = await compile(rule, now);
      const row = await base.get<{ n: number }>(
        `SELECT count(*) AS n FROM contacts c WHERE c.erased = 0 AND ${numbered(where, 0)}`,
        ...where.params,
      );
      return row?.n ?? 0;
    },
    tagCounts: (now) =>
      base.all(
        `SELECT tag, count(*) AS contacts FROM tags WHERE expires IS NULL OR expires > $1
         GROUP BY tag ORDER BY contacts DESC, tag LIMIT 1000`,
        now,
      ),
  };
}

/** How the contacts of a batch come to be. */
interface Coming {
  at: Instant;
  /** Their triggers are told. */
  enters: boolean;
  /** They must be looked at even if nothing happens to them. */
  look: boolean;
  members: object;
}

interface Written {
  pk: number;
  id: string;
}

async function writeContacts(
  tx: Query,
  eraser: Eraser,
  list: ContactWrite[],
  at: Instant,
  fire: boolean,
): Promise<string[]> {
  const coming = {
    at,
    enters: fire,
    look: await needLook(tx),
    members: await membersOfNew(tx, fire, at),
  };
  const made = await create(tx, list, coming);
  let rows = new Batch();
  const ids: string[] = [];
  for (const [i, row] of list.entries()) {
    const one = made[i];
    if (one) {
      finish(rows, one.pk, null, row, at);
      if (fire) rows.input(one.pk, { kind: "created", id: "created", at });
      ids.push(one.id);
    } else {
      // What came before it in the same list must be there: it may be about the same person.
      await rows.flush(tx);
      rows = new Batch();
      ids.push(await update(tx, row, coming));
    }
  }
  const brought = list.flatMap(({ fields }) =>
    [filled(fields.email), filled(fields.phone)].filter((address) => address !== null),
  );
  for (const { address, channel, reason } of await eraser.remembered(tx, brought))
    rows.suppress(`${channel}:${address}`, reason);
  await rows.flush(tx);
  if (fire || coming.look) await notify(tx);
  return ids;
}

/** Makes those that are new, in the order of the rows; null: somebody else has brought the address since the caller looked. */
async function create(
  tx: Query,
  list: ContactWrite[],
  { at, look, members }: Coming,
): Promise<(Written | null)[]> {
  const rows = list.map((row, place) => {
    if (row.id !== null) return null;
    // Unguessable all the same, and near each other in the index when they come together.
    const id = randomUUIDv7();
    const fields = pruned(row.fields);
    const created = row.created ?? at;
    const key = keyOf({ fields, erased: false });
    return {
      ...{ place, id, key, email: filled(fields.email), phone: filled(fields.phone) },
      ...{ seed: key ?? id, created, source: row.source, fields },
      folded: mended(comparableFields(fields, created)),
    };
  });
  const made = await tx.all<Written>(
    `WITH new AS (
       INSERT INTO contacts (id, key, email, phone, seed, created, source, fields, folded)
       SELECT id, key, email, phone, seed, created, source, fields, folded::jsonb
       FROM json_to_recordset($1::json) AS r(place integer, id text, key text, email text, phone text, seed text,
         created bigint, source text, fields json, folded text) ORDER BY place
       ON CONFLICT DO NOTHING RETURNING pk, id),
     marked AS (
       INSERT INTO marks (contact, due, members) SELECT pk, $2::bigint, nullif($3, '{}')::json FROM new)
     SELECT pk, id FROM new`,
    jsonOf(rows.filter((row) => row !== null)),
    look ? at : null,
    JSON.stringify(members),
  );
  const byId = new Map(made.map((one) => [one.id, one]));
  return rows.map((row) => (row && byId.get(row.id)) ?? null);
}

/** A contact that is there already. */
async function update(tx: Query, row: ContactWrite, coming: Coming): Promise<string> {
  const { at, look } = coming;
  const known = await knownOf(tx, row);
  if (!known) throw new NoSuchContact(row.id ?? "");
  const others = await findPeople(tx, row.merge ?? []);
  await hold(tx, [known.pk, ...[...others.values()].map(({ pk }) => pk)]);
  for (const id of row.merge ?? []) {
    // One that was merged in this batch leads to the one that it became.
    const from = await findPerson(tx, id);
    if (!from) throw new NoSuchContact(id);
    if (from.pk !== known.pk) await mergeContacts(tx, known.pk, from.pk, at);
  }
  const held = (await loadContacts(tx, [known.pk])).get(known.pk);
  if (!held) throw new NoSuchContact(row.id ?? "");
  const rows = new Batch();
  change(rows, held, row, at);
  finish(rows, known.pk, held, row, at);
  await rows.flush(tx);
  const is = await tx.get<{ coming: boolean; running: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM inputs WHERE contact = $1 AND id = 'created' AND data IS NOT NULL) AS coming,
       EXISTS (SELECT 1 FROM runs WHERE contact = $1) AS running`,
    known.pk,
  );
  // Who has yet to come will enter segments by what they are then.
  if (!is?.coming) await changedSilently(tx, [known.pk], at);
  if (look || is?.running)
    await tx.run(
      "UPDATE marks SET due = $2 WHERE contact = $1 AND (due IS NULL OR due > $2)",
      known.pk,
      at,
    );
  return known.id;
}

const knownOf = (tx: Query, { id, fields }: ContactWrite): Promise<Written | null> =>
  id === null
    ? tx.get<Written>("SELECT pk, id FROM contacts WHERE email = $1", filled(fields.email) ?? "")
    : findPerson(tx, id);

function change(rows: Batch, held: Held, row: ContactWrite, at: Instant): void {
  const { contact } = held.state;
  let changed = false;
  for (const [name, value] of Object.entries(pruned(row.fields))) {
    if (JSON.stringify(contact.fields[name]) === JSON.stringify(value)) continue;
    contact.fields[name] = value;
    contact.fieldsSet[name] = at;
    changed = true;
  }
  if (!changed) return;
  rows.profile(held.pk, contact, held.email);
  const touched = parseInstant(contact.fields.last_touch_at);
  if (touched !== held.touched) rows.due(held.pk, held.due, touched);
}

/** Tags and consents that come with a row; the contact is new, or as it was loaded. */
function finish(rows: Batch, pk: number, held: Held | null, row: ContactWrite, at: Instant): void {
  for (const tag of row.tags) {
    const old = held?.tags.get(tag);
    // A tag that is on stays on since then; importing it again doesn't renew what expires.
    if (!old || (old.expires !== null && old.expires <= at)) rows.tag(pk, tag, at, null);
  }
  for (const channel of row.consent === null
    ? NO_CHANNELS
    : new Set([...CHANNELS, ...row.consent])) {
    const granted = row.consent?.includes(channel) ?? false;
    const old = recorded(held, channel);
    // The stricter stays: a denial is not undone by a list, and a yes needs no second record.
    if (old === false || old === granted) continue;
    rows.consent(pk, { channel, topic: "", granted, at, source: row.source });
  }
}
