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

export const jobs = sqliteTable(
  "jobs",
  {
    id: text("id").primaryKey(),
    kind: text("kind").notNull(),
    state: text("state").notNull(),
    created: integer("created").notNull(),
    updated: integer("updated").notNull(),
    detail: text("detail").notNull(),
  },
  (t) => [index("jobs_created").on(t.created, t.id)],
);
