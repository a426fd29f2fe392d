import type { Instant } from "../../nodes/index.ts";
import type { AuditLine, Note, Seal, Sealed } from "../store/accounts.ts";
import { type Base, noteOf } from "./base.ts";
import type { Principal } from "./roles.ts";
import { sameHash, sealOf } from "./secrets.ts";

/** Whether the audit log is as it was written. */
export interface Checked {
  /** How many lines there are. */
  lines: number;
  /** Null: it is whole. Else the first line that is changed or missing, and whether the end was cut off. */
  broken: { line: number; how: "changed" | "missing" | "cut" } | null;
}

/** Makes notes of what somebody does, sealed with the installation's secret. */
export function notesOf(secret: string, clock: () => Instant) {
  const seal = sealOf(secret);
  return (
    by: Principal,
    action: string,
    subject: string | null,
    detail: Note["detail"] = {},
  ): Sealed => ({ note: noteOf({ clock }, by, action, subject, detail), seal });
}

const PAGE = 1000;

/** The audit log: reading it, adding what others did, and finding out whether somebody changed it. */
export function logPart({ store }: Base, seal: Seal) {
  const whole = async (): Promise<AuditLine[]> => {
    const lines: AuditLine[] = [];
    for (;;) {
      const before = lines.at(-1)?.n;
      const page = await store.audit({ limit: PAGE, ...(before === undefined ? {} : { before }) });
      lines.push(...page);
      if (page.length < PAGE) return lines.reverse();
    }
  };
  return {
    note: (note: Note): Promise<void> => store.note(note),
    audit: (page: { before?: number; limit: number }): Promise<AuditLine[]> => store.audit(page),
    async checkAudit(): Promise<Checked> {
      // The end first: what is added meanwhile must not look like a fault.
      const head = await store.auditHead();
      const lines = (await whole()).filter((line) => head === null || line.n <= head.n);
      const isEmpty = head === null && lines.length === 0;
      // Whoever is here came by a line.
      if (isEmpty && (await store.users()).length + (await store.keys()).length > 0)
        return { lines: 0, broken: { line: 1, how: "cut" } };
      return { lines: lines.length, broken: faultOf(lines, head, seal) };
    },
  };
}

function faultOf(
  lines: readonly AuditLine[],
  head: { n: number; hash: string; mac: string } | null,
  seal: Seal,
): Checked["broken"] {
  let before = "";
  for (const [i, line] of lines.entries()) {
    if (line.n !== i + 1) return { line: i + 1, how: "missing" };
    if (!sameHash(seal.line(line.n, line, before), line.hash))
      return { line: i + 1, how: "changed" };
    before = line.hash;
  }
  if (lines.length === 0 && head === null) return null;
  const isEnd = head !== null && head.n === lines.length && sameHash(head.hash, before);
  if (isEnd && sameHash(seal.head(head.n, head.hash), head.mac)) return null;
  return { line: lines.length + 1, how: "cut" };
}
