import type { Instant } from "../../nodes/index.ts";
import type { AccountStore, Seal } from "../store/accounts.ts";
import type { Base, Post } from "./base.ts";
import { keysPart } from "./keys.ts";
import { logPart, notesOf } from "./log.ts";
import { type Cost, Passwords } from "./passwords.ts";
import { peoplePart } from "./people.ts";
import { sealOf } from "./secrets.ts";
import { signingPart } from "./signing.ts";

export interface AccountsOptions {
  /** Where accounts are kept, with a seal for the audit log. */
  store: { accounts(seal: Seal): AccountStore };
  /** The installation's secret: it seals the audit log. */
  secret: string;
  /** The public address, for links. */
  url: string;
  clock: () => Instant;
  /** Mails links; null: no mail server is set up, so they are only shown. */
  post: Post | null;
  /** What hashing a password costs; less in tests. */
  cost?: Cost;
}

export type Accounts = ReturnType<typeof openAccounts>;

/** Who may come in, and as what. What isn't done throws `AccountRefused`. */
export function openAccounts({ store, secret, url, clock, post, cost }: AccountsOptions) {
  const seal = sealOf(secret);
  const base: Base = {
    store: store.accounts(seal),
    clock,
    passwords: new Passwords(cost),
    url: url.replace(/\/+$/, ""),
    post,
  };
  return {
    ...signingPart(base),
    ...peoplePart(base),
    ...keysPart(base),
    ...logPart(base, seal),
    /** What is to stand in the audit log of something that somebody does; see `Store.noted`. */
    sealed: notesOf(secret, clock),
  };
}
