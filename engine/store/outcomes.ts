import type { Instant } from "../../nodes/index.ts";
import type { Input } from "../core/state.ts";
import type { SendDone } from "./store.ts";

/** A message that goes out later than it was queued by more than this moves `last_touch_at`; milliseconds. */
export const LATER = 60_000;

/** A message counts as sent at the moment at which it was queued when it went within this; milliseconds. */
export const AT_ONCE = 1000;

interface Outcome {
  state: string;
  reason: string | null;
  detail: string | null;
  due: Instant | null;
  suppress: string | null;
}

export function outcomeOf(done: Exclude<SendDone, { state: "sent" }>): Outcome {
  const none = { reason: null, detail: null, due: null, suppress: null };
  switch (done.state) {
    case "answered":
      return { ...none, state: "sent", detail: String(done.status) };
    case "queued":
      return { ...none, state: "queued", due: done.retryAt, detail: done.detail };
    default: {
      const { state, reason, detail = null, suppress = null } = done;
      return { ...none, state, reason, detail, suppress };
    }
  }
}

/** What the engine must hear of it: a webhook's answer, and that a message which counted as sent doesn't go. */
export function inputOf(done: Exclude<SendDone, { state: "sent" }>, key: string): Input | null {
  const { at, attempt } = done;
  switch (done.state) {
    case "answered":
      return { kind: "answer", at, id: `answer:${key}`, key, status: done.status, body: done.body };
    case "queued":
      return null;
    default: {
      const { state, reason } = done;
      return {
        kind: "receipt",
        at,
        id: `${state}:${key}:${attempt}`,
        key,
        event: "failed",
        reason,
      };
    }
  }
}
