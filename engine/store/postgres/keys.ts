import type { AccountStore, ApiKey, Role } from "../accounts.ts";
import type { AddNote } from "./audit.ts";
import type { Base } from "./database.ts";

type Part = Pick<AccountStore, "addKey" | "keys" | "key" | "seeKey" | "dropKey">;
type Row = Omit<ApiKey, "scopes"> & { scopes: string | null };

const KEY = "k.id, k.name, k.role, k.scopes, k.maker, k.created, k.expires, k.seen";

const keyOf = ({ id, name, role, scopes, maker, created, expires, seen }: Row): ApiKey => ({
  ...{ id, name, role, maker, created, expires, seen },
  scopes: scopes === null ? null : (JSON.parse(scopes) as string[]),
});

/** API keys: what programs sign in with. */
export function keysPart(base: Base, add: AddNote): Part {
  return {
    addKey: ({ id, name, role, scopes, maker, created, expires, seen }, hash, note) =>
      base.writeAlone(async (tx) => {
        const list = scopes === null ? null : JSON.stringify(scopes);
        await tx.run(
          `INSERT INTO api_keys (id, hash, name, role, scopes, maker, created, expires, seen)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          ...[id, hash, name, role, list, maker, created, expires, seen],
        );
        await add(tx, note);
      }),
    async keys() {
      const rows = await base.all<Row>(
        `SELECT ${KEY} FROM api_keys k ORDER BY k.created DESC, k.id`,
      );
      return rows.map(keyOf);
    },
    async key(id) {
      const row = await base.get<Row & { hash: string; makerRole: Role | null }>(
        `SELECT ${KEY}, k.hash, u.role AS "makerRole" FROM api_keys k LEFT JOIN users u ON u.id = k.maker WHERE k.id = $1`,
        id,
      );
      return row && { key: keyOf(row), hash: row.hash, maker: row.makerRole };
    },
    async seeKey(id, seen) {
      await base.run("UPDATE api_keys SET seen = $1 WHERE id = $2", seen, id);
    },
    dropKey: (id, note) =>
      base.writeAlone(async (tx) => {
        const dropped = await tx.run("DELETE FROM api_keys WHERE id = $1", id);
        if (dropped > 0) await add(tx, note);
        return dropped > 0;
      }),
  };
}
