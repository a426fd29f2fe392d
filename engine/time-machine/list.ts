import { keyOfContact } from "../core/journal.ts";
import { fold } from "../core/text.ts";
import type { Person } from "./figures.ts";
import type { List, Query, Row } from "./talk.ts";

const nameOf = ({ contact: { fields } }: Person["state"]): string =>
  [fields.first_name, fields.last_name].filter((part) => typeof part === "string").join(" ");

/** A page of the people who fit a query, in their own order. */
export function listOf(
  people: readonly Person[],
  { flow, real }: { flow: string; real: boolean },
  query: Query,
): List {
  const words = fold(query.search ?? "")
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 6);
  const rows: Row[] = [];
  let total = 0;
  let next: number | null = null;
  people.forEach((person, place) => {
    if (!fits(person, query, words)) return;
    total++;
    if (place < query.after) return;
    if (rows.length < query.limit)
      rows.push({ ...rowOf(person, place, flow), contact: real ? person.state.contact.id : null });
    else next ??= place;
  });
  return { rows, total, next };
}

function fits({ state, groups, visited }: Person, query: Query, words: string[]): boolean {
  if (query.group !== undefined && !groups.has(query.group)) return false;
  if (query.node !== undefined && !visited.has(query.node)) return false;
  if (words.length === 0) return true;
  const text = fold(`${nameOf(state)} ${Object.values(addressesOf(state)).join(" ")}`);
  return words.every((word) => text.includes(word));
}

const addressesOf = ({ contact: { fields } }: Person["state"]): unknown[] => [
  fields.email ?? "",
  fields.phone ?? "",
];

function rowOf(
  { state, sent, kept, entered, last }: Person,
  place: number,
  flow: string,
): Omit<Row, "contact"> {
  const run = state.runs.findLast((r) => r.flow === flow);
  return {
    place,
    key: keyOfContact(state),
    name: nameOf(state),
    state: run?.state ?? null,
    node: run?.node ?? null,
    sent,
    kept,
    entered,
    last,
  };
}
