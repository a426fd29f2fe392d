import type { Draft, Instant } from "../../nodes/index.ts";
import { addressOf, refusal } from "./consent.ts";
import { contentOf } from "./content.ts";
import type { Cap, Flow } from "./flow.ts";
import { windowOpening, workspaceReason } from "./hours.ts";
import { type ContentPieces, rememberPieces } from "./pieces.ts";
import { messageLine } from "./runs.ts";
import { localeOf, templateScope, zoneOf } from "./scope.ts";
import type { ContactState, Content, Message, Run } from "./state.ts";
import { addDuration, iso, opening, parseDuration } from "./time.ts";
import { note, type Turn } from "./turn.ts";

/** What becomes of a message that a node wants to send. */
export type Passage = { go: "sent" | "queued" } | { go: "skipped" } | Hold;

/** Until when a message waits. `why` is there when the workspace's hours or holidays hold it. */
interface Hold {
  hold: Instant;
  for: "window" | "cap";
  why?: ReturnType<typeof workspaceReason>;
}

/** A message's key: once for each visit, for ever; a retry and a migration keep it. */
export const keyOf = (run: Run, node: string, visit: number): string =>
  `${run.flow}.${run.n}.${node}.${visit}`;

/**
 * Lateness, window and cap come first; then consent, suppression and address; then the message is rendered
 * and queued (in the simulator: sent). Throws `TemplateError`.
 */
export function passMessage(turn: Turn, run: Run, flow: Flow, node: string, draft: Draft): Passage {
  const message: Message = {
    key: keyOf(run, node, run.visit),
    channel: draft.channel,
    flow: run.flow,
    version: run.version,
    n: run.n,
    node,
    visit: run.visit,
    transactional: draft.transactional ?? false,
    topic: draft.topic ?? "",
    state: "queued",
    reason: null,
    at: turn.now,
    dueMoment: run.dueMoment,
    receipts: [],
    seq: 0,
    to: null,
    content: { body: "", format: "text", locale: "" },
  };
  const held = holdOf(turn, run, flow, message);
  if (held !== null && "hold" in held) return held;
  message.to = addressOf(turn.state.contact, draft.channel);
  const reason = held?.skip ?? refusal(turn.state.contact, message, turn.world.workspace);
  if (reason === null) message.content = renderDraft(turn, run, flow, message, draft);
  message.seq = run.seq++;
  turn.state.messages.push(message);
  turn.changes.messages.add(message);
  if (reason !== null) {
    message.state = "skipped";
    message.reason = reason;
    messageLine(turn, run, message, { state: "skipped", reason, to: message.to });
    return { go: "skipped" };
  }
  // On its way is as good as sent for whatever reads it at this instant; the dispatcher takes it back if it doesn't go.
  message.receipts.push({ event: "sent", at: turn.now });
  touched(turn, run.depth + 1);
  if (turn.world.deliver === null) return { go: "queued" };
  message.state = turn.world.deliver(message);
  messageLine(turn, run, message, { state: message.state, ...sentDetail(message) });
  return { go: "sent" };
}

/** What the journal shows of a message that went out. The dispatcher writes the same. */
export function sentDetail(message: Message): Record<string, unknown> {
  const { content } = message;
  return {
    to: message.to,
    ...(content.subject === undefined ? {} : { subject: content.subject }),
    text:
      content.format === "html" || content.format === "mjml"
        ? stripTags(content.body)
        : content.body,
    ...(content.template ? { template: content.template.name } : {}),
    ...(content.missing?.length ? { missing: content.missing } : {}),
  };
}

/** Markup left out, so that the journal reads as the person does. */
const stripTags = (html: string): string =>
  html
    .replace(/<(style|script|head|title|mj-head)\b[\s\S]*?<\/\1\s*>/gi, " ")
    .replace(/<br\s*\/?>|<\/(p|div|h[1-6]|li|tr|mj-text)>/gi, "\n")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&nbsp;", " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replace(/[ \t]+/g, " ")
    .replace(/ *\n[ \n]*/g, "\n")
    .trim();

/** The contact was touched at this instant. */
export function touched(turn: Turn, depth: number): void {
  turn.state.contact.fields.last_touch_at = iso(turn.now);
  turn.changes.touched = true;
  note(turn, {
    keys: ["message", "touches", "field:last_touch_at"],
    at: turn.now,
    depth,
    what: { kind: "other" },
  });
}

const NO_CAPS: { skip: readonly Cap[]; delay: readonly Cap[] } = { skip: [], delay: [] };

/** Whether lateness, the send window or a cap holds or skips the message. */
function holdOf(
  turn: Turn,
  run: Run,
  flow: Flow,
  message: Message,
): Hold | { skip: "late" | "cap" } | null {
  const zone = zoneOf(turn.world, turn.state, flow.timezone);
  const late = isLate(flow, run.dueMoment, turn.now, zone);
  if (late && flow.late?.do === "skip") return { skip: "late" };
  if (message.transactional) return null;
  if (late && flow.late?.do === "window" && flow.sendWindow) {
    const next = opening(flow.sendWindow, turn.now, zone, true);
    const at = windowOpening(turn.world.workspace, turn.state, flow, next, zone);
    return { hold: at, for: "window" };
  }
  const open = windowOpening(turn.world.workspace, turn.state, flow, turn.now, zone);
  const { skip, delay } = flow.capsOf.get(message.channel) ?? NO_CAPS;
  if (skip.length === 0 && delay.length === 0 && open === turn.now) return null;
  if (
    skip.some((cap) => capFree(turn.state, cap, turn.now, zone) > turn.now) &&
    open === turn.now
  ) {
    return { skip: "cap" };
  }
  return firstMoment(turn, flow, delay, open, zone);
}

/** The first moment that satisfies window and caps together; null when that is now. */
function firstMoment(
  turn: Turn,
  flow: Flow,
  caps: readonly Cap[],
  opens: Instant,
  zone: string,
): Hold | null {
  let at = turn.now;
  let open = opens;
  for (let round = 0; round < 1000; round++) {
    const free = Math.max(open, ...caps.map((cap) => capFree(turn.state, cap, open, zone)));
    if (free === at) break;
    at = free;
    open = windowOpening(turn.world.workspace, turn.state, flow, at, zone);
  }
  if (at === turn.now) return null;
  if (opens === turn.now) return { hold: at, for: "cap" };
  const { world, state } = turn;
  return {
    hold: at,
    for: "window",
    why: workspaceReason(world.workspace, state, flow, turn.now, zone),
  };
}

/** The first moment at or after `from` at which the cap lets one more message go. */
function capFree(state: ContactState, cap: Cap, from: Instant, zone: string): Instant {
  const ends: Instant[] = [];
  // The newest first: once one lies long enough back, so do all before it.
  for (let i = state.messages.length - 1; i >= 0; i--) {
    const message = state.messages[i] as Message;
    if (message.transactional || message.channel !== cap.channel || !countsForCap(message))
      continue;
    const end = addDuration(message.at, cap.per, zone);
    if (end <= from) break;
    ends.push(end);
  }
  if (ends.length < cap.max) return from;
  ends.sort((a, b) => a - b);
  return ends[ends.length - cap.max] ?? from;
}

const countsForCap = (message: Message): boolean =>
  message.state !== "skipped" && message.state !== "cancelled" && message.state !== "failed";

/** Lateness is now − the due moment that woke the run; runs woken by an event are never late. */
export function isLate(flow: Flow, dueMoment: Instant | null, now: Instant, zone: string): boolean {
  if (!flow.late || dueMoment === null || parseDuration(flow.late.after) === null) return false;
  return now > addDuration(dueMoment, flow.late.after, zone);
}

function renderDraft(turn: Turn, run: Run, flow: Flow, message: Message, draft: Draft): Content {
  const made: ContentPieces = {};
  const reader = {
    scope: templateScope(turn, run, flow, message),
    wanted: localeOf(turn.world, turn.state),
    fallback: turn.world.workspace.locale,
    zone: zoneOf(turn.world, turn.state, flow.timezone),
  };
  const content = contentOf(draft, reader, made);
  if (!message.transactional && draft.channel === "email") {
    content.unsubscribe = turn.world.link(
      "unsubscribe",
      turn.state.contact.id,
      message.key,
      "email",
    );
  }
  if (turn.world.deliver === null) rememberPieces(content, made);
  return content;
}
