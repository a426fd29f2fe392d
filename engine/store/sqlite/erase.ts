import { createHmac } from "node:crypto";
import { REACHED_BY, splitAddress } from "../addresses.ts";
import type { Held } from "../held.ts";
import { KEPT } from "../lines.ts";
import type { Base } from "./database.ts";
import type { Settings } from "./settings.ts";

/** Takes away everything that tells who a contact was; sums and an anonymous history stay. */
export interface Eraser {
  erase(held: Held): void;
  /** Whether any address is remembered at all: most stores need not ask for each. */
  remembersAny(): boolean;
  /** Suppressions of addresses that belonged to an erased contact come back with the address. */
  remembered(address: string): { channel: string; reason: string }[];
}

export function eraserOf({ db }: Base, settings: Settings): Eraser {
  const kept = KEPT.map((k) => `'${k}'`).join(", ");
  const statements = [
    // As `anonymous` does it, with the keys in their order and those that are null.
    `UPDATE journal_turns SET lines = (SELECT json_group_array(json_array(j.seq, j.kind, j.node,
       json((SELECT json_group_object(d.key, d.atom) FROM json_each(j.detail) d
         WHERE d.key IN (${kept}) OR (d.key = 'value' AND d.type IN ('integer', 'real'))))
       ) ORDER BY j.line) FROM journal j WHERE j.turn = journal_turns.id)
     WHERE contact = ?`,
    "UPDATE runs SET key = NULL, rest = json_set(rest, '$.event', json('{}'), '$.steps', json('{}'), '$.startedBy', NULL) WHERE contact = ?",
    // Receipts hold links, which may name the person.
    "UPDATE outbox SET recipient = NULL, receipts = '[]', detail = NULL, provider_id = NULL, content = NULL WHERE contact = ?",
    // What it would have said is gone with its content.
    "UPDATE outbox SET state = 'cancelled', reason = 'erased', due_at = NULL WHERE contact = ? AND kind = 'request' AND state IN ('queued', 'sending')",
    "UPDATE tasks SET title = '', notes = '' WHERE contact = ?",
    "UPDATE inputs SET data = NULL, id = 'erased:' || seq WHERE contact = ?",
    "DELETE FROM tags WHERE contact = ?",
    "DELETE FROM consents WHERE contact = ?",
    "DELETE FROM events WHERE contact = ?",
    "DELETE FROM marks WHERE contact = ?",
    `UPDATE contacts SET key = NULL, email = NULL, phone = NULL, seed = id, source = '', erased = 1, fields = '{}',
       folded = jsonb('{"v":{}}'), fields_set = '{}', stopped = '[]' WHERE pk = ?`,
  ].map((sql) => db.prepare(sql));
  const remember = db.prepare(
    "INSERT OR REPLACE INTO erased_addresses (hash, channel, reason) VALUES (?, ?, ?)",
  );
  const known = db.prepare<{ channel: string; reason: string }, [string]>(
    "SELECT channel, reason FROM erased_addresses WHERE hash = ?",
  );
  const any = db.prepare("SELECT 1 FROM erased_addresses LIMIT 1");
  const forget = db.prepare("DELETE FROM suppressions WHERE address = ?");
  const owned = db.prepare("SELECT 1 FROM contacts WHERE phone = ? LIMIT 1");
  // Keyed, so that nobody who reads the table can try addresses against it.
  const hash = (address: string): string =>
    createHmac("sha256", settings.secret()).update(address).digest("hex");

  return {
    erase(held) {
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
      for (const statement of statements) statement.run(held.pk);
      for (const [address, channels] of addresses) {
        for (const [channel, reason] of channels) remember.run(hash(address), channel, reason);
        // Somebody else of the family keeps the phone, and with it what is known of it.
        if (owned.get(address) === null) forget.run(address);
      }
    },
    remembersAny: () => any.get() !== null,
    remembered: (address) => (any.get() === null ? [] : known.all(hash(address))),
  };
}
