import type { JobRecord, JobStore } from "../jobs.ts";
import type { Base } from "./database.ts";

export function jobsPart({ db, write }: Base): JobStore {
  const save = db.prepare(
    `INSERT INTO jobs (id, kind, state, created, updated, detail) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, updated = excluded.updated, detail = excluded.detail`,
  );
  const find = db.prepare<JobRecord, [string]>("SELECT * FROM jobs WHERE id = ?");
  const list = db.prepare<JobRecord, [string | null, number, string, number]>(
    `SELECT * FROM jobs WHERE (?1 IS NULL OR kind = ?1) AND (created, id) < (?2, ?3)
     ORDER BY created DESC, id DESC LIMIT ?4`,
  );
  const forget = db.prepare(
    "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE created < ? LIMIT ?)",
  );
  return {
    async saveJob({ id, kind, state, created, updated, detail }) {
      write(() => save.run(id, kind, state, created, updated, detail));
    },
    async job(id) {
      return find.get(id);
    },
    async jobs({ kind, after, limit }) {
      const { created, id } = after ?? { created: Number.MAX_SAFE_INTEGER, id: "" };
      return list.all(kind ?? null, created, id, limit);
    },
    async forgetJobs(before, limit) {
      return write(() => forget.run(before, limit).changes);
    },
  };
}
