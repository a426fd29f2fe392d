import { createHash } from "node:crypto";
import type { Instant } from "../nodes/index.ts";
import { type Breaker, retryAt } from "./channels/backoff.ts";
import type { Channel, Outcome } from "./channels/channel.ts";
import { addressOf, refusal, suppressionKey } from "./core/consent.ts";
import { isLate, sentDetail, windowOpening } from "./core/gate.ts";
import { zoneOf } from "./core/scope.ts";
import type { Line, Message } from "./core/state.ts";
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
  { world, readsMessages }: { world: World; readsMessages: boolean },
  sending: Sending,
  message: Message,
  clock: () => Instant,
): SendDone | Promise<SendDone> {
  const ended = (done: SendDone): SendDone => {
    done.wake = wakes(world, readsMessages, message, done.state);
    return done;
  };
  const held =
    mayGo(world, sending, message, clock()) ?? paused(options, sending, message, clock());
  if (held) return ended(held);
  const outcome = send(options, world, sending, message, clock());
  return outcome instanceof Promise
    ? outcome.then((o) => ended(doneOf(options, sending, message, o, clock())))
    : ended(doneOf(options, sending, message, outcome, clock()));
}

/** A survey that could not be sent leaves its node; else only rules that read messages care. */
function wakes(
  world: World,
  readsMessages: boolean,
  message: Message,
  state: SendDone["state"],
): boolean {
  if (state === "queued") return false;
  const node = world.versions.get(`${message.flow}@${message.version}`)?.nodes.get(message.node);
  return readsMessages || (state !== "sent" && node?.type.type === "survey");
}

/** Looks at window, lateness, consent, suppression and address once more, at the instant of sending. */
function mayGo(
  world: World,
  { contact, who, attempt }: Sending,
  message: Message,
  now: Instant,
): SendDone | null {
  const base = { contact, key: message.key, attempt, at: now, wake: false };
  if (message.channel === "notify" || message.channel === "letter") return null;
  const flow = world.versions.get(`${message.flow}@${message.version}`);
  const state = {
    contact: who,
    events: [],
    messages: [],
    tasks: [],
    runs: [],
    drawn: {},
    fired: {},
    members: {},
  };
  if (flow) {
    const zone = zoneOf(world, state, flow.timezone);
    const late = isLate(flow, message.at, now, zone);
    if (late && flow.late?.do === "skip") return skip(base, message, "late");
    if (!message.transactional) {
      const open =
        late && flow.late?.do === "window" && flow.sendWindow
          ? opening(flow.sendWindow, now, zone)
          : windowOpening(state, flow, now, zone);
      if (open > now)
        return {
          ...base,
          line: null,
          state: "queued",
          retryAt: open,
          detail: "outside the send window",
          held: true,
        };
    }
  }
  const reason = refusal(who, message, world.workspace);
  return reason === null ? null : skip(base, message, reason);
}

function skip(
  base: Omit<SendDone, "state" | "line"> & { at: Instant; contact: string },
  message: Message,
  reason: string,
): SendDone {
  const line = lineOf(base.contact, message, base.at, { state: "skipped", reason, to: message.to });
  return { ...base, line, state: "skipped", reason } as SendDone;
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
  `${installation}-${createHash("sha256").update(`${contact}/${key}`).digest("hex").slice(0, 40)}`;

/** What carries a message; undefined when nothing does. */
export const channelOf = ({ channels }: DispatchOptions, message: Message): Channel | undefined =>
  channels.find((c) => c.carries.includes(message.channel));

/** A provider that keeps failing is left alone: its messages wait, and that counts as no attempt. */
function paused(
  options: DispatchOptions,
  { contact, attempt }: Sending,
  message: Message,
  now: Instant,
): SendDone | null {
  const channel = channelOf(options, message);
  const breaker = channel && options.breakers.get(channel.name);
  if (!channel || !breaker || breaker.mayTry(now)) return null;
  return {
    contact,
    key: message.key,
    attempt,
    at: now,
    wake: false,
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
      providerKey: providerKey(options.installation, contact, message.key),
      messageId: "",
      channel: message.channel,
      to: to ?? "",
      attempt,
      at,
      content: { ...message.content, locale: message.content.locale || world.workspace.locale },
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
  { contact, attempt, who }: Sending,
  message: Message,
  outcome: Outcome,
  at: Instant,
): SendDone {
  const base = { contact, key: message.key, attempt, at, wake: false };
  const line = (detail: Record<string, unknown>): Line => lineOf(contact, message, at, detail);
  if (outcome.state === "sent") {
    return {
      ...base,
      state: "sent",
      line: line({ state: "sent", ...sentDetail(message) }),
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
