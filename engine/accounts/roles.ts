import type { Label } from "../../nodes/index.ts";
import type { Role, User } from "../store/accounts.ts";

/** From the least to the most; each may also do what those before it may. */
export const ROLES = ["viewer", "agent", "editor", "admin", "owner"] as const satisfies Role[];

export const ROLE_NAMES: Record<Role, Label> = {
  viewer: { en: "viewer", ar: "مُطّلِع" },
  agent: { en: "agent", ar: "موظف" },
  editor: { en: "editor", ar: "محرّر" },
  admin: { en: "admin", ar: "مدير" },
  owner: { en: "owner", ar: "مالك" },
};

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/** Negative, 0 or positive, as `a` may do less than, the same as or more than `b`. */
export const compareRoles = (a: Role, b: Role): number => ROLES.indexOf(a) - ROLES.indexOf(b);

/** Whoever a request or a command comes from. */
export interface Principal {
  /** `system`: whoever has the machine, at the command line. */
  kind: "user" | "key" | "system";
  id: string | null;
  name: string;
  role: Role;
  /** What a key is narrowed to, `contacts:read`; null: all that the role may. */
  scopes: readonly string[] | null;
  user: User | null;
  /** The id of the session that a person's request came with. */
  session: string | null;
}

/** Whoever has the machine has the data folder: the command line may do everything. */
export const COMMAND_LINE: Principal = {
  kind: "system",
  id: null,
  name: "command line",
  role: "owner",
  scopes: null,
  user: null,
  session: null,
};

/** Whoever sits at the machine, while nobody is the owner yet: the program listens to nobody else then. */
export const THIS_MACHINE: Principal = { ...COMMAND_LINE, name: "this machine" };

/**
 * What a key may be narrowed to: a part of the API (the first word of an address under `/api`), to read (`GET`) or
 * to write (all else). One doesn't include the other: a form on a website writes contacts and must not read them.
 */
export type Scope = `${string}:${"read" | "write"}`;

/** The parts of the API that a key may be narrowed to; the web face refuses to start with one that isn't here. */
export const RESOURCES = [
  ...["audit", "contacts", "events", "fields", "flows", "imports", "jobs", "journal", "keys"],
  ...["messages", "previews", "segments", "settings", "simulations", "tags", "tasks", "templates"],
  ...["users"],
] as const;

/** The scope that a key needs for a route of a part of the API: to ask is to read, whatever the method. */
export const scopeOf = (resource: string, reads: boolean): Scope =>
  `${resource}:${reads ? "read" : "write"}`;

export function isScope(text: string): text is Scope {
  const [resource = "", what = "", ...rest] = text.split(":");
  const isKnown = (RESOURCES as readonly string[]).includes(resource);
  return isKnown && (what === "read" || what === "write") && rest.length === 0;
}
