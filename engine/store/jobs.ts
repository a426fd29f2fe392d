import type { Instant } from "../../nodes/index.ts";

/** Long work as it was when it was last written down. */
export interface JobRecord {
  id: string;
  kind: string;
  state: string;
  created: Instant;
  /** A running job is written down every few seconds: one that isn't has lost its process. */
  updated: Instant;
  /** Progress, result or problem: JSON. */
  detail: string;
}

/** Work that takes longer than a request, and outlives it. */
export interface JobStore {
  /** Adds a job, or writes down what has become of it. */
  saveJob(job: JobRecord): Promise<void>;
  job(id: string): Promise<JobRecord | null>;
  /** Newest first; `after` is the last of the page before. */
  jobs(filter: {
    kind?: string;
    after?: { created: Instant; id: string };
    limit: number;
  }): Promise<JobRecord[]>;
  /** Deletes up to `limit` jobs begun before a moment; returns how many. */
  forgetJobs(before: Instant, limit: number): Promise<number>;
}
