import type { Instant } from "../../../nodes/index.ts";
import type { Store } from "../store.ts";
import type { WorkerStore } from "../workers.ts";
import { accountsPart } from "./accounts.ts";
import { contactsPart } from "./contacts.ts";
import { type Base, openDatabase } from "./database.ts";
import { type Eraser, eraserOf } from "./erase.ts";
import { flowsPart, versionsOf } from "./flows.ts";
import { inputsPart } from "./inputs.ts";
import { withNote } from "./noted.ts";
import { outboxPart } from "./outbox.ts";
import { publishPart } from "./publish.ts";
import { readPart } from "./read.ts";
import { jobsPart, requestsPart } from "./requests.ts";
import { schedulesPart, splitsPart } from "./schedules.ts";
import { identify } from "./settings.ts";
import { standingPart } from "./standing.ts";
import { sweepPart } from "./sweeps.ts";
import { tagsPart } from "./tags.ts";
import { upkeepPart } from "./upkeep.ts";
import { workPart } from "./work.ts";
import { type Lives, workersPart } from "./workers.ts";
import { workspacePart } from "./workspace.ts";

/**
 * Opens the store in a PostgreSQL database (`postgres://name:password@host:5432/database`), which as many processes
 * as wanted may use at once. `now` dates its migrations, in milliseconds since 1970. Throws `StoreRefused` for a
 * database that a newer program wrote.
 */
export async function openPostgres(url: string, { now }: { now: Instant }): Promise<Store> {
  const base = await openDatabase(url, now);
  const { secret } = await identify(base);
  const eraser = eraserOf(secret);
  const { part: workers, lives } = workersPart(base, url);
  return storeOn(base, { eraser, workers, lives });
}

interface Shared {
  eraser: Eraser;
  workers: WorkerStore;
  lives: Lives;
}

function storeOn(base: Base, shared: Shared): Store {
  const { eraser, workers, lives } = shared;
  const versions = versionsOf(base);
  return {
    ...workspacePart(base),
    ...flowsPart(base, versions),
    ...publishPart(base, versions),
    ...contactsPart(base, eraser),
    ...tagsPart(base),
    ...inputsPart(base),
    ...workPart(base, eraser, lives),
    ...sweepPart(base),
    ...schedulesPart(base),
    ...splitsPart(base),
    ...outboxPart(base, lives),
    ...workers,
    ...readPart(base),
    ...standingPart(base),
    ...upkeepPart(base),
    ...requestsPart(base),
    ...jobsPart(base),
    ...accountsPart(base),
    async backup() {
      throw new Error("a PostgreSQL database is backed up by pg_dump");
    },
    noted: (note) => storeOn(withNote(base, note), shared),
    close: () => base.close(),
  };
}
