import type { Instant } from "../../../nodes/index.ts";
import type { Query } from "./database.ts";

/** Ends a person's sessions but `keep`. */
export const endSessions = (tx: Query, user: string, keep: string | null = null) =>
  tx.run("DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2", user, keep);

/** Ends what a person was mailed to set another password. */
export const endResets = (tx: Query, user: string) =>
  tx.run("DELETE FROM tickets WHERE user_id = $1", user);

/** Uses a ticket up; false: there is none, or it is over. */
export const spendTicket = async (tx: Query, hash: string, now: Instant): Promise<boolean> =>
  (await tx.run("DELETE FROM tickets WHERE hash = $1 AND expires > $2", hash, now)) > 0;
