import type { SQLQueryBindings } from "bun:sqlite";
import { fold } from "../../core/text.ts";
import {
  cursorOf,
  isSame,
  MOST_SEARCHED,
  type Place,
  placeOf,
  STATES,
  type Stretch,
} from "../standing.ts";
import type { StandingRow, Store } from "../store.ts";
import type { Base } from "./database.ts";

const COLUMNS = `r.contact AS pk, c.id AS contact, c.key AS contactKey, c.fields ->> '$.first_name' AS firstName,
  c.fields ->> '$.last_name' AS lastName, r.version, r.n, r.state, r.reason, r.since, r.until, r.waiting, r.entered`;
const HERE =
  "r.flow = ? AND r.version = ? AND r.state = ? AND r.node = ? AND (r.contact, r.n) > (?, ?)";
const NAMES = `coalesce(c.folded ->> '$.v.first_name', '') || ' ' || coalesce(c.folded ->> '$.v.last_name', '') ||
  ' ' || coalesce(c.key, '') || ' ' || coalesce(c.phone, '')`;

export function standingPart({ db }: Base): Pick<Store, "standing"> {
  const versions = db.prepare<{ version: number }, [string]>(
    "SELECT version FROM flow_versions WHERE flow = ? ORDER BY version DESC",
  );
  const last = db.prepare<Place, SQLQueryBindings[]>(
    `SELECT r.contact, r.n FROM runs r WHERE ${HERE} ORDER BY r.contact, r.n LIMIT 1 OFFSET ?`,
  );
  const many = db.prepare<{ many: number }, SQLQueryBindings[]>(
    `SELECT count(*) AS many FROM runs r WHERE ${HERE}`,
  );
  const rowsOf = (
    bound: SQLQueryBindings[],
    words: readonly string[],
    end: Place | null,
    limit: number,
  ): (StandingRow & { pk: number })[] => {
    const found = words.map(() => `AND instr(${NAMES}, ?) > 0`).join(" ");
    const until = end === null ? "" : "AND (r.contact, r.n) <= (?, ?)";
    return db
      .prepare<StandingRow & { pk: number }, SQLQueryBindings[]>(
        `SELECT ${COLUMNS} FROM runs r JOIN contacts c ON c.pk = r.contact
         WHERE ${HERE} ${until} ${found} ORDER BY r.contact, r.n LIMIT ?`,
      )
      .all(...bound, ...(end === null ? [] : [end.contact, end.n]), ...words, limit);
  };

  return {
    async standing({ flow, node, state, search = "", after, limit }) {
      const words = fold(search).split(/\s+/).filter(Boolean).slice(0, 6);
      const stretches = STATES.filter((s) => state === undefined || s === state).flatMap((s) =>
        versions.all(flow).map(({ version }): Stretch => ({ version, state: s })),
      );
      let from = after === undefined ? null : placeOf(after);
      const begin = from === null ? 0 : stretches.findIndex((s) => isSame(s, from));
      const rows: StandingRow[] = [];
      let searched = 0;
      for (const stretch of begin < 0 ? [] : stretches.slice(begin)) {
        const bound = [flow, stretch.version, stretch.state, node];
        const start: Place = from ?? { contact: -1, n: 0 };
        from = null;
        const key = [...bound, start.contact, start.n];
        const end = words.length === 0 ? null : last.get(...key, MOST_SEARCHED - searched - 1);
        const found = rowsOf(key, words, end, limit - rows.length);
        for (const { pk: _, ...row } of found) rows.push(row);
        const final = found.at(-1);
        if (rows.length === limit && final) {
          return { rows, next: cursorOf(stretch, { contact: final.pk, n: final.n }) };
        }
        if (end !== null) return { rows, next: cursorOf(stretch, end) };
        if (words.length > 0) searched += many.get(...key)?.many ?? 0;
      }
      return { rows, next: null };
    },
  };
}
