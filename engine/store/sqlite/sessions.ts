import { and, desc, eq, gt, lte, ne } from "drizzle-orm";
import type { Instant } from "../../../nodes/index.ts";
import type { AccountStore, Session, Ticket } from "../accounts.ts";
import type { AddNote } from "./audit.ts";
import type { Base } from "./database.ts";
import { sessions, tickets, users } from "./schema.ts";
import { PUBLIC } from "./users.ts";

/** What ends together with something else, inside the transaction of that. */
export interface Ends {
  sessionsOf(user: string, keep?: string): void;
  resetsOf(user: string): void;
  /** Uses a ticket up; false: there is none, or it is over. */
  ticket(hash: string, now: Instant): boolean;
}

export function endsOf({ orm }: Base): Ends {
  return {
    sessionsOf(user, keep) {
      const own = eq(sessions.user, user);
      const ended = keep === undefined ? own : and(own, ne(sessions.id, keep));
      orm.delete(sessions).where(ended).run();
    },
    resetsOf(user) {
      orm.delete(tickets).where(eq(tickets.user, user)).run();
    },
    ticket(hash, now) {
      const lasting = and(eq(tickets.hash, hash), gt(tickets.expires, now));
      return orm.delete(tickets).where(lasting).returning({ id: tickets.id }).get() !== undefined;
    },
  };
}

const SESSION = {
  id: sessions.id,
  user: sessions.user,
  created: sessions.created,
  seen: sessions.seen,
  expires: sessions.expires,
  agent: sessions.agent,
  address: sessions.address,
};

type SessionsPart = Pick<
  AccountStore,
  "addSession" | "session" | "seeSession" | "sessions" | "endSession" | "forgetExpired"
>;

export function sessionsPart({ orm, write }: Base, add: AddNote): SessionsPart {
  return {
    async addSession(session: Session, hash, note) {
      write(() => {
        const row = { ...session, hash };
        orm.insert(sessions).values(row).run();
        add(note);
      });
    },
    async session(hash, now) {
      return (
        orm
          .select({ session: SESSION, user: PUBLIC })
          .from(sessions)
          .innerJoin(users, eq(users.id, sessions.user))
          .where(and(eq(sessions.hash, hash), gt(sessions.expires, now)))
          .get() ?? null
      );
    },
    async seeSession(id, seen, expires) {
      write(() => orm.update(sessions).set({ seen, expires }).where(eq(sessions.id, id)).run());
    },
    async sessions(user, now) {
      return orm
        .select(SESSION)
        .from(sessions)
        .where(and(eq(sessions.user, user), gt(sessions.expires, now)))
        .orderBy(desc(sessions.seen), sessions.id)
        .all();
    },
    async endSession(user, id, note) {
      return write(() => {
        const one = and(eq(sessions.user, user), eq(sessions.id, id));
        const ended = orm.delete(sessions).where(one).returning({ id: sessions.id }).get();
        if (ended) add(note);
        return ended !== undefined;
      });
    },
    async forgetExpired(now) {
      write(() => {
        orm.delete(sessions).where(lte(sessions.expires, now)).run();
        orm.delete(tickets).where(lte(tickets.expires, now)).run();
      });
    },
  };
}

const TICKET = {
  id: tickets.id,
  kind: tickets.kind,
  email: tickets.email,
  role: tickets.role,
  user: tickets.user,
  by: tickets.by,
  created: tickets.created,
  expires: tickets.expires,
};

type TicketsPart = Pick<AccountStore, "addTicket" | "ticket" | "tickets" | "dropTicket">;

/** Invitations and resets: links that work once. */
export function ticketsPart({ orm, write }: Base, add: AddNote, ends: Ends): TicketsPart {
  return {
    async addTicket(ticket: Ticket, hash, shut, note) {
      write(() => {
        const { kind, email, user } = ticket;
        orm
          .delete(tickets)
          .where(and(eq(tickets.kind, kind), eq(tickets.email, email)))
          .run();
        if (shut && user !== null) {
          ends.sessionsOf(user);
          orm.update(users).set({ password: null }).where(eq(users.id, user)).run();
        }
        const row = { ...ticket, hash };
        orm.insert(tickets).values(row).run();
        add(note);
      });
    },
    async ticket(hash, now) {
      const lasting = and(eq(tickets.hash, hash), gt(tickets.expires, now));
      return orm.select(TICKET).from(tickets).where(lasting).get() ?? null;
    },
    async tickets(kind, now) {
      const lasting = and(eq(tickets.kind, kind), gt(tickets.expires, now));
      return orm
        .select(TICKET)
        .from(tickets)
        .where(lasting)
        .orderBy(desc(tickets.created), tickets.id)
        .all();
    },
    async dropTicket(id, note) {
      return write(() => {
        const dropped = orm
          .delete(tickets)
          .where(eq(tickets.id, id))
          .returning({ id: tickets.id })
          .get();
        if (dropped) add(note);
        return dropped !== undefined;
      });
    },
  };
}
