import type { Instant } from "../../nodes/index.ts";
import type { Contact, ContactState, Input, Value } from "../core/state.ts";
import { iso } from "../core/time.ts";
import type { Stood } from "./sums.ts";

/** A contact in memory, with what is needed to write back only what changed. */
export interface Held {
  pk: number;
  state: ContactState;
  /** Handled by this turn. */
  inputs: { seq: number; input: Input }[];
  /** Earliest input that lies in the future. */
  later: Instant | null;
  email: string | null;
  phone: string | null;
  /** As stored, so that what didn't change isn't written. */
  profile: string;
  due: Instant | null;
  touched: Instant | null;
  /** Run (`flow/n`) → state and place as loaded. */
  runStates: Map<string, Stood>;
  messageIds: Map<string, number>;
  taskIds: Map<string, number>;
  tags: Map<string, { since: Instant; expires: Instant | null }>;
  suppressed: Record<string, string>;
}

export interface ContactRecord {
  pk: number;
  id: string;
  email: string | null;
  phone: string | null;
  seed: string;
  created: number;
  due: number | null;
  touched: number | null;
  erased: number;
  fields: string;
  /** Null where there is nothing in it, as with most contacts: a text costs more than a null. */
  fields_set: string | null;
  stopped: string | null;
  drawn: string | null;
  fired: string | null;
  members: string | null;
}

/** Inputs whose meaning depends on messages and tasks sent earlier. */
export const NEEDS_MESSAGES = new Set(["receipt", "inbound", "survey", "task", "answer", "remove"]);

/** Most contacts have none of these. */
const parseMap = <T>(text: string | null): Record<string, T> =>
  text === null ? {} : (JSON.parse(text) as Record<string, T>);

/** What of a contact `profile` writes. */
export const profileOf = (fields: string, set: string, stopped: string, erased: boolean): string =>
  `${fields}\n${set}\n${stopped}\n${erased}`;

export function holdOf(row: ContactRecord): Held {
  const contact: Contact = {
    id: row.id,
    seed: row.seed,
    created: row.created,
    fields: parseMap<Value>(row.fields),
    fieldsSet: parseMap<Instant>(row.fields_set),
    tags: {},
    consents: [],
    stopped: row.stopped === null ? [] : (JSON.parse(row.stopped) as string[]),
    suppressed: {},
    erased: row.erased === 1,
  };
  if (row.touched !== null) contact.fields.last_touch_at = iso(row.touched);
  return {
    pk: row.pk,
    state: {
      contact,
      events: [],
      messages: [],
      tasks: [],
      runs: [],
      drawn: parseMap<string>(row.drawn),
      fired: parseMap<Instant>(row.fired),
      members: parseMap<true>(row.members),
    },
    inputs: [],
    later: null,
    email: row.email,
    phone: row.phone,
    profile: profileOf(row.fields, row.fields_set ?? "{}", row.stopped ?? "[]", row.erased === 1),
    due: row.due,
    touched: row.touched,
    runStates: new Map(),
    messageIds: new Map(),
    taskIds: new Map(),
    tags: new Map(),
    suppressed: {},
  };
}
