import type { FlowDoc } from "../../engine/core/document.ts";
import type { Input } from "../../engine/core/state.ts";
import { dispatch } from "../../engine/dispatch.ts";
import { tick } from "../../engine/tick.ts";
import { byHand, type Hand, MINUTE } from "./hand.ts";
import { addressOf, chance, crashFlow, prepare } from "./setup.ts";

const PEOPLE = 4;

/** E-mails a minute apart, one of them transactional, so that there is always one to be stopped. */
const flow: FlowDoc = {
  ...crashFlow,
  nodes: crashFlow.nodes.map((node) =>
    node.id === "pause"
      ? { ...node, data: { for: "PT1M" } }
      : node.id === "second"
        ? { ...node, data: { ...node.data, transactional: true } }
        : node,
  ),
};

/** One random interleaving: what was sent to somebody after the store had heard that they don't want it. */
async function once(seed: number): Promise<string[]> {
  const random = chance(seed);
  const closed = new Map<string, string>();
  const wrong: string[] = [];
  const hand = byHand((message) => {
    const by = closed.get(message.to);
    // Withdrawn consent stops what is no transaction; the word STOP and a dead address stop everything.
    if (by !== undefined && !(by === "withdrawn" && message.transactional)) {
      wrong.push(`seed ${seed}: ${message.content.subject} to ${message.to} after ${by}`);
    }
    return { state: "sent" };
  });
  await prepare(hand.store, PEOPLE, hand.clock.now, flow);
  for (let step = 0; step < 14; step++) await act(hand, random, closed, step);
  await hand.engine.untilIdle();
  await hand.close();
  return wrong;
}

async function act(
  hand: Hand,
  random: () => number,
  closed: Map<string, string>,
  step: number,
): Promise<void> {
  const { store, engine, clock } = hand;
  const draw = random();
  if (draw < 0.35) {
    await tick(store, engine.worlds, clock.now, { batch: 2, warn: console.error });
  } else if (draw < 0.65) {
    await dispatch(await hand.sending(), () => clock.now);
  } else if (draw < 0.8) {
    clock.now += random() < 0.5 ? MINUTE : 1;
  } else {
    const address = addressOf(Math.floor(random() * PEOPLE));
    const contact = await store.findContact(address);
    if (contact === null) throw new Error(`there is no ${address}`);
    const [sent] = await store.messages({ contact, state: "sent", limit: 1 });
    const [by, input] = refusalOf(random(), clock.now, `refusal-${step}`, sent?.message.node);
    await store.addInputs([{ contact, input }]);
    if (by !== "withdrawn" || !closed.has(address)) closed.set(address, by);
  }
}

/** `node`: what was sent to them and can be complained about. */
function refusalOf(
  draw: number,
  at: number,
  id: string,
  node: string | undefined,
): [by: string, input: Input] {
  if (draw < 0.3 && node !== undefined) {
    return ["complained", { kind: "receipt", node, event: "complained", at, id }];
  }
  return draw < 0.7
    ? ["stop", { kind: "inbound", channel: "email", text: "STOP", at, id }]
    : ["withdrawn", { kind: "consent", channel: "email", granted: false, at, id }];
}

/** Random interleavings of opting out and sending: everything that went out afterwards. */
export async function optOuts(cases: number, seed: number): Promise<string[]> {
  const wrong: string[] = [];
  for (let i = 0; i < cases; i++) wrong.push(...(await once(seed + i)));
  return wrong;
}
