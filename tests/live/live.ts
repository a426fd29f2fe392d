import { outboxChannel } from "../../engine/channels/outbox-viewer.ts";
import type { ContactRow } from "../../engine/contacts/types.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { compileFlow, type Flow } from "../../engine/core/flow.ts";
import { compareLines, type JournalLine, journalLine } from "../../engine/core/journal.ts";
import type { Input, Workspace } from "../../engine/core/state.ts";
import { Engine } from "../../engine/engine.ts";
import { Links } from "../../engine/links.ts";
import { publishFlow } from "../../engine/publish.ts";
import { partsOf, type ScriptedEvent } from "../../engine/simulate/events.ts";
import { Simulator } from "../../engine/simulate/simulate.ts";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import type { JournalCursor, JournalRow, Store } from "../../engine/store/store.ts";

export interface Span {
  doc: FlowDoc;
  others: FlowDoc[];
  params: Record<string, unknown>;
  contacts: ContactRow[];
  events: ScriptedEvent[];
  from: number;
  until: number;
  workspace: Workspace;
}

/** The lines as text. Links are signed for each installation, so they differ by design. */
export const withoutLinks = (lines: unknown[]): string[] =>
  lines.map((line) =>
    JSON.stringify(line).replaceAll(/https:\/\/example\.com\/[us]\/[^\s"\\]+/g, "LINK"),
  );

/** The journal of a simulated span. */
export function simulated(span: Span): JournalLine[] {
  const lines: JournalLine[] = [];
  const version = { version: 1, firstPublished: span.from, paused: false };
  new Simulator({
    ...span,
    flow: compileFlow(span.doc, { ...version, params: span.params }),
    others: span.others.map((other) => compileFlow(other, version)),
    write: (line) => lines.push(line),
  }).run();
  return lines;
}

/**
 * The journal of the same span lived through by the real engine on a real store, its clock moved by hand; with several
 * ways to one store by as many engines at once.
 */
export async function lived(
  span: Span,
  batch = 1000,
  path: string | (() => Promise<Store[]>) = ":memory:",
): Promise<JournalLine[]> {
  const clock = { now: Math.min(span.from, span.events[0]?.at ?? span.from) };
  const opened = typeof path === "string" ? [openSqlite(path, { now: clock.now })] : await path();
  const prepared = new Map<string, Answer[]>();
  const [store, ...others] = opened.map((one) => answering(one, prepared)) as [Store, ...Store[]];
  const [engine, ...helpers] = [store, ...others].map((one, i) =>
    engineAt(one, clock, `test-${i}`, batch),
  ) as [Engine, ...Engine[]];
  const version = { version: 1, firstPublished: span.from, paused: false };
  const flows = new Map(
    [span.doc, ...span.others].map((doc) => [doc.id, compileFlow(doc, version)]),
  );
  const world: Place = { store, engine, clock, prepared, flows };
  await prepare(world, span);
  const script = [...span.events].filter((e) => e.at >= span.from && e.at < span.until);
  const late = span.contacts.filter((c) => (c.created ?? 0) > span.from);
  for (;;) {
    const moments = [await store.nextDue(), script[0]?.at, late[0]?.created].filter(
      (m) => m != null,
    );
    const next = Math.min(...moments);
    if (moments.length === 0 || next >= span.until) break;
    clock.now = Math.max(next, clock.now);
    await happen(world, span, script, late);
    await Promise.all([engine, ...helpers].map((one) => one.untilIdle()));
    await engine.untilIdle();
  }
  const lines = await allLines(store);
  await Promise.all([engine, ...helpers].map((one) => one.stop()));
  await Promise.all(opened.map((one) => one.close()));
  return lines;
}

const engineAt = (store: Store, clock: { now: number }, worker: string, batch: number): Engine =>
  new Engine({
    store,
    channels: [outboxChannel()],
    links: new Links("secret", "https://example.com"),
    clock: () => clock.now,
    worker,
    jitter: () => 0,
    secret: () => undefined,
    batch,
    warn: () => undefined,
  });

/** A workspace that is lived in: its clock stands where we put it. */
interface Place {
  store: Store;
  engine: Engine;
  clock: { now: number };
  prepared: Map<string, Answer[]>;
  flows: Map<string, Flow>;
}

type Answer = { status: number; body: unknown };

/** A store whose webhook calls go nowhere: each is answered at once with what was prepared for its node. */
function answering(store: Store, prepared: Map<string, Answer[]>): Store {
  const claimSends: Store["claimSends"] = async (now, limit, worker, except) => {
    const sends = await store.claimSends(now, limit, worker, except);
    const calls = sends.filter((send) => send.request !== null);
    await store.finishSends(
      calls.map(({ ref, contact, attempt, request }) => ({
        ref,
        attempt,
        at: now,
        message: null,
        line: null,
        state: "answered" as const,
        ...(prepared.get(`${contact}/${request?.node}`)?.shift() ?? { status: 200, body: {} }),
      })),
      worker,
    );
    return sends.filter((send) => send.request === null);
  };
  return new Proxy(store, {
    get: (of, name) => {
      if (name === "claimSends") return claimSends;
      const value: unknown = Reflect.get(of, name);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
}

/** What was there before the span: workspace, people, what happened to them; then the flows are published. */
async function prepare(place: Place, span: Span): Promise<void> {
  const { store, engine, clock } = place;
  const { doc, others, params, contacts, events, from, workspace } = span;
  const { segments, fields, ...rest } = workspace;
  await store.setWorkspace({ ...rest, fields }, clock.now);
  for (const [name, rule] of Object.entries(segments))
    await store.saveSegment(name, rule, clock.now);
  const known = contacts.filter((c) => (c.created ?? 0) <= from);
  await create(store, known, from, false);
  const earlier: ContactRow[] = [];
  for (const event of events.filter((e) => e.at < from)) {
    clock.now = event.at;
    const row = await happened(place, event, false);
    if (row) earlier.push(row);
    await engine.untilIdle();
  }
  clock.now = from;
  for (const flow of [...others, doc]) {
    await store.saveDraft(flow, from);
    const given = flow === doc ? { params: params as Record<string, string> } : {};
    await publishFlow(store, flow.id, from, given);
  }
  await enrollManual(store, doc, [...known, ...earlier], from);
}

async function create(store: Store, rows: ContactRow[], at: number, fire: boolean): Promise<void> {
  if (rows.length === 0) return;
  await store.writeContacts(
    rows.map(({ fields, tags, consent, created }) => ({
      id: null,
      fields,
      tags,
      consent,
      created: created ?? at,
      source: "import",
    })),
    at,
    fire,
  );
}

async function enrollManual(
  store: Store,
  doc: FlowDoc,
  rows: ContactRow[],
  at: number,
): Promise<void> {
  if (!doc.nodes.some((n) => n.type === "trigger.manual")) return;
  const inputs: { contact: string; input: Input }[] = [];
  for (const row of rows) {
    const contact = await store.findContact(row.key);
    if (!contact) throw new Error(`no contact ${row.key}`);
    inputs.push({ contact, input: { kind: "enroll", flow: doc.id, at, id: "#enroll" } });
  }
  await store.addInputs(inputs);
}

/** Everything of the script that happens up to now. */
async function happen(
  place: Place,
  span: Span,
  script: ScriptedEvent[],
  late: ContactRow[],
): Promise<void> {
  const { now } = place.clock;
  while (late[0] && (late[0].created ?? 0) <= now) {
    const row = late.shift() as ContactRow;
    await enrollAfter(place.store, span, row, now);
  }
  while (script[0] && script[0].at <= now) {
    const row = await happened(place, script.shift() as ScriptedEvent, true);
    if (row) await enrollManual(place.store, span.doc, [row], now);
  }
}

/** Lets one scripted event happen; the contact that came to be by it. */
async function happened(
  place: Place,
  event: ScriptedEvent,
  fire: boolean,
): Promise<ContactRow | null> {
  let born: ContactRow | null = null;
  for (const part of partsOf(event, place.flows)) born = await lets(place, part, fire);
  return born;
}

async function lets(
  { store, clock, prepared }: Place,
  { contact: key, what }: ScriptedEvent,
  fire: boolean,
): Promise<ContactRow | null> {
  const contact = await store.findContact(key);
  if (what.kind === "created") {
    if (contact || !what.row) return null;
    await create(store, [what.row], clock.now, fire);
    return what.row;
  }
  if (!contact) return null;
  if (what.kind === "webhook") {
    const place = `${contact}/${what.node}`;
    const { status, body } = what;
    prepared.set(place, [...(prepared.get(place) ?? []), { status, body }]);
  } else await store.addInputs([{ contact, input: what.input }]);
  return null;
}

async function enrollAfter(store: Store, span: Span, row: ContactRow, now: number): Promise<void> {
  await create(store, [row], now, true);
  await enrollManual(store, span.doc, [row], now);
}

/** Every line of a store's journal, in the journal's order, as files have them. */
export async function allLines(store: Store): Promise<JournalLine[]> {
  const rows: JournalRow[] = [];
  let after: JournalCursor | undefined;
  for (;;) {
    const page = await store.journal({ limit: 1000, ...(after ? { after } : {}) });
    rows.push(...page);
    const last = page.at(-1);
    if (!last || page.length < 1000) break;
    after = { at: last.at, id: last.id };
  }
  return rows
    .sort((a, b) => compareLines({ ...a, contact: a.key }, { ...b, contact: b.key }))
    .map((row) => journalLine(row, row.key, row.key === null && row.contact !== null));
}
