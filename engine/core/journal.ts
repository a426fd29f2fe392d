import type { ContactState, Line } from "./state.ts";
import { iso } from "./time.ts";

/** Details that are moments, written as text in the journal's file. */
const MOMENTS = ["until", "due", "expires"];
/** What a line of an erased contact still says: no address, text, key or fact is among it. */
const KEPT = ["state", "reason", "output", "channel", "until", "for", "outcome", "trigger"];

/** Sums stay: the value of a goal, where it is a number. */
const isKept = (name: string, value: unknown): boolean =>
  KEPT.includes(name) || (name === "value" && typeof value === "number");

/** One line of the journal as the file has it. The same line gives the same bytes. */
export type JournalLine = Record<string, unknown> & {
  at: string;
  contact: string | null;
  kind: string;
};

/** The contact's key as people see it: e-mail, else phone. */
export function keyOfContact(state: ContactState): string | null {
  const { email, phone } = state.contact.fields;
  if (typeof email === "string") return email;
  return typeof phone === "string" ? phone : null;
}

/** Writes a line for people and scripts; an erased contact's stays as a sum. */
export function journalLine(line: Line, key: string | null, erased: boolean): JournalLine {
  const detail: Record<string, unknown> = {};
  for (const name of Object.keys(line.detail)) {
    const value = line.detail[name];
    if (erased && !isKept(name, value)) continue;
    detail[name] = MOMENTS.includes(name) && typeof value === "number" ? iso(value) : value;
  }
  return {
    at: iso(line.at),
    contact: erased ? null : key,
    flow: line.flow,
    version: line.version,
    enrollment: line.enrollment,
    kind: line.kind,
    node: line.node,
    ...detail,
  };
}

/** The journal's order within one moment: contact, flow, enrollment, sequence. */
export function compareLines(a: Line, b: Line): number {
  return (
    a.at - b.at ||
    order(a.contact ?? "", b.contact ?? "") ||
    order(a.flow, b.flow) ||
    (a.enrollment ?? 0) - (b.enrollment ?? 0) ||
    a.seq - b.seq
  );
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
