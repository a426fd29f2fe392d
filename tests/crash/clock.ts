import type { FlowDoc } from "../../engine/core/document.ts";
import { byHand, HOUR, MINUTE, T0 } from "./hand.ts";
import { crashFlow, prepare } from "./setup.ts";

const DAY = 24 * HOUR;
const CONTACTS = 20;
const DAYS = 6;
/** Sends only from 10:00 to 18:00. */
const WINDOW = { from: 10, to: 18 };

/** An e-mail each morning at eight for six days, held for the window, and one of a schedule at noon. */
const flow: FlowDoc = {
  ...crashFlow,
  settings: {
    timezone: "UTC",
    reentry: { mode: "always" },
    sendWindow: { from: "10:00", to: "18:00" },
  },
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    {
      id: "noon",
      type: "trigger.schedule",
      position: { x: 1, y: 0 },
      data: { cron: "0 12 * * *", audience: { field: "email", op: "exists" }, catchUp: "all" },
    },
    ...Array.from({ length: DAYS }, (_, i) => [
      {
        id: `wait-${i}`,
        type: "wait",
        position: { x: 0, y: i },
        data: { day: { n: i + 2, at: "08:00" } },
      },
      {
        id: `mail-${i}`,
        type: "email",
        position: { x: 0, y: i },
        data: { subject: `day ${i + 2}`, body: "Good morning." },
      },
    ]).flat(),
    { id: "at-noon", type: "tag", position: { x: 1, y: 1 }, data: { add: [{ tag: "noon" }] } },
  ],
  edges: [
    { id: "s", source: "start", sourceHandle: "next", target: "wait-0" },
    { id: "n", source: "noon", sourceHandle: "next", target: "at-noon" },
    ...Array.from({ length: DAYS }, (_, i) => [
      { id: `w${i}`, source: `wait-${i}`, sourceHandle: "next", target: `mail-${i}` },
      ...(i + 1 < DAYS
        ? [{ id: `m${i}`, source: `mail-${i}`, sourceHandle: "next", target: `wait-${i + 1}` }]
        : []),
    ]).flat(),
  ],
};

export interface Clocked {
  /** Steps, each `contact run node`, that were taken twice. */
  twice: string[];
  /** Sends outside the window. */
  outside: string[];
  messages: number;
  noons: number;
}

/** What must come of it: an e-mail for each contact and day, a noon for each contact and day of ten. */
export const EXPECTED = { messages: CONTACTS * DAYS, noons: CONTACTS * 10 };

/**
 * Ten days of ticks every ten minutes: an hour after the start the program is down for 72 hours, on the fifth day its
 * clock is set back by three hours, and twice it is set forward and back again.
 */
export async function oddClocks(): Promise<Clocked> {
  const outside: string[] = [];
  const hand = byHand((message) => {
    const hour = (hand.clock.now % DAY) / HOUR;
    if (hour < WINDOW.from || hour >= WINDOW.to)
      outside.push(`${message.to} at ${new Date(hand.clock.now).toISOString()}`);
    return { state: "sent" };
  });
  await prepare(hand.store, CONTACTS, T0, flow);
  for (const now of moments()) {
    hand.clock.now = now;
    await hand.engine.untilIdle();
  }
  const steps = new Map<string, number>();
  let noons = 0;
  const contacts = await hand.store.contacts(null, hand.clock.now, { limit: CONTACTS });
  for (const { id } of contacts) {
    for (const line of await hand.store.journal({ contact: id, limit: 10_000 })) {
      if (line.kind !== "step") continue;
      const step = `${line.key} ${line.enrollment} ${line.node}`;
      steps.set(step, (steps.get(step) ?? 0) + 1);
      if (line.node === "at-noon") noons++;
    }
  }
  const messages = await hand.store.messages({ state: "sent", limit: 10_000 });
  await hand.close();
  const twice = [...steps].flatMap(([step, n]) => (n > 1 ? [step] : []));
  return { twice, outside, messages: messages.length, noons };
}

function* moments(): Generator<number> {
  for (let now = T0; now <= T0 + HOUR; now += 10 * MINUTE) yield now;
  const end = T0 + 10 * DAY;
  for (let now = T0 + HOUR + 72 * HOUR, back = false; now < end; now += 10 * MINUTE) {
    yield now;
    if (!back && now > T0 + 5 * DAY) {
      back = true;
      now -= 3 * HOUR;
    }
    // A clock that is wrong for one tick: an hour ahead of the others, half a minute behind.
    if (now % DAY === 9 * HOUR) yield now - 30_000;
  }
}
