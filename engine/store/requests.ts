import type { Instant } from "../../nodes/index.ts";

/** What is known of a write that came with an `Idempotency-Key`. */
export type BegunRequest =
  /** It is the first with this key, or the first since the one before was given up: it is to be done now. */
  | { is: "new" }
  /** The first with this key is still under way. */
  | { is: "running" }
  /** The key was used for another request. */
  | { is: "other" }
  | { is: "answered"; answer: string };

/** Writes that came with a key, so that one that is repeated is answered again and not done again. */
export interface RequestStore {
  /**
   * Claims a key: of two at once only one is `new`. One that never ended counts as given up after `lease`
   * milliseconds, any after `life`.
   */
  beginRequest(request: {
    /** Says neither whose key it is nor which. */
    key: string;
    /** Of everything that was asked. */
    fingerprint: string;
    now: Instant;
    lease: number;
    life: number;
  }): Promise<BegunRequest>;
  /** Keeps the answer of the claim made at `began`, or lets go of the key (null). */
  endRequest(key: string, began: Instant, answer: string | null): Promise<void>;
  /** Deletes up to `limit` requests begun before a moment; returns how many. */
  forgetRequests(before: Instant, limit: number): Promise<number>;
}
