import { afterAll, afterEach } from "vitest";
import { openPostgres } from "../../engine/store/postgres/store.ts";
import type { Store } from "../../engine/store/store.ts";
import { storeContract } from "./contract.ts";
import { T0 } from "./make.ts";
import { Databases } from "./postgres-server.ts";

const databases = new Databases();
const open: Store[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
  await databases.empty();
});
afterAll(() => databases.drop());

storeContract("PostgreSQL", async () => {
  const store = await openPostgres(await databases.make(), { now: T0 });
  open.push(store);
  return store;
});
