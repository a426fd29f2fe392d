import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import { rulesProperty } from "./rules-property.ts";

rulesProperty("sqlite", async (now) => {
  const folder = mkdtempSync(join(tmpdir(), "rules-"));
  const file = join(folder, "store.sqlite");
  const store = openSqlite(file, { now });
  return {
    store,
    async ask({ sql, params }) {
      const db = new Database(file, { readonly: true });
      const rows = db.prepare(`SELECT c.id, ${sql} AS at FROM contacts c`).all(...params);
      db.close();
      return rows as { id: string; at: number | null }[];
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
