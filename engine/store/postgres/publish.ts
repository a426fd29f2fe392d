import type { Instant } from "../../../nodes/index.ts";
import type { FlowDoc } from "../../core/document.ts";
import { NoSuchFlow } from "../errors.ts";
import { type PublishOptions, PublishRefused, type Store } from "../store.ts";
import { Batch } from "./batch.ts";
import { cancelQueued, cancelTasks } from "./cancel.ts";
import type { Base, Query } from "./database.ts";
import { flowRow, type Versions } from "./flows.ts";
import { listen } from "./listening.ts";

const OPEN = "state IN ('active', 'paused')";
/** Runs of the flow that stand at a node in an older version. */
const STANDING = `flow = $1 AND version <> $2 AND ${OPEN} AND node = $4`;

export function publishPart(base: Base, versions: Versions): Pick<Store, "publish"> {
  return {
    async publish(id, doc, at, options) {
      await base.writeAlone(async (tx) => {
        const before = await tx.get<{ version: number; params: string }>(
          "SELECT version, params FROM flow_versions WHERE flow = $1 ORDER BY version DESC LIMIT 1",
          id,
        );
        const version = (before?.version ?? 0) + 1;
        const json = JSON.stringify(doc);
        const params = options.params ? JSON.stringify(options.params) : (before?.params ?? "{}");
        await tx.run(
          `INSERT INTO flows (id, draft, updated) VALUES ($1, $2, $3)
           ON CONFLICT (id) DO UPDATE SET draft = excluded.draft, updated = excluded.updated`,
          id,
          json,
          at,
        );
        await tx.run(
          "INSERT INTO flow_versions (flow, version, doc, params, published) VALUES ($1, $2, $3, $4, $5)",
          id,
          version,
          json,
          params,
          at,
        );
        await tx.run(
          `UPDATE flows SET version = $2, first_published = coalesce(first_published, $3) WHERE id = $1`,
          id,
          version,
          at,
        );
        if (options.migrate)
          await migrateRuns(tx, versions, { flow: id, version, doc, at, options });
        await listen(tx, id, options.baseline, options.wake, at);
      });
      const { version } = (await flowRow(base, id)) ?? {};
      const published = version ? await versions.read(base, id, version) : null;
      if (!published) throw new NoSuchFlow(id);
      return published;
    },
  };
}

interface Migration {
  flow: string;
  version: number;
  doc: FlowDoc;
  at: Instant;
  options: PublishOptions;
}

/** Moves the open runs to the new version set by set. */
async function migrateRuns(tx: Query, versions: Versions, migration: Migration): Promise<void> {
  const { flow, version, doc, at, options } = migration;
  const nodes = new Set(doc.nodes.map((n) => n.id));
  // Whoever stands in the flow is held: nobody's turn may end in the old version meanwhile.
  await tx.run(
    `SELECT 1 FROM marks WHERE contact IN (SELECT contact FROM runs WHERE flow = $1 AND version <> $2 AND ${OPEN})
     ORDER BY contact FOR NO KEY UPDATE`,
    flow,
    version,
  );
  const stands = await tx.all<{ node: string; count: number }>(
    `SELECT node, count(*) AS count FROM runs
     WHERE flow = $1 AND version <> $2 AND ${OPEN} AND node IS NOT NULL GROUP BY node ORDER BY node`,
    flow,
    version,
  );
  const target = (node: string): string | undefined => {
    if (nodes.has(node)) return node;
    const to = Object.hasOwn(options.move, node) ? options.move[node] : undefined;
    return to === "leave" || (to !== undefined && nodes.has(to)) ? to : undefined;
  };
  const open = stands.filter(({ node }) => target(node) === undefined);
  if (open.length > 0)
    throw new PublishRefused(flow, Object.fromEntries(open.map((p) => [p.node, p.count])));
  await retypeAll(tx, versions, migration);
  const rows = new Batch();
  for (const { node } of stands) {
    const to = target(node);
    if (to === undefined) continue;
    // A node may be named `leave`, but only one that is gone needs an answer.
    if (to === "leave" && !nodes.has(node)) await leave(tx, rows, migration, node);
    else await move(tx, rows, migration, node, to);
  }
  await tx.run(
    `UPDATE marks SET due = $3 WHERE (due IS NULL OR due > $3) AND contact IN
       (SELECT contact FROM runs WHERE flow = $1 AND version = $2 AND ${OPEN})`,
    flow,
    version,
    at,
  );
  await rows.flush(tx);
}

/** Under another type a node begins anew, whatever would have woken the run on the old one. */
async function retypeAll(
  tx: Query,
  versions: Versions,
  { flow, version, doc }: Migration,
): Promise<void> {
  const types = new Map(doc.nodes.map((node) => [node.id, node.type]));
  const places = await tx.all<{ node: string; version: number }>(
    `SELECT DISTINCT node, version FROM runs
     WHERE flow = $1 AND version <> $2 AND ${OPEN} AND node IS NOT NULL`,
    flow,
    version,
  );
  for (const { node, version: old } of places) {
    const is = types.get(node);
    const was = (await versions.doc(tx, flow, old))?.nodes.find((n) => n.id === node)?.type;
    if (is === undefined || was === undefined || is === was) continue;
    await tx.run(
      `UPDATE runs SET rest = (rest::jsonb || jsonb_build_object('kept', jsonb_build_object('by', 'again', 'was', $4::text)))::json
       WHERE flow = $1 AND version = $2 AND ${OPEN} AND node = $3 AND waiting IS DISTINCT FROM 'trigger'
         AND NOT (rest ->> 'held')::boolean`,
      flow,
      old,
      node,
      was,
    );
  }
}

async function leave(
  tx: Query,
  rows: Batch,
  { flow, version, at }: Migration,
  node: string,
): Promise<void> {
  const leaving = await tx.all<{ contact: number; n: number; version: number }>(
    `SELECT contact, n, version FROM runs WHERE flow = $1 AND version <> $2 AND ${OPEN} AND node = $3`,
    flow,
    version,
    node,
  );
  for (const { contact, ...run } of leaving) {
    await cancelQueued(tx, rows, contact, { flow, ...run }, "moved", at);
    const id = `moved:${flow}:${run.n}:${version}`;
    rows.input(contact, { kind: "remove", flow, n: run.n, reason: "moved", at, id });
  }
}

/** What woke the run while it was paused stays; one that has yet to begin on its node just begins. */
const STAY = `UPDATE runs SET version = $2, until = CASE state WHEN 'active' THEN $3::bigint ELSE until END,
    rest = (rest::jsonb || jsonb_build_object('seq', (rest ->> 'seq')::integer + 1)
      || CASE WHEN rest ->> 'kept' IS NULL AND waiting IS DISTINCT FROM 'trigger' AND NOT (rest ->> 'held')::boolean
         THEN '{"kept":{"by":"again"}}'::jsonb ELSE '{}'::jsonb END)::json
  WHERE ${STANDING}`;

/** Stands as one who came through a trigger: the engine counts the visit when it enters the node. */
const MOVE = `UPDATE runs SET version = $2, until = CASE state WHEN 'active' THEN $3::bigint END, node = $5, since = $3,
    waiting = 'trigger', rest = (rest::jsonb || jsonb_build_object('seq', (rest ->> 'seq')::integer + 1)
      || '{"kept":null,"rule":null,"held":false,"shift":0,"visit":0}'::jsonb)::json
  WHERE ${STANDING}`;

const RESTAND = `INSERT INTO sums (flow, node, kind, name, part, count)
  SELECT $1, place.node, 'here', run.state, 0, run.many * place.sign
  FROM (SELECT state, count(*) AS many FROM runs
        WHERE flow = $1 AND version <> $2 AND ${OPEN} AND node = $3 GROUP BY state) run,
       (SELECT $3::text AS node, -1 AS sign UNION ALL SELECT $4::text, 1) place
  ON CONFLICT (flow, node, kind, name, part) DO UPDATE SET count = sums.count + excluded.count`;

async function move(
  tx: Query,
  rows: Batch,
  { flow, version, at }: Migration,
  node: string,
  to: string,
): Promise<void> {
  if (to !== node) {
    await cancelTasks(tx, rows, flow, version, node, at);
    await tx.run(RESTAND, flow, version, node, to);
  }
  await tx.run(
    `INSERT INTO journal_turns (contact, flow, version, n, at, lines)
     SELECT contact, flow, $2, n, $3, json_build_array(json_build_array((rest ->> 'seq')::integer, 'migrated', $5::text,
       CASE WHEN $4 = $5::text THEN json_build_object('from', version, 'to', $2::integer, 'node', $5::text)
         ELSE json_build_object('from', version, 'to', $2::integer, 'node', $5::text, 'was', $4) END))
     FROM runs WHERE ${STANDING} ORDER BY contact, n`,
    flow,
    version,
    at,
    node,
    to,
  );
  if (to === node) await tx.run(STAY, flow, version, at, node);
  else await tx.run(MOVE, flow, version, at, node, to);
}
