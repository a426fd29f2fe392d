import { desc, lt } from "drizzle-orm";
import type { AccountStore, AuditHead, Note, Seal } from "../accounts.ts";
import type { Base } from "./database.ts";
import { audit, auditHead } from "./schema.ts";

/** Writes a line of the audit log inside the transaction of what it tells. */
export type AddNote = (note: Note) => void;

type Part = Pick<AccountStore, "note" | "audit" | "auditHead">;

/** The audit log: lines are added at its end, each sealed together with the one before. */
export function auditOf({ orm, write }: Base, seal: Seal): { add: AddNote; part: Part } {
  const headOf = (): AuditHead | null =>
    orm
      .select({ n: auditHead.n, hash: auditHead.hash, mac: auditHead.mac })
      .from(auditHead)
      .get() ?? null;
  const add = (note: Note): void => {
    const last = headOf();
    const n = (last?.n ?? 0) + 1;
    const { at, actor, action, subject, detail } = note;
    const hash = seal.line(n, note, last?.hash ?? "");
    const who = { actorKind: actor.kind, actor: actor.id, actorName: actor.name };
    orm
      .insert(audit)
      .values({ n, at, ...who, action, subject, detail: JSON.stringify(detail), hash })
      .run();
    const head = { n, hash, mac: seal.head(n, hash) };
    orm
      .insert(auditHead)
      .values({ one: 1, ...head })
      .onConflictDoUpdate({ target: auditHead.one, set: head })
      .run();
  };
  const part: Part = {
    async note(note) {
      write(() => add(note));
    },
    async audit({ before, limit }) {
      return orm
        .select()
        .from(audit)
        .where(before === undefined ? undefined : lt(audit.n, before))
        .orderBy(desc(audit.n))
        .limit(limit)
        .all()
        .map(({ n, at, actorKind, actor, actorName, action, subject, detail, hash }) => ({
          n,
          at,
          actor: { kind: actorKind, id: actor, name: actorName },
          action,
          subject,
          detail: JSON.parse(detail) as Note["detail"],
          hash,
        }));
    },
    async auditHead() {
      return headOf();
    },
  };
  return { add, part };
}
