import type { Moved } from "../merging.ts";
import type { Base } from "./database.ts";

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
