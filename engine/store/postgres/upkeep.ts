import type { Input, Line } from "../../core/state.ts";
import type { Store } from "../store.ts";
import { Batch } from "./batch.ts";
import type { Base } from "./database.ts";
import { pkOf } from "./people.ts";

interface Unsent {
  pk: number;
  contact: string;
  flow: string;
  version: number;
  n: number;
  node: string;
  seq: number;
  channel: string;
  recipient: string | null;
}

const DOUBT = `UPDATE outbox o SET state = 'uncertain', reason = 'restore', due_at = NULL, sent_at = NULL, worker = NULL
  FROM contacts c WHERE c.pk = o.contact AND o.kind = 'message' AND o.state IN ('queued', 'sending')
  RETURNING o.contact AS pk, c.id AS contact, o.flow, o.version, o.n, o.node, o.seq, o.channel, o.recipient`;

const openRun = (of: string): string =>
  `EXISTS (SELECT 1 FROM runs r WHERE r.contact = ${of}.contact AND r.flow = ${of}.flow AND r.n = ${of}.n
     AND r.state IN ('active', 'paused', 'failed'))`;

/** Why someone who is still inside stands there must stay told; and a split that is yet to be decided counts goals. */
const FORGET = `DELETE FROM journal_turns WHERE id IN (
  SELECT t.id FROM flows f JOIN journal_turns t ON t.flow = f.id AND t.at < $1
  WHERE NOT ${openRun("t")} AND NOT EXISTS (SELECT 1 FROM json_array_elements(t.lines) l
    WHERE l.value ->> 1 = 'decided' OR (l.value ->> 1 = 'goal' AND EXISTS
      (SELECT 1 FROM splits s WHERE s.flow = t.flow AND s.decided IS NULL)))
  LIMIT $2)`;

/** What was sent is shown from the outbox, where it stays. */
const UNTELL = `UPDATE outbox SET told = 0 WHERE id IN (
  SELECT o.id FROM flows f JOIN outbox o ON o.flow = f.id AND o.sent_at < $1 AND o.told = 1
  WHERE o.kind = 'message' AND o.state = 'sent' AND NOT ${openRun("o")} LIMIT $2)`;

/** What is done to a store as a whole: after a restore, and to a journal that has grown old. */
export function upkeepPart(
  base: Base,
): Pick<Store, "afterRestore" | "forgetLines" | "beside" | "checkpoint"> {
  return {
    async beside(contact) {
      const pk = await pkOf(base, contact);
      const [row, aliases, pending] = await Promise.all([
        base.get<{ source: string }>("SELECT source FROM contacts WHERE pk = $1", pk),
        base.all<{ id: string }>("SELECT id FROM aliases WHERE contact = $1 ORDER BY id", pk),
        base.all<{ data: string }>(
          "SELECT data FROM inputs WHERE contact = $1 AND data IS NOT NULL ORDER BY seq",
          pk,
        ),
      ]);
      return {
        source: row?.source ?? "",
        formerIds: aliases.map(({ id }) => id),
        inputs: pending.map(({ data }) => JSON.parse(data) as Input),
      };
    },
    // The server's log of changes is its administrator's.
    checkpoint: async () => true,
    afterRestore: (at) =>
      base.writeAlone(async (tx) => {
        await tx.run("DELETE FROM sessions");
        await tx.run("DELETE FROM tickets");
        const paused = await tx.run(
          "UPDATE flows SET paused = $1 WHERE version IS NOT NULL AND paused IS NULL",
          at,
        );
        const unsent = await tx.all<Unsent>(DOUBT);
        const rows = new Batch();
        for (const { pk, channel, recipient, n, ...row } of unsent) {
          rows.retouch(pk);
          const line: Line = {
            ...row,
            at,
            enrollment: n,
            kind: "message",
            detail: { channel, state: "uncertain", reason: "restore", to: recipient },
          };
          rows.lines(pk, [line]);
          rows.sums.line(line);
        }
        await rows.flush(tx);
        return { paused, uncertain: unsent.length };
      }),
    forgetLines: (before, limit) =>
      base.write(async (tx) => {
        const lines = await tx.run(FORGET, before, limit);
        return lines + (await tx.run(UNTELL, before, limit - lines));
      }),
  };
}
