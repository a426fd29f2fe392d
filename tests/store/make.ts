import { type Changes, noChanges } from "../../engine/core/changes.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import type { ContactState, Input, Line, Message, Run, Task } from "../../engine/core/state.ts";
import type { ContactWrite, Loaded, Need, Sending, Store } from "../../engine/store/store.ts";

/** 2026-03-01T09:00:00Z */
export const T0 = Date.UTC(2026, 2, 1, 9);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const ALL: Need = { events: "*", messages: true, tasks: true };

export function person(
  fields: ContactWrite["fields"],
  more: Partial<ContactWrite> = {},
): ContactWrite {
  return { id: null, fields, tags: [], consent: null, created: null, source: "test", ...more };
}

/** Writes contacts with these e-mails and gives their ids in order. They are no longer due. */
export async function people(store: Store, ...emails: string[]): Promise<string[]> {
  await store.writeContacts(
    emails.map((email) => person({ email })),
    T0,
    false,
  );
  await work(store, T0);
  return Promise.all(emails.map(async (email) => (await store.findContact(email)) ?? ""));
}

export function flowDoc(
  id: string,
  nodes: string[] = ["start", "hello"],
  settings: FlowDoc["settings"] = {},
): FlowDoc {
  return {
    format: 1,
    id,
    name: id,
    settings,
    nodes: nodes.map((node) => ({ id: node, type: "exit", position: { x: 0, y: 0 }, data: {} })),
    edges: [],
  };
}

export function run(more: Partial<Run> = {}): Run {
  return {
    flow: "welcome",
    version: 1,
    n: 1,
    key: null,
    state: "active",
    reason: null,
    node: "hello",
    visit: 1,
    entered: T0,
    ended: null,
    since: T0,
    shift: 0,
    until: T0 + DAY,
    waiting: "wait",
    rule: null,
    flips: null,
    visits: { hello: 1 },
    left: {},
    event: { amount: 5 },
    startedBy: "e1",
    trigger: "start",
    steps: { check: { status: "ok" } },
    depth: 0,
    dueMoment: null,
    goal: { armed: false, done: false },
    paused: null,
    kept: null,
    held: false,
    parent: null,
    seq: 3,
    ...more,
  };
}

export function message(more: Partial<Message> = {}): Message {
  const flow = more.flow ?? "welcome";
  const n = more.n ?? 1;
  const node = more.node ?? "hello";
  const visit = more.visit ?? 1;
  return {
    key: `${flow}.${n}.${node}.${visit}`,
    channel: "email",
    flow,
    version: 1,
    n,
    node,
    visit,
    transactional: false,
    topic: "",
    state: "queued",
    reason: null,
    at: T0,
    dueMoment: null,
    receipts: [],
    seq: 2,
    to: "ann@x.example",
    content: { subject: "Hello", body: "Hello Ann", format: "text", locale: "en" },
    ...more,
  };
}

export function task(more: Partial<Task> = {}): Task {
  return {
    key: "welcome.1.call.1",
    kind: "call",
    flow: "welcome",
    version: 1,
    n: 1,
    node: "call",
    visit: 1,
    title: "Call Ann",
    notes: "ask for the order",
    assignee: null,
    opened: T0,
    due: null,
    closed: null,
    outcome: null,
    ...more,
  };
}

export function line(contact: string | null, more: Partial<Line> = {}): Line {
  return {
    at: T0,
    contact,
    flow: "welcome",
    version: 1,
    enrollment: 1,
    seq: 0,
    kind: "step",
    node: "hello",
    detail: { output: "next" },
    ...more,
  };
}

/** Works what publishing left to do for all contacts; in how many pieces. */
export async function sweep(store: Store): Promise<number> {
  for (let pieces = 0; ; pieces++) if (!(await store.sweep())) return pieces;
}

/** Works everything due at `now`; `turn` writes on the changes of each contact. */
export async function work(
  store: Store,
  now: number,
  turn: (changes: Changes, inputs: Input[]) => void = () => undefined,
  need: Need = ALL,
): Promise<number> {
  const { contacts } = await store.workDue(now, 1_000, need, (batch: Loaded[]) =>
    batch.map(({ state, inputs }) => {
      const changes = noChanges(state, now);
      turn(changes, inputs);
      return changes;
    }),
  );
  return contacts;
}

/** How an attempt at a claimed send ended, a second after `T0` unless told otherwise. */
export const sentAt = (sending: Sending | undefined, at = T0 + 1) => ({
  ref: sending?.ref ?? 0,
  attempt: sending?.attempt ?? 0,
  at,
  message: sending?.message ?? null,
  line: null,
  state: "sent" as const,
  providerId: "p1",
});

/** Marks one contact due and works it. */
export async function turn(
  store: Store,
  contact: string,
  at: number,
  change: (changes: Changes) => void,
): Promise<void> {
  const input: Input = { kind: "resume", flow: "none", at, id: `turn:${crypto.randomUUID()}` };
  await store.addInputs([{ contact, input }]);
  await work(store, at, (changes) => {
    if (changes.state.contact.id === contact) change(changes);
  });
}

export async function load(store: Store, contact: string): Promise<ContactState> {
  const state = await store.loadContact(contact);
  if (!state) throw new Error(`no contact ${contact}`);
  return state;
}
