import postgres from "postgres";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { noChanges } from "../../engine/core/changes.ts";
import { openPostgres } from "../../engine/store/postgres/store.ts";
import type { Store } from "../../engine/store/store.ts";
import { ALL, message, people, sentAt, T0 } from "../store/make.ts";
import { Databases } from "../store/postgres-server.ts";
import { crowd } from "./crowd.ts";
import { lived, withoutLinks } from "./live.ts";
import { scenarios, spanOf } from "./scenarios.ts";

const databases = new Databases();
afterEach(() => databases.empty());
afterAll(() => databases.drop());

/** Several ways to one new store, as processes of their own have them. */
async function stores(count: number): Promise<Store[]> {
  const url = await databases.make();
  const first = await openPostgres(url, { now: T0 });
  const others = Array.from({ length: count - 1 }, () => openPostgres(url, { now: T0 }));
  return [first, ...(await Promise.all(others))];
}

/** One scenario each of every third template. */
const chosen = scenarios
  .filter(({ file }, i) => scenarios.findIndex((other) => other.file === file) === i)
  .filter((_, i) => i % 3 === 0);

describe("PostgreSQL and SQLite write the same journal", () => {
  test.each(chosen)("of $file: $name", async ({ doc, scenario }) => {
    const span = spanOf(doc, scenario);
    const onSqlite = withoutLinks(await lived(span));
    expect(withoutLinks(await lived(span, 1000, () => stores(1)))).toEqual(onSqlite);
  });

  test("of a crowd, with one worker and with four, whatever the batches", async () => {
    const onSqlite = withoutLinks(await lived(crowd));
    expect(onSqlite.length).toBeGreaterThan(crowd.contacts.length * 4);
    for (const [workers, batch] of [
      [1, 1000],
      [4, 7],
    ] as const) {
      expect(withoutLinks(await lived(crowd, batch, () => stores(workers)))).toEqual(onSqlite);
    }
  });
});

/** One message, claimed by a worker of the first store. */
async function sending(store: Store, worker: string) {
  const [ann = ""] = await people(store, "ann@x.example");
  const input = { kind: "resume", flow: "none", at: T0, id: "turn" } as const;
  await store.addInputs([{ contact: ann, input }]);
  const { sends } = await store.workDue(
    T0,
    10,
    ALL,
    (batch) =>
      batch.map(({ state }) => {
        const changes = noChanges(state, T0);
        changes.messages.add(message({ receipts: [{ event: "sent", at: T0 }] }));
        return changes;
      }),
    { worker, channels: new Set(["email"]) },
  );
  return sends[0];
}

describe("workers of several processes", () => {
  test("what a living worker sends is nobody else's; what a dead one sent is given back at once", async () => {
    const [one, two] = (await stores(2)) as [Store, Store];
    const end = await one.live("one");
    await sending(one, "one");
    expect(await two.orphanSends("two")).toEqual([]);
    await end();
    expect((await two.orphanSends("two")).map((send) => send.attempt)).toEqual([1]);
    await Promise.all([one.close(), two.close()]);
  });

  test("one that comes back after others took over changes nothing", async () => {
    const [one, two] = (await stores(2)) as [Store, Store];
    const end = await one.live("one");
    const late = await sending(one, "one");
    await end();
    const [taken] = await two.orphanSends("two");
    await one.finishSends([sentAt(late, T0 + 50)], "one");
    expect((await two.messages({ limit: 1 }))[0]?.message.state).toBe("sending");
    await two.finishSends([sentAt(taken, T0 + 70_000)], "two");
    await one.finishSends([sentAt(late, T0 + 90_000)], "one");
    expect((await two.messages({ limit: 1 }))[0]?.sentAt).toBe(T0 + 70_000);
    await Promise.all([one.close(), two.close()]);
  });

  test("one whose connection is cut claims nothing until it has its name back", async () => {
    const [one, two] = (await stores(2)) as [Store, Store];
    const end = await one.live("one");
    const url = databases.last;
    await cutWorkers(url);
    expect(await sending(one, "one")).toBeUndefined();
    expect(await one.claimSends(T0, 9, "one", [])).toEqual([]);
    await expect
      .poll(async () => (await one.claimSends(T0, 9, "one", [])).length, { timeout: 10_000 })
      .toBe(1);
    expect(await two.orphanSends("two")).toEqual([]);
    await end();
    await Promise.all([one.close(), two.close()]);
  });

  test("a contact that one works on is passed over by the others", async () => {
    const [one, two] = (await stores(2)) as [Store, Store];
    const ids = await people(one, "ann@x.example", "bob@x.example");
    const input = { kind: "resume", flow: "none", at: T0, id: "turn" } as const;
    await one.addInputs(ids.map((contact) => ({ contact, input })));
    const seen: string[] = [];
    const take = (store: Store) =>
      store.workDue(T0, 1, ALL, (batch) =>
        batch.map(({ state }) => {
          seen.push(state.contact.id);
          return noChanges(state, T0);
        }),
      );
    const both = await Promise.all([take(one), take(two)]);
    expect(both.map(({ contacts }) => contacts)).toEqual([1, 1]);
    expect([...seen].sort()).toEqual([...ids].sort());
    await Promise.all([one.close(), two.close()]);
  });

  test("what one adds wakes the others", async () => {
    const [one, two] = (await stores(2)) as [Store, Store];
    const [ann = ""] = await people(one, "ann@x.example");
    const woken = Promise.withResolvers<void>();
    const end = await two.onWork(() => woken.resolve());
    await one.addInputs([
      { contact: ann, input: { kind: "resume", flow: "none", at: T0, id: "turn" } },
    ]);
    await woken.promise;
    await end();
    await Promise.all([one.close(), two.close()]);
  });
});

/** Ends the connections that hold workers' names, as a network that is cut does. */
async function cutWorkers(url: string): Promise<void> {
  const sql = postgres(url, { max: 1 });
  const cut = await sql`
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  expect(cut).toHaveLength(1);
  await sql.end();
}
