import type { Instant } from "../nodes/index.ts";
import { addDuration, parseDuration } from "./core/time.ts";
import type { Store } from "./store/store.ts";

/** The setting that says how long the journal is kept: an ISO 8601 duration such as `P2Y`; absent: for ever. */
export const RETENTION = "retention";

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
  let gone = 0;
  for (;;) {
    const some = await store.forgetLines(before, AT_ONCE);
    gone += some;
    if (some < AT_ONCE) return gone;
    // Others get their turn between two transactions.
    await new Promise((done) => setImmediate(done));
  }
}
