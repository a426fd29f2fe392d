import { collectSums, type Sums } from "../sums.ts";
import type { Base } from "./database.ts";

/** Sums that are written into the database by `flush`. */
export interface StoredSums extends Sums {
  flush(): void;
}

export function sumsOf({ db }: Base): StoredSums {
  const sums = collectSums();
  const upsert = db.prepare(
    `INSERT INTO sums (flow, node, kind, name, count) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  return {
    ...sums,
    flush() {
      for (const { flow, node, kind, name, count } of sums.take())
        upsert.run(flow, node, kind, name, count);
    },
  };
}
