import { asc, eq } from "drizzle-orm";
import type { AccountStore, Changed, Note, Role, User } from "../accounts.ts";
import type { AddNote } from "./audit.ts";
import type { Base } from "./database.ts";
import { apiKeys, users } from "./schema.ts";
import type { Ends } from "./sessions.ts";

type Part = Pick<
  AccountStore,
  | "users"
  | "user"
  | "credentials"
  | "hasOwner"
  | "addUser"
  | "changeUser"
  | "setRole"
  | "setPassword"
  | "removeUser"
>;

/** Everything of a person but the password's hash. */
export const PUBLIC = {
  id: users.id,
  name: users.name,
  email: users.email,
  role: users.role,
  language: users.language,
  created: users.created,
};

/** The people themselves, and what ends when one of them changes. */
export function usersPart({ orm, write }: Base, add: AddNote, ends: Ends): Part {
  const byId = (id: string): User | null =>
    orm.select(PUBLIC).from(users).where(eq(users.id, id)).get() ?? null;
  const owners = () =>
    orm.select({ id: users.id }).from(users).where(eq(users.role, "owner")).all();
  /** Does it to a person who is there, unless the workspace would be left without an owner. */
  const changing = (id: string, next: Role | null, note: Note, work: () => void): Changed =>
    write(() => {
      const user = byId(id);
      if (!user) return "unknown";
      const isLast = next !== "owner" && owners().every((owner) => owner.id === id);
      if (user.role === "owner" && isLast) return "last-owner";
      work();
      add(note);
      return "done";
    });
  return {
    async users() {
      return orm.select(PUBLIC).from(users).orderBy(asc(users.name), asc(users.id)).all();
    },
    async user(id) {
      return byId(id);
    },
    async credentials(email) {
      const row = orm.select().from(users).where(eq(users.email, email)).get();
      if (!row) return null;
      const { password, ...user } = row;
      return { user, password };
    },
    async hasOwner() {
      return owners().length > 0;
    },
    async addUser(user, password, { first, ticket }, note) {
      return write(() => {
        if (first && owners().length > 0) return "has-owner";
        const same = orm.select(PUBLIC).from(users).where(eq(users.email, user.email)).get();
        if (same) return "email-taken";
        if (ticket !== undefined && !ends.ticket(ticket, note.at)) return "no-ticket";
        const row = { ...user, password };
        orm.insert(users).values(row).run();
        add(note);
        return "done";
      });
    },
    async changeUser(id, to, note) {
      return write(() => {
        if (!byId(id)) return false;
        orm.update(users).set(to).where(eq(users.id, id)).run();
        add(note);
        return true;
      });
    },
    async setRole(id, role, note) {
      return changing(id, role, note, () => {
        orm.update(users).set({ role }).where(eq(users.id, id)).run();
        ends.sessionsOf(id);
      });
    },
    async setPassword(id, password, { keep, ticket }, note) {
      return write(() => {
        if (!byId(id)) return "unknown";
        if (ticket !== undefined && !ends.ticket(ticket, note.at)) return "unknown";
        orm.update(users).set({ password }).where(eq(users.id, id)).run();
        ends.sessionsOf(id, keep);
        ends.resetsOf(id);
        add(note);
        return "done";
      });
    },
    async removeUser(id, note) {
      return changing(id, null, note, () => {
        ends.sessionsOf(id);
        ends.resetsOf(id);
        orm.delete(apiKeys).where(eq(apiKeys.maker, id)).run();
        orm.delete(users).where(eq(users.id, id)).run();
      });
    },
  };
}
