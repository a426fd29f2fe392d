import type { AccountStore, Session, Ticket, User } from "../accounts.ts";
import type { AddNote } from "./audit.ts";
import type { Base } from "./database.ts";
import { endSessions } from "./ends.ts";
import { PERSON } from "./users.ts";

const SESSION = "s.id, s.user_id AS user, s.created, s.seen, s.expires, s.agent, s.address";

type SessionsPart = Pick<
  AccountStore,
  "addSession" | "session" | "seeSession" | "sessions" | "endSession" | "forgetExpired"
>;

export function sessionsPart(base: Base, add: AddNote): SessionsPart {
  return {
    addSession: ({ id, user, created, seen, expires, agent, address }, hash, note) =>
      base.writeAlone(async (tx) => {
        await tx.run(
          `INSERT INTO sessions (id, hash, user_id, created, seen, expires, agent, address)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          ...[id, hash, user, created, seen, expires, agent, address],
        );
        await add(tx, note);
      }),
    async session(hash, now) {
      const session = await base.get<Session>(
        `SELECT ${SESSION} FROM sessions s WHERE s.hash = $1 AND s.expires > $2`,
        hash,
        now,
      );
      if (!session) return null;
      const user = await base.get<User>(`SELECT ${PERSON} FROM users WHERE id = $1`, session.user);
      return user && { session, user };
    },
    async seeSession(id, seen, expires) {
      await base.run(
        "UPDATE sessions SET seen = $1, expires = $2 WHERE id = $3",
        seen,
        expires,
        id,
      );
    },
    sessions: (user, now) =>
      base.all<Session>(
        `SELECT ${SESSION} FROM sessions s WHERE s.user_id = $1 AND s.expires > $2 ORDER BY s.seen DESC, s.id`,
        user,
        now,
      ),
    endSession: (user, id, note) =>
      base.writeAlone(async (tx) => {
        const ended = await tx.run("DELETE FROM sessions WHERE user_id = $1 AND id = $2", user, id);
        if (ended > 0) await add(tx, note);
        return ended > 0;
      }),
    async forgetExpired(now) {
      await base.run("DELETE FROM sessions WHERE expires <= $1", now);
      await base.run("DELETE FROM tickets WHERE expires <= $1", now);
    },
  };
}

const TICKET = "id, kind, email, role, user_id AS user, by, created, expires";

type TicketsPart = Pick<AccountStore, "addTicket" | "ticket" | "tickets" | "dropTicket">;

/** Invitations and resets: links that work once. */
export function ticketsPart(base: Base, add: AddNote): TicketsPart {
  return {
    addTicket: (ticket, hash, shut, note) =>
      base.writeAlone(async (tx) => {
        const { id, kind, email, role, user, by, created, expires } = ticket;
        await tx.run("DELETE FROM tickets WHERE kind = $1 AND email = $2", kind, email);
        if (shut && user !== null) {
          await endSessions(tx, user);
          await tx.run("UPDATE users SET password = NULL WHERE id = $1", user);
        }
        await tx.run(
          `INSERT INTO tickets (id, hash, kind, email, role, user_id, by, created, expires)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          ...[id, hash, kind, email, role, user, by, created, expires],
        );
        await add(tx, note);
      }),
    ticket: (hash, now) =>
      base.get<Ticket>(`SELECT ${TICKET} FROM tickets WHERE hash = $1 AND expires > $2`, hash, now),
    tickets: (kind, now) =>
      base.all<Ticket>(
        `SELECT ${TICKET} FROM tickets WHERE kind = $1 AND expires > $2 ORDER BY created DESC, id`,
        kind,
        now,
      ),
    dropTicket: (id, note) =>
      base.writeAlone(async (tx) => {
        const dropped = await tx.run("DELETE FROM tickets WHERE id = $1", id);
        if (dropped > 0) await add(tx, note);
        return dropped > 0;
      }),
  };
}
