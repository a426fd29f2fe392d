import type { Instant } from "../nodes/index.ts";
import { addDuration, parseDuration } from "./core/time.ts";
import type { Store } from "./store/store.ts";

/** The setting that says how long the journal is kept: an ISO 8601 duration such as `P2Y`; absent: for ever. */
export const RETENTION = "retention";

/** An answer to a request with an idempotency key is kept for two days: longer than any client tries again. Milliseconds. */
export const REQUESTS_KEPT = 48 * 3_600_000;

/** Jobs are remembered for thirty days, milliseconds. */
const JOBS_KEPT = 30 * 24 * 3_600_000;

/** So much is deleted in one transaction, that nobody waits for it. */
const AT_ONCE = 2000;

/** The setting holds something that is no length of time. */
export class RetentionError extends Error {
  override name = "RetentionError";
  constructor(readonly value: string) {
    super(`The setting “${RETENTION}” must be a length of time such as P2Y, not “${value}”.`);
  }
}

/**
 * Deletes journal lines older than the setting says; the counts on the canvas and in reports are sums of their own
 * and stay. Returns how many pieces of journal went. Throws `RetentionError`.
 */
export async function forgetOld(store: Store, now: Instant): Promise<number> {
  const keep = await store.setting(RETENTION);
  if (keep === null || keep === "") return 0;
  const parts = parseDuration(keep);
  if (parts === null || keep.startsWith("-") || !/[1-9]/.test(keep)) throw new RetentionError(keep);
  const { timezone } = await store.workspace();
  const before = addDuration(now, `-${keep}`, timezone);
  return inPieces((limit) => store.forgetLines(before, limit));
}

/** Deletes the answers that no client asks for any more; returns how many. */
export const forgetRequests = (store: Store, now: Instant): Promise<number> =>
  inPieces((limit) => store.forgetRequests(now - REQUESTS_KEPT, limit));

/** Deletes the jobs that nobody looks at any more; returns how many. */
export const forgetJobs = (store: Store, now: Instant): Promise<number> =>
  inPieces((limit) => store.forgetJobs(now - JOBS_KEPT, limit));

async function inPieces(forget: (limit: number) => Promise<number>): Promise<number> {
  let gone = 0;
  for (;;) {
    const some = await forget(AT_ONCE);
    gone += some;
    if (some < AT_ONCE) return gone;
    // Others get their turn between two transactions.
    await new Promise((done) => setImmediate(done));
  }
}
