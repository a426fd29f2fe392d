import { desc, eq } from "drizzle-orm";
import type { AccountStore, ApiKey } from "../accounts.ts";
import type { AddNote } from "./audit.ts";
import type { Base } from "./database.ts";
import { apiKeys, users } from "./schema.ts";

type Part = Pick<AccountStore, "addKey" | "keys" | "key" | "seeKey" | "dropKey">;

const keyOf = ({ hash: _, scopes, ...rest }: typeof apiKeys.$inferSelect): ApiKey => ({
  ...rest,
  scopes: scopes === null ? null : (JSON.parse(scopes) as string[]),
});

/** API keys: what programs sign in with. */
export function keysPart({ orm, write }: Base, add: AddNote): Part {
  return {
    async addKey(key, hash, note) {
      write(() => {
        const scopes = key.scopes === null ? null : JSON.stringify(key.scopes);
        const row = { ...key, hash, scopes };
        orm.insert(apiKeys).values(row).run();
        add(note);
      });
    },
    async keys() {
      return orm.select().from(apiKeys).orderBy(desc(apiKeys.created), apiKeys.id).all().map(keyOf);
    },
    async key(id) {
      const row = orm
        .select({ key: apiKeys, maker: users.role })
        .from(apiKeys)
        .leftJoin(users, eq(users.id, apiKeys.maker))
        .where(eq(apiKeys.id, id))
        .get();
      return row ? { key: keyOf(row.key), hash: row.key.hash, maker: row.maker } : null;
    },
    async seeKey(id, seen) {
      write(() => orm.update(apiKeys).set({ seen }).where(eq(apiKeys.id, id)).run());
    },
    async dropKey(id, note) {
      return write(() => {
        const one = eq(apiKeys.id, id);
        const dropped = orm.delete(apiKeys).where(one).returning({ id: apiKeys.id }).get();
        if (dropped) add(note);
        return dropped !== undefined;
      });
    },
  };
}
