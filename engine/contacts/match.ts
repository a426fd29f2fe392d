import type { ContactRow } from "./types.ts";

/** One person, made of all rows that are the same one; `lines` in the file's order. */
export interface Person extends ContactRow {
  lines: number[];
}

/** What the store knows of a contact that a row may be. */
export interface Known {
  id: string;
  email: string | null;
  phone: string | null;
}

/** What to do with a row. `shared` is a contact of the same phone but another e-mail: perhaps a family, for review. */
export type Match =
  | { do: "create"; shared: string | null }
  | { do: "update"; id: string; shared: string | null }
  /** The row joins two contacts: `keep` has its e-mail, `absorb` only its phone. */
  | { do: "merge"; keep: string; absorb: string }
  /** Neither e-mail nor phone. */
  | { do: "reject" };

/**
 * Exact matching: the same e-mail, or the same phone unless both have different e-mails. The e-mail
 * decides before the phone. `byPhone` is the contact that holds the phone: where a family shares one,
 * the first of them that has an e-mail.
 */
export function decideMatch(
  row: { email: string | null; phone: string | null },
  byEmail: Known | null,
  byPhone: Known | null,
): Match {
  if (row.email === null && row.phone === null) return { do: "reject" };
  const holder = byPhone && byPhone.id !== byEmail?.id ? byPhone : null;
  if (byEmail) {
    if (!holder) return { do: "update", id: byEmail.id, shared: null };
    if (holder.email === null) return { do: "merge", keep: byEmail.id, absorb: holder.id };
    return { do: "update", id: byEmail.id, shared: holder.id };
  }
  if (!holder) return { do: "create", shared: null };
  const other = row.email !== null && holder.email !== null && holder.email !== row.email;
  return other
    ? { do: "create", shared: holder.id }
    : { do: "update", id: holder.id, shared: null };
}

/** The consent that allows less: what both allow. One that says nothing leaves the other as it is. */
export function stricterConsent(a: string[] | null, b: string[] | null): string[] | null {
  if (a === null || b === null) return a ?? b;
  return a.filter((channel) => b.includes(channel));
}

interface Group {
  known: Known;
  rows: ContactRow[];
}

/**
 * Unites the rows that are the same person by `decideMatch`, in the order of each person's first row.
 * The later filled value wins, tags unite, the stricter consent and the earliest creation stay.
 */
export function mergeRows(rows: readonly ContactRow[]): Person[] {
  const byEmail = new Map<string, Group>();
  const byPhone = new Map<string, Group>();
  const groups = new Set<Group>();
  rows.forEach((row, i) => {
    const email = text(row.fields.email);
    const phone = text(row.fields.phone);
    const mail = email === null ? null : (byEmail.get(email) ?? null);
    const held = phone === null ? null : (byPhone.get(phone) ?? null);
    const match = decideMatch({ email, phone }, mail?.known ?? null, held?.known ?? null);
    if (match.do === "reject") return;
    let group = mail ?? held;
    if (match.do === "create" || !group) {
      group = { known: { id: String(i), email, phone }, rows: [] };
      groups.add(group);
    }
    if (match.do === "merge" && held) {
      group.rows.push(...held.rows);
      groups.delete(held);
      // A contact without an e-mail has been found by this one phone alone.
      if (phone !== null) byPhone.set(phone, group);
    }
    group.rows.push(row);
    group.known.email ??= email;
    if (email !== null) byEmail.set(email, group);
    if (phone !== null && !byPhone.has(phone)) byPhone.set(phone, group);
  });
  const order = new Map(rows.map((row, i) => [row, i]));
  const place = (row: ContactRow | undefined) => (row && order.get(row)) ?? 0;
  const sorted = [...groups].map(({ rows: own }) => own.sort((a, b) => place(a) - place(b)));
  return sorted.sort((a, b) => place(a[0]) - place(b[0])).flatMap(unite);
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

function unite(rows: ContactRow[]): Person[] {
  const [first, ...others] = rows;
  if (!first) return [];
  const person: Person = { ...first, fields: { ...first.fields }, lines: [first.line] };
  for (const row of others) {
    person.fields = { ...person.fields, ...row.fields };
    person.tags = [...new Set([...person.tags, ...row.tags])];
    person.consent = stricterConsent(person.consent, row.consent);
    person.created = earliest(person.created, row.created);
    person.flags = [...new Set([...person.flags, ...row.flags])];
    person.lines.push(row.line);
  }
  person.key = text(person.fields.email) ?? text(person.fields.phone) ?? first.key;
  return [person];
}

const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);
