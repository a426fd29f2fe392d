import type { Instant } from "../../../nodes/index.ts";
import { stamped } from "../../core/segments.ts";
import type { ContactState, Listening, Workspace } from "../../core/state.ts";
import { differs, isTimed, type Since } from "../listening.ts";
import type { Base } from "./database.ts";
import type { Settings } from "./settings.ts";
import type { Sweeps } from "./sweeps.ts";

/** Which segments triggers listen to, and which flows have timers of each contact's own. */
export interface Listeners {
  /** Since when each segment is listened to, as it means now. */
  now(): ReadonlyMap<string, Listening>;
  /** What the triggers of a flow listen to from now on; `timers`: it has some of each contact's own. */
  listen(flow: string, segments: string[], timers: boolean, at: Instant): void;
  /** The workspace is another one than `before`: who is in a segment by that alone has not entered it. */
  redefined(before: Workspace, at: Instant): void;
  /** Whether somebody whom nothing has happened to must be looked at all the same: for timers or the passing of time. */
  needLook(): boolean;
  /** What a new contact is a member of: of nothing when it `enters`, else of what it is in at that moment. */
  membersOfNew(enters: boolean, at: Instant): ContactState["members"];
  /** A contact was changed silently: what that puts it into it has not entered. */
  changedSilently(pk: number, at: Instant): void;
}

const LISTENS = "listens:";
const TIMERS = "timers:";
const SINCE = "listening";

export function listenersOf({ db }: Base, settings: Settings, sweeps: Sweeps): Listeners {
  const byFlow = db.prepare<{ value: string }, [string]>(
    "SELECT value FROM settings WHERE name GLOB ? || '*'",
  );
  const set = db.prepare(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
  );
  const unset = db.prepare("DELETE FROM settings WHERE name = ?");
  const stamp = db.prepare(
    `INSERT INTO marks (members, contact) VALUES (json_set('{}', '$.""', json(?1)), ?2)
     ON CONFLICT DO UPDATE SET members = json_set(coalesce(members, '{}'), '$.""', json(?1))`,
  );
  const since = (): Since => JSON.parse(settings.get(SINCE) ?? '{"last":0,"segments":{}}') as Since;
  const listened = (): Set<string> =>
    new Set(byFlow.all(LISTENS).flatMap(({ value }) => JSON.parse(value) as string[]));

  const begin = (segments: string[], at: Instant): void => {
    const { last, segments: old } = since();
    const workspace = settings.workspace();
    const kept = [...listened()].flatMap((name) => {
      const known = Object.hasOwn(old, name) && !segments.includes(name) ? old[name] : undefined;
      return [[name, known ?? { n: last + 1, at }] as const];
    });
    set.run(SINCE, JSON.stringify({ last: last + 1, segments: Object.fromEntries(kept) }));
    for (const [name, { n }] of kept) {
      if (n === last + 1 && isTimed(name, workspace)) sweeps.flips(name, at);
    }
  };

  return {
    now: () => new Map(Object.entries(since().segments)),
    listen(flow, segments, timers, at) {
      const before = listened();
      set.run(`${LISTENS}${flow}`, JSON.stringify(segments));
      if (timers) set.run(`${TIMERS}${flow}`, "true");
      else unset.run(`${TIMERS}${flow}`);
      // Whoever stops listening and begins again begins anew.
      const after = listened();
      if (before.size !== after.size || [...after].some((name) => !before.has(name))) begin([], at);
      if (timers) sweeps.everybody(at);
    },
    redefined(before, at) {
      const after = settings.workspace();
      const changed = [...listened()].filter((name) => differs(name, before, after));
      if (changed.length > 0) begin(changed, at);
    },
    needLook() {
      const workspace = settings.workspace();
      return (
        byFlow.get(TIMERS) !== null || [...listened()].some((name) => isTimed(name, workspace))
      );
    },
    membersOfNew(enters, at) {
      const { last, segments } = since();
      if (Object.keys(segments).length === 0) return {};
      return stamped(enters ? { n: last } : { n: -1, at });
    },
    changedSilently(pk, at) {
      if (Object.keys(since().segments).length > 0) stamp.run(JSON.stringify({ n: -1, at }), pk);
    },
  };
}
