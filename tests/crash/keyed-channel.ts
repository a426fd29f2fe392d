import type { Channel, Outcome, Outgoing } from "../../engine/channels/channel.ts";

/** Requests under way at once. */
const AT_ONCE = 20;

/** A provider that takes idempotency keys, spoken to by HTTP. */
export function keyedChannel(url: string): Channel {
  const waiting: (() => void)[] = [];
  let open = AT_ONCE;
  const enter = async (): Promise<void> => {
    if (open > 0) open--;
    else await new Promise<void>((go) => waiting.push(go));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else open++;
  };

  async function post(message: Outgoing, signal: AbortSignal): Promise<Outcome> {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Idempotency-Key": message.providerKey() },
        body: JSON.stringify({ to: message.to, subject: message.content.subject }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(1000)]),
      });
      if (response.ok) return { state: "sent", providerId: await response.text() };
      return { state: "later", detail: `HTTP ${response.status}`, after: 0 };
    } catch (error) {
      return { state: "unknown", detail: error instanceof Error ? error.name : String(error) };
    }
  }

  return {
    name: "keyed",
    carries: ["email"],
    idempotent: true,
    async send(message, signal) {
      await enter();
      try {
        return await post(message, signal);
      } finally {
        leave();
      }
    },
    close: () => Promise.resolve(),
  };
}
