import type { Who } from "../api/index.ts";

export type Role = NonNullable<Who["role"]>;

/** From the least to the most; each may also do what those before it may. */
export const ROLES = ["viewer", "agent", "editor", "admin", "owner"] as const satisfies Role[];

/** Whether one role may all that another may. */
export const reaches = (role: Role, other: Role): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(other);
