import { byHand, HOUR, liveUntil, T0 } from "./hand.ts";
import { allMessages, chance, expectedOf, prepare } from "./setup.ts";

export interface Down {
  messages: number;
  lost: string[];
  /** Taken by the provider under more than one key. */
  doubled: string[];
  mostAttempts: number;
  gaveUp: number;
  opened: number;
  closedAtTheEnd: boolean;
}

/** The first attempt and five retries. */
export const MOST_ATTEMPTS = 6;

/**
 * A provider that fails 30 % of the time (429, 5xx, or no answer after it took the message), and wholly for its first
 * two hours.
 */
export async function providerDown(contacts: number, seed: number): Promise<Down> {
  const random = chance(seed);
  const keys = new Map<string, Set<string>>();
  const hand = byHand((message) => {
    const what = `${message.to} ${message.content.subject}`;
    const draw = random();
    if (hand.clock.now < T0 + 2 * HOUR || draw < 0.1) return { state: "later", detail: "503" };
    if (draw < 0.2) return { state: "later", detail: "429", after: 60_000 };
    keys.set(what, (keys.get(what) ?? new Set<string>()).add(message.providerKey()));
    return draw < 0.3 ? { state: "unknown", detail: "timeout" } : { state: "sent" };
  });
  const breaker = hand.engine.breakers.get("hand");
  let opened = 0;
  let wasOpen = false;
  await prepare(hand.store, contacts, T0);
  for (let hours = 0; hours < 72; hours++) {
    for (let minute = 0; minute < 60; minute += 5) {
      await liveUntil(hand, T0 + hours * HOUR + minute * 60_000);
      const isOpen = breaker?.openUntil !== null;
      if (isOpen && !wasOpen) opened++;
      wasOpen = isOpen;
    }
  }
  const rows = await allMessages(hand.store);
  const states = new Map(
    rows.map((row) => [`${row.message.to} ${row.message.content.subject}`, row.message.state]),
  );
  const down: Down = {
    messages: rows.length,
    lost: expectedOf(contacts, 1).filter((what) =>
      states.get(what) === "sent" ? !keys.has(what) : states.get(what) !== "failed",
    ),
    doubled: [...keys].flatMap(([what, set]) => (set.size > 1 ? [what] : [])),
    mostAttempts: Math.max(...rows.map((row) => row.attempt)),
    gaveUp: rows.filter((row) => row.message.state === "failed").length,
    opened,
    closedAtTheEnd: !wasOpen,
  };
  await hand.close();
  return down;
}
