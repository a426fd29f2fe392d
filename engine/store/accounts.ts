import type { Instant, Language } from "../../nodes/index.ts";

/** What somebody may do; each may also do what those before it may. */
export type Role = "viewer" | "agent" | "editor" | "admin" | "owner";

/**
 * People who sign in, their sessions, what they were mailed, API keys, and the audit log. Every method is one
 * transaction; one that takes a `Note` writes it to the audit log in the same transaction, and only if it did
 * something. Secrets come as hashes: nothing here lets anybody in.
 */
export interface AccountStore {
  // ── people ────────────────────────────────────────────────────────────────────────────────
  /** By name. */
  users(): Promise<User[]>;
  user(id: string): Promise<User | null>;
  /** By normalised e-mail, with the hash of the password; null where none is set. */
  credentials(email: string): Promise<{ user: User; password: string | null } | null>;
  hasOwner(): Promise<boolean>;
  /**
   * Adds a person. `first`: only while there is no owner. `ticket`: the hash of an invitation, which is used up.
   * `password` is a hash; null: none can be given before one is set.
   */
  addUser(
    user: User,
    password: string | null,
    on: { first?: true; ticket?: string },
    note: Note,
  ): Promise<"done" | "email-taken" | "has-owner" | "no-ticket">;
  /** Name and language. False: there is no such person. */
  changeUser(id: string, to: { name?: string; language?: Language }, note: Note): Promise<boolean>;
  /** Ends the person's sessions. The last owner stays one. */
  setRole(id: string, role: Role, note: Note): Promise<Changed>;
  /**
   * Sets the hash of a password and ends the person's sessions but `keep`, and what was mailed to set another.
   * `ticket`: the hash of a reset, which is used up; one that was is `unknown`.
   */
  setPassword(
    id: string,
    password: string,
    on: { keep?: string; ticket?: string },
    note: Note,
  ): Promise<"done" | "unknown">;
  /** Goes with sessions, tickets and keys. The last owner stays. */
  removeUser(id: string, note: Note): Promise<Changed>;

  // ── sessions ──────────────────────────────────────────────────────────────────────────────
  addSession(session: Session, hash: string, note: Note): Promise<void>;
  /** The session of a token's hash, and whose it is; null: there is none, or it is over at `now`. */
  session(hash: string, now: Instant): Promise<{ session: Session; user: User } | null>;
  /** It was used. */
  seeSession(id: string, seen: Instant, expires: Instant): Promise<void>;
  /** Those of a person that last, the one used last first. */
  sessions(user: string, now: Instant): Promise<Session[]>;
  /** False: the person has no such session. */
  endSession(user: string, id: string, note: Note): Promise<boolean>;

  // ── invitations and resets ────────────────────────────────────────────────────────────────
  /** Takes the place of earlier ones for the same address. `shut`: ends the person's sessions and password too. */
  addTicket(ticket: Ticket, hash: string, shut: boolean, note: Note): Promise<void>;
  /** Null: there is none, it was used, or it is over at `now`. */
  ticket(hash: string, now: Instant): Promise<Ticket | null>;
  /** Those that last, newest first. */
  tickets(kind: Ticket["kind"], now: Instant): Promise<Ticket[]>;
  /** False: there is none. */
  dropTicket(id: string, note: Note): Promise<boolean>;

  // ── API keys ──────────────────────────────────────────────────────────────────────────────
  addKey(key: ApiKey, hash: string, note: Note): Promise<void>;
  /** Newest first. */
  keys(): Promise<ApiKey[]>;
  /** With the hash of its secret, and the role of whoever made it as it is now (null: the command line did). */
  key(id: string): Promise<{ key: ApiKey; hash: string; maker: Role | null } | null>;
  /** It was used. */
  seeKey(id: string, seen: Instant): Promise<void>;
  /** False: there is none. */
  dropKey(id: string, note: Note): Promise<boolean>;

  // ── audit ─────────────────────────────────────────────────────────────────────────────────
  note(note: Note): Promise<void>;
  /** Newest first, older than line `before`. */
  audit(page: { before?: number; limit: number }): Promise<AuditLine[]>;
  /** The last line's number and hash, under the seal of the log's end; null before the first line. */
  auditHead(): Promise<AuditHead | null>;

  /** Deletes what is over at `now`. */
  forgetExpired(now: Instant): Promise<void>;
}

/** `last-owner`: nobody would be left who may do everything. */
export type Changed = "done" | "unknown" | "last-owner";

export interface User {
  id: string;
  name: string;
  /** Normalised. */
  email: string;
  role: Role;
  language: Language;
  created: Instant;
}

export interface Session {
  id: string;
  user: string;
  created: Instant;
  /** When it was last used, to some minutes. */
  seen: Instant;
  expires: Instant;
  /** What the browser calls itself. */
  agent: string;
  address: string;
}

/** A link that somebody was given: to join, or to set a password anew. It works once. */
export interface Ticket {
  id: string;
  kind: "invitation" | "reset";
  email: string;
  /** Of an invitation: what whoever accepts it becomes. */
  role: Role | null;
  /** Of a reset: whose password. */
  user: string | null;
  /** The name of whoever made it. */
  by: string;
  created: Instant;
  expires: Instant;
}

export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  /** `contacts:read`; null: all that the role may. */
  scopes: string[] | null;
  /** The id of the person who made it; null: the command line did. */
  maker: string | null;
  created: Instant;
  expires: Instant | null;
  seen: Instant | null;
}

/** Who did something: a person, a key, or whoever has the machine (`system`). */
export interface Actor {
  kind: "user" | "key" | "system";
  id: string | null;
  name: string;
}

/** What is to stand in the audit log. Personal data of contacts doesn't. */
export interface Note {
  at: Instant;
  actor: Actor;
  /** `user.invited`, `flow.published` … */
  action: string;
  /** The id of what it was done to. */
  subject: string | null;
  detail: Record<string, string | number | boolean | null>;
}

/** A note with what seals it. */
export interface Sealed {
  note: Note;
  seal: Seal;
}

export interface AuditLine extends Note {
  /** 1, 2, 3 … with no gap. */
  n: number;
  hash: string;
}

export interface AuditHead {
  n: number;
  hash: string;
  mac: string;
}

/** Seals the audit log with a key that isn't in the store, so that whoever changes a line can't seal it again. */
export interface Seal {
  /** The hash of line `n`, which covers the hash of the line before ("" for the first). */
  line(n: number, note: Note, before: string): string;
  /** What shows that line `n` is the last. */
  head(n: number, hash: string): string;
}
