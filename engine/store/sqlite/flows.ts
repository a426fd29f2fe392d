import { and, asc, eq, isNull } from "drizzle-orm";
import type { FlowDoc } from "../../core/document.ts";
import { NoSuchFlow } from "../errors.ts";
import { recordOf } from "../flow-rows.ts";
import type { FlowVersion, Store } from "../store.ts";
import type { Base } from "./database.ts";
import { EARLIER, MARK_DUE } from "./due.ts";
import { flows } from "./schema.ts";

type FlowRow = typeof flows.$inferSelect;

export interface Flows {
  get(id: string): FlowRow | null;
  version(id: string, version: number): FlowVersion | null;
}

/** Reads flows inside the transactions of others. Documents of versions never change: each is parsed once. */
export function flowsOf({ db, orm }: Base): Flows {
  const docs = new Map<
    string,
    { doc: FlowDoc; params: Record<string, string>; published: number }
  >();
  const byVersion = db.prepare<
    { doc: string; params: string; published: number },
    [string, number]
  >("SELECT doc, params, published FROM flow_versions WHERE flow = ? AND version = ?");
  const get = (id: string): FlowRow | null =>
    orm.select().from(flows).where(eq(flows.id, id)).get() ?? null;
  const read = (id: string, version: number) => {
    const name = `${id}@${version}`;
    const known = docs.get(name);
    if (known) return known;
    const row = byVersion.get(id, version);
    if (!row) return null;
    const { doc, params, published } = row;
    const found = {
      doc: JSON.parse(doc) as FlowDoc,
      params: JSON.parse(params) as Record<string, string>,
      published,
    };
    // A version that is read while it is being published may yet be rolled back.
    if (!db.inTransaction) docs.set(name, found);
    return found;
  };
  return {
    get,
    version(id, version) {
      const flow = get(id);
      const found = read(id, version);
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

export function flowsPart(base: Base, read: Flows): Part {
  const { db, orm, write } = base;
  // A failed run may be retried, and a goal may convert a run that has ended, in the version that it ran in.
  const live = db.prepare<{ flow: string; version: number }, []>(
    `SELECT v.flow, v.version FROM flow_versions v JOIN flows f ON f.id = v.flow
     WHERE v.version = f.version
       OR EXISTS (SELECT 1 FROM runs r WHERE r.flow = v.flow AND r.version = v.version
                  AND r.state IN ('active', 'paused', 'failed'))
       OR (v.doc ->> '$.settings.goal' IS NOT NULL
           AND EXISTS (SELECT 1 FROM runs r WHERE r.flow = v.flow AND r.version = v.version))
     ORDER BY v.flow, v.version`,
  );
  const shiftRuns = db.prepare(
    `UPDATE runs SET until = until + ?2, rest = json_set(rest, '$.shift', coalesce(rest ->> '$.shift', 0) + ?2,
       '$.paused', CASE WHEN rest ->> '$.paused.until' IS NULL THEN rest -> '$.paused'
         ELSE json_set(rest -> '$.paused', '$.until', (rest ->> '$.paused.until') + ?2) END)
     WHERE flow = ?1 AND state IN ('active', 'paused')`,
  );
  const wake = db.prepare(
    `${MARK_DUE} SELECT DISTINCT contact, ?2 FROM runs WHERE flow = ?1 AND state IN ('active', 'paused') ${EARLIER}`,
  );
  const known = (id: string): FlowRow => {
    const row = read.get(id);
    if (!row) throw new NoSuchFlow(id);
    return row;
  };
  return {
    async saveDraft(doc, at) {
      const draft = JSON.stringify(doc);
      write(() =>
        orm
          .insert(flows)
          .values({ id: doc.id, draft, updated: at })
          .onConflictDoUpdate({ target: flows.id, set: { draft, updated: at } })
          .run(),
      );
    },
    async deleteDraft(id) {
      const unpublished = and(eq(flows.id, id), isNull(flows.version));
      return write(() => orm.delete(flows).where(unpublished).returning().all().length > 0);
    },
    async flows() {
      return orm.select().from(flows).orderBy(asc(flows.id)).all().map(recordOf);
    },
    async flow(id) {
      const row = read.get(id);
      return row && recordOf(row);
    },
    async liveVersions() {
      return live.all().flatMap(({ flow, version }) => read.version(flow, version) ?? []);
    },
    async version(id, version) {
      return read.version(id, version);
    },
    async pauseFlow(id, at) {
      write(() => {
        if (known(id).paused !== null) return;
        orm.update(flows).set({ paused: at }).where(eq(flows.id, id)).run();
      });
    },
    async resumeFlow(id, at, shift) {
      write(() => {
        const { paused } = known(id);
        if (paused === null) return;
        orm.update(flows).set({ paused: null }).where(eq(flows.id, id)).run();
        if (shift) shiftRuns.run(id, at - paused);
        wake.run(id, at);
      });
    },
  };
}
