import type { FlowDoc } from "../../core/document.ts";
import { NoSuchFlow } from "../errors.ts";
import { type FlowRow, recordOf } from "../flow-rows.ts";
import type { FlowVersion, Store } from "../store.ts";
import type { Base, Query } from "./database.ts";

const FLOW = `SELECT id, draft, version, first_published AS "firstPublished", paused, updated FROM flows`;

export const flowRow = (tx: Query, id: string): Promise<FlowRow | null> =>
  tx.get<FlowRow>(`${FLOW} WHERE id = $1`, id);

interface Version {
  doc: FlowDoc;
  params: Record<string, string>;
  published: number;
}

/** Reads versions. They never change: each is parsed once. */
export interface Versions {
  read(tx: Query, id: string, version: number): Promise<FlowVersion | null>;
  /** Only the document; one that is being published may yet be rolled back, and isn't kept. */
  doc(tx: Query, id: string, version: number): Promise<FlowDoc | null>;
}

export function versionsOf(base: Base): Versions {
  const kept = new Map<string, Version>();
  const find = async (tx: Query, id: string, version: number): Promise<Version | null> => {
    const name = `${id}@${version}`;
    const known = kept.get(name);
    if (known) return known;
    const row = await tx.get<{ doc: string; params: string; published: number }>(
      "SELECT doc, params, published FROM flow_versions WHERE flow = $1 AND version = $2",
      id,
      version,
    );
    if (!row) return null;
    const { published } = row;
    const found = {
      doc: JSON.parse(row.doc) as FlowDoc,
      params: JSON.parse(row.params) as Record<string, string>,
      published,
    };
    if (tx === base) kept.set(name, found);
    return found;
  };
  return {
    doc: async (tx, id, version) => (await find(tx, id, version))?.doc ?? null,
    async read(tx, id, version) {
      const flow = await flowRow(tx, id);
      const found = await find(tx, id, version);
      if (!flow || !found) return null;
      return {
        id,
        version,
        ...found,
        firstPublished: flow.firstPublished ?? found.published,
        current: flow.version === version,
        paused: flow.paused !== null,
      };
    },
  };
}

/** A failed run may be retried, and a goal may convert a run that has ended, in the version that it ran in. */
const LIVE = `SELECT v.flow, v.version FROM flow_versions v JOIN flows f ON f.id = v.flow
  WHERE v.version = f.version
    OR EXISTS (SELECT 1 FROM runs r WHERE r.flow = v.flow AND r.version = v.version
               AND r.state IN ('active', 'paused', 'failed'))
    OR (v.doc #> '{settings,goal}' IS NOT NULL
        AND EXISTS (SELECT 1 FROM runs r WHERE r.flow = v.flow AND r.version = v.version))
  ORDER BY v.flow, v.version`;

const SHIFT = `UPDATE runs SET until = until + $2::bigint, rest = (rest::jsonb
    || jsonb_build_object('shift', coalesce((rest ->> 'shift')::bigint, 0) + $2::bigint)
    || CASE WHEN rest #>> '{paused,until}' IS NULL THEN '{}'::jsonb
       ELSE jsonb_build_object('paused', (rest -> 'paused')::jsonb
         || jsonb_build_object('until', (rest #>> '{paused,until}')::bigint + $2::bigint)) END)::json
  WHERE flow = $1 AND state IN ('active', 'paused')`;

/** In the order of their numbers, as whoever holds contacts does. */
const WAKE = `WITH these AS MATERIALIZED (
    SELECT contact FROM marks WHERE contact IN (
      SELECT contact FROM runs WHERE flow = $1 AND state IN ('active', 'paused'))
    ORDER BY contact FOR NO KEY UPDATE)
  UPDATE marks m SET due = $2 FROM these
  WHERE m.contact = these.contact AND (m.due IS NULL OR m.due > $2)`;

type Part = Pick<
  Store,
  | "saveDraft"
  | "deleteDraft"
  | "flows"
  | "flow"
  | "liveVersions"
  | "version"
  | "pauseFlow"
  | "resumeFlow"
>;

export function flowsPart(base: Base, versions: Versions): Part {
  const known = async (tx: Query, id: string): Promise<FlowRow> => {
    const row = await flowRow(tx, id);
    if (!row) throw new NoSuchFlow(id);
    return row;
  };
  return {
    async saveDraft(doc, at) {
      await base.run(
        `INSERT INTO flows (id, draft, updated) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET draft = excluded.draft, updated = excluded.updated`,
        doc.id,
        JSON.stringify(doc),
        at,
      );
    },
    async deleteDraft(id) {
      return (await base.run("DELETE FROM flows WHERE id = $1 AND version IS NULL", id)) > 0;
    },
    async flows() {
      return (await base.all<FlowRow>(`${FLOW} ORDER BY id`)).map(recordOf);
    },
    async flow(id) {
      const row = await flowRow(base, id);
      return row && recordOf(row);
    },
    async liveVersions() {
      const live = await base.all<{ flow: string; version: number }>(LIVE);
      const found = await Promise.all(
        live.map(({ flow, version }) => versions.read(base, flow, version)),
      );
      return found.filter((version) => version !== null);
    },
    version: (id, version) => versions.read(base, id, version),
    async pauseFlow(id, at) {
      await base.writeAlone(async (tx) => {
        if ((await known(tx, id)).paused !== null) return;
        await tx.run("UPDATE flows SET paused = $1 WHERE id = $2", at, id);
      });
    },
    async resumeFlow(id, at, shift) {
      await base.writeAlone(async (tx) => {
        const { paused } = await known(tx, id);
        if (paused === null) return;
        await tx.run("UPDATE flows SET paused = NULL WHERE id = $1", id);
        await tx.run(WAKE, id, at);
        if (shift) await tx.run(SHIFT, id, at - paused);
      });
    },
  };
}
