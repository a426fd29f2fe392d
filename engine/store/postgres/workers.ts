import type { WorkerStore } from "../workers.ts";
import { type Base, connect, type Query } from "./database.ts";

/** Whether workers of this process may claim. */
export interface Lives {
  mayClaim(tx: Query, worker: string): Promise<boolean>;
}

/** Milliseconds until a worker that lost its connection asks for another. */
const AGAIN = 500;

/** Only the connection that was told of the lock counts: whoever takes over a dead worker's sends holds it for a moment. */
const HELD = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND pid = $2
  AND ((classid::bigint << 32) | objid::bigint) = hashtextextended($1, 0)`;

/**
 * A worker that lives holds a session's advisory lock under its name, on a connection of its own: the server lets go
 * of it when the process dies, however that happens. Whoever finds it free takes over what the worker was sending; and
 * the worker, should it only have lost its connection, claims nothing before it holds the lock again.
 */
export function workersPart(base: Base, url: string): { part: WorkerStore; lives: Lives } {
  /** Worker → the server's number of the connection that holds its lock; null: it has lost it. */
  const held = new Map<string, number | null>();
  const live = async (worker: string): Promise<() => Promise<void>> => {
    if (held.has(worker)) throw new Error(`the worker ${worker} lives already`);
    let over = false;
    const client = connect(url, {
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      onclose: () => {
        if (over || held.get(worker) === null) return;
        held.set(worker, null);
        setTimeout(again, AGAIN);
      },
    });
    const take = async (): Promise<void> => {
      const [row] = await client.unsafe<{ pid: number }[]>(
        "SELECT pg_backend_pid() AS pid, pg_advisory_lock(hashtextextended($1, 0))",
        [worker],
      );
      if (!over) held.set(worker, row?.pid ?? null);
    };
    const again = (): void => {
      if (!over) take().catch(() => setTimeout(again, AGAIN));
    };
    held.set(worker, null);
    try {
      await take();
    } catch (error) {
      held.delete(worker);
      over = true;
      await client.end({ timeout: 0 });
      throw error;
    }
    return async () => {
      over = true;
      held.delete(worker);
      await client.end({ timeout: 1 });
    };
  };
  return {
    part: { shared: true, live, onWork: (wake) => base.listen(wake) },
    lives: {
      async mayClaim(tx, worker) {
        const pid = held.get(worker);
        if (pid === undefined) return true;
        return pid !== null && (await tx.get(HELD, worker, pid)) !== null;
      },
    },
  };
}
