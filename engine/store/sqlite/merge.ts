import type { Instant } from "../../../nodes/index.ts";
import type { FlowDoc } from "../../core/document.ts";
import type { Consent, Input, Run } from "../../core/state.ts";
import { cancellerOf } from "./cancel.ts";
import type { Base } from "./database.ts";
import type { Inbox } from "./inputs.ts";
import type { Held, Loader } from "./load.ts";
import { type Moved, movedInput } from "./people.ts";
import type { Writer } from "./write.ts";

/** Makes two contacts one: history, caps and variants unite under the first. */
export interface Merger {
  merge(into: number, from: number, at: Instant): void;
}

const later = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

const isOpen = (run: Run): boolean => run.state === "active" || run.state === "paused";

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

/** Runs of the contact that goes are numbered on after those of the one that stays. */
function movedOf(kept: Run[], gone: Run[]): Moved {
  const moved: Moved = {};
  for (const { flow } of gone) {
    const last = Math.max(0, ...kept.filter((r) => r.flow === flow).map((r) => r.n));
    if (last > 0) moved[flow] = last;
  }
  return moved;
}

function movedRun(run: Run, moved: Moved): Run {
  const { parent } = run;
  return {
    ...run,
    n: run.n + (moved[run.flow] ?? 0),
    parent: parent && { ...parent, n: parent.n + (moved[parent.flow] ?? 0) },
  };
}

/** What both know of the person; where they differ, what stays is the first's, and of consent the stricter. */
function unite(kept: Held, gone: Held, at: Instant): void {
  const [a, b] = [kept.state, gone.state];
  const [one, two] = [a.contact, b.contact];
  for (const [name, set] of Object.entries(two.fieldsSet)) {
    if (!Object.hasOwn(one.fields, name)) one.fieldsSet[name] = set;
  }
  one.fields = { ...two.fields, ...one.fields };
  // A variant was drawn for the person: the one that was drawn first stays.
  a.drawn = one.created <= two.created ? { ...b.drawn, ...a.drawn } : { ...a.drawn, ...b.drawn };
  one.created = Math.min(one.created, two.created);
  one.stopped = [...new Set([...one.stopped, ...two.stopped])];
  for (const [trigger, fired] of Object.entries(b.fired)) {
    a.fired[trigger] = Math.max(fired, a.fired[trigger] ?? fired);
  }
  a.members = { ...b.members, ...a.members };
  for (const [tag, on] of Object.entries(two.tags)) {
    const mine = one.tags[tag];
    const expires =
      !mine || mine.expires === null || on.expires === null
        ? null
        : Math.max(mine.expires, on.expires);
    one.tags[tag] = mine ? { since: Math.min(mine.since, on.since), expires } : on;
  }
  one.consents = stricter(one.consents, two.consents, at);
}

const newest = (list: Consent[], like: Consent): Consent | undefined =>
  list
    .filter((c) => c.channel === like.channel && c.topic === like.topic)
    .reduce<Consent | undefined>((last, c) => (!last || c.at >= last.at ? c : last), undefined);

function stricter(a: Consent[], b: Consent[], at: Instant): Consent[] {
  const all = [...a, ...b].sort((x, y) => x.at - y.at);
  const denials: Consent[] = [];
  for (const record of all) {
    const denied = [a, b].some((list) => newest(list, record)?.granted === false);
    if (!denied || !newest([...all, ...denials], record)?.granted) continue;
    const { channel, topic } = record;
    denials.push({ channel, topic, granted: false, at, source: "merge" });
  }
  return [...all, ...denials];
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
