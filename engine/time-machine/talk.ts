import type { Instant, Language } from "../../nodes/index.ts";
import type { ContactState } from "../core/state.ts";
import type { Figures, Person } from "./figures.ts";
import type { Plan } from "./plan.ts";
import type { Stopped, Story } from "./span.ts";

/** What the program tells a worker. */
export type Told =
  | { kind: "people"; states: ContactState[] }
  | { kind: "run"; plan: Plan; seconds: number }
  | { kind: "list"; ask: number; query: Query }
  | { kind: "story"; ask: number; place: number; language: Language };

/** What a worker tells the program. */
export type Said =
  | { kind: "progress"; at: Instant }
  | { kind: "done"; report: Report }
  | { kind: "failed"; message: string }
  | { kind: "list"; ask: number; list: List }
  | { kind: "story"; ask: number; story: Story };

/** What became of everybody, in figures. */
export interface Report extends Figures {
  from: Instant;
  /** Where the span ended: earlier than was asked for when it was `stopped`. */
  end: Instant;
  stopped: Stopped | null;
  people: number;
  warnings: string[];
}

/** Which people to list. */
export interface Query {
  /** Those whom one of the report's groups is about. */
  group?: number;
  /** Those who have been at a node. */
  node?: string;
  /** Words of name and address. */
  search?: string;
  after: number;
  limit: number;
}

export interface List {
  rows: Row[];
  /** How many fit the query. */
  total: number;
  next: number | null;
}

/** One of the people, as they are at the end. */
export interface Row extends Pick<Person, "sent" | "kept" | "entered" | "last"> {
  place: number;
  /** The contact's id; null for made-up people. */
  contact: string | null;
  key: string | null;
  name: string;
  /** Of the latest run; null: never entered. */
  state: string | null;
  node: string | null;
}
