import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const requests = sqliteTable(
  "requests",
  {
    key: text("key").primaryKey(),
    fingerprint: text("fingerprint").notNull(),
    began: integer("began").notNull(),
    answer: text("answer"),
  },
  (t) => [index("requests_began").on(t.began)],
);
