import type { FlowDoc } from "../../engine/core/document.ts";
import { enrollInput } from "../../engine/intake.ts";
import { publishFlow } from "../../engine/publish.ts";
import type { MessageRow, Store } from "../../engine/store/store.ts";

/** Two e-mails with a wait of a second between them, so that a process dies in every part of the way. */
export const crashFlow: FlowDoc = {
  format: 1,
  id: "crash",
  name: "Crash",
  settings: { reentry: { mode: "always" } },
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    {
      id: "first",
      type: "email",
      position: { x: 0, y: 1 },
      data: { subject: "first {{event.round}}", body: "To {{contact.email}}, the first." },
    },
    { id: "pause", type: "wait", position: { x: 0, y: 2 }, data: { for: "PT1S" } },
    {
      id: "second",
      type: "email",
      position: { x: 0, y: 3 },
      data: { subject: "second {{event.round}}", body: "To {{contact.email}}, the second." },
    },
    { id: "mark", type: "tag", position: { x: 0, y: 4 }, data: { add: [{ tag: "done" }] } },
  ],
  edges: [
    { id: "a", source: "start", sourceHandle: "next", target: "first" },
    { id: "b", source: "first", sourceHandle: "next", target: "pause" },
    { id: "c", source: "pause", sourceHandle: "next", target: "second" },
    { id: "d", source: "second", sourceHandle: "next", target: "mark" },
  ],
};

export const addressOf = (n: number): string => `person${n}@example.com`;
/** What everybody must get in so many rounds, named as the receiver sees it. */
export const expectedOf = (contacts: number, rounds: number): string[] =>
  Array.from({ length: contacts * rounds }, (_, i) => {
    const [address, round] = [addressOf(i % contacts), Math.floor(i / contacts)];
    return [`${address} first ${round}`, `${address} second ${round}`];
  }).flat();

/** A store with a published flow and everybody enrolled in it for the first time. */
export async function prepare(
  store: Store,
  contacts: number,
  at: number,
  flow = crashFlow,
): Promise<void> {
  await store.saveDraft(flow, at);
  await publishFlow(store, flow.id, at);
  const rows = Array.from({ length: contacts }, (_, n) => ({
    id: null,
    fields: { email: addressOf(n) },
    tags: [],
    consent: null,
    created: at,
    source: "crash",
  }));
  for (let from = 0; from < rows.length; from += 1000) {
    await store.writeContacts(rows.slice(from, from + 1000), at, false);
  }
  await enrollAll(store, contacts, at, 0);
}

/** Sends everybody through the flow once more. */
export async function enrollAll(
  store: Store,
  contacts: number,
  at: number,
  round: number,
): Promise<void> {
  const inputs: Parameters<Store["addInputs"]>[0] = [];
  for (let n = 0; n < contacts; n++) {
    const contact = await store.findContact(addressOf(n));
    if (contact === null) throw new Error(`there is no ${addressOf(n)}`);
    inputs.push({
      contact,
      input: enrollInput(crashFlow.id, `round-${round}`, at, { data: { round } }),
    });
  }
  await store.addInputs(inputs);
}

/** Every message of a store. */
export async function allMessages(store: Store): Promise<MessageRow[]> {
  const rows: MessageRow[] = [];
  for (let after: string | undefined; ; after = rows.at(-1)?.id) {
    const page = await store.messages({ limit: 1000, ...(after === undefined ? {} : { after }) });
    rows.push(...page);
    if (page.length < 1000) return rows;
  }
}

/** Whether nothing is left to be worked on, waited for or sent. */
export async function isDone(store: Store): Promise<boolean> {
  const sending = await store.messages({ state: "sending", limit: 1 });
  return sending.length === 0 && (await store.nextDue()) === null;
}

/** A sequence of numbers in [0, 1) that a seed fixes (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
