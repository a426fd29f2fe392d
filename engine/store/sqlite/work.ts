import type { Instant } from "../../../nodes/index.ts";
import type { Changes } from "../../core/changes.ts";
import type { FlowDoc } from "../../core/document.ts";
import { decidedAt } from "../../core/winner.ts";
import { WrongChanges } from "../errors.ts";
import type { Held } from "../held.ts";
import type { Claim, Sending, Store, Worked } from "../store.ts";
import type { Base } from "./database.ts";
import type { Eraser } from "./erase.ts";
import type { Loader } from "./load.ts";
import type { Settings } from "./settings.ts";
import { sumsOf } from "./sums.ts";
import type { Writer } from "./write.ts";

type Part = Pick<Store, "workDue" | "nextDue">;

interface Tools {
  loader: Loader;
  writer: Writer;
  eraser: Eraser;
  settings: Settings;
}

const NOTHING: Worked = { contacts: 0, sends: [], durable: Promise.resolve() };

/** Contacts that are loaded, worked and written together: so few that the processor still has them at hand. */
const PIECE = 100;

/** Claims by contact: everything about a person changes under one claim, in one transaction. */
export function workPart(base: Base, { loader, writer, eraser, settings }: Tools): Part {
  const { db } = base;
  const claimDue = db.prepare<{ pk: number }, [number, number]>(
    "SELECT contact AS pk FROM marks WHERE due <= ? ORDER BY due, contact LIMIT ?",
  );
  const anyDue = db.prepare("SELECT 1 FROM marks WHERE due <= ? LIMIT 1");
  // Somebody waits for the answer, so they come before a backlog of others, in a batch of their own.
  const claimAsking = db.prepare<{ pk: number }, [number, number, number]>(
    `SELECT DISTINCT i.contact AS pk FROM inputs i INDEXED BY inputs_inbound JOIN marks m ON m.contact = i.contact
     WHERE i.kind = 'inbound' AND i.data IS NOT NULL AND i.at <= ? AND m.due <= ? LIMIT ?`,
  );
  const setDue = db.prepare("UPDATE marks SET due = ? WHERE contact = ? AND due IS NOT ?1");
  const handled = db.prepare(
    "UPDATE inputs SET data = NULL WHERE seq IN (SELECT value FROM json_each(?))",
  );
  const earliest = db.prepare<{ at: number | null }, []>(
    `SELECT min(at) AS at FROM (
       SELECT min(due) AS at FROM marks WHERE due IS NOT NULL
       UNION ALL SELECT min(due_at) FROM outbox WHERE due_at IS NOT NULL AND state = 'queued'
       UNION ALL SELECT min(next) FROM schedules
       UNION ALL SELECT min(at) FROM sweeps)`,
  );
  // When a split is decided is the current version's to say.
  const undecided = db.prepare<{ node: string; first: number; doc: string }, []>(
    `SELECT s.node, s.first_arrival AS first, v.doc FROM splits s JOIN flows f ON f.id = s.flow
     JOIN flow_versions v ON v.flow = f.id AND v.version = f.version WHERE s.decided IS NULL`,
  );
  const sums = sumsOf(base);

  const save = (held: Held, changes: Changes, claim: Claim | null): Sending[] => {
    if (changes.keepInputs) {
      setDue.run(changes.due, held.pk);
      return [];
    }
    const { later } = held;
    const due =
      later === null || changes.due === null
        ? (changes.due ?? later)
        : Math.min(changes.due, later);
    const sends = writer.changes(held, changes, due, sums, claim);
    if (changes.erased) eraser.erase(held);
    else if (changes.contact) {
      const { email, phone } = changes.state.contact.fields;
      for (const address of [email, phone]) {
        if (typeof address !== "string" || address === held.email || address === held.phone)
          continue;
        for (const { channel, reason } of eraser.remembered(address)) {
          writer.suppress(`${channel}:${address}`, reason);
        }
      }
    }
    return sends;
  };

  const workPiece = (
    batch: Held[],
    work: Parameters<Store["workDue"]>[3],
    claim: Claim | null,
    sends: Sending[],
  ): void => {
    const byId = new Map(batch.map((held) => [held.state.contact.id, held]));
    const results = work(
      batch.map(({ state, inputs }) => ({ state, inputs: inputs.map((i) => i.input) })),
    );
    const done: number[] = [];
    for (const changes of results) {
      const { id } = changes.state.contact;
      const held = byId.get(id);
      if (!held) throw new WrongChanges("changes of a contact that is not in the batch", [id]);
      byId.delete(id);
      for (const send of save(held, changes, claim)) sends.push(send);
      if (!changes.keepInputs) for (const { seq } of held.inputs) done.push(seq);
    }
    if (done.length > 0) handled.run(JSON.stringify(done));
    if (byId.size > 0)
      throw new WrongChanges("contacts of the batch without changes", [...byId.keys()]);
  };

  return {
    async workDue(now: Instant, limit, need, work, claim) {
      // An idle tick takes no write lock.
      if (anyDue.get(now) === null) return NOTHING;
      sums.reset();
      const { result, durable } = base.writeSoon(() => {
        const asking = claimAsking.all(now, now, limit).map((row) => row.pk);
        const pks = asking.length > 0 ? asking : claimDue.all(now, limit).map((row) => row.pk);
        if (pks.length === 0) return NOTHING;
        const sends: Sending[] = [];
        for (let from = 0; from < pks.length; from += PIECE) {
          const batch = loader.load(pks.slice(from, from + PIECE), now, need);
          workPiece(batch, work, claim ?? null, sends);
        }
        sums.flush();
        return { contacts: pks.length, sends };
      });
      return { ...result, durable: durable() };
    },
    async nextDue() {
      const splits = undecided.all();
      const zone = splits.length > 0 ? settings.workspace().timezone : "";
      const moments = splits.map(({ node, first, doc }) =>
        decidedAt(JSON.parse(doc) as FlowDoc, node, first, zone),
      );
      const known = [earliest.get()?.at ?? null, ...moments].filter((at) => at !== null);
      return known.length === 0 ? null : Math.min(...known);
    },
  };
}
