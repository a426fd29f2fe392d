import type { Instant } from "../../../nodes/index.ts";
import { stamped } from "../../core/segments.ts";
import type { ContactState, Listening, Workspace } from "../../core/state.ts";
import { differs, isTimed, type Since } from "../listening.ts";
import { idList, type Query } from "./database.ts";
import { readWorkspace, setSetting, setting } from "./settings.ts";
import { sweepEverybody, sweepFlips } from "./sweeps.ts";

const LISTENS = "listens:";
const TIMERS = "timers:";
const SINCE = "listening";

const since = async (tx: Query): Promise<Since> =>
  JSON.parse((await setting(tx, SINCE)) ?? '{"last":0,"segments":{}}') as Since;

const byFlow = (tx: Query, prefix: string): Promise<{ value: string }[]> =>
  tx.all("SELECT value FROM settings WHERE starts_with(name, $1)", prefix);

const listened = async (tx: Query): Promise<Set<string>> =>
  new Set((await byFlow(tx, LISTENS)).flatMap(({ value }) => JSON.parse(value) as string[]));

/** Since when each segment is listened to, as it means now. */
export const listening = async (tx: Query): Promise<ReadonlyMap<string, Listening>> =>
  new Map(Object.entries((await since(tx)).segments));

async function begin(tx: Query, segments: string[], at: Instant): Promise<void> {
  const { last, segments: old } = await since(tx);
  const workspace = await readWorkspace(tx);
  const kept = [...(await listened(tx))].map((name) => {
    const known = Object.hasOwn(old, name) && !segments.includes(name) ? old[name] : undefined;
    return [name, known ?? { n: last + 1, at }] as const;
  });
  const now: Since = { last: last + 1, segments: Object.fromEntries(kept) };
  await setSetting(tx, SINCE, JSON.stringify(now));
  for (const [name, { n }] of kept) {
    if (n === last + 1 && isTimed(name, workspace)) await sweepFlips(tx, name, at);
  }
}

/** What the triggers of a flow listen to from now on; `timers`: it has some of each contact's own. */
export async function listen(
  tx: Query,
  flow: string,
  segments: string[],
  timers: boolean,
  at: Instant,
): Promise<void> {
  const before = await listened(tx);
  await setSetting(tx, `${LISTENS}${flow}`, JSON.stringify(segments));
  if (timers) await setSetting(tx, `${TIMERS}${flow}`, "true");
  else await tx.run("DELETE FROM settings WHERE name = $1", `${TIMERS}${flow}`);
  // Whoever stops listening and begins again begins anew.
  const after = await listened(tx);
  if (before.size !== after.size || [...after].some((name) => !before.has(name)))
    await begin(tx, [], at);
  if (timers) await sweepEverybody(tx, at);
}

/** The workspace is another one than `before`: who is in a segment by that alone has not entered it. */
export async function redefined(tx: Query, before: Workspace, at: Instant): Promise<void> {
  const after = await readWorkspace(tx);
  const changed = [...(await listened(tx))].filter((name) => differs(name, before, after));
  if (changed.length > 0) await begin(tx, changed, at);
}

/** Whether somebody whom nothing has happened to must be looked at all the same: for timers or the passing of time. */
export async function needLook(tx: Query): Promise<boolean> {
  if ((await byFlow(tx, TIMERS)).length > 0) return true;
  const names = await listened(tx);
  if (names.size === 0) return false;
  const workspace = await readWorkspace(tx);
  return [...names].some((name) => isTimed(name, workspace));
}

/** What a new contact is a member of: of nothing when it `enters`, else of what it is in at that moment. */
export async function membersOfNew(
  tx: Query,
  enters: boolean,
  at: Instant,
): Promise<ContactState["members"]> {
  const { last, segments } = await since(tx);
  if (Object.keys(segments).length === 0) return {};
  return stamped(enters ? { n: last } : { n: -1, at });
}

/** Contacts were changed silently: what that puts them into they have not entered. */
export async function changedSilently(tx: Query, pks: number[], at: Instant): Promise<void> {
  if (pks.length === 0 || Object.keys((await since(tx)).segments).length === 0) return;
  await tx.run(
    `UPDATE marks SET members = (coalesce(members, '{}')::jsonb || jsonb_build_object('', $1::jsonb))::json
     WHERE contact = ANY ($2::bigint[])`,
    JSON.stringify({ n: -1, at }),
    idList(pks),
  );
}
