import { Type } from "typebox";
import { keyOfContact } from "../core/journal.ts";
import { flaggedFields } from "../core/scope.ts";
import type { ContactState } from "../core/state.ts";
import type { ContactRow } from "../store/store.ts";
import { timeOf } from "./context.ts";
import { closed, Fields, Time } from "./schemas.ts";

/** A contact as lists show it. */
export const Row = Type.Object(
  { id: Type.String(), created: Time, fields: Fields, tags: Type.Array(Type.String()) },
  { ...closed, component: "ContactRow" },
);

export const rowOut = (row: ContactRow) => ({ ...row, created: timeOf(row.created) });

/** One contact as it is, with what rules and templates read of it. */
export function contactOut(state: ContactState) {
  const { id, created, fields, tags, consents, stopped, suppressed } = state.contact;
  return {
    id,
    key: keyOfContact(state),
    created: timeOf(created),
    fields,
    flagged: flaggedFields(state),
    tags: Object.entries(tags).map(([tag, on]) => ({
      tag,
      since: timeOf(on.since),
      expires: timeOf(on.expires),
    })),
    consents: consents.map((consent) => ({ ...consent, at: timeOf(consent.at) })),
    stopped,
    suppressed,
    enrollments: state.runs.map((run) => ({
      flow: run.flow,
      version: run.version,
      enrollment: run.n,
      state: run.state,
      reason: run.reason,
      node: run.node,
      entered: timeOf(run.entered),
      ended: timeOf(run.ended),
    })),
  };
}
