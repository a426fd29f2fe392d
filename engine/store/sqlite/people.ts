import type { Input } from "../../core/state.ts";
import type { Base } from "./database.ts";

/** Flow → what merging added to the numbers of a contact's runs of it. */
export type Moved = Record<string, number>;

/** Finds contacts by id. The id of one that was merged away leads to the one that it became. */
export interface People {
  find(id: string): { pk: number; id: string; moved: Moved; erased: boolean } | null;
}

const NOT_MOVED: Moved = {};

/** Links in messages sent long ago name the contact of then: they must work for ever. */
export function peopleOf({ db }: Base): People {
  const byId = db.prepare<{ pk: number; id: string; erased: number }, [string]>(
    "SELECT pk, id, erased FROM contacts WHERE id = ?",
  );
  const byAlias = db.prepare<{ pk: number; id: string; erased: number; moved: string }, [string]>(
    "SELECT c.pk, c.id, c.erased, a.moved FROM aliases a JOIN contacts c ON c.pk = a.contact WHERE a.id = ?",
  );
  return {
    find(id) {
      const row = byId.get(id);
      if (row) return { ...row, erased: row.erased === 1, moved: NOT_MOVED };
      const alias = byAlias.get(id);
      return (
        alias && { ...alias, erased: alias.erased === 1, moved: JSON.parse(alias.moved) as Moved }
      );
    },
  };
}

/** The key (`flow.n.node.visit`) that a message or task of a merged contact has now. */
export function movedKey(key: string, moved: Moved): string {
  const [flow = "", n = "", ...rest] = key.split(".");
  const by = moved[flow];
  return by === undefined ? key : [flow, Number(n) + by, ...rest].join(".");
}

/** An input as it reads after the merge: keys and numbers of runs are those of now. */
export function movedInput(input: Input, moved: Moved): Input {
  if (Object.keys(moved).length === 0) return input;
  const one = { ...input };
  if ("key" in one && one.key !== undefined && one.kind !== "enroll")
    one.key = movedKey(one.key, moved);
  if ("n" in one && one.n !== undefined && "flow" in one) one.n += moved[one.flow] ?? 0;
  return one;
}
