import { ruleToSql } from "../rules-sql.ts";
import type { Store } from "../store.ts";
import type { Base } from "./database.ts";
import type { Loader } from "./load.ts";
import type { Settings } from "./settings.ts";

/** Reads whole people without working on them. */
export function statesPart(
  { db }: Base,
  loader: Loader,
  settings: Settings,
): Pick<Store, "states"> {
  return {
    async states(rule, now, { after = "", limit }, need) {
      const workspace = settings.workspace();
      const where = ruleToSql(rule ?? { all: [] }, { now, workspace, dialect: "sqlite" });
      const rows = db
        .prepare<{ pk: number }, (string | number)[]>(
          `SELECT c.pk FROM contacts c WHERE c.erased = 0 AND c.id > ? AND ${where.sql}
           ORDER BY c.id LIMIT ?`,
        )
        .all(after, ...where.params, limit);
      const held = loader.load(
        rows.map(({ pk }) => pk),
        null,
        need,
      );
      return held.map(({ state }) => state);
    },
  };
}
