import type { Instant } from "../../nodes/index.ts";
import type { Content, Message, Receipt, Request, Run, Task } from "../core/state.ts";

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

/** Over, and never to be gone on with: where it went on its way is told by the journal. */
const isOver = ({ state }: Pick<Run, "state">): boolean =>
  state === "completed" || state === "exited";

/** What of `rest` is left out when it is so: most runs have little of it. What SQL reads is always there. */
const usual = (): Pick<
  Rest,
  | "held"
  | "kept"
  | "goal"
  | "visits"
  | "shift"
  | "rule"
  | "flips"
  | "left"
  | "event"
  | "startedBy"
  | "steps"
  | "depth"
  | "dueMoment"
  | "paused"
  | "parent"
> => ({
  held: false,
  kept: null,
  goal: { armed: true, done: false },
  visits: {},
  shift: 0,
  rule: null,
  flips: null,
  left: {},
  event: {},
  startedBy: null,
  steps: {},
  depth: 0,
  dueMoment: null,
  paused: null,
  parent: null,
});

export function runOf(row: RunRow): Run {
  const { contact: _, rest, ...columns } = row;
  return { ...columns, ...usual(), ...(JSON.parse(rest) as Rest) };
}

/** A map as it is stored: null where nothing is in it. */
export const textOf = (map: object): string | null => {
  for (const _ in map) return JSON.stringify(map);
  return null;
};

const filled = <T extends object>(record: T): T | undefined => {
  for (const _ in record) return record;
  return undefined;
};

/** What of a run no query asks for, as JSON. */
export const restOf = (run: Run): string =>
  JSON.stringify({
    visit: run.visit,
    seq: run.seq,
    held: isOver(run) ? undefined : run.held,
    kept: isOver(run) ? undefined : run.kept,
    goal: run.goal.armed && !run.goal.done ? undefined : run.goal,
    trigger: run.trigger,
    visits: isOver(run) ? undefined : run.visits,
    left: isOver(run) ? undefined : filled(run.left),
    event: filled(run.event),
    steps: filled(run.steps),
    shift: run.shift || undefined,
    rule: run.rule ?? undefined,
    flips: run.flips ?? undefined,
    startedBy: run.startedBy ?? undefined,
    depth: run.depth || undefined,
    dueMoment: run.dueMoment ?? undefined,
    paused: run.paused ?? undefined,
    parent: run.parent ?? undefined,
    fresh: run.fresh?.length ? run.fresh : undefined,
    stretch: run.stretch,
  } satisfies { [K in keyof Required<Rest>]: Rest[K] | undefined });

export const MESSAGE_COLUMNS =
  "o.id, o.contact, o.key, o.channel, o.flow, o.version, o.n, o.node, o.visit, o.seq, " +
  "o.transactional, o.topic, o.state, o.reason, o.at, o.due_moment, o.recipient, o.receipts, o.sent_at";

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
  sent_at: number | null;
}

/** A message from its row. Without `content` it is a fact for rules: its texts stay in the store. */
export function messageOf(row: MessageRecord, content?: Content): Message {
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
    receipts: receiptsOf(row),
    seq: row.seq,
    to: row.recipient,
    content: content ?? { body: "", format: "text", locale: "" },
  };
}

/** When a message was sent (or queued, while it is on its way) has a column of its own. */
function receiptsOf({ receipts, sent_at }: MessageRecord): Receipt[] {
  const others = receipts === "[]" ? [] : (JSON.parse(receipts) as Receipt[]);
  return sent_at === null ? others : [{ event: "sent", at: sent_at }, ...others];
}

export const sentAtOf = (message: Message): Instant | null =>
  message.receipts.find((r) => r.event === "sent")?.at ?? null;

/** What the column `receipts` holds: all but `sent`. */
export function otherReceipts({ receipts }: Message): string {
  const others = receipts.filter((r) => r.event !== "sent");
  return others.length === 0 ? "[]" : JSON.stringify(others);
}

export const requestOf = (content: string): Request => JSON.parse(content) as Request;

export type TaskRow = Task & { id: number; contact: number };

export function taskOf(row: TaskRow): Task {
  const { id: _, contact: __, ...task } = row;
  return task;
}
