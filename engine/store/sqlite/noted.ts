import type { Sealed } from "../accounts.ts";
import type { Store } from "../store.ts";
import { auditOf } from "./audit.ts";
import type { Base } from "./database.ts";

/** See `Store.noted`. What is called does its first write before it waits for anything, so no other write comes between. */
export function notedOf(base: Base, store: Omit<Store, "noted">): Store["noted"] {
  const noted = ({ note, seal }: Sealed): Store => {
    const { add } = auditOf(base, seal);
    let isWritten = false;
    const beside = {
      inside: () => add(note),
      committed: () => {
        isWritten = true;
      },
    };
    const methods = Object.entries(store).map(([name, member]) => [
      name,
      typeof member !== "function"
        ? member
        : (...given: unknown[]) => {
            const call = () => (member as (...given: unknown[]) => unknown)(...given);
            return isWritten ? call() : base.with(beside, call);
          },
    ]);
    return { ...(Object.fromEntries(methods) as Omit<Store, "noted">), noted };
  };
  return noted;
}
