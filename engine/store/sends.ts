import type { Instant } from "../../nodes/index.ts";
import type { Contact, Line, Message, Request } from "../core/state.ts";

/** For whom the messages of a batch are claimed as they are queued. */
export interface Claim {
  worker: string;
  channels: ReadonlySet<string>;
}

/** What a batch came to. */
export interface Worked {
  contacts: number;
  sends: Sending[];
  /** Resolves once all of it would survive a power loss. Nothing of it leaves the program before. */
  durable: Promise<void>;
}

/** One send under way: a message, or a webhook's request. */
export interface Sending {
  /** The store's own name for it. */
  ref: number;
  contact: string;
  /** The contact as it is at the claim: consent, suppression and address are looked at in this. */
  who: Contact;
  attempt: number;
  worker: string;
  message: Message | null;
  request: Request | null;
}

export type SendDone = {
  ref: number;
  attempt: number;
  at: Instant;
  /** As it was claimed; null for a webhook's request. */
  message: Message | null;
  /** Written with it, when this decides that the message doesn't go: one that went the journal shows by itself. */
  line: Line | null;
} & (
  | { state: "sent"; providerId?: string }
  /** `suppress`: the address (`email:ann@x.example`) that is suppressed from now on, for `reason`. */
  | {
      state: "skipped" | "failed" | "uncertain" | "cancelled";
      reason: string;
      detail?: string;
      suppress?: string;
    }
  /** `held`: nothing was tried (the window was shut, a crash came first), so it counts as no attempt. */
  | { state: "queued"; retryAt: Instant; detail: string; held?: true }
  /** A webhook was answered: becomes an `answer` input. */
  | { state: "answered"; status: number; body: unknown }
);
