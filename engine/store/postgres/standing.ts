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
import type { Base, Param } from "./database.ts";
import { Where } from "./journal.ts";

const COLUMNS = `r.contact AS pk, c.id AS contact, c.key AS "contactKey", c.fields ->> 'first_name' AS "firstName",
  c.fields ->> 'last_name' AS "lastName", r.version, r.n, r.state, r.reason, r.since, r.until, r.waiting, r.entered`;
const HERE =
  "r.flow = ? AND r.version = ? AND r.state = ? AND r.node = ? AND (r.contact, r.n) > (?::bigint, ?::integer)";
const NAMES = `(coalesce(c.folded #>> '{v,first_name}', '') || ' ' || coalesce(c.folded #>> '{v,last_name}', '') ||
  ' ' || coalesce(c.key, '') || ' ' || coalesce(c.phone, ''))`;

type Found = StandingRow & { pk: number };

export function standingPart(base: Base): Pick<Store, "standing"> {
  const here = (bound: Param[]): Where => new Where().and(HERE, ...bound);
  const last = (bound: Param[], offset: number): Promise<Place | null> => {
    const where = here(bound);
    return base.get<Place>(
      `SELECT r.contact, r.n FROM runs r ${where.sql} ORDER BY r.contact, r.n LIMIT 1 OFFSET ${where.next}`,
      ...bound,
      offset,
    );
  };
  const many = async (bound: Param[]): Promise<number> =>
    (
      await base.get<{ many: number }>(
        `SELECT count(*) AS many FROM runs r ${here(bound).sql}`,
        ...bound,
      )
    )?.many ?? 0;
  const rowsOf = (
    bound: Param[],
    words: readonly string[],
    end: Place | null,
    limit: number,
  ): Promise<Found[]> => {
    const where = here(bound);
    if (end !== null) where.and("(r.contact, r.n) <= (?::bigint, ?::integer)", end.contact, end.n);
    for (const word of words) where.and(`strpos(${NAMES}, ?) > 0`, word);
    return base.all<Found>(
      `SELECT ${COLUMNS} FROM runs r JOIN contacts c ON c.pk = r.contact ${where.sql}
       ORDER BY r.contact, r.n LIMIT ${where.next}`,
      ...where.bound,
      limit,
    );
  };

  return {
    async standing({ flow, node, state, search = "", after, limit }) {
      const words = fold(search).split(/\s+/).filter(Boolean).slice(0, 6);
      const versions = await base.all<{ version: number }>(
        "SELECT version FROM flow_versions WHERE flow = $1 ORDER BY version DESC",
        flow,
      );
      const stretches = STATES.filter((s) => state === undefined || s === state).flatMap((s) =>
        versions.map(({ version }): Stretch => ({ version, state: s })),
      );
      let from = after === undefined ? null : placeOf(after);
      const begin = from === null ? 0 : stretches.findIndex((s) => isSame(s, from));
      const rows: StandingRow[] = [];
      let searched = 0;
      for (const stretch of begin < 0 ? [] : stretches.slice(begin)) {
        const start: Place = from ?? { contact: -1, n: 0 };
        from = null;
        const key = [flow, stretch.version, stretch.state, node, start.contact, start.n];
        const end = words.length === 0 ? null : await last(key, MOST_SEARCHED - searched - 1);
        const found = await rowsOf(key, words, end, limit - rows.length);
        for (const { pk: _, ...row } of found) rows.push(row);
        const final = found.at(-1);
        if (rows.length === limit && final)
          return { rows, next: cursorOf(stretch, { contact: final.pk, n: final.n }) };
        if (end !== null) return { rows, next: cursorOf(stretch, end) };
        if (words.length > 0) searched += await many(key);
      }
      return { rows, next: null };
    },
  };
}
