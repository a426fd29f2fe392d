import type { Label } from "../nodes/index.ts";
import { decideMatch, type Known, stricterConsent } from "./contacts/match.ts";
import type { RowRead } from "./contacts/row.ts";
import type { ContactRow } from "./contacts/types.ts";
import type { ContactWrite } from "./store/store.ts";

export type ImportAction = "created" | "updated" | "merged" | "skipped" | "review" | "rejected";

/** What became of one row of the file. */
export interface RowReport {
  /** Physical line where the row starts (the header is 1). */
  line: number;
  action: ImportAction;
  /** Id of the contact the row ended in; null where it ended in none, or in one that a dry run didn't make. */
  contact: string | null;
  /** What was wrong with cells, or what the match was about. */
  reason: Label | null;
  /** What stood in the row where nothing came of it, to be mended and sent again. */
  cells?: readonly string[];
}

/** One person of a batch: what is known of it, and the rows that are it. */
export interface Group {
  known: Known;
  /** Not in the store yet: its id is one that only this batch knows. */
  isNew: boolean;
  /** Other contacts of the store that turned out to be this one. */
  absorbed: string[];
  rows: ContactRow[];
  reports: RowReport[];
}

export interface PeopleOptions {
  onDuplicate: "merge" | "skip" | "review";
  /** Whether an earlier batch of this file made the contact. */
  isOurs(id: string): boolean;
  /** A phone that a row replaced still finds its contact in this file. */
  former: Map<string, Known>;
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** The addresses of a row, as the store has them. */
export const addresses = ({
  fields,
}: ContactRow): { email: string | null; phone: string | null } => ({
  email: text(fields.email),
  phone: text(fields.phone),
});

/** What a person is found by: `email:…`, `phone:…`. */
export const keysOf = ({
  email,
  phone,
}: {
  email: string | null;
  phone: string | null;
}): string[] => [
  ...(email === null ? [] : [`email:${email}`]),
  ...(phone === null ? [] : [`phone:${phone}`]),
];

/** The people of one batch, as the store and the rows before make them. */
export class People {
  readonly #groups = new Set<Group>();
  readonly #byKey = new Map<string, Group>();
  readonly #options: PeopleOptions;

  /** `known` is what the store says of the batch's keys. */
  constructor(known: Map<string, Known>, options: PeopleOptions) {
    this.#options = options;
    const byId = new Map<string, Group>();
    for (const [key, contact] of known) {
      const group = byId.get(contact.id) ?? groupOf({ ...contact }, false);
      byId.set(contact.id, group);
      this.#byKey.set(key, group);
    }
  }

  /** Those that must be written, in the order of their first rows. */
  groups(): Group[] {
    return [...this.#groups];
  }

  /** Decides about one row; the contact of its report is final once the batch is written. */
  take({ line, row, problems }: RowRead): RowReport {
    const report: RowReport = { line, action: "rejected", contact: null, reason: null };
    for (const problem of problems) say(report, problem.message);
    if (!row) return report;
    const own = addresses(row);
    const mail = own.email === null ? undefined : this.#byKey.get(`email:${own.email}`);
    const held = own.phone === null ? undefined : this.#byKey.get(`phone:${own.phone}`);
    const match = decideMatch(own, mail?.known ?? null, held?.known ?? null);
    if (match.do === "reject") return report;
    // A phone that this contact has already was doubted when it came.
    const shared = "shared" in match && mail?.known.phone !== own.phone ? match.shared : null;
    if (shared !== null)
      say(report, {
        en: `The phone is that of ${nameOf(shared).en}, who has another e-mail address.`,
        ar: `رقم الهاتف نفسه لدى ${nameOf(shared).ar}، ولها بريد إلكتروني آخر.`,
      });
    if (shared !== null && this.#options.onDuplicate === "review") {
      report.action = "review";
      return report;
    }
    const group = match.do === "create" ? undefined : (mail ?? held);
    if (!group) {
      const made = groupOf({ id: `new:${line}`, ...own }, true);
      return this.#fill(made, row, report, "created");
    }
    if (this.#options.onDuplicate === "skip") {
      report.action = "skipped";
      report.contact = group.known.id;
      group.reports.push(report);
      return say(report, {
        en: "The contact is known already.",
        ar: "جهة الاتصال معروفة من قبل.",
      });
    }
    if (match.do === "merge" && mail && held) {
      say(report, {
        en: "It joins two contacts: one had its e-mail address, the other its phone.",
        ar: "يجمع الصف جهتي اتصال: لإحداهما البريد الإلكتروني وللأخرى رقم الهاتف.",
      });
      return this.#fill(this.#join(mail, held), row, report, "merged");
    }
    const isOurs = group.isNew || this.#options.isOurs(group.known.id);
    return this.#fill(group, row, report, isOurs ? "merged" : "updated");
  }

  /** Two people turn out to be one: the one that the store knows stays, else the one with the e-mail. */
  #join(mail: Group, held: Group): Group {
    const [stays, goes] = mail.isNew && !held.isNew ? [held, mail] : [mail, held];
    if (!goes.isNew) stays.absorbed.push(goes.known.id, ...goes.absorbed);
    stays.known.email ??= goes.known.email;
    stays.rows.push(...goes.rows);
    stays.reports.push(...goes.reports);
    this.#groups.delete(goes);
    for (const [key, group] of this.#byKey) if (group === goes) this.#byKey.set(key, stays);
    return stays;
  }

  #fill(group: Group, row: ContactRow, report: RowReport, action: ImportAction): RowReport {
    const { known } = group;
    const own = addresses(row);
    known.email ??= own.email;
    if (own.phone !== null) {
      if (known.phone !== null && known.phone !== own.phone)
        this.#options.former.set(`phone:${known.phone}`, known);
      known.phone = own.phone;
      if (!this.#byKey.has(`phone:${own.phone}`)) this.#byKey.set(`phone:${own.phone}`, group);
    }
    if (own.email !== null) this.#byKey.set(`email:${own.email}`, group);
    group.rows.push(row);
    group.reports.push(report);
    this.#groups.add(group);
    report.action = action;
    report.contact = known.id;
    return report;
  }
}

const groupOf = (known: Known, isNew: boolean): Group => ({
  known,
  isNew,
  absorbed: [],
  rows: [],
  reports: [],
});

/** A contact as a reason names it; one that this batch makes has no id yet, only its first line. */
const nameOf = (id: string): Label =>
  id.startsWith("new:")
    ? { en: `the contact of line ${id.slice(4)}`, ar: `جهة الاتصال في السطر ${id.slice(4)}` }
    : { en: `contact ${id}`, ar: `جهة الاتصال ${id}` };

function say(report: RowReport, sentence: Label): RowReport {
  const { reason } = report;
  report.reason =
    reason === null
      ? sentence
      : { en: `${reason.en} ${sentence.en}`, ar: `${reason.ar} ${sentence.ar}` };
  return report;
}

/** What is written of a person: the later filled value wins, tags unite, the stricter consent stays. */
export function writeOf({ known, isNew, absorbed, rows }: Group): ContactWrite {
  const [first, ...others] = rows.length > 1 ? rows.toSorted((a, b) => a.line - b.line) : rows;
  const write: ContactWrite = {
    id: isNew ? null : known.id,
    fields: first?.fields ?? {},
    tags: first?.tags ?? [],
    consent: first?.consent ?? null,
    created: first?.created ?? null,
    source: "import",
    ...(absorbed.length > 0 ? { merge: absorbed } : {}),
  };
  for (const row of others) {
    write.fields = { ...write.fields, ...row.fields };
    write.tags = [...new Set([...write.tags, ...row.tags])];
    write.consent = stricterConsent(write.consent, row.consent);
    if (row.created !== null) write.created = Math.min(write.created ?? row.created, row.created);
  }
  return write;
}
