import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { outboxChannel } from "../../engine/channels/outbox-viewer.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { Engine } from "../../engine/engine.ts";
import { Links } from "../../engine/links.ts";
import { publishFlow } from "../../engine/publish.ts";
import { DiskFull } from "../../engine/store/sqlite/database.ts";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import type { Store } from "../../engine/store/store.ts";
import { allLines } from "../live/live.ts";

const T0 = Date.UTC(2026, 2, 2, 8);
const PEOPLE = 400;

const folder = mkdtempSync(join(tmpdir(), "tawasul-disk-"));
const run = Database.prototype.run;
afterEach(() => {
  Database.prototype.run = run;
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a store and gives a hold on its connection: how many pages its file may have is a matter of each. */
function open(path: string): { store: Store; limit(pages: number): void; pages(): number } {
  let db: Database | undefined;
  Database.prototype.run = function (this: Database, ...given: Parameters<typeof run>) {
    db ??= this;
    return run.apply(this, given);
  };
  const store = openSqlite(path, { now: T0 });
  Database.prototype.run = run;
  const opened = db as Database | undefined;
  if (!opened) throw new Error("the store ran nothing when it was opened");
  return {
    store,
    limit: (pages) => void opened.query(`PRAGMA max_page_count = ${pages}`).get(),
    pages: () => (opened.query("PRAGMA page_count").get() as { page_count: number }).page_count,
  };
}

const flow = {
  format: 1,
  id: "mail",
  name: "mail",
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    {
      id: "hello",
      type: "email",
      position: { x: 0, y: 0 },
      data: { subject: "Hi", body: "ب".repeat(2000) },
    },
  ],
  edges: [{ id: "e1", source: "start", sourceHandle: "next", target: "hello" }],
} as FlowDoc;

const engineOf = (store: Store, batch: number): Engine =>
  new Engine({
    store,
    channels: [outboxChannel()],
    links: new Links("secret", "https://example.com"),
    clock: () => T0,
    worker: "test",
    jitter: () => 0,
    secret: () => undefined,
    batch,
    warn: (message) => {
      throw new Error(message);
    },
  });

test("a full disk undoes the batch whole, is told in a sentence, and once there is space all goes on, each once", async () => {
  const { store, limit, pages } = open(join(folder, "tawasul.sqlite"));
  await store.saveDraft(flow, T0);
  await publishFlow(store, "mail", T0);
  const people = Array.from({ length: PEOPLE }, (_, i) => ({
    id: null,
    fields: { email: `c${i}@x.example` },
    tags: [],
    consent: null,
    created: T0,
    source: "test",
  }));
  await store.writeContacts(people, T0, false);
  await store.addInputForAll(null, { kind: "enroll", flow: "mail", at: T0, id: "#enroll" }, T0);
  limit(pages() + 40);
  const engine = engineOf(store, 100);

  const failed = await engine.untilIdle().then(
    () => null,
    (error: unknown) => error,
  );
  expect(failed).toBeInstanceOf(DiskFull);
  expect((failed as Error).message).toMatch(
    /^There is no space left for the database “.+tawasul.sqlite”/,
  );

  // Of every batch there is all or nothing: whoever entered has stepped and has a message.
  const half = await allLines(store);
  const entered = half.filter((l) => l.kind === "entered").length;
  expect(entered % 100).toBe(0);
  expect(entered).toBeLessThan(PEOPLE);
  expect(half.filter((l) => l.kind === "completed").length).toBe(entered);

  limit(1_000_000);
  await engine.untilIdle();
  const lines = await allLines(store);
  const count = (kind: string): number => lines.filter((l) => l.kind === kind).length;
  expect([count("entered"), count("completed")]).toEqual([PEOPLE, PEOPLE]);
  const sent = lines.filter((l) => l.kind === "message" && l.state === "sent");
  expect(new Set(sent.map((l) => l.contact)).size).toBe(PEOPLE);
  expect(sent.length).toBe(PEOPLE);
  await store.close();
});
