import type { AccountStore } from "../accounts.ts";
import type { Store } from "../store.ts";
import { auditOf } from "./audit.ts";
import type { Base } from "./database.ts";
import { keysPart } from "./keys.ts";
import { sessionsPart, ticketsPart } from "./sessions.ts";
import { usersPart } from "./users.ts";

/** People who sign in, with what belongs to them. Each change is made alone: it is checked against the others first. */
export const accountsPart = (base: Base): Pick<Store, "accounts"> => ({
  accounts(seal): AccountStore {
    const { add, part } = auditOf(base, seal);
    return {
      ...usersPart(base, add),
      ...sessionsPart(base, add),
      ...ticketsPart(base, add),
      ...keysPart(base, add),
      ...part,
    };
  },
});
