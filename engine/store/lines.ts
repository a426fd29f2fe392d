import { sentDetail } from "../core/gate.ts";
import type { Content, Line } from "../core/state.ts";
import { type MessageRecord, messageOf } from "./rows.ts";
import type { JournalRow } from "./store.ts";

/** What a line of an erased contact may still say. */
export const KEPT = ["state", "reason", "output", "channel", "until", "for", "outcome", "trigger"];

/** Sums stay: the value of a goal, where it is a number. */
const isKept = (name: string, value: unknown): boolean =>
  KEPT.includes(name) || (name === "value" && typeof value === "number");

/** A line without anything that tells who the contact was. */
export const anonymous = (line: Line): Line => ({
  ...line,
  detail: Object.fromEntries(
    Object.entries(line.detail).filter(([name, value]) => isKept(name, value)),
  ),
});

/** Lines of one row at most: a line's id is its row's times this, plus its place in the row. */
export const LINES_IN_ROW = 65_536;

/** Where the line of an id lies: its row, and its place in it. */
export const placeOf = (id: number): [turn: number, line: number] => [
  Math.floor(id / LINES_IN_ROW),
  id % LINES_IN_ROW,
];

export const isSameTurn = (a: Line, b: Line): boolean =>
  a.enrollment === b.enrollment &&
  a.flow === b.flow &&
  a.version === b.version &&
  a.at === b.at &&
  a.contact === b.contact;

/** Where a line stands in the journal's order; the id last. */
export interface Place {
  at: number;
  key: string;
  flow: string;
  n: number;
  seq: number;
  id: number;
}

export type SentRecord = MessageRecord & {
  contactId: string;
  contactKey: string | null;
  content: string | null;
  sent_at: number;
};

export function sentLine(row: SentRecord, content: Content | undefined): JournalRow {
  const { channel, flow, version, n, node, seq } = row;
  const message = messageOf(row, content);
  return {
    id: -row.id,
    at: row.sent_at,
    contact: row.contactId,
    key: row.contactKey,
    flow,
    version,
    enrollment: n,
    seq,
    kind: "message",
    node,
    // Of an erased contact's message only the fact is left.
    detail: {
      channel,
      state: "sent",
      ...(content === undefined ? {} : sentDetail(message)),
    },
  };
}

export function inOrder(a: JournalRow, b: JournalRow): number {
  return (
    a.at - b.at ||
    compare(a.key ?? "", b.key ?? "") ||
    compare(a.flow, b.flow) ||
    (a.enrollment ?? 0) - (b.enrollment ?? 0) ||
    a.seq - b.seq ||
    a.id - b.id
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
