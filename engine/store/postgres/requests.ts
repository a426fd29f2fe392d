import type { JobRecord, JobStore } from "../jobs.ts";
import type { RequestStore } from "../requests.ts";
import type { Base } from "./database.ts";

interface Row {
  fingerprint: string;
  began: number;
  answer: string | null;
}

export function requestsPart(base: Base): RequestStore {
  return {
    beginRequest: ({ key, fingerprint, now, lease, life }) =>
      base.write(async (tx) => {
        const claimed = await tx.run(
          "INSERT INTO requests (key, fingerprint, began) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
          ...[key, fingerprint, now],
        );
        if (claimed > 0) return { is: "new" };
        const row = await tx.get<Row>(
          "SELECT fingerprint, began, answer FROM requests WHERE key = $1 FOR UPDATE",
          key,
        );
        if (row && row.began > now - life) {
          if (row.fingerprint !== fingerprint) return { is: "other" };
          if (row.answer !== null) return { is: "answered", answer: row.answer };
          if (row.began > now - lease) return { is: "running" };
        }
        await tx.run(
          `INSERT INTO requests (key, fingerprint, began) VALUES ($1, $2, $3) ON CONFLICT (key)
           DO UPDATE SET fingerprint = excluded.fingerprint, began = excluded.began, answer = NULL`,
          ...[key, fingerprint, now],
        );
        return { is: "new" };
      }),
    async endRequest(key, began, answer) {
      if (answer === null)
        await base.run("DELETE FROM requests WHERE key = $1 AND began = $2", key, began);
      else
        await base.run(
          "UPDATE requests SET answer = $1 WHERE key = $2 AND began = $3",
          ...[answer, key, began],
        );
    },
    forgetRequests: (before, limit) =>
      base.run(
        "DELETE FROM requests WHERE key IN (SELECT key FROM requests WHERE began < $1 LIMIT $2)",
        before,
        limit,
      ),
  };
}

export function jobsPart(base: Base): JobStore {
  return {
    async saveJob({ id, kind, state, created, updated, detail }) {
      await base.run(
        `INSERT INTO jobs (id, kind, state, created, updated, detail) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id)
         DO UPDATE SET state = excluded.state, updated = excluded.updated, detail = excluded.detail`,
        ...[id, kind, state, created, updated, detail],
      );
    },
    job: (id) => base.get<JobRecord>("SELECT * FROM jobs WHERE id = $1", id),
    jobs({ kind, after, limit }) {
      const { created, id } = after ?? { created: Number.MAX_SAFE_INTEGER, id: "" };
      return base.all<JobRecord>(
        `SELECT * FROM jobs WHERE ($1::text IS NULL OR kind = $1) AND (created, id) < ($2::bigint, $3)
         ORDER BY created DESC, id DESC LIMIT $4`,
        ...[kind ?? null, created, id, limit],
      );
    },
    forgetJobs: (before, limit) =>
      base.run(
        "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE created < $1 LIMIT $2)",
        before,
        limit,
      ),
  };
}
