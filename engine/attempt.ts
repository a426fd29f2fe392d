import type { Instant } from "../nodes/index.ts";
import { type Breaker, retryAt } from "./channels/backoff.ts";
import type { Channel, Outcome } from "./channels/channel.ts";
import { bareState } from "./core/changes.ts";
import { addressOf, refusal, suppressionKey } from "./core/consent.ts";
import { isLate } from "./core/gate.ts";
import { holidaysOf, windowOf, windowOpening } from "./core/hours.ts";
import { zoneOf } from "./core/scope.ts";
import type { Contact, Line, Message } from "./core/state.ts";
import { opening } from "./core/time.ts";
import type { World } from "./core/turn.ts";
import type { SendDone, Sending, Store } from "./store/store.ts";
import type { WorldCache } from "./world.ts";

/** What the dispatcher works with. */
export interface DispatchOptions {
  store: Store;
  worlds: WorldCache;
  channels: Channel[];
  /** A breaker for each channel, by its name. */
  breakers: Map<string, Breaker>;
  /** Who claims: unique for each process. */
  worker: string;
  installation: string;
  /** [0, 1) for the spread of retries. */
  jitter: () => number;
  /** What `{{secret.NAME}}` stands for; undefined where nothing is set. */
  secret: (name: string) => string | undefined;
  /** Webhooks may call this machine (tests only). */
  allowPrivate?: boolean;
  /** What to do with a message of which a crash left unknown whether it went (default `hold`). */
  uncertain: "hold" | "resend";
  signal: AbortSignal;
}

/** How long a message waits, in milliseconds, while another is the probe of a paused provider. */
const PROBE_WAIT = 5000;

/** Tries one message, once; what came of it. A promise only where something outside this program is asked. */
export function attempt(
  options: DispatchOptions,
  world: World,
  sending: Sending,
  message: Message,
  clock: () => Instant,
): SendDone | Promise<SendDone> {
  const held =
    mayGo(world, sending, message, clock()) ?? paused(options, sending, message, clock());
  if (held) return held;
  const outcome = send(options, world, sending, message, clock());
  return outcome instanceof Promise
    ? outcome.then((o) => doneOf(options, sending, message, o, clock()))
    : doneOf(options, sending, message, outcome, clock());
}

/** Looks at window, lateness, consent, suppression and address once more, at the instant of sending. */
function mayGo(
  world: World,
  { ref, contact, who, attempt }: Sending,
  message: Message,
  now: Instant,
): SendDone | null {
  const base = { ref, attempt, at: now, message };
  if (message.channel === "notify" || message.channel === "letter") return null;
  const held = holdOf(world, who, message, now);
  if (held === "late") return skip(base, contact, "late");
  if (held !== null) {
    const detail = "outside the send window";
    return { ...base, line: null, state: "queued", retryAt: held, detail, held: true };
  }
  const reason = refusal(who, message, world.workspace);
  return reason === null ? null : skip(base, contact, reason);
}

/** Until when the flow's window, or the contact's own times, hold a message; `late`: it goes no more. */
function holdOf(
  world: World,
  who: Contact,
  message: Message,
  now: Instant,
): Instant | "late" | null {
  const current = world.flows.get(message.flow);
  const flow =
    current?.version === message.version
      ? current
      : world.versions.get(`${message.flow}@${message.version}`);
  const { workspace } = world;
  if (
    !flow ||
    (!flow.late &&
      windowOf(workspace, flow) === null &&
      holidaysOf(workspace, flow).length === 0 &&
      who.fields.preferred_times === undefined)
  ) {
    return null;
  }
  const state = bareState(who);
  const zone = zoneOf(world, state, flow.timezone);
  const late = isLate(flow, message.at, now, zone);
  if (late && flow.late?.do === "skip") return "late";
  if (message.transactional) return null;
  const from =
    late && flow.late?.do === "window" && flow.sendWindow
      ? opening(flow.sendWindow, now, zone)
      : now;
  const open = windowOpening(workspace, state, flow, from, zone);
  return open > now ? open : null;
}

function skip(
  base: { ref: number; attempt: number; at: Instant; message: Message },
  contact: string,
  reason: string,
): SendDone {
  const { message, at } = base;
  const line = lineOf(contact, message, at, { state: "skipped", reason, to: message.to });
  return { ...base, line, state: "skipped", reason };
}

/** The line that says how a message was decided. */
export function lineOf(
  contact: string,
  message: Message,
  at: Instant,
  detail: Record<string, unknown>,
): Line {
  return {
    at,
    contact,
    flow: message.flow,
    version: message.version,
    enrollment: message.n,
    seq: message.seq,
    kind: "message",
    node: message.node,
    detail: { channel: message.channel, ...detail },
  };
}

/** What providers that take idempotency keys are given: this installation's and this message's, for ever. */
export const providerKey = (installation: string, contact: string, key: string): string =>
  `${installation}-${Bun.CryptoHasher.hash("sha256", `${contact}/${key}`, "hex").slice(0, 40)}`;

/** What carries a message; undefined when nothing does. */
export const channelOf = ({ channels }: DispatchOptions, message: Message): Channel | undefined =>
  channels.find((c) => c.carries.includes(message.channel));

/** A provider that keeps failing is left alone: its messages wait, and that counts as no attempt. */
function paused(
  options: DispatchOptions,
  { ref, attempt }: Sending,
  message: Message,
  now: Instant,
): SendDone | null {
  const channel = channelOf(options, message);
  const breaker = channel && options.breakers.get(channel.name);
  if (!channel || !breaker || breaker.mayTry(now)) return null;
  return {
    ref,
    attempt,
    at: now,
    message,
    line: null,
    state: "queued",
    retryAt: Math.max(breaker.openUntil ?? now, now + PROBE_WAIT),
    detail: `${channel.name} is paused: it kept failing`,
    held: true,
  };
}

function send(
  options: DispatchOptions,
  world: World,
  { contact, who, attempt }: Sending,
  message: Message,
  at: Instant,
): Outcome | Promise<Outcome> {
  const channel = channelOf(options, message);
  const to =
    message.channel === "notify" ? message.to : (addressOf(who, message.channel) ?? message.to);
  if (!channel)
    return { state: "refused", reason: "refused", detail: `no channel carries ${message.channel}` };
  const breaker = options.breakers.get(channel.name);
  const outcome = channel.send(
    {
      key: `${contact}.${message.key}`,
      providerKey: () => providerKey(options.installation, contact, message.key),
      messageId: "",
      channel: message.channel,
      to: to ?? "",
      attempt,
      at,
      content: message.content.locale
        ? message.content
        : { ...message.content, locale: world.workspace.locale },
      transactional: message.transactional,
      topic: message.topic,
    },
    options.signal,
  );
  const heard = (answer: Outcome): Outcome => {
    if (answer.state === "later" || answer.state === "unknown") breaker?.onFailure(at);
    else breaker?.onSuccess(at);
    return answer;
  };
  return outcome instanceof Promise ? outcome.then(heard) : heard(outcome);
}

function doneOf(
  options: DispatchOptions,
  { ref, contact, attempt, who }: Sending,
  message: Message,
  outcome: Outcome,
  at: Instant,
): SendDone {
  const base = { ref, attempt, at, message };
  const line = (detail: Record<string, unknown>): Line => lineOf(contact, message, at, detail);
  if (outcome.state === "sent") {
    return {
      ...base,
      state: "sent",
      // The journal shows the message itself.
      line: null,
      ...(outcome.providerId === undefined ? {} : { providerId: outcome.providerId }),
    };
  }
  if (outcome.state === "refused") {
    const { reason, detail } = outcome;
    const address = message.to ?? addressOf(who, message.channel);
    const isDead = reason === "bounced" && address !== null && message.channel !== "notify";
    return {
      ...base,
      state: "failed",
      reason,
      detail,
      line: line({ state: "failed", reason, to: message.to, detail }),
      ...(isDead ? { suppress: suppressionKey(message.channel, address) } : {}),
    };
  }
  // A provider that takes keys is simply asked again under the same one.
  const again = options.uncertain === "resend" || channelOf(options, message)?.idempotent === true;
  if (outcome.state === "unknown" && !again) {
    const { detail } = outcome;
    return {
      ...base,
      state: "uncertain",
      reason: "crash",
      detail,
      line: line({ state: "uncertain", reason: "crash", to: message.to }),
    };
  }
  const next = retryAt(attempt, at, options.jitter());
  if (next === null) {
    return {
      ...base,
      state: "failed",
      reason: "gave-up",
      detail: outcome.detail,
      line: line({ state: "failed", reason: "gave-up", to: message.to }),
    };
  }
  const asked = outcome.state === "later" && outcome.after !== undefined ? at + outcome.after : 0;
  return {
    ...base,
    state: "queued",
    retryAt: Math.max(next, asked),
    detail: outcome.detail,
    line: null,
  };
}
