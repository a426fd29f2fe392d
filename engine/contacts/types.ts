import type { Instant, Label } from "../../nodes/node.ts";
import type { Value } from "../core/state.ts";

/** Something about one row; `rejected` says whether the row was left out or only a cell of it. */
export interface RowProblem {
  /** Physical line where the row starts (the header is 1); in a JSON list the record's number, from 1. */
  line: number;
  code: RowProblemCode;
  message: Label;
  rejected: boolean;
}

export type RowProblemCode =
  | "no-identifier"
  | "bad-email"
  | "bad-phone"
  | "bad-timezone"
  | "bad-locale"
  | "bad-date"
  | "bad-value"
  | "unknown-channel"
  | "broken-text"
  | "broken-quote"
  | "cell-too-big"
  | "row-too-big"
  | "too-many-cells"
  | "bad-record";

/** Why a whole file can't be read. */
export interface ReadProblem {
  code: ReadProblemCode;
  message: Label;
}

export type ReadProblemCode =
  | "not-found"
  | "no-access"
  | "is-folder"
  | "spreadsheet"
  | "not-text"
  | "empty"
  | "too-many-columns"
  | "header-broken"
  | "no-identifier-column"
  | "too-big"
  | "bad-json"
  | "not-a-list"
  | "bad-map"
  | "map-unknown-column";

/** A file that could be read, or the reason why not: an expected failure is a value. */
export type Read<T> = { ok: true; value: T } | { ok: false; problem: ReadProblem };

/** A clean row of a file: one person as this row knows them. */
export interface ContactRow {
  /** E-mail in lower case, else phone in E.164. */
  key: string;
  line: number;
  /** Built-in and custom fields that have a value; tags, consent and `created_at` are not here. */
  fields: Record<string, Value>;
  tags: string[];
  /** Channels that may be used; `[]` allows none, null says nothing (the workspace's mode counts). */
  consent: string[] | null;
  created: Instant | null;
  /** Codes of the cells that were left out, shown on the contact. */
  flags: RowProblemCode[];
}

/** What the cells of a column are. `order` tells 03/04/2024 as day first or month first. */
export type ColumnType =
  | { type: "text" }
  | { type: "number" }
  | { type: "yes/no" }
  | { type: "date"; order: DateOrder };

export type DateOrder = "day-first" | "month-first";

/** One column of a file: its header and the field that it fills; null leaves it out. */
export interface Column {
  header: string;
  field: string | null;
  type: ColumnType;
  /** The cells hold full names, to be parted into `first_name` and `last_name`. */
  fullName?: true;
}
