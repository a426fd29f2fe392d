import { createHmac } from "node:crypto";
import { REACHED_BY, splitAddress } from "../addresses.ts";
import type { Held } from "../held.ts";
import { KEPT } from "../lines.ts";
import { idList, jsonOf, type Query } from "./database.ts";

const kept = KEPT.map((name) => `'${name}'`).join(", ");
const THESE = "contact = ANY ($1::bigint[])";

const STATEMENTS = [
  // As `anonymous` does it, with the keys in their order and those that are null.
  `UPDATE journal_turns SET lines = (SELECT json_agg(json_build_array((l.value ->> 0)::integer, l.value ->> 1,
     l.value ->> 2, (SELECT coalesce(json_object_agg(d.key, CASE WHEN json_typeof(d.value) IN ('object', 'array')
         THEN NULL ELSE d.value END ORDER BY d.place), '{}')
       FROM json_each(l.value -> 3) WITH ORDINALITY AS d(key, value, place)
       WHERE d.key IN (${kept}) OR (d.key = 'value' AND json_typeof(d.value) = 'number')))
     ORDER BY l.place) FROM json_array_elements(lines) WITH ORDINALITY AS l(value, place))
   WHERE ${THESE}`,
  `UPDATE runs SET key = NULL, rest = (rest::jsonb || '{"event":{},"steps":{},"startedBy":null}')::json WHERE ${THESE}`,
  // Receipts hold links, which may name the person.
  `UPDATE outbox SET recipient = NULL, receipts = '[]', detail = NULL, provider_id = NULL, content = NULL WHERE ${THESE}`,
  // What it would have said is gone with its content.
  `UPDATE outbox SET state = 'cancelled', reason = 'erased', due_at = NULL
   WHERE ${THESE} AND kind = 'request' AND state IN ('queued', 'sending')`,
  `UPDATE tasks SET title = '', notes = '' WHERE ${THESE}`,
  `UPDATE inputs SET data = NULL, id = 'erased:' || seq WHERE ${THESE}`,
  `DELETE FROM tags WHERE ${THESE}`,
  `DELETE FROM consents WHERE ${THESE}`,
  `DELETE FROM events WHERE ${THESE}`,
  `UPDATE marks SET touched = NULL, drawn = NULL, fired = NULL, members = NULL WHERE ${THESE}`,
  `UPDATE contacts SET key = NULL, email = NULL, phone = NULL, seed = id, source = '', erased = 1, fields = '{}',
     folded = '{"v":{}}', fields_set = '{}', stopped = '[]' WHERE pk = ANY ($1::bigint[])`,
];

/** Takes away everything that tells who a contact was; sums and an anonymous history stay. */
export interface Eraser {
  erase(tx: Query, people: readonly Held[]): Promise<void>;
  /** Suppressions of addresses that belonged to an erased contact come back with the address. */
  remembered(
    tx: Query,
    addresses: readonly string[],
  ): Promise<{ address: string; channel: string; reason: string }[]>;
}

export function eraserOf(secret: string): Eraser {
  // Keyed, so that nobody who reads the table can try addresses against it.
  const hash = (address: string): string =>
    createHmac("sha256", secret).update(address).digest("hex");
  return {
    async erase(tx, people) {
      const list = idList(people.map(({ pk }) => pk));
      for (const statement of STATEMENTS) await tx.run(statement, list);
      for (const held of people) await forget(tx, held, hash);
    },
    async remembered(tx, addresses) {
      if (addresses.length === 0) return [];
      const byHash = new Map(addresses.map((address) => [hash(address), address]));
      const rows = await tx.all<{ hash: string; channel: string; reason: string }>(
        `SELECT hash, channel, reason FROM erased_addresses
         WHERE hash IN (SELECT value FROM json_array_elements_text($1::json))`,
        JSON.stringify([...byHash.keys()]),
      );
      return rows.map((row) => ({ ...row, address: byHash.get(row.hash) ?? "" }));
    },
  };
}

/** Keeps of the addresses of an erased contact only that nobody may write to them. */
async function forget(tx: Query, held: Held, hash: (address: string) => string): Promise<void> {
  const addresses = new Map<string, Map<string, string>>();
  const put = (address: string, channel: string, reason: string): void => {
    const channels = addresses.get(address) ?? new Map<string, string>();
    if (!channels.has(channel)) channels.set(channel, reason);
    addresses.set(address, channels);
  };
  const suppressed = { ...held.suppressed, ...held.state.contact.suppressed };
  for (const [key, reason] of Object.entries(suppressed)) {
    const [channel, address] = splitAddress(key);
    put(address, channel, reason);
  }
  for (const field of ["email", "phone"] as const) {
    const address = held[field];
    if (address === null) continue;
    for (const channel of REACHED_BY[field]) put(address, channel, "erased");
  }
  for (const [address, channels] of addresses) {
    const rows = [...channels].map(([channel, reason]) => ({
      hash: hash(address),
      channel,
      reason,
    }));
    await tx.run(
      `INSERT INTO erased_addresses SELECT * FROM json_populate_recordset(NULL::erased_addresses, $1::json)
       ON CONFLICT (hash, channel) DO UPDATE SET reason = excluded.reason`,
      jsonOf(rows),
    );
    // Somebody else of the family keeps the phone, and with it what is known of it.
    await tx.run(
      `DELETE FROM suppressions WHERE address = $1 AND NOT EXISTS (SELECT 1 FROM contacts WHERE phone = $1)`,
      address,
    );
  }
}
