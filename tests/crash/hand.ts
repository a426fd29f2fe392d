import type { Channel, Outcome, Outgoing } from "../../engine/channels/channel.ts";
import type { DispatchOptions } from "../../engine/dispatch.ts";
import { Engine, type EngineOptions } from "../../engine/engine.ts";
import { Links } from "../../engine/links.ts";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import type { Store } from "../../engine/store/store.ts";

/** 2026-03-01T09:00:00Z, a Sunday. */
export const T0 = Date.UTC(2026, 2, 1, 9);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A real engine in this process, its clock moved by hand. */
export interface Hand {
  store: Store;
  engine: Engine;
  clock: { now: number };
  /** What the dispatcher needs, to let it run by itself. */
  sending(): Promise<DispatchOptions>;
  close(): Promise<void>;
}

/** Opens the engine on a file (`:memory:` for none) with one channel, whose answers `send` gives. */
export function byHand(
  send: (message: Outgoing) => Outcome | Promise<Outcome>,
  {
    path = ":memory:",
    idempotent = true,
    ...more
  }: { path?: string; idempotent?: boolean } & Partial<EngineOptions> = {},
): Hand {
  const clock = { now: T0 };
  const store = openSqlite(path, { now: T0 });
  const channel: Channel = {
    name: "hand",
    carries: ["email", "sms", "whatsapp", "notify", "letter"],
    idempotent,
    send,
    close: () => Promise.resolve(),
  };
  const engine = new Engine({
    store,
    channels: [channel],
    links: new Links("secret", "https://example.com"),
    clock: () => clock.now,
    worker: "hand",
    jitter: () => 0.5,
    secret: () => undefined,
    warn: (message) => console.error(message),
    ...more,
  });
  return {
    store,
    engine,
    clock,
    sending: async () => ({
      store,
      worlds: engine.worlds,
      channels: [channel],
      breakers: new Map(engine.breakers),
      worker: "hand",
      installation: await store.installation(),
      jitter: () => 0.5,
      secret: () => undefined,
      uncertain: "hold",
      signal: new AbortController().signal,
    }),
    async close() {
      await engine.stop();
      await store.close();
    },
  };
}

/** Moves the clock from one due moment to the next, working all that is due, until nothing is or the time is over. */
export async function liveUntil(hand: Hand, until: number): Promise<void> {
  for (;;) {
    const next = await hand.store.nextDue();
    if (next === null || next > until) break;
    hand.clock.now = Math.max(hand.clock.now, next);
    const { ticked, dispatched } = await hand.engine.untilIdle();
    const { sent, skipped, failed, later, uncertain } = dispatched;
    const moved = ticked.contacts + ticked.fired + sent + skipped + failed + later + uncertain;
    // What is due and can't go yet: a paused provider.
    if (moved === 0) hand.clock.now += MINUTE;
  }
  hand.clock.now = until;
}
