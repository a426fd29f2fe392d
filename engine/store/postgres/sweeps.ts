import type { Instant } from "../../../nodes/index.ts";
import { flipsToSql } from "../flips-sql.ts";
import { numbered } from "../sql-postgres.ts";
import type { Store } from "../store.ts";
import type { Base, Query } from "./database.ts";
import { readWorkspace } from "./settings.ts";

interface Sweep {
  id: number;
  segment: string | null;
  at: number;
  after: number;
  upto: number;
}

async function put(tx: Query, segment: string | null, at: Instant): Promise<void> {
  // The newer look sees what one that is under way would have seen.
  await tx.run("DELETE FROM sweeps WHERE segment IS NOT DISTINCT FROM $1", segment);
  await tx.run(
    `INSERT INTO sweeps (segment, at, after, upto)
     SELECT $1, $2, 0, pk FROM contacts ORDER BY pk DESC LIMIT 1`,
    segment,
    at,
  );
}

/** Everybody must be looked at. */
export const sweepEverybody = (tx: Query, at: Instant): Promise<void> => put(tx, null, at);
/** Whoever time alone may put into a segment, or out of it, after `at` must be looked at by then. */
export const sweepFlips = put;

/** Contacts in one piece: some hundredths of a second. */
const PIECE = 2000;

/** Contacts are held in the order of their numbers before they are marked. */
const HOLD = `SELECT contact FROM marks WHERE contact > $1 AND contact <= $2 ORDER BY contact FOR NO KEY UPDATE`;

async function flip(tx: Query, segment: string, { at, after }: Sweep, to: number): Promise<void> {
  const workspace = await readWorkspace(tx);
  for (const piece of flipsToSql(segment, { now: at, workspace, dialect: "postgres" })) {
    await tx.run(
      `WITH flips AS MATERIALIZED (SELECT c.pk, floor((${numbered(piece, 2)})::float8)::bigint AS at
         FROM contacts c WHERE c.pk > $1 AND c.pk <= $2 AND c.erased = 0)
       UPDATE marks m SET due = flips.at FROM flips
       WHERE m.contact = flips.pk AND flips.at IS NOT NULL AND (m.due IS NULL OR m.due > flips.at)`,
      after,
      to,
      ...piece.params,
    );
  }
}

export function sweepPart(base: Base): Pick<Store, "sweep"> {
  return {
    async sweep() {
      if (!(await base.get("SELECT 1 FROM sweeps LIMIT 1"))) return false;
      return base.write(async (tx) => {
        // A sweep that another works on is left to it.
        const sweep = await tx.get<Sweep>(
          "SELECT id, segment, at, after, upto FROM sweeps ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
        );
        if (!sweep) return false;
        const to = Math.min(sweep.after + PIECE, sweep.upto);
        await tx.run(HOLD, sweep.after, to);
        if (sweep.segment === null) {
          await tx.run(
            `UPDATE marks m SET due = $3 FROM contacts c
             WHERE m.contact > $1 AND m.contact <= $2 AND (m.due IS NULL OR m.due > $3)
               AND c.pk = m.contact AND c.erased = 0`,
            sweep.after,
            to,
            sweep.at,
          );
        } else await flip(tx, sweep.segment, sweep, to);
        if (to < sweep.upto)
          await tx.run("UPDATE sweeps SET after = $1 WHERE id = $2", to, sweep.id);
        else await tx.run("DELETE FROM sweeps WHERE id = $1", sweep.id);
        return true;
      });
    },
  };
}
