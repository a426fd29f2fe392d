import { randomUUID } from "node:crypto";
import type { Instant } from "../nodes/index.ts";
import { takeTurn } from "./core/interpreter.ts";
import { journalLine } from "./core/journal.ts";
import { membersOf } from "./core/segments.ts";
import type { Run, Task } from "./core/state.ts";
import { iso } from "./core/time.ts";
import { messageOut } from "./export.ts";
import type { Store } from "./store/store.ts";
import type { WorldCache } from "./world.ts";

/** Rows read at a time. */
const PAGE = 1000;

/** Everything that is kept about one person, as one JSON document; null for nobody. Moments are ISO 8601 in UTC. */
export async function personOut(
  store: Store,
  contact: string,
): Promise<Record<string, unknown> | null> {
  const state = await store.loadContact(contact);
  if (!state) return null;
  const { id, created, fields, fieldsSet, tags, consents, stopped, suppressed, erased } =
    state.contact;
  const { source, formerIds, inputs } = await store.beside(id);
  return {
    contact: {
      id,
      formerIds,
      created: iso(created),
      source,
      erased,
      fields,
      fieldsSet: moments(fieldsSet),
      tags: Object.fromEntries(
        Object.entries(tags).map(([tag, on]) => [
          tag,
          { since: iso(on.since), expires: isoOrNull(on.expires) },
        ]),
      ),
      consents: consents.map(({ at, ...consent }) => ({ at: iso(at), ...consent })),
      stopped,
      suppressed,
      variants: state.drawn,
      fired: moments(state.fired),
      segments: membersOf(state),
    },
    events: state.events.map(({ at, ...event }) => ({ at: iso(at), ...event })),
    enrollments: state.runs.map(runOut),
    messages: await messagesOf(store, id),
    tasks: state.tasks.map(taskOut),
    pending: inputs.map(({ at, ...input }) => ({ at: iso(at), ...input })),
    journal: await journalOf(store, id),
  };
}

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));
const moments = (of: Record<string, Instant>): Record<string, string> =>
  Object.fromEntries(Object.entries(of).map(([name, at]) => [name, iso(at)]));

const runOut = (run: Run): Record<string, unknown> => ({
  flow: run.flow,
  version: run.version,
  enrollment: run.n,
  key: run.key,
  state: run.state,
  reason: run.reason,
  node: run.node,
  waiting: run.waiting,
  until: isoOrNull(run.until),
  entered: iso(run.entered),
  ended: isoOrNull(run.ended),
  trigger: run.trigger,
  startedBy: run.startedBy,
  event: run.event,
  steps: run.steps,
  goal: run.goal.done,
});

const taskOut = ({ opened, due, closed, ...task }: Task): Record<string, unknown> => ({
  ...task,
  opened: iso(opened),
  due: isoOrNull(due),
  closed: isoOrNull(closed),
});

async function messagesOf(store: Store, contact: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let after: string | undefined;
  do {
    const page = await store.messages({
      contact,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const row of page) found.push({ ...messageOut(row), content: row.message.content });
    after = page.length < PAGE ? undefined : page.at(-1)?.id;
  } while (after !== undefined);
  return found;
}

async function journalOf(store: Store, contact: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (let after: { at: Instant; id: number } | undefined; ; ) {
    const page = await store.journal({ contact, limit: PAGE, ...(after ? { after } : {}) });
    for (const row of page) found.push(journalLine(row, row.key, false));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return found;
    after = { at: last.at, id: last.id };
  }
}

/** A contact's own turn never takes more than this, whoever else is due. */
const MOST_TURNS = 1000;

/**
 * Erases a person at once: runs end, everything that tells who it was goes, an anonymous history and the sums stay.
 * Returns whether the log of changes could be emptied too; else the engine empties it in time.
 */
export async function erasePerson(
  store: Store,
  worlds: WorldCache,
  contact: string,
  now: Instant,
): Promise<boolean> {
  // Dated before everything else, so that this contact comes first and nothing that is still pending happens to it.
  await store.addInputs([
    { contact, input: { kind: "erase", at: 0, id: `erase:${randomUUID()}` } },
  ]);
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if ((await store.loadContact(contact))?.contact.erased !== false) break;
    const { world, need } = await worlds.get();
    await store.workDue(now, 1, need, (batch) =>
      batch.map(({ state, inputs }) => takeTurn(world, state, inputs, now)),
    );
  }
  return store.checkpoint();
}
