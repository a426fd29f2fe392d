import { openSqlite } from "../../engine/store/sqlite/store.ts";
import { storeContract } from "./contract.ts";
import { T0 } from "./make.ts";

storeContract("SQLite", async () => openSqlite(":memory:", { now: T0 }));
