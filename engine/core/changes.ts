import type { Instant } from "../../nodes/index.ts";
import type {
  Contact,
  ContactState,
  EventFact,
  Line,
  Message,
  Request,
  Run,
  Task,
} from "./state.ts";

/**
 * What one turn did to one contact: everything that a store must write, in one transaction with the
 * inputs that caused it. Rows are whole (upsert by their key); lists hold only what is new or changed.
 */
export interface Changes {
  /** The turn's moment. */
  at: Instant;
  state: ContactState;
  /** The contact's fields, suppressions or stopped channels changed. */
  contact: boolean;
  /** `drawn`, `fired` or `members` changed. */
  marks: boolean;
  /** The contact was touched at this instant: `last_touch_at`, and no other field by that. */
  touched: boolean;
  tags: boolean;
  consents: boolean;
  /** New facts (also those made from the inputs of this turn). */
  events: EventFact[];
  runs: Set<Run>;
  messages: Set<Message>;
  tasks: Set<Task>;
  requests: Request[];
  lines: Line[];
  /** Splits with a winner that somebody reached in this turn. */
  arrivals: { flow: string; node: string; at: Instant }[];
  /** The contact was erased: earlier lines lose address, texts, keys and facts. */
  erased: boolean;
  /** When the contact must be looked at next; null: only when something happens. */
  due: Instant | null;
  /** Things that were odd in the inputs, for the operator. */
  warnings: string[];
  /** The turn did not take place: only `due` is written, and what arrived stays for the next turn. */
  keepInputs?: true;
}

/** A contact to whom nothing has happened. */
export const bareState = (contact: Contact): ContactState => ({
  contact,
  events: [],
  messages: [],
  tasks: [],
  runs: [],
  drawn: {},
  fired: {},
  members: {},
});

/** The changes of a turn in which nothing has happened yet. */
export const noChanges = (state: ContactState, at: Instant): Changes => ({
  at,
  state,
  contact: false,
  marks: false,
  touched: false,
  tags: false,
  consents: false,
  events: [],
  runs: new Set(),
  messages: new Set(),
  tasks: new Set(),
  requests: [],
  lines: [],
  arrivals: [],
  erased: false,
  due: null,
  warnings: [],
});
