import type { Instant } from "../../nodes/node.ts";
import type { Content } from "../core/state.ts";

/** A message on its way to a provider: the outbox row, narrowed to what a channel may see. */
export interface Outgoing {
  /** `contact.flow.n.node.visit`, as in the outbox. */
  key: string;
  /** The installation's id and a hash of the key, for providers that take idempotency keys. Made when asked for. */
  providerKey: () => string;
  /** Kept through every attempt, so that a mailbox recognises a repetition; "" derives it from the key. */
  messageId: string;
  /** `email`, `sms`, `whatsapp`, `notify`, … */
  channel: string;
  /** One address as the channel writes it: an e-mail address, or a phone number in E.164. */
  to: string;
  /** From 1. */
  attempt: number;
  /** When this attempt is made; for mail it becomes the Date header. */
  at: Instant;
  content: Content;
  transactional: boolean;
  topic: string;
}

/** What became of one attempt. */
export type Outcome =
  /** The provider said yes. `providerId` is its own name for the message, where it gave one. */
  | { state: "sent"; providerId?: string }
  /** A permanent no. `bounced` is a dead address, which is suppressed; `refused` says nothing about the address. */
  | { state: "refused"; reason: "refused" | "bounced"; detail: string }
  /** Not now, and surely not delivered. `after`: the milliseconds that the provider asked to be left alone. */
  | { state: "later"; detail: string; after?: number }
  /** The whole message was handed over and no answer came: it may have been delivered. */
  | { state: "unknown"; detail: string };

/** A way out to people. It keeps no record of its own: outbox and receipts are the store's. */
export interface Channel {
  /** Shown on the health page, for example `smtp`. */
  name: string;
  /** Values of `Outgoing.channel` that it takes. */
  carries: string[];
  /** Whether the same `providerKey` given twice is delivered once, so that a crash may be answered by sending again. */
  idempotent: boolean;
  /**
   * Never rejects for what a provider or network does: that is an outcome. `signal` gives the attempt up. A channel
   * inside this program may answer at once, with no promise.
   */
  send(message: Outgoing, signal: AbortSignal): Promise<Outcome> | Outcome;
  /** Waits for the attempts under way, then closes connections. */
  close(): Promise<void>;
}
