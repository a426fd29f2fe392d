import type { Database } from "bun:sqlite";

interface Finalizable {
  finalize(): void;
}

/** So many statements are remembered before those that are gone are swept out. */
const SWEEP = 1000;

/**
 * Remembers the statements that a database prepares, and returns what finalizes those that are left. A database
 * with open statements never really closes: its file stays locked and its log is not written back into it.
 */
export function rememberStatements(db: Database): () => void {
  let known = new Set<WeakRef<Finalizable>>();
  let sweepAt = SWEEP;
  const prepare = db.prepare.bind(db);
  const remembering = (...args: Parameters<typeof prepare>): ReturnType<typeof prepare> => {
    const statement = prepare(...args);
    known.add(new WeakRef(statement));
    if (known.size > sweepAt) {
      known = new Set([...known].filter((ref) => ref.deref() !== undefined));
      sweepAt = Math.max(SWEEP, known.size * 2);
    }
    return statement;
  };
  db.prepare = remembering as typeof db.prepare;
  return () => {
    let unswept = false;
    for (const ref of known) {
      const statement = ref.deref();
      statement?.finalize();
      unswept ||= statement === undefined;
    }
    known.clear();
    // What nobody holds any more stays open until it is swept up.
    if (unswept) Bun.gc(true);
  };
}
