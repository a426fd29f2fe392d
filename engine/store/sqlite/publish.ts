import type { Instant } from "../../../nodes/index.ts";
import type { FlowDoc } from "../../core/document.ts";
import { NoSuchFlow } from "../errors.ts";
import { type PublishOptions, PublishRefused, type Store } from "../store.ts";
import type { Canceller } from "./cancel.ts";
import type { Base } from "./database.ts";
import { EARLIER, MARK_DUE } from "./due.ts";
import type { Flows } from "./flows.ts";
import type { Inbox } from "./inputs.ts";
import type { Listeners } from "./listening.ts";

interface Tools {
  flows: Flows;
  inbox: Inbox;
  cancel: Canceller;
  listeners: Listeners;
}

const OPEN = "state IN ('active', 'paused')";

export function publishPart(base: Base, tools: Tools): Pick<Store, "publish"> {
  const { db } = base;
  const last = db.prepare<{ version: number; params: string }, [string]>(
    "SELECT version, params FROM flow_versions WHERE flow = ? ORDER BY version DESC LIMIT 1",
  );
  const insertFlow = db.prepare(
    `INSERT INTO flows (id, draft, updated) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET draft = excluded.draft, updated = excluded.updated`,
  );
  const insertVersion = db.prepare(
    "INSERT INTO flow_versions (flow, version, doc, params, published) VALUES (?, ?, ?, ?, ?)",
  );
  const setVersion = db.prepare(
    "UPDATE flows SET version = ?2, first_published = coalesce(first_published, ?3) WHERE id = ?1",
  );
  const migration = migrationOf(base, tools);

  return {
    async publish(id, doc, at, options) {
      base.write(() => {
        const before = last.get(id);
        const version = (before?.version ?? 0) + 1;
        const json = JSON.stringify(doc);
        const params = options.params ? JSON.stringify(options.params) : (before?.params ?? "{}");
        insertFlow.run(id, json, at);
        insertVersion.run(id, version, json, params, at);
        setVersion.run(id, version, at);
        if (options.migrate) migration(id, version, doc, at, options);
        tools.listeners.listen(id, options.baseline, options.wake, at);
      });
      const { version } = tools.flows.get(id) ?? {};
      const published = version ? tools.flows.version(id, version) : null;
      if (!published) throw new NoSuchFlow(id);
      return published;
    },
  };
}

type Migrate = (
  flow: string,
  version: number,
  doc: FlowDoc,
  at: Instant,
  options: PublishOptions,
) => void;

/** Moves the open runs to the new version set by set. */
function migrationOf({ db }: Base, { inbox, cancel, flows }: Tools): Migrate {
  const occupied = db.prepare<{ node: string; count: number }, [string, number]>(
    `SELECT node, count(*) AS count FROM runs
     WHERE flow = ? AND version <> ? AND ${OPEN} AND node IS NOT NULL GROUP BY node ORDER BY node`,
  );
  const places = db.prepare<{ node: string; version: number }, [string, number]>(
    `SELECT DISTINCT node, version FROM runs WHERE flow = ? AND version <> ? AND ${OPEN} AND node IS NOT NULL`,
  );
  // Under another type the node begins anew, whatever would have woken the run on the old one.
  const retype = db.prepare(
    `UPDATE runs SET rest = json_set(rest, '$.kept', json_object('by', 'again', 'was', ?4))
     WHERE flow = ?1 AND version = ?2 AND ${OPEN} AND node = ?3 AND waiting IS NOT 'trigger'
       AND NOT (rest ->> '$.held')`,
  );
  const retypeAll = (flow: string, version: number, doc: FlowDoc): void => {
    const types = new Map(doc.nodes.map((node) => [node.id, node.type]));
    for (const { node, version: old } of places.all(flow, version)) {
      const is = types.get(node);
      const was = flows.version(flow, old)?.doc.nodes.find((n) => n.id === node)?.type;
      if (is !== undefined && was !== undefined && is !== was) retype.run(flow, old, node, was);
    }
  };
  const lines = db.prepare(
    `INSERT INTO journal_turns (contact, flow, version, n, at, lines)
     SELECT contact, flow, ?2, n, ?3, json_array(json_array(rest ->> '$.seq', 'migrated', ?5,
       json_patch(json_object('from', version, 'to', ?2, 'node', ?5),
         CASE WHEN ?4 = ?5 THEN '{}' ELSE json_object('was', ?4) END)))
     FROM runs WHERE flow = ?1 AND version <> ?2 AND ${OPEN} AND node = ?4 ORDER BY contact, n`,
  );
  // What woke the run while it was paused stays; one that has yet to begin on its node just begins.
  const stay = db.prepare(
    `UPDATE runs SET version = ?2, until = CASE state WHEN 'active' THEN ?3 ELSE until END,
       rest = json_set(rest, '$.seq', (rest ->> '$.seq') + 1, '$.kept',
         CASE WHEN rest ->> '$.kept' IS NULL AND waiting IS NOT 'trigger' AND NOT (rest ->> '$.held')
           THEN json('{"by":"again"}') ELSE rest -> '$.kept' END)
     WHERE flow = ?1 AND version <> ?2 AND ${OPEN} AND node = ?4`,
  );
  // Stands as one who came through a trigger: the engine counts the visit when it enters the node.
  const move = db.prepare(
    `UPDATE runs SET version = ?2, until = CASE state WHEN 'active' THEN ?3 END, node = ?5, since = ?3,
       waiting = 'trigger',
       rest = json_set(rest, '$.seq', (rest ->> '$.seq') + 1, '$.kept', NULL, '$.rule', NULL,
         '$.held', json('false'), '$.shift', 0, '$.visit', 0)
     WHERE flow = ?1 AND version <> ?2 AND ${OPEN} AND node = ?4`,
  );
  const restand = db.prepare(
    `INSERT INTO sums (flow, node, kind, name, count)
     SELECT ?1, place.node, 'here', run.state, run.many * place.sign
     FROM (SELECT state, count(*) AS many FROM runs
           WHERE flow = ?1 AND version <> ?2 AND ${OPEN} AND node = ?3 GROUP BY state) run,
          (SELECT ?3 AS node, -1 AS sign UNION ALL SELECT ?4, 1) place
     WHERE true ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  const leaving = db.prepare<
    { contact: number; n: number; version: number },
    [string, number, string]
  >(
    `SELECT contact, n, version FROM runs WHERE flow = ? AND version <> ? AND ${OPEN} AND node = ?`,
  );
  const wake = db.prepare(
    `${MARK_DUE} SELECT DISTINCT contact, ?3 FROM runs WHERE flow = ?1 AND version = ?2 AND ${OPEN} ${EARLIER}`,
  );

  return (flow, version, doc, at, options) => {
    const nodes = new Set(doc.nodes.map((n) => n.id));
    const stands = occupied.all(flow, version);
    const target = (node: string): string | undefined => {
      if (nodes.has(node)) return node;
      const to = Object.hasOwn(options.move, node) ? options.move[node] : undefined;
      return to === "leave" || (to !== undefined && nodes.has(to)) ? to : undefined;
    };
    const open = stands.filter(({ node }) => target(node) === undefined);
    if (open.length > 0) {
      throw new PublishRefused(flow, Object.fromEntries(open.map((p) => [p.node, p.count])));
    }
    retypeAll(flow, version, doc);
    for (const { node } of stands) {
      const to = target(node);
      if (to === undefined) continue;
      // A node may be named `leave`, but only one that is gone needs an answer.
      if (to === "leave" && !nodes.has(node)) {
        for (const { contact, ...run } of leaving.all(flow, version, node)) {
          cancel.queued(contact, { flow, ...run }, "moved", at);
          const id = `moved:${flow}:${run.n}:${version}`;
          inbox.add(contact, { kind: "remove", flow, n: run.n, reason: "moved", at, id });
        }
        continue;
      }
      if (to !== node) {
        cancel.tasks(flow, version, node, at);
        restand.run(flow, version, node, to);
      }
      lines.run(flow, version, at, node, to);
      if (to === node) stay.run(flow, version, at, node);
      else move.run(flow, version, at, node, to);
    }
    wake.run(flow, version, at);
  };
}
