import type { Channel } from "../../engine/channels/channel.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { Engine } from "../../engine/engine.ts";
import { Links } from "../../engine/links.ts";
import { publishFlow } from "../../engine/publish.ts";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import type { Store } from "../../engine/store/store.ts";

/** 2026-03-01T09:00:00Z, a Sunday. */
export const T0 = Date.UTC(2026, 2, 1, 9);

/** Takes everything and says yes, as a provider that costs no time. */
export const nullChannel = (): Channel => ({
  name: "null",
  carries: ["email", "sms", "whatsapp", "notify", "letter"],
  idempotent: true,
  send: () => ({ state: "sent" }),
  close: () => Promise.resolve(),
});

export interface Bench {
  store: Store;
  engine: Engine;
  file: string;
  /** The clock's moment. */
  clock: { now: number };
}

/** A real engine on a real store in `folder`, its clock moved by hand, with these flows published. */
export async function openBench(folder: string, flows: FlowDoc[]): Promise<Bench> {
  const clock = { now: T0 };
  const file = `${folder}/bench.sqlite`;
  const store = openSqlite(file, { now: T0 });
  const engine = new Engine({
    store,
    channels: [nullChannel()],
    links: new Links("bench", "https://example.com"),
    clock: () => clock.now,
    worker: "bench",
    jitter: () => 0,
    secret: () => undefined,
    warn: (message) => console.error(message),
  });
  for (const flow of flows) {
    await store.saveDraft(flow, T0);
    await publishFlow(store, flow.id, T0);
  }
  return { store, engine, file, clock };
}

const CITIES = ["Riyadh", "Jeddah", "Dubai", "Cairo", "Amman", "Berlin", "Lyon", "Izmir"];
const BATCH = 1000;

/** Writes contacts through the store, a thousand at a time; every second is `vip`. None is due afterwards. */
export async function addContacts(store: Store, count: number): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => {
      const n = from + i;
      return {
        id: null,
        fields: {
          email: `person${n}@example.com`,
          phone: `+9665${String(n).padStart(8, "0")}`,
          first_name: `First${n % 997}`,
          last_name: `Last${n % 1009}`,
          city: CITIES[n % CITIES.length] ?? "",
        },
        tags: n % 2 === 0 ? ["vip"] : [],
        consent: null,
        created: T0,
        source: "bench",
      };
    });
    await store.writeContacts(rows, T0, false);
  }
}
