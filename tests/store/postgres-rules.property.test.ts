import { afterAll } from "vitest";
import { connect } from "../../engine/store/postgres/database.ts";
import { openPostgres } from "../../engine/store/postgres/store.ts";
import { numbered } from "../../engine/store/sql-postgres.ts";
import { Databases } from "./postgres-server.ts";
import { rulesProperty } from "./rules-property.ts";

/** Each is asked over the wire, so fewer than of the embedded store. */
const RULES = Number(process.env.RULES ?? 40);
const databases = new Databases();
afterAll(() => databases.drop());

rulesProperty(
  "postgres",
  async (now) => {
    const url = await databases.make();
    const store = await openPostgres(url, { now });
    const client = connect(url, { max: 1 });
    return {
      store,
      ask: async (piece) =>
        await client.unsafe<{ id: string; at: number | null }[]>(
          `SELECT c.id, floor((${numbered(piece, 0)})::float8)::bigint AS at FROM contacts c`,
          piece.params,
        ),
      async close() {
        await client.end();
        await store.close();
        await databases.empty();
      },
    };
  },
  RULES,
);
