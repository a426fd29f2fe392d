import type { FlowRecord, Store } from "../store/store.ts";
import { UsageError } from "./program.ts";

/** The flow, or one sentence that there is none. */
export async function flowNamed(store: Store, id: string): Promise<FlowRecord> {
  const record = await store.flow(id);
  if (record) return record;
  const known = (await store.flows()).map((f) => f.id);
  const others =
    known.length === 0 ? "there are none yet" : `there are ${known.slice(0, 20).join(", ")}`;
  throw new UsageError(`There is no flow “${id}”; ${others}.`);
}
