import { createHash } from "node:crypto";
import type { Instant } from "../nodes/index.ts";
import { type Breaker, retryAt } from "./channels/backoff.ts";
import type { Channel, Outcome } from "./channels/channel.ts";
import { callWebhook } from "./channels/webhook.ts";
import { addressOf, refusal, suppressionKey } from "./core/consent.ts";
import { isLate, sentDetail, windowOpening } from "./core/gate.ts";
import { zoneOf } from "./core/scope.ts";
import type { Line, Message } from "./core/state.ts";
import { opening } from "./core/time.ts";
import type { World } from "./core/turn.ts";
import type { SendDone, Sending, Store } from "./store/store.ts";
import type { WorldCache } from "./world.ts";

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

/** How many sends ended how. */
export interface Dispatched {
  sent: number;
  skipped: number;
  failed: number;
  later: number;
  uncertain: number;
  answered: number;
  /** What providers said when they did not take a message, each once. */
  details: Set<string>;
}

/** Sends claimed at once: few where a crash would leave each of them uncertain. */
const CLAIM = { idempotent: 1000, other: 20 };

/** How long a message waits, in milliseconds, while another is the probe of a paused provider. */
const PROBE_WAIT = 5000;

/** Sends what is due in the outbox until nothing is left that may go now. */
export async function dispatch(
  options: DispatchOptions,
  clock: () => Instant,
): Promise<Dispatched> {
  const total: Dispatched = {
    sent: 0,
    skipped: 0,
    failed: 0,
    later: 0,
    uncertain: 0,
    answered: 0,
    details: new Set(),
  };
  const limit = options.channels.every((c) => c.idempotent) ? CLAIM.idempotent : CLAIM.other;
  while (!options.signal.aborted) {
    const now = clock();
    const sends = await options.store.claimSends(
      now,
      limit,
      options.worker,
      closedChannels(options, now),
    );
    if (sends.length === 0) return total;
    const done = new Finisher(options, total);
    const { world, readsMessages } = await options.worlds.get();
    const underWay: Promise<void>[] = [];
    for (const sending of sends) {
      const ended = attempt(options, world, readsMessages, sending, clock);
      if (!(ended instanceof Promise)) done.add(ended);
      else underWay.push(ended.then((send) => done.add(send)).then(() => done.flushed()));
    }
    // Those that ended at once are written together, in one transaction.
    await done.flushed();
    await Promise.all(underWay);
    // Whatever else waits for the thread gets its turn between two batches.
    await new Promise((turn) => setImmediate(turn));
  }
  return total;
}

/** Channels whose provider keeps failing: their messages wait. */
function closedChannels({ channels, breakers }: DispatchOptions, now: Instant): string[] {
  return channels
    .filter((channel) => {
      const open = breakers.get(channel.name)?.openUntil;
      return open !== null && open !== undefined && open > now;
    })
    .flatMap((channel) => channel.carries);
}

/** Writes ended sends as soon as the last write is done: together, but never waiting for the slowest. */
class Finisher {
  readonly #options: DispatchOptions;
  readonly #total: Dispatched;
  #pending: SendDone[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(options: DispatchOptions, total: Dispatched) {
    this.#options = options;
    this.#total = total;
  }

  add(done: SendDone): void {
    this.#pending.push(done);
    if (done.state === "queued") {
      this.#total.later++;
      this.#total.details.add(done.detail);
    } else if (done.state !== "cancelled") this.#total[done.state]++;
    if (done.state === "failed" && done.detail) this.#total.details.add(done.detail);
  }

  flushed(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const done = this.#pending;
      this.#pending = [];
      if (done.length > 0) await this.#options.store.finishSends(done, this.#options.worker);
    });
    return this.#writing;
  }
}

/** A promise only where something outside this program is asked. */
function attempt(
  options: DispatchOptions,
  world: World,
  readsMessages: boolean,
  sending: Sending,
  clock: () => Instant,
): SendDone | Promise<SendDone> {
  const { message } = sending;
  if (message === null) return callOut(options, sending, clock);
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

function lineOf(
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

const channelOf = ({ channels }: DispatchOptions, message: Message): Channel | undefined =>
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

/** Calls a webhook for a node that waits for the answer. */
async function callOut(
  options: DispatchOptions,
  sending: Sending,
  clock: () => Instant,
): Promise<SendDone> {
  const { request, contact, attempt } = sending;
  if (request === null) throw new Error("a send has neither a message nor a request");
  const base = { contact, key: request.key, attempt, line: null, wake: true };
  const filled = fillSecrets(request, options.secret);
  if (typeof filled === "string") {
    return {
      ...base,
      at: clock(),
      state: "answered",
      status: 0,
      body: { error: `there is no secret ${filled}` },
    };
  }
  const answer = await callWebhook(filled, {
    signal: options.signal,
    ...(options.allowPrivate ? { allowPrivate: true } : {}),
    providerKey: providerKey(options.installation, contact, request.key),
  });
  const at = clock();
  if ("status" in answer)
    return { ...base, at, state: "answered", status: answer.status, body: answer.body };
  if ("refused" in answer)
    return { ...base, at, state: "answered", status: 0, body: { error: answer.refused } };
  const next = retryAt(attempt, at, options.jitter());
  if (next === null)
    return { ...base, at, state: "answered", status: 0, body: { error: answer.later } };
  return {
    ...base,
    at,
    state: "queued",
    retryAt: Math.max(next, at + (answer.after ?? 0)),
    detail: answer.later,
  };
}

/** Puts secrets where they are named; gives the name of one that isn't set. */
function fillSecrets(
  request: NonNullable<Sending["request"]>,
  secret: DispatchOptions["secret"],
): NonNullable<Sending["request"]> | string {
  let missing: string | null = null;
  const fill = (text: string): string =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the mark that the core leaves for a secret
    text.replace(/\u0001secret:([A-Za-z0-9_]+)\u0001/g, (_, name: string) => {
      const value = secret(name);
      if (value === undefined) missing = name;
      return value ?? "";
    });
  const filled = {
    ...request,
    headers: Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, fill(v)])),
    body: fill(request.body.replaceAll("\\u0001", "\u0001")),
  };
  return missing ?? filled;
}

/**
 * Decides about sends that a dead worker left: where the provider takes idempotency keys they go again with the
 * same key, else they are `uncertain`, unless the setting says `resend`. Returns how many are uncertain.
 */
export async function recover(
  options: DispatchOptions,
  now: Instant,
): Promise<{ again: number; uncertain: number }> {
  const counts = { again: 0, uncertain: 0 };
  const orphans = await options.store.orphanSends(options.worker);
  const done = orphans.map(({ contact, attempt, message, request }): SendDone => {
    const channel = message ? channelOf(options, message) : undefined;
    const key = message?.key ?? request?.key ?? "";
    const base = { contact, key, attempt, at: now, wake: false };
    if (message === null || channel?.idempotent || options.uncertain === "resend") {
      counts.again++;
      return {
        ...base,
        state: "queued",
        retryAt: now,
        detail: "the program stopped while it was being sent",
        line: null,
        held: true,
      };
    }
    counts.uncertain++;
    const line = lineOf(contact, message, now, {
      state: "uncertain",
      reason: "crash",
      to: message.to,
    });
    return { ...base, state: "uncertain", reason: "crash", line };
  });
  await options.store.finishSends(done, options.worker);
  return counts;
}
