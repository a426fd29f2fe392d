import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import { storeContract } from "./contract.ts";
import { people, T0 } from "./make.ts";

storeContract("SQLite", async () => openSqlite(":memory:", { now: T0 }));

test("a backup is a store of its own with everything in it", async () => {
  const store = openSqlite(":memory:", { now: T0 });
  const [ann = ""] = await people(store, "ann@x.example");
  const folder = mkdtempSync(join(tmpdir(), "backup-"));
  const file = join(folder, "copy.db");
  await store.backup(file);
  await people(store, "bob@x.example");
  expect(existsSync(file)).toBe(true);
  const copy = openSqlite(file, { now: T0 });
  expect(await copy.findContact("ann@x.example")).toBe(ann);
  expect(await copy.findContact("bob@x.example")).toBeNull();
  expect(await copy.installation()).toBe(await store.installation());
  await copy.close();
  rmSync(folder, { recursive: true });
});
