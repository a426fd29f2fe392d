import type { Instant } from "../nodes/index.ts";
import { journalLine } from "./core/journal.ts";
import type { Value } from "./core/state.ts";
import { iso } from "./core/time.ts";
import type { ContactRow, JournalRow, MessageRow, Store } from "./store/store.ts";

/** Rows read at a time. */
const PAGE = 1000;

/** Columns that every list of contacts begins with; an import takes them back. */
const FIRST = [
  "email",
  "phone",
  "first_name",
  "last_name",
  "locale",
  "timezone",
  "country",
  "city",
];
const CHANNELS = ["email", "sms", "whatsapp"];

/** A contact as it leaves: fields, tags, and the channels on which it may be messaged. */
export interface ExportedContact extends ContactRow {
  consent: string[];
}

/** Every contact, by id. */
export async function* contactsOut(store: Store, now: Instant): AsyncGenerator<ExportedContact> {
  const allowed = CHANNELS.map((channel) => new Ids(store, { consent: channel }, now));
  for await (const row of contactRows(store, now)) {
    const consent: string[] = [];
    for (const [i, channel] of CHANNELS.entries())
      if (await allowed[i]?.has(row.id)) consent.push(channel);
    yield { ...row, consent };
  }
}

async function* contactRows(
  store: Store,
  now: Instant,
  rule: Parameters<Store["contacts"]>[0] = null,
) {
  let after: string | undefined;
  do {
    const page = await store.contacts(rule, now, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    yield* page;
    after = page.length < PAGE ? undefined : page.at(-1)?.id;
  } while (after !== undefined);
}

/** The contacts of a rule, asked for in the order of their ids. */
class Ids {
  readonly #rows: AsyncGenerator<ContactRow>;
  #next: string | null = "";

  constructor(store: Store, rule: NonNullable<Parameters<Store["contacts"]>[0]>, now: Instant) {
    this.#rows = contactRows(store, now, rule);
  }

  async has(id: string): Promise<boolean> {
    while (this.#next !== null && this.#next < id) {
      const { value, done } = await this.#rows.next();
      this.#next = done ? null : value.id;
    }
    return this.#next === id;
  }
}

/** The lines of a CSV file of all contacts, header first, without line ends. Reads the contacts twice. */
export async function* contactsCsv(store: Store, now: Instant): AsyncGenerator<string> {
  const { fields } = await store.workspace();
  const names = new Set<string>();
  for await (const row of contactRows(store, now))
    for (const name of Object.keys(row.fields)) names.add(name);
  for (const name of Object.keys(fields)) names.add(name);
  for (const name of FIRST) names.delete(name);
  const columns = [...FIRST, ...[...names].sort()];
  yield ["id", ...columns, "tags", "consent", "created_at"].map(cell).join(",");
  for await (const row of contactsOut(store, now)) {
    const cells = columns.map((name) => cell(row.fields[name]));
    const consent = row.consent.length === 0 ? "none" : row.consent.join("|");
    yield [cell(row.id), ...cells, cell(row.tags.join("|")), consent, iso(row.created)].join(",");
  }
}

/** A number is no formula, and neither is a phone number of digits alone. */
const HARMLESS = /^(?:\+[0-9]+|-?[0-9]+(?:\.[0-9]+)?)$/;

/** A cell as CSV has it; one that a spreadsheet would run as a formula is made text by an apostrophe. */
export function cell(value: Value | undefined): string {
  if (value === null || value === undefined) return "";
  let text =
    typeof value === "string"
      ? value
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  if (/^[=+\-@\t\r]/.test(text) && !HARMLESS.test(text)) text = `'${text}`;
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Journal lines in the journal's order, as the file has them. */
export async function* journalOut(
  store: Store,
  flow?: string,
): AsyncGenerator<Record<string, unknown>> {
  let last: JournalRow | undefined;
  do {
    const page = await store.journal({
      limit: PAGE,
      ...(flow === undefined ? {} : { flow }),
      ...(last ? { after: { at: last.at, id: last.id } } : {}),
    });
    for (const row of page)
      yield journalLine(row, row.key, row.key === null && row.contact !== null);
    last = page.length < PAGE ? undefined : page.at(-1);
  } while (last);
}

/** Every message in the order in which they were decided. */
export async function* messagesOut(
  store: Store,
  flow?: string,
): AsyncGenerator<Record<string, unknown>> {
  let after: string | undefined;
  do {
    const page = await store.messages({
      limit: PAGE,
      ...(flow === undefined ? {} : { flow }),
      ...(after === undefined ? {} : { after }),
    });
    for (const row of page) yield messageOut(row);
    after = page.length < PAGE ? undefined : page.at(-1)?.id;
  } while (after !== undefined);
}

/** A message as people and scripts see it. */
export function messageOut(row: MessageRow) {
  const { message, contactKey, attempt, sentAt, providerId, dueAt, detail } = row;
  const { content } = message;
  return {
    key: row.key,
    contact: contactKey,
    channel: message.channel,
    flow: message.flow,
    version: message.version,
    enrollment: message.n,
    node: message.node,
    state: message.state,
    reason: message.reason,
    to: message.to,
    ...(content.subject === undefined ? {} : { subject: content.subject }),
    text: content.body,
    at: iso(message.at),
    sentAt: sentAt === null ? null : iso(sentAt),
    attempt,
    ...(dueAt === null ? {} : { nextTry: iso(dueAt) }),
    ...(detail === null ? {} : { detail }),
    ...(providerId === null ? {} : { providerId }),
    ...(message.receipts.length === 0
      ? {}
      : { receipts: message.receipts.map(({ at, ...receipt }) => ({ at: iso(at), ...receipt })) }),
  };
}
