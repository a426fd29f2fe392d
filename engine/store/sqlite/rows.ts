import type { Message, Request, Run, Task } from "../../core/state.ts";

/** The columns of a run that SQL reads; everything else is in `rest`. */
export interface RunRow {
  contact: number;
  flow: string;
  n: number;
  version: number;
  state: Run["state"];
  reason: string | null;
  key: string | null;
  node: string | null;
  waiting: Run["waiting"];
  until: number | null;
  since: number;
  entered: number;
  ended: number | null;
  rest: string;
}

type Rest = Omit<Run, keyof RunRow>;

export function runOf(row: RunRow): Run {
  const { contact: _, rest, ...columns } = row;
  return { ...columns, ...(JSON.parse(rest) as Rest) };
}

/** What of a run no query asks for, as JSON. */
export function restOf(run: Run): string {
  const {
    flow,
    n,
    version,
    state,
    reason,
    key,
    node,
    waiting,
    until,
    since,
    entered,
    ended,
    ...rest
  } = run;
  return JSON.stringify(rest satisfies Rest);
}

export const MESSAGE_COLUMNS =
  "o.id, o.contact, o.key, o.channel, o.flow, o.version, o.n, o.node, o.visit, o.seq, " +
  "o.transactional, o.topic, o.state, o.reason, o.at, o.due_moment, o.recipient, o.receipts";

export interface MessageRecord {
  id: number;
  contact: number;
  key: string;
  channel: string;
  flow: string;
  version: number;
  n: number;
  node: string;
  visit: number;
  seq: number;
  transactional: number;
  topic: string;
  state: Message["state"];
  reason: string | null;
  at: number;
  due_moment: number | null;
  recipient: string | null;
  receipts: string;
}

/** A message from its row. Without `content` it is a fact for rules: its texts stay in the store. */
export function messageOf(row: MessageRecord, content?: string | null): Message {
  return {
    key: row.key,
    channel: row.channel,
    flow: row.flow,
    version: row.version,
    n: row.n,
    node: row.node,
    visit: row.visit,
    transactional: row.transactional === 1,
    topic: row.topic,
    state: row.state,
    reason: row.reason,
    at: row.at,
    dueMoment: row.due_moment,
    receipts: row.receipts === "[]" ? [] : (JSON.parse(row.receipts) as Message["receipts"]),
    seq: row.seq,
    to: row.recipient,
    content: content
      ? (JSON.parse(content) as Message["content"])
      : { body: "", format: "text", locale: "" },
  };
}

export const requestOf = (content: string): Request => JSON.parse(content) as Request;

export type TaskRow = Task & { id: number; contact: number };

export function taskOf(row: TaskRow): Task {
  const { id: _, contact: __, ...task } = row;
  return task;
}
