import type { Label } from "../../nodes/index.ts";

/** Why something about accounts isn't done. */
export type Reason =
  /** The values given aren't usable; `pointer` says which. */
  | "invalid"
  /** Who asks is not who they say, or not signed in. */
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  /** The link was used, taken back, or is too old. */
  | "gone"
  | "too-many";

/** Something about accounts isn't done: a sentence in both languages. */
export class AccountRefused extends Error {
  override name = "AccountRefused";
  readonly reason: Reason;
  readonly detail: Label;
  /** JSON pointer of the value that is wrong; "" for none. */
  readonly pointer: string;

  constructor(reason: Reason, en: string, ar: string, pointer = "") {
    super(en);
    this.reason = reason;
    this.detail = { en, ar };
    this.pointer = pointer;
  }
}
