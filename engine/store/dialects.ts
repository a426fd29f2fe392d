import { type Dialect, sqlite } from "./sql.ts";
import { postgresDialect } from "./sql-postgres.ts";

/** The databases that rules are compiled for. */
export type DialectName = "sqlite" | "postgres";

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  sqlite,
  postgres: postgresDialect,
};
