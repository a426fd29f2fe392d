import { refusal } from "../core/consent.ts";
import type { Flow, PlacedNode } from "../core/flow.ts";
import type { Line, Run } from "../core/state.ts";
import { flowOf, type Turn } from "../core/turn.ts";
import { messageName } from "./messages.ts";
import type { Sentence } from "./sentence.ts";
import type { Voice } from "./voice.ts";
import { waitWords } from "./waits.ts";
import { EXITED, FAILED, MESSAGE_CHANNELS, reasonOf, SKIPPED } from "./words.ts";

/** Why each message of the flow that this run has not decided has not gone out. */
export function notSent(turn: Turn, run: Run, lines: Line[], voice: Voice): Sentence[] {
  const flow = flowOf(turn, run);
  if (!flow) return [];
  const own = lines.filter((line) => line.enrollment === run.n);
  const told = new Set(own.filter((line) => line.kind === "message").map((line) => line.node));
  const sentences: Sentence[] = [];
  for (const node of flow.nodes.values()) {
    const channel = node.type.group === "message" ? channelOf(node) : null;
    if (channel === null || told.has(node.id)) continue;
    const what = messageName(voice, flow, channel, node.id);
    sentences.push(because(turn, run, flow, node, own, voice, what));
  }
  return sentences;
}

const channelOf = (node: PlacedNode): string | null =>
  node.type.reaches?.(node.data).channel ?? (node.type.type === "letter" ? "letter" : null);

function because(
  turn: Turn,
  run: Run,
  flow: Flow,
  node: PlacedNode,
  lines: Line[],
  voice: Voice,
  what: string,
): Sentence {
  const base = { at: null, enrollment: run.n, node: node.id };
  const isOpen = run.state === "active" || run.state === "paused";
  const queued = turn.state.messages.some(
    (m) =>
      m.flow === run.flow &&
      m.n === run.n &&
      m.node === node.id &&
      (m.state === "queued" || m.state === "sending"),
  );
  if (queued) {
    const text = voice.say({
      en: `${what} is in the outbox and goes out as soon as its channel takes it.`,
      ar: `${what} في صندوق الصادر، وتخرج ما إن تقبلها قناتها.`,
    });
    return { ...base, about: "not-yet", text };
  }
  if (isOpen && run.node === node.id) {
    return {
      ...base,
      about: "not-yet",
      text: atIt(run, flow, voice, what),
      ...(run.until === null ? {} : { next: run.until }),
    };
  }
  const isAhead = run.node !== null && reach(flow, run.node).has(node.id);
  if (isOpen && isAhead)
    return { ...base, about: "not-yet", ...notYet(turn, run, flow, node, voice, what) };
  const turnOff = otherBranch(flow, lines, node.id);
  if (turnOff && !(isAhead && run.state !== "completed")) {
    const at = voice.node(flow, turnOff.node);
    const way = voice.output(flow, turnOff.node, turnOff.output);
    const text = voice.say({
      en: `${what} was not sent: at ${at} they went by ${way}, and it lies on another way.`,
      ar: `${what} لم تُرسل: عند ${at} سلكت ${way}، والرسالة على طريق آخر.`,
    });
    return { ...base, about: "not-sent", text };
  }
  return { ...base, about: "not-sent", text: ended(run, voice, what) };
}

function atIt(run: Run, flow: Flow, voice: Voice, what: string): string {
  const clause = waitWords(voice, flow, run.node, run.waiting, run.until);
  return voice.say({
    en: `${what} is next: the contact is held ${clause}.`,
    ar: `${what} هي التالية: تنتظر جهة الاتصال ${clause}.`,
  });
}

/** Ahead of where the run stands, with what would stop it if it were its turn now. */
function notYet(
  turn: Turn,
  run: Run,
  flow: Flow,
  node: PlacedNode,
  voice: Voice,
  what: string,
): { text: string; next?: number } {
  const clause = waitWords(voice, flow, run.node, run.waiting, run.until);
  const stands = voice.node(flow, run.node);
  const reach = node.type.reaches?.(node.data);
  const topic = typeof node.data.topic === "string" ? node.data.topic : "";
  const asks = reach && MESSAGE_CHANNELS.has(reach.channel);
  const stop = asks ? refusal(turn.state.contact, { ...reach, topic }, turn.world.workspace) : null;
  const why = stop === null ? null : reasonOf(SKIPPED, stop);
  return {
    text: voice.say({
      en: `${what} has not been reached: the contact waits at ${stands} ${clause}.${why ? ` As things are, it would be skipped: ${why.en}.` : ""}`,
      ar: `${what} لم يحن دورها: تنتظر جهة الاتصال عند ${stands} ${clause}.${why ? ` ولو حان دورها الآن لما أُرسلت: ${why.ar}.` : ""}`,
    }),
    ...(run.until === null ? {} : { next: run.until }),
  };
}

function ended(run: Run, voice: Voice, what: string): string {
  const reason =
    run.state === "exited"
      ? reasonOf(EXITED, run.reason)
      : run.state === "failed"
        ? reasonOf(FAILED, run.reason)
        : null;
  if (reason) {
    return voice.say({
      en: `${what} was not sent: the run ended before it, because ${reason.en}.`,
      ar: `${what} لم تُرسل: انتهى هذا الدخول قبلها: ${reason.ar}.`,
    });
  }
  return voice.say({
    en: `${what} was not sent: the way that they took does not lead to it.`,
    ar: `${what} لم تُرسل: الطريق الذي سلكته لا يؤدي إليها.`,
  });
}

/** Every node that some way leads to from here; the node itself only by a way that comes back. */
export function reach(flow: Flow, from: string, firstOutput?: string): Set<string> {
  const found = new Set<string>();
  const open: string[] = [];
  const look = (node: string, only?: string): void => {
    const placed = flow.nodes.get(node);
    for (const { id } of placed?.type.outputs(placed.data) ?? []) {
      const target =
        only === undefined || id === only ? flow.edges.get(`${node}/${id}`) : undefined;
      if (target !== undefined && !found.has(target)) {
        found.add(target);
        open.push(target);
      }
    }
  };
  look(from, firstOutput);
  for (let node = open.pop(); node !== undefined; node = open.pop()) look(node);
  return found;
}

/** The last step at which another output would have led to the node, and the one that was taken doesn't. */
function otherBranch(
  flow: Flow,
  lines: Line[],
  node: string,
): { node: string; output: string } | null {
  for (const line of [...lines].reverse()) {
    if (line.kind !== "step" || line.node === null || !flow.nodes.has(line.node)) continue;
    const output = String(line.detail.output);
    if (reach(flow, line.node).has(node) && !reach(flow, line.node, output).has(node)) {
      return { node: line.node, output };
    }
  }
  return null;
}
