import type { Sealed } from "../accounts.ts";
import { auditOf } from "./audit.ts";
import type { Base } from "./database.ts";

/**
 * The same database, of which the first write also writes a note to the audit log, in the same transaction; see
 * `Store.noted`. Such a write is made alone, as all lines of the log are.
 */
export function withNote(base: Base, { note, seal }: Sealed): Base {
  const { add } = auditOf(base, seal);
  let isWritten = false;
  const writeAlone: Base["writeAlone"] = async (work) => {
    if (isWritten) return base.writeAlone(work);
    const result = await base.writeAlone(async (tx) => {
      const done = await work(tx);
      await add(tx, note);
      return done;
    });
    isWritten = true;
    return result;
  };
  return {
    ...base,
    writeAlone,
    write: (work) => (isWritten ? base.write(work) : writeAlone(work)),
    run: (text, ...params) =>
      isWritten ? base.run(text, ...params) : writeAlone((tx) => tx.run(text, ...params)),
  };
}
