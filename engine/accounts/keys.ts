import type { Instant } from "../../nodes/index.ts";
import type { ApiKey, Role } from "../store/accounts.ts";
import { type Base, mustReach, nameOf, noteOf } from "./base.ts";
import { AccountRefused } from "./refused.ts";
import { compareRoles, type Principal } from "./roles.ts";
import { newKey, readKey, sameHash } from "./secrets.ts";

/** How exactly it is kept when a key was used. */
const SEEN_EVERY = 60 * 60_000;

/** What a new key is to be. */
export interface KeyWish {
  name: string;
  role: Role;
  scopes: string[] | null;
  expires: Instant | null;
}

/** API keys. Throws `AccountRefused`. */
export function keysPart(base: Base) {
  const { store, clock } = base;
  return {
    keys: (): Promise<ApiKey[]> => store.keys(),
    /** `text` is the whole key; it isn't kept, so this is the only time that it is seen. */
    async addKey(by: Principal, wish: KeyWish): Promise<{ key: ApiKey; text: string }> {
      if (wish.role === "owner") throw noOwnerKey();
      mustReach(by, wish.role);
      const { scopes: has } = by;
      const isWider = has !== null && (wish.scopes?.some((scope) => !has.includes(scope)) ?? true);
      if (isWider) throw tooWide();
      const { id, text, hash } = newKey();
      const { role, scopes, expires } = wish;
      const key: ApiKey = {
        id,
        name: nameOf(wish.name),
        role,
        scopes,
        maker: by.kind === "user" ? by.id : null,
        created: clock(),
        expires,
        seen: null,
      };
      const detail = { name: key.name, role, scopes: scopes?.join(" ") ?? null };
      await store.addKey(key, hash, noteOf(base, by, "key.added", id, detail));
      return { key, text };
    },
    async revokeKey(by: Principal, id: string): Promise<ApiKey> {
      const found = await store.key(id);
      if (found) mustReach(by, found.key.role);
      const note = noteOf(base, by, "key.revoked", id, { name: found?.key.name ?? null });
      if (!found || !(await store.dropKey(id, note))) throw noKey();
      return found.key;
    },
    /** Who a key stands for; null: there is no such key, or it is over. Never more than whoever made it may do now. */
    async whoHasKey(text: string): Promise<Principal | null> {
      const given = readKey(text);
      const found = given && (await store.key(given.id));
      if (!found || !sameHash(given.hash, found.hash)) return null;
      const { key, maker } = found;
      const now = clock();
      if (key.expires !== null && key.expires <= now) return null;
      if (key.seen === null || now - key.seen >= SEEN_EVERY) await store.seeKey(key.id, now);
      const role = maker !== null && compareRoles(maker, key.role) < 0 ? maker : key.role;
      const { id, name, scopes } = key;
      return { kind: "key", id, name, role, scopes, user: null, session: null };
    },
  };
}

const noKey = (): AccountRefused =>
  new AccountRefused("not-found", "There is no such key.", "لا يوجد مفتاح بهذا المعرّف.");

const noOwnerKey = (): AccountRefused =>
  new AccountRefused(
    "invalid",
    "A key can't be an owner; an admin's is the most that it can be.",
    "لا يكون المفتاح مالكًا، وأعلى دور له هو المدير.",
    "/role",
  );

const tooWide = (): AccountRefused =>
  new AccountRefused(
    "forbidden",
    "A key can't make a key that may do more than itself.",
    "لا يُنشئ المفتاح مفتاحًا صلاحياته أوسع من صلاحياته.",
    "/scopes",
  );
