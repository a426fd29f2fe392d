import type { AccountStore, Changed, Note, Role, User } from "../accounts.ts";
import type { AddNote } from "./audit.ts";
import type { Base, Query } from "./database.ts";
import { endResets, endSessions, spendTicket } from "./ends.ts";

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
export const PERSON = "id, name, email, role, language, created";

const byId = (tx: Query, id: string): Promise<User | null> =>
  tx.get<User>(`SELECT ${PERSON} FROM users WHERE id = $1`, id);
const owners = (tx: Query): Promise<{ id: string }[]> =>
  tx.all("SELECT id FROM users WHERE role = 'owner'");

/** The people themselves, and what ends when one of them changes. */
export function usersPart(base: Base, add: AddNote): Part {
  /** Does it to a person who is there, unless the workspace would be left without an owner. */
  const changing = (
    id: string,
    next: Role | null,
    note: Note,
    work: (tx: Query) => Promise<unknown>,
  ): Promise<Changed> =>
    base.writeAlone(async (tx) => {
      const user = await byId(tx, id);
      if (!user) return "unknown";
      const isLast = next !== "owner" && (await owners(tx)).every((owner) => owner.id === id);
      if (user.role === "owner" && isLast) return "last-owner";
      await work(tx);
      await add(tx, note);
      return "done";
    });
  return {
    users: () => base.all<User>(`SELECT ${PERSON} FROM users ORDER BY name, id`),
    user: (id) => byId(base, id),
    async credentials(email) {
      const row = await base.get<User & { password: string | null }>(
        `SELECT ${PERSON}, password FROM users WHERE email = $1`,
        email,
      );
      if (!row) return null;
      const { password, ...user } = row;
      return { user, password };
    },
    hasOwner: async () => (await owners(base)).length > 0,
    addUser: ({ id, name, email, role, language, created }, password, { first, ticket }, note) =>
      base.writeAlone(async (tx) => {
        if (first && (await owners(tx)).length > 0) return "has-owner";
        if (await tx.get("SELECT 1 FROM users WHERE email = $1", email)) return "email-taken";
        if (ticket !== undefined && !(await spendTicket(tx, ticket, note.at))) return "no-ticket";
        await tx.run(
          `INSERT INTO users (id, name, email, role, language, password, created) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
          ...[id, name, email, role, language, password, created],
        );
        await add(tx, note);
        return "done";
      }),
    changeUser: (id, { name, language }, note) =>
      base.writeAlone(async (tx) => {
        const changed = await tx.run(
          "UPDATE users SET name = coalesce($2, name), language = coalesce($3, language) WHERE id = $1",
          ...[id, name ?? null, language ?? null],
        );
        if (changed > 0) await add(tx, note);
        return changed > 0;
      }),
    setRole: (id, role, note) =>
      changing(id, role, note, async (tx) => {
        await tx.run("UPDATE users SET role = $1 WHERE id = $2", role, id);
        await endSessions(tx, id);
      }),
    setPassword: (id, password, { keep, ticket }, note) =>
      base.writeAlone(async (tx) => {
        if (!(await byId(tx, id))) return "unknown";
        if (ticket !== undefined && !(await spendTicket(tx, ticket, note.at))) return "unknown";
        await tx.run("UPDATE users SET password = $1 WHERE id = $2", password, id);
        await endSessions(tx, id, keep ?? null);
        await endResets(tx, id);
        await add(tx, note);
        return "done";
      }),
    removeUser: (id, note) =>
      changing(id, null, note, async (tx) => {
        await endSessions(tx, id);
        await endResets(tx, id);
        await tx.run("DELETE FROM api_keys WHERE maker = $1", id);
        await tx.run("DELETE FROM users WHERE id = $1", id);
      }),
  };
}
