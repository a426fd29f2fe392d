import type { FlowDoc } from "../core/document.ts";
import type { FlowRecord } from "./store.ts";

/** A row of `flows`. */
export interface FlowRow {
  id: string;
  draft: string;
  version: number | null;
  firstPublished: number | null;
  paused: number | null;
  updated: number;
}

export const recordOf = (row: FlowRow): FlowRecord => ({
  id: row.id,
  draft: JSON.parse(row.draft) as FlowDoc,
  version: row.version,
  state: row.version === null ? "draft" : row.paused === null ? "live" : "paused",
  paused: row.paused,
  updated: row.updated,
});
