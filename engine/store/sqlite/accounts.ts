import type { Store } from "../store.ts";
import { auditOf } from "./audit.ts";
import type { Base } from "./database.ts";
import { keysPart } from "./keys.ts";
import { endsOf, sessionsPart, ticketsPart } from "./sessions.ts";
import { usersPart } from "./users.ts";

/** People who sign in, with what belongs to them. */
export const accountsPart = (base: Base): Pick<Store, "accounts"> => ({
  accounts(seal) {
    const { add, part } = auditOf(base, seal);
    const ends = endsOf(base);
    return {
      ...usersPart(base, add, ends),
      ...sessionsPart(base, add),
      ...ticketsPart(base, add, ends),
      ...keysPart(base, add),
      ...part,
    };
  },
});
