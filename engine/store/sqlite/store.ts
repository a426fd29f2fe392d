import type { Instant } from "../../../nodes/index.ts";
import type { Store } from "../store.ts";
import { accountsPart } from "./accounts.ts";
import { cancellerOf } from "./cancel.ts";
import { contactsPart } from "./contacts.ts";
import { openDatabase } from "./database.ts";
import { eraserOf } from "./erase.ts";
import { flowsOf, flowsPart } from "./flows.ts";
import { inboxOf, inputsPart } from "./inputs.ts";
import { jobsPart } from "./jobs.ts";
import { listenersOf } from "./listening.ts";
import { loaderOf } from "./load.ts";
import { notedOf } from "./noted.ts";
import { outboxPart } from "./outbox.ts";
import { peopleOf } from "./people.ts";
import { publishPart } from "./publish.ts";
import { readPart } from "./read.ts";
import { requestsPart } from "./requests.ts";
import { schedulesPart, splitsPart } from "./schedules.ts";
import { settingsOf, workspacePart } from "./settings.ts";
import { standingPart } from "./standing.ts";
import { statesPart } from "./states.ts";
import { sweepPart, sweepsOf } from "./sweeps.ts";
import { tagsPart } from "./tags.ts";
import { upkeepPart } from "./upkeep.ts";
import { workPart } from "./work.ts";
import { writerOf } from "./write.ts";

/**
 * Opens the embedded store: a file, or `:memory:`. `now` dates its migrations, in milliseconds since 1970.
 * Throws `StoreRefused` for a database that a newer program wrote.
 */
export function openSqlite(path: string, { now }: { now: Instant }): Store {
  const base = openDatabase(path, now);
  const settings = settingsOf(base);
  const loader = loaderOf(base);
  const writer = writerOf(base);
  const inbox = inboxOf(base, settings);
  const eraser = eraserOf(base, settings);
  const flows = flowsOf(base);
  const listeners = listenersOf(base, settings, sweepsOf(base));
  const cancel = cancellerOf(base, writer);
  const store: Omit<Store, "noted"> = {
    ...workspacePart(base, settings, listeners),
    ...flowsPart(base, flows),
    ...publishPart(base, { flows, inbox, cancel, listeners }),
    ...contactsPart(base, { loader, writer, inbox, eraser, settings, listeners }),
    ...tagsPart(base, listeners),
    ...inputsPart(base, inbox),
    ...workPart(base, { loader, writer, eraser, settings }),
    ...sweepPart(base, settings),
    ...schedulesPart(base, inbox),
    ...splitsPart(base, writer, inbox),
    ...outboxPart(base, { loader, writer, inbox }),
    ...readPart(base, peopleOf(base)),
    ...standingPart(base),
    ...statesPart(base, loader, settings),
    ...upkeepPart(base, writer, peopleOf(base)),
    ...requestsPart(base),
    ...accountsPart(base),
    ...jobsPart(base),
    async backup(file) {
      // Copies a consistent state while others write, and leaves out what secure delete has zeroed.
      base.db.prepare("VACUUM INTO ?").run(file);
    },
    // One engine at a time: the lock of the data folder says so.
    shared: false,
    live: async () => async () => undefined,
    onWork: async () => async () => undefined,
    async close() {
      base.close();
    },
  };
  return { ...store, noted: notedOf(base, store) };
}
