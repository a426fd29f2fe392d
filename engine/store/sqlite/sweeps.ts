import type { Instant } from "../../../nodes/index.ts";
import { flipsToSql } from "../flips-sql.ts";
import type { Store } from "../store.ts";
import type { Base } from "./database.ts";
import { EARLIER, MARK_DUE } from "./due.ts";
import type { Settings } from "./settings.ts";

/** Looks that all contacts need, written down and worked piece by piece: a whole store is no single transaction. */
export interface Sweeps {
  /** Everybody must be looked at. */
  everybody(at: Instant): void;
  /** Whoever time alone may put into a segment, or out of it, after `at` must be looked at by then. */
  flips(segment: string, at: Instant): void;
}

interface Sweep {
  id: number;
  segment: string | null;
  at: number;
  after: number;
  upto: number;
}

export function sweepsOf({ db }: Base): Sweeps {
  const same = db.prepare("DELETE FROM sweeps WHERE segment IS ?");
  const add = db.prepare(
    `INSERT INTO sweeps (segment, at, after, upto)
     SELECT ?, ?, 0, pk FROM contacts ORDER BY pk DESC LIMIT 1`,
  );
  const put = (segment: string | null, at: Instant): void => {
    // The newer look sees what one that is under way would have seen.
    same.run(segment);
    add.run(segment, at);
  };
  return { everybody: (at) => put(null, at), flips: put };
}

/** Contacts in one piece: some hundredths of a second. */
const PIECE = 2000;

export function sweepPart(base: Base, settings: Settings): Pick<Store, "sweep"> {
  const { db } = base;
  const first = db.prepare<Sweep, []>(
    "SELECT id, segment, at, after, upto FROM sweeps ORDER BY id LIMIT 1",
  );
  const wake = db.prepare(
    `${MARK_DUE} SELECT pk, ?1 FROM contacts WHERE pk > ?2 AND pk <= ?3 AND erased = 0 ${EARLIER}`,
  );
  const move = db.prepare("UPDATE sweeps SET after = ? WHERE id = ?");
  const end = db.prepare("DELETE FROM sweeps WHERE id = ?");

  const flip = (segment: string, { at, after }: Sweep, to: number): void => {
    const workspace = settings.workspace();
    for (const { sql, params } of flipsToSql(segment, { now: at, workspace, dialect: "sqlite" })) {
      db.prepare(
        `WITH flips AS (SELECT c.pk, ${sql} AS at FROM contacts c WHERE c.pk > ? AND c.pk <= ? AND c.erased = 0)
         ${MARK_DUE} SELECT pk, at FROM flips WHERE at IS NOT NULL ${EARLIER}`,
      ).run(...params, after, to);
    }
  };

  return {
    async sweep() {
      if (first.get() === null) return false;
      return base.write(() => {
        const sweep = first.get();
        if (!sweep) return false;
        const to = Math.min(sweep.after + PIECE, sweep.upto);
        if (sweep.segment === null) wake.run(sweep.at, sweep.after, to);
        else flip(sweep.segment, sweep, to);
        if (to < sweep.upto) move.run(to, sweep.id);
        else end.run(sweep.id);
        return true;
      });
    },
  };
}
