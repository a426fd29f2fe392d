import type { AccountStore, AuditHead, Note, Seal } from "../accounts.ts";
import type { Base, Query } from "./database.ts";

/** Writes a line of the audit log inside the transaction of what it tells. */
export type AddNote = (tx: Query, note: Note) => Promise<void>;

type Part = Pick<AccountStore, "note" | "audit" | "auditHead">;

interface Row {
  n: number;
  at: number;
  kind: "user" | "key" | "system";
  actor: string | null;
  name: string;
  action: string;
  subject: string | null;
  detail: string;
  hash: string;
}

const headOf = (tx: Query): Promise<AuditHead | null> =>
  tx.get<AuditHead>("SELECT n, hash, mac FROM audit_head");

/** The audit log: lines are added at its end, each sealed together with the one before. */
export function auditOf(base: Base, seal: Seal): { add: AddNote; part: Part } {
  const add: AddNote = async (tx, note) => {
    const last = await headOf(tx);
    const n = (last?.n ?? 0) + 1;
    const { at, actor, action, subject, detail } = note;
    const hash = seal.line(n, note, last?.hash ?? "");
    await tx.run(
      `INSERT INTO audit (n, at, actor_kind, actor, actor_name, action, subject, detail, hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      ...[n, at, actor.kind, actor.id, actor.name, action, subject, JSON.stringify(detail), hash],
    );
    await tx.run(
      `INSERT INTO audit_head (one, n, hash, mac) VALUES (1, $1, $2, $3)
       ON CONFLICT (one) DO UPDATE SET n = excluded.n, hash = excluded.hash, mac = excluded.mac`,
      ...[n, hash, seal.head(n, hash)],
    );
  };
  const part: Part = {
    note: (note) => base.writeAlone((tx) => add(tx, note)),
    async audit({ before, limit }) {
      const rows = await base.all<Row>(
        `SELECT n, at, actor_kind AS kind, actor, actor_name AS name, action, subject, detail, hash FROM audit
         WHERE $1::integer IS NULL OR n < $1 ORDER BY n DESC LIMIT $2`,
        before ?? null,
        limit,
      );
      return rows.map(({ kind, actor: id, name, detail, ...row }) => ({
        ...row,
        actor: { kind, id, name },
        detail: JSON.parse(detail) as Note["detail"],
      }));
    },
    auditHead: () => headOf(base),
  };
  return { add, part };
}
