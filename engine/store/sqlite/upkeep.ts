import type { Input, Line } from "../../core/state.ts";
import type { Store } from "../store.ts";
import type { Base } from "./database.ts";
import { disclaimer } from "./outbox.ts";
import type { People } from "./people.ts";
import { sumsOf } from "./sums.ts";
import type { Writer } from "./write.ts";

/** What is done to a store as a whole: after a restore, and to a journal that has grown old. */
export function upkeepPart(
  base: Base,
  writer: Writer,
  people: People,
): Pick<Store, "afterRestore" | "forgetLines" | "beside" | "checkpoint"> {
  const { db } = base;
  const sums = sumsOf(base);
  const disclaim = disclaimer(base);
  const pause = db.prepare(
    "UPDATE flows SET paused = ? WHERE version IS NOT NULL AND paused IS NULL",
  );
  const endings = [db.prepare("DELETE FROM sessions"), db.prepare("DELETE FROM tickets")];
  const unsent = db.prepare<Unsent, []>(
    `SELECT o.id, o.contact AS pk, c.id AS contact, o.flow, o.version, o.n, o.node, o.seq, o.channel, o.recipient
     FROM outbox o JOIN contacts c ON c.pk = o.contact
     WHERE o.kind = 'message' AND o.state IN ('queued', 'sending') ORDER BY o.id`,
  );
  const doubt = db.prepare(
    "UPDATE outbox SET state = 'uncertain', reason = 'restore', due_at = NULL, sent_at = NULL, worker = NULL WHERE id = ?",
  );
  // Why someone who is still inside stands there must stay told; and a split that is yet to be decided counts goals.
  const forget = db.prepare(
    `DELETE FROM journal_turns WHERE id IN (
       SELECT t.id FROM flows f JOIN journal_turns t ON t.flow = f.id AND t.at < ?1
       WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.contact = t.contact AND r.flow = t.flow AND r.n = t.n
                           AND r.state IN ('active', 'paused', 'failed'))
         AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.turn = t.id AND (j.kind = 'decided'
                           OR (j.kind = 'goal' AND EXISTS
                                 (SELECT 1 FROM splits s WHERE s.flow = t.flow AND s.decided IS NULL))))
       LIMIT ?2)`,
  );
  // What was sent is shown from the outbox, where it stays.
  const untell = db.prepare(
    `UPDATE outbox SET told = 0 WHERE id IN (
       SELECT o.id FROM flows f JOIN outbox o ON o.flow = f.id AND o.sent_at < ?1 AND o.sent_at IS NOT NULL AND o.told = 1
       WHERE o.kind = 'message' AND o.state = 'sent'
         AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.contact = o.contact AND r.flow = o.flow AND r.n = o.n
                           AND r.state IN ('active', 'paused', 'failed'))
       LIMIT ?2)`,
  );
  const source = db.prepare<{ source: string }, [number]>(
    "SELECT source FROM contacts WHERE pk = ?",
  );
  const aliases = db.prepare<{ id: string }, [number]>(
    "SELECT id FROM aliases WHERE contact = ? ORDER BY id",
  );
  const pending = db.prepare<{ data: string }, [number]>(
    "SELECT data FROM inputs WHERE contact = ? AND data IS NOT NULL ORDER BY seq",
  );
  const truncate = db.prepare<{ busy: number }, []>("PRAGMA wal_checkpoint(TRUNCATE)");
  return {
    async beside(contact) {
      const pk = people.find(contact)?.pk ?? -1;
      return {
        source: source.get(pk)?.source ?? "",
        formerIds: aliases.all(pk).map((row) => row.id),
        inputs: pending.all(pk).map((row) => JSON.parse(row.data) as Input),
      };
    },
    async checkpoint() {
      return truncate.get()?.busy === 0;
    },
    async afterRestore(at) {
      return base.write(() => {
        sums.reset();
        for (const end of endings) end.run();
        const paused = pause.run(at).changes;
        disclaim.others("");
        const rows = unsent.all();
        for (const { id, pk, channel, recipient, n, ...row } of rows) {
          doubt.run(id);
          writer.retouch(pk);
          const line: Line = {
            ...row,
            at,
            enrollment: n,
            kind: "message",
            detail: { channel, state: "uncertain", reason: "restore", to: recipient },
          };
          writer.lines(pk, [line]);
          sums.line(line);
        }
        sums.flush();
        return { paused, uncertain: rows.length };
      });
    },
    async forgetLines(before, limit) {
      return base.write(() => {
        const lines = forget.run(before, limit).changes;
        return lines + untell.run(before, limit - lines).changes;
      });
    },
  };
}

interface Unsent {
  id: number;
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
