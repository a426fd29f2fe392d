import type { Instant } from "../../../nodes/index.ts";
import type { FlowDoc } from "../../core/document.ts";
import type { Input, Run } from "../../core/state.ts";
import { isOpen, later, type Moved, movedInput, movedOf, movedRun, unite } from "../merging.ts";
import { cancellerOf } from "./cancel.ts";
import type { Base } from "./database.ts";
import type { Inbox } from "./inputs.ts";
import type { Loader } from "./load.ts";
import type { Writer } from "./write.ts";

/** Makes two contacts one: history, caps and variants unite under the first. */
export interface Merger {
  merge(into: number, from: number, at: Instant): void;
}

export function mergerOf(base: Base, loader: Loader, writer: Writer, inbox: Inbox): Merger {
  const { db } = base;
  const cancel = cancellerOf(base, writer);
  const rows = rowMover(base);
  const doc = db.prepare<{ doc: string }, [string, number]>(
    "SELECT doc FROM flow_versions WHERE flow = ? AND version = ?",
  );
  const sideBySide = (run: Run): boolean => {
    const found = doc.get(run.flow, run.version);
    const mode = found && (JSON.parse(found.doc) as FlowDoc).settings?.reentry?.mode;
    return mode === "per-key" || mode === "always";
  };

  /** Of two open runs of one flow the older goes on. */
  const endNewer = (pk: number, runs: Run[], at: Instant): void => {
    const oldest = new Map<string, Run>();
    for (const run of runs.filter(isOpen).sort((a, b) => a.entered - b.entered || a.n - b.n)) {
      if (!oldest.has(run.flow)) oldest.set(run.flow, run);
      else if (!sideBySide(run)) {
        cancel.queued(pk, run, "merged", at);
        const { flow, n } = run;
        inbox.add(pk, {
          kind: "remove",
          flow,
          n,
          reason: "merged",
          at,
          id: `merged:${flow}:${n}:${at}`,
        });
      }
    }
  };

  return {
    merge(into, from, at) {
      const need = { events: [], messages: false, tasks: false };
      const [kept, gone] = loader.load([into, from], null, need);
      if (!kept || !gone) throw new Error(`merging contacts ${into} and ${from}: one is missing`);
      const moved = movedOf(kept.state.runs, gone.state.runs);
      const runs = gone.state.runs.map((run) => movedRun(run, moved));
      rows.move(into, from, moved);
      for (const run of runs) writer.run(into, run);
      rows.alias(into, gone.state.contact.id, moved);
      rows.remove(from);
      unite(kept, gone, at);
      writer.profile(into, kept.state.contact);
      writer.marks(into, kept.state, kept.due, later(kept.touched, gone.touched));
      writer.consents(into, kept.state.contact.consents);
      for (const [tag, { since, expires }] of Object.entries(kept.state.contact.tags)) {
        writer.tag(into, tag, since, expires);
      }
      rows.created(into, kept.state.contact.created);
      endNewer(into, [...kept.state.runs, ...runs], at);
      inbox.mark(into, at);
    },
  };
}

function rowMover({ db }: Base) {
  const pending = db.prepare<{ seq: number; data: string }, [number]>(
    "SELECT seq, data FROM inputs WHERE contact = ? AND data IS NOT NULL",
  );
  const setInput = db.prepare("UPDATE inputs SET data = ? WHERE seq = ?");
  // Number and owner change at once: among the old owner's rows the new keys could clash.
  const renumber = ["outbox", "tasks"].map((table) =>
    db.prepare(
      `UPDATE ${table} SET contact = ?4, n = n + ?3,
         key = flow || '.' || (n + ?3) || substr(key, length(flow || '.' || n) + 1)
       WHERE contact = ?1 AND flow = ?2`,
    ),
  );
  const renumberLines = db.prepare(
    "UPDATE journal_turns SET contact = ?4, n = n + ?3 WHERE contact = ?1 AND flow = ?2",
  );
  const renumberRequests = db.prepare(
    `UPDATE outbox SET content = json_set(content, '$.key', key, '$.n', n)
     WHERE kind = 'request' AND contact = ? AND flow = ?`,
  );
  // What both had counts once: the ignored rest is deleted with the contact.
  const moves = ["outbox", "tasks", "journal_turns", "inputs", "events", "aliases"].map((table) =>
    db.prepare(`UPDATE OR IGNORE ${table} SET contact = ? WHERE contact = ?`),
  );
  const deletes = ["runs", "tags", "consents", "inputs", "events", "marks"].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE contact = ?`),
  );
  const deleteContact = db.prepare("DELETE FROM contacts WHERE pk = ?");
  const aliases = db.prepare<{ id: string; moved: string }, [number]>(
    "SELECT id, moved FROM aliases WHERE contact = ?",
  );
  const setAlias = db.prepare(
    "INSERT OR REPLACE INTO aliases (id, contact, moved) VALUES (?, ?, ?)",
  );
  const setCreated = db.prepare("UPDATE contacts SET created = ?2 WHERE pk = ?1");
  return {
    move(into: number, from: number, moved: Moved): void {
      for (const { seq, data } of pending.all(from)) {
        setInput.run(JSON.stringify(movedInput(JSON.parse(data) as Input, moved)), seq);
      }
      for (const [flow, by] of Object.entries(moved)) {
        for (const statement of [...renumber, renumberLines]) statement.run(from, flow, by, into);
        renumberRequests.run(into, flow);
      }
      for (const { id, moved: before } of aliases.all(from)) {
        const sum = { ...moved };
        for (const [flow, by] of Object.entries(JSON.parse(before) as Moved))
          sum[flow] = by + (sum[flow] ?? 0);
        setAlias.run(id, from, JSON.stringify(sum));
      }
      for (const statement of moves) statement.run(into, from);
    },
    alias(into: number, id: string, moved: Moved): void {
      setAlias.run(id, into, JSON.stringify(moved));
    },
    remove(pk: number): void {
      for (const statement of deletes) statement.run(pk);
      deleteContact.run(pk);
    },
    created(pk: number, created: Instant): void {
      setCreated.run(pk, created);
    },
  };
}
