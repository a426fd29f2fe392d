import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Language } from "../../../nodes/index.ts";
import type { Role, Ticket } from "../accounts.ts";

/** The tables of accounts; see `schema.ts`. Hashes are of secrets that only their holders have. */
export const users = sqliteTable(
  "users",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    email: text("email").notNull(),
    role: text("role").$type<Role>().notNull(),
    language: text("language").$type<Language>().notNull(),
    password: text("password"),
    created: integer("created").notNull(),
  },
  (t) => [uniqueIndex("users_email").on(t.email)],
);

export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    hash: text("hash").notNull(),
    user: text("user_id")
      .notNull()
      .references(() => users.id),
    created: integer("created").notNull(),
    seen: integer("seen").notNull(),
    expires: integer("expires").notNull(),
    agent: text("agent").notNull(),
    address: text("address").notNull(),
  },
  (t) => [uniqueIndex("sessions_hash").on(t.hash), index("sessions_user").on(t.user)],
);

export const tickets = sqliteTable(
  "tickets",
  {
    id: text("id").primaryKey(),
    hash: text("hash").notNull(),
    kind: text("kind").$type<Ticket["kind"]>().notNull(),
    email: text("email").notNull(),
    role: text("role").$type<Role>(),
    user: text("user_id").references(() => users.id),
    by: text("by").notNull(),
    created: integer("created").notNull(),
    expires: integer("expires").notNull(),
  },
  (t) => [uniqueIndex("tickets_hash").on(t.hash)],
);

export const apiKeys = sqliteTable("api_keys", {
  id: text("id").primaryKey(),
  hash: text("hash").notNull(),
  name: text("name").notNull(),
  role: text("role").$type<Role>().notNull(),
  scopes: text("scopes"),
  maker: text("maker").references(() => users.id),
  created: integer("created").notNull(),
  expires: integer("expires"),
  seen: integer("seen"),
});

export const audit = sqliteTable("audit", {
  n: integer("n").primaryKey(),
  at: integer("at").notNull(),
  actorKind: text("actor_kind").$type<"user" | "key" | "system">().notNull(),
  actor: text("actor"),
  actorName: text("actor_name").notNull(),
  action: text("action").notNull(),
  subject: text("subject"),
  detail: text("detail").notNull(),
  hash: text("hash").notNull(),
});

/** One row: where the log ends, under a seal, so that lines taken from its end are missed. */
export const auditHead = sqliteTable("audit_head", {
  one: integer("one").primaryKey(),
  n: integer("n").notNull(),
  hash: text("hash").notNull(),
  mac: text("mac").notNull(),
});
