import type { Instant } from "../../../nodes/index.ts";
import type {
  Consent,
  Contact,
  ContactState,
  EventFact,
  Input,
  Line,
  Message,
  Request,
  Run,
  Task,
} from "../../core/state.ts";
import { keyOf, splitAddress } from "../addresses.ts";
import { comparableData, comparableFields } from "../comparable.ts";
import type { Held } from "../held.ts";
import { isSameTurn, LINES_IN_ROW } from "../lines.ts";
import { otherReceipts, restOf, sentAtOf } from "../rows.ts";
import { collectSums } from "../sums.ts";
import { idList, jsonOf, mended, type Query } from "./database.ts";
import * as statements from "./statements.ts";

type Row = Record<string, unknown>;

const text = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : null;
const filled = (record: object): object | null => (Object.keys(record).length > 0 ? record : null);
const json = (value: string): unknown => JSON.parse(value);

/**
 * What a transaction writes, collected in memory: `flush` writes it with one statement for each kind of row, however
 * many there are. A row that comes twice is written as it came last.
 */
export class Batch {
  readonly sums = collectSums();
  readonly #profiles = new Map<number, Row>();
  readonly #addressed: Row[] = [];
  readonly #marks = new Map<number, Row>();
  readonly #dues = new Map<number, Row>();
  readonly #tags = new Map<string, Row>();
  readonly #untags: Row[] = [];
  readonly #forgetConsents = new Set<number>();
  readonly #consents: Row[] = [];
  readonly #events: Row[] = [];
  readonly #runs = new Map<string, Row>();
  readonly #outbox: Row[] = [];
  readonly #messages = new Map<number, Row>();
  readonly #tasks = new Map<string, Row>();
  readonly #lines: Row[] = [];
  readonly #inputs = new Map<string, Row>();
  readonly #suppressed = new Map<string, Row>();
  readonly #unsuppressed: Row[] = [];
  readonly #retouched = new Set<number>();
  readonly #arrivals = new Map<string, Row>();
  readonly #handled: number[] = [];

  /** `before` is the address as it is stored: one that stays can't belong to somebody else. */
  profile(pk: number, contact: Contact, before: string | null): void {
    const { last_touch_at: _, ...fields } = contact.fields;
    const email = text(fields.email);
    const row = {
      ...{ pk, email, key: keyOf(contact), phone: text(fields.phone), fields },
      folded: mended(comparableFields(contact.fields, contact.created)),
      fields_set: contact.fieldsSet,
      stopped: contact.stopped,
      erased: contact.erased ? 1 : 0,
      seed: contact.seed,
    };
    if (email === before) this.#profiles.set(pk, row);
    else this.#addressed.push(row);
  }

  due(pk: number, due: Instant | null, touched: Instant | null): void {
    const marks = this.#marks.get(pk);
    if (marks) Object.assign(marks, { due, touched });
    else this.#dues.set(pk, { contact: pk, due, touched });
  }

  marks(
    pk: number,
    { drawn, fired, members }: ContactState,
    due: Instant | null,
    touched: Instant | null,
  ): void {
    this.#dues.delete(pk);
    this.#marks.set(pk, {
      ...{ contact: pk, due, touched },
      ...{ drawn: filled(drawn), fired: filled(fired), members: filled(members) },
    });
  }

  tag(contact: number, tag: string, since: Instant, expires: Instant | null): void {
    this.#tags.set(`${contact}/${tag}`, { contact, tag, since, expires });
  }

  untag(contact: number, tag: string): void {
    this.#untags.push({ contact, tag });
  }

  /** All of a contact's records anew: they change seldom, and their order matters. */
  consents(contact: number, list: readonly Consent[]): void {
    this.#forgetConsents.add(contact);
    for (const one of list) this.consent(contact, one);
  }

  consent(contact: number, { channel, topic, granted, at, source }: Consent): void {
    this.#consents.push({ contact, channel, topic, granted: granted ? 1 : 0, at, source });
  }

  event(contact: number, { id, name, at, data }: EventFact): void {
    const folded = comparableData(data);
    this.#events.push({
      ...{ contact, id, name, at, data },
      folded: folded === null ? null : mended(folded),
    });
  }

  run(contact: number, run: Run): void {
    const { flow, n, version, state, reason, key, node, waiting } = run;
    const { until, since, entered, ended } = run;
    this.#runs.set(`${contact}/${flow}/${n}`, {
      ...{ contact, flow, n, version, state, reason, key, node, waiting },
      ...{ until, since, entered, ended, rest: json(restOf(run)) },
    });
  }

  /** A new message; with `worker` it is claimed at once, as its first attempt. */
  message(contact: number, m: Message, worker: string | null): void {
    this.#outbox.push({
      ...{ contact, key: m.key, kind: "message", worker },
      state: worker === null ? m.state : "sending",
      due_at: m.state === "queued" ? m.at : null,
      attempt: worker === null ? 0 : 1,
      ...{ channel: m.channel, flow: m.flow, version: m.version, n: m.n, node: m.node },
      ...{ visit: m.visit, seq: m.seq, transactional: m.transactional ? 1 : 0, topic: m.topic },
      ...{ reason: m.reason, at: m.at, due_moment: m.dueMoment, recipient: m.to },
      receipts: json(otherReceipts(m)),
      sent_at: sentAtOf(m),
      content: m.content,
      at_once: worker === null ? 0 : 1,
    });
  }

  request(contact: number, r: Request): void {
    this.#outbox.push({
      ...{ contact, key: r.key, kind: "request", worker: null, state: "queued", due_at: r.at },
      ...{ attempt: 0, channel: "webhook", flow: r.flow, version: r.version, n: r.n },
      ...{ node: r.node, visit: r.visit, seq: 0, transactional: 1, topic: "", reason: null },
      ...{
        at: r.at,
        due_moment: null,
        recipient: null,
        receipts: [],
        sent_at: null,
        content: r,
        at_once: 0,
      },
    });
  }

  /** The stored texts stay: a message loaded as a fact has none. */
  messageIs(id: number, m: Message): void {
    const receipts = json(otherReceipts(m));
    const { state, reason, to: recipient } = m;
    this.#messages.set(id, { id, state, reason, receipts, recipient, sent_at: sentAtOf(m) });
  }

  task(contact: number, task: Task): void {
    this.#tasks.set(`${contact}/${task.key}`, { contact, ...task });
  }

  /** Lines that follow each other and belong to one run and moment share a row. */
  lines(contact: number | null, lines: readonly Line[]): void {
    for (let from = 0; from < lines.length; ) {
      const first = lines[from] as Line;
      const packed: unknown[] = [];
      let to = from;
      const most = Math.min(lines.length, from + LINES_IN_ROW);
      for (let l = first; to < most && isSameTurn(l, first); l = lines[++to] ?? first) {
        packed.push([l.seq, l.kind, l.node, l.detail]);
      }
      const { flow, version, enrollment: n, at } = first;
      const pk = first.contact === null ? null : contact;
      this.#lines.push({ contact: pk, flow, version, n, at, lines: packed });
      from = to;
    }
  }

  /** What is the contact's already counts once; the contact is due by it. */
  input(contact: number, input: Input): void {
    const { id, at, kind } = input;
    const name = `${contact}/${id}`;
    if (!this.#inputs.has(name)) this.#inputs.set(name, { contact, id, at, kind, data: input });
  }

  suppress(key: string, reason: string): void {
    const [channel, address] = splitAddress(key);
    this.#suppressed.set(key, { address, channel, reason });
  }

  suppressions({ suppressed }: Held, contact: Contact): void {
    for (const [key, reason] of Object.entries(contact.suppressed)) {
      if (suppressed[key] !== reason) this.suppress(key, reason);
    }
    for (const key of Object.keys(suppressed)) {
      if (Object.hasOwn(contact.suppressed, key)) continue;
      const [channel, address] = splitAddress(key);
      this.#unsuppressed.push({ address, channel });
    }
  }

  /** Counts anew when the contact was touched last: something that was to go doesn't. */
  retouch(pk: number): void {
    this.#retouched.add(pk);
  }

  arrival(flow: string, node: string, at: Instant): void {
    const known = this.#arrivals.get(`${flow}/${node}`)?.at as number | undefined;
    this.#arrivals.set(`${flow}/${node}`, { flow, node, at: Math.min(at, known ?? at) });
  }

  handled(seq: number): void {
    this.#handled.push(seq);
  }

  /** Writes everything; returns the numbers of new rows of the outbox by contact and key, and how many inputs were new. */
  async flush(tx: Query): Promise<Flushed> {
    // Addresses one by one: of two who come by the same only the first gets it.
    for (const row of this.#addressed) await tx.run(statements.PROFILES, jsonOf([row]));
    const put = (statement: string, rows: Iterable<object>): Promise<number> | number => {
      const list = [...rows];
      return list.length === 0 ? 0 : tx.run(statement, jsonOf(list));
    };
    const ids = (statement: string, pks: Iterable<number>): Promise<number> | number => {
      const list = [...pks];
      return list.length === 0 ? 0 : tx.run(statement, idList(list));
    };
    const added = async (): Promise<number> => {
      const list = [...this.#inputs.values()];
      if (list.length === 0) return 0;
      return (await tx.get<{ added: number }>(statements.INPUTS, jsonOf(list)))?.added ?? 0;
    };
    const [, , queued, newInputs] = await Promise.all([
      // What arrived may be due before the moments that the turns themselves ask for.
      put(statements.MARKS, this.#marks.values()),
      put(statements.DUES, this.#dues.values()),
      this.#outbox.length === 0 ? [] : tx.all<Queued>(statements.OUTBOX, jsonOf(this.#outbox)),
      added(),
      put(statements.PROFILES, this.#profiles.values()),
      put(statements.UNTAGS, this.#untags),
      put(statements.TAGS, this.#tags.values()),
      ids(statements.FORGET_CONSENTS, this.#forgetConsents),
      put(statements.CONSENTS, this.#consents),
      put(statements.EVENTS, this.#events),
      put(statements.RUNS, this.#runs.values()),
      put(statements.MESSAGES, this.#messages.values()),
      put(statements.TASKS, this.#tasks.values()),
      put(statements.LINES, this.#lines),
      put(statements.UNSUPPRESSED, this.#unsuppressed),
      put(statements.SUPPRESSED, this.#suppressed.values()),
      ids(statements.RETOUCH, this.#retouched),
      ids(statements.HANDLED, this.#handled),
      put(statements.SUMS, this.sums.take()),
      put(statements.ARRIVALS, this.#arrivals.values()),
    ]);
    return { added: newInputs, queued };
  }
}

export interface Queued {
  id: number;
  contact: number;
  key: string;
}

interface Flushed {
  added: number;
  queued: Queued[];
}
