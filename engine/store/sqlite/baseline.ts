import type { Instant } from "../../../nodes/index.ts";
import { ruleToSql } from "../rules-sql.ts";
import type { Base } from "./database.ts";
import type { Settings } from "./settings.ts";

/** Notes who is in a segment without anybody having entered it. */
export interface Baseline {
  /** For all contacts. */
  set(segments: string[], now: Instant): void;
  /** For these contacts and every segment that a published flow listens to: an import starts no flow. */
  refresh(pks: number[], now: Instant): void;
  /** What the triggers of a flow listen to from now on. */
  listen(flow: string, segments: string[]): void;
}

const LISTENS = "listens:";

export function baselineOf({ db }: Base, settings: Settings): Baseline {
  const listened = db.prepare<{ value: string }, [string]>(
    "SELECT value FROM settings WHERE name GLOB ? || '*'",
  );
  const listen = db.prepare(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  const mark = (segment: string, now: Instant, pks: number[] | null): void => {
    const workspace = settings.workspace();
    const { sql, params } = ruleToSql({ segment }, { now, workspace, dialect: "sqlite" });
    const among = pks === null ? "" : "AND c.pk IN (SELECT value FROM json_each(?))";
    const which = pks === null ? [] : [JSON.stringify(pks)];
    const has = "EXISTS (SELECT 1 FROM json_each(c.members) m WHERE m.key = ?)";
    db.prepare(
      `UPDATE contacts AS c SET members = json_patch(c.members, json_object(?, json('true')))
       WHERE c.erased = 0 ${among} AND NOT ${has} AND ${sql}`,
    ).run(segment, ...which, segment, ...params);
    // A null in a merge patch takes the key away.
    db.prepare(
      `UPDATE contacts AS c SET members = json_patch(c.members, json_object(?, NULL))
       WHERE c.erased = 0 ${among} AND ${has} AND NOT ${sql}`,
    ).run(segment, ...which, segment, ...params);
  };
  return {
    set(segments, now) {
      for (const segment of segments) mark(segment, now, null);
    },
    refresh(pks, now) {
      const names = new Set(
        listened.all(LISTENS).flatMap(({ value }) => JSON.parse(value) as string[]),
      );
      for (const segment of names) mark(segment, now, pks);
    },
    listen(flow, segments) {
      listen.run(`${LISTENS}${flow}`, JSON.stringify(segments));
    },
  };
}
