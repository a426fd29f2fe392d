import { Database } from "bun:sqlite";
import { afterEach } from "vitest";
import { openAccounts } from "../../engine/accounts/accounts.ts";
import type { Letter } from "../../engine/accounts/base.ts";
import { AccountRefused, type Reason } from "../../engine/accounts/refused.ts";
import { COMMAND_LINE } from "../../engine/accounts/roles.ts";
import type { Role, User } from "../../engine/store/accounts.ts";
import { openSqlite } from "../../engine/store/sqlite/store.ts";

/** Monday, 2 March 2026, 09:00 UTC. */
export const NOW = Date.UTC(2026, 2, 2, 9);
export const MINUTE = 60_000;
export const DAY = 86_400_000;
/** As little as the algorithm allows: what a hash costs is no behaviour. */
export const CHEAP = { memory: 8, rounds: 1 };
export const PASSWORD = "a few plain words";
export const VISITOR = { agent: "Firefox", address: "127.0.0.1" };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Accounts on a store in memory (or a file), with a clock that is moved by hand and a mailbox that keeps letters. */
export class House {
  now = NOW;
  readonly letters: Letter[] = [];
  readonly store;
  readonly accounts;

  constructor({ mails = true, path = ":memory:", secret = "a secret of this test" } = {}) {
    this.store = openSqlite(path, { now: NOW });
    this.accounts = openAccounts({
      store: this.store,
      secret,
      url: "https://crm.example",
      clock: () => this.now,
      post: mails ? async (letter) => this.letters.push(letter) > 0 : null,
      cost: CHEAP,
    });
    closing.push(() => this.store.close());
  }

  /** Somebody with the usual password. */
  person(email: string, role: Role, name = "Ann"): Promise<User> {
    const newcomer = { name, password: PASSWORD, language: "en" } as const;
    return this.accounts.addUser(COMMAND_LINE, email, role, newcomer);
  }

  /** Somebody with a session: who they are, and their token. */
  async signedIn(email: string, role: Role) {
    const user = await this.person(email, role);
    const { token } = await this.accounts.begin(user, VISITOR);
    return { user, token, who: await this.whoHas(token) };
  }

  async whoHas(token: string) {
    const who = await this.accounts.whoHas(token);
    if (!who) throw new Error("the session is over");
    return who;
  }
}

/** Why it was refused; fails when it wasn't. */
export async function refusal(work: Promise<unknown>): Promise<Reason> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AccountRefused) return error.reason;
    throw error;
  }
  throw new Error("it was not refused");
}

/** Changes the database behind the program's back. */
export function tamper(path: string, sql: string): void {
  const db = new Database(path);
  db.run(sql);
  db.close();
}
