import type { Instant } from "../../../nodes/index.ts";
import type { FlowDoc } from "../../core/document.ts";
import type { Input, Run } from "../../core/state.ts";
import { isOpen, later, type Moved, movedInput, movedOf, movedRun, unite } from "../merging.ts";
import { Batch } from "./batch.ts";
import { cancelQueued } from "./cancel.ts";
import { jsonOf, type Query } from "./database.ts";
import { load } from "./load.ts";

/** Makes two contacts one: history, caps and variants unite under the first. Both are held by the caller. */
export async function mergeContacts(
  tx: Query,
  into: number,
  from: number,
  at: Instant,
): Promise<void> {
  const need = { events: [], messages: false, tasks: false };
  const [kept, gone] = await load(tx, [into, from], null, need);
  if (!kept || !gone) throw new Error(`merging contacts ${into} and ${from}: one is missing`);
  const email = kept.email;
  const moved = movedOf(kept.state.runs, gone.state.runs);
  const runs = gone.state.runs.map((run) => movedRun(run, moved));
  await moveRows(tx, into, from, moved);
  await setAlias(tx, into, gone.state.contact.id, moved);
  await removeRows(tx, from);
  unite(kept, gone, at);
  const { contact } = kept.state;
  const rows = new Batch();
  for (const run of runs) rows.run(into, run);
  rows.profile(into, contact, email);
  rows.marks(into, kept.state, kept.due, later(kept.touched, gone.touched));
  rows.consents(into, contact.consents);
  for (const [tag, { since, expires }] of Object.entries(contact.tags))
    rows.tag(into, tag, since, expires);
  await endNewer(tx, rows, into, [...kept.state.runs, ...runs], at);
  await rows.flush(tx);
  await tx.run("UPDATE contacts SET created = $2 WHERE pk = $1", into, contact.created);
  await tx.run(
    "UPDATE marks SET due = $2 WHERE contact = $1 AND (due IS NULL OR due > $2)",
    into,
    at,
  );
}

async function sideBySide(tx: Query, run: Run): Promise<boolean> {
  const found = await tx.get<{ doc: string }>(
    "SELECT doc FROM flow_versions WHERE flow = $1 AND version = $2",
    run.flow,
    run.version,
  );
  const mode = found && (JSON.parse(found.doc) as FlowDoc).settings?.reentry?.mode;
  return mode === "per-key" || mode === "always";
}

/** Of two open runs of one flow the older goes on. */
async function endNewer(
  tx: Query,
  rows: Batch,
  pk: number,
  runs: Run[],
  at: Instant,
): Promise<void> {
  const oldest = new Map<string, Run>();
  for (const run of runs.filter(isOpen).sort((a, b) => a.entered - b.entered || a.n - b.n)) {
    const { flow, n } = run;
    if (!oldest.has(flow)) oldest.set(flow, run);
    else if (!(await sideBySide(tx, run))) {
      await cancelQueued(tx, rows, pk, run, "merged", at);
      const id = `merged:${flow}:${n}:${at}`;
      rows.input(pk, { kind: "remove", flow, n, reason: "merged", at, id });
    }
  }
}

async function moveRows(tx: Query, into: number, from: number, moved: Moved): Promise<void> {
  const pending = await tx.all<{ seq: number; data: string }>(
    "SELECT seq, data FROM inputs WHERE contact = $1 AND data IS NOT NULL",
    from,
  );
  for (const { seq, data } of pending) {
    const input = movedInput(JSON.parse(data) as Input, moved);
    await tx.run("UPDATE inputs SET data = $1::json WHERE seq = $2", jsonOf(input), seq);
  }
  for (const [flow, by] of Object.entries(moved)) await renumber(tx, into, from, flow, by);
  const aliases = await tx.all<{ id: string; moved: string }>(
    "SELECT id, moved FROM aliases WHERE contact = $1",
    from,
  );
  for (const { id, moved: before } of aliases) {
    const sum = { ...moved };
    for (const [flow, by] of Object.entries(JSON.parse(before) as Moved))
      sum[flow] = by + (sum[flow] ?? 0);
    await setAlias(tx, into, id, sum);
  }
  for (const table of ["outbox", "tasks", "journal_turns"])
    await tx.run(`UPDATE ${table} SET contact = $1 WHERE contact = $2`, into, from);
  // What both had counts once: the rest is deleted with the contact.
  for (const table of ["inputs", "events"]) {
    await tx.run(
      `UPDATE ${table} t SET contact = $1 WHERE contact = $2
         AND NOT EXISTS (SELECT 1 FROM ${table} o WHERE o.contact = $1 AND o.id = t.id)`,
      into,
      from,
    );
  }
}

/** Number and owner change at once: among the old owner's rows the new keys could clash. */
async function renumber(
  tx: Query,
  into: number,
  from: number,
  flow: string,
  by: number,
): Promise<void> {
  for (const table of ["outbox", "tasks"]) {
    await tx.run(
      `UPDATE ${table} SET contact = $4, n = n + $3::integer,
         key = flow || '.' || (n + $3::integer) || substr(key, length(flow || '.' || n) + 1)
       WHERE contact = $1 AND flow = $2`,
      ...[from, flow, by, into],
    );
  }
  await tx.run(
    "UPDATE journal_turns SET contact = $4, n = n + $3::integer WHERE contact = $1 AND flow = $2",
    ...[from, flow, by, into],
  );
  await tx.run(
    `UPDATE outbox SET content = (content::jsonb || jsonb_build_object('key', key, 'n', n))::json
     WHERE kind = 'request' AND content IS NOT NULL AND contact = $1 AND flow = $2`,
    into,
    flow,
  );
}

async function setAlias(tx: Query, into: number, id: string, moved: Moved): Promise<void> {
  await tx.run(
    `INSERT INTO aliases (id, contact, moved) VALUES ($1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET contact = excluded.contact, moved = excluded.moved`,
    id,
    into,
    JSON.stringify(moved),
  );
}

async function removeRows(tx: Query, pk: number): Promise<void> {
  for (const table of ["runs", "tags", "consents", "inputs", "events", "marks"])
    await tx.run(`DELETE FROM ${table} WHERE contact = $1`, pk);
  await tx.run("DELETE FROM contacts WHERE pk = $1", pk);
}
