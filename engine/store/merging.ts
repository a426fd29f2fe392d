import type { Instant } from "../../nodes/index.ts";
import type { Consent, Input, Run } from "../core/state.ts";
import type { Held } from "./held.ts";

/** Flow → what merging added to the numbers of a contact's runs of it. */
export type Moved = Record<string, number>;

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

export const later = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

export const isOpen = (run: Run): boolean => run.state === "active" || run.state === "paused";

/** Runs of the contact that goes are numbered on after those of the one that stays. */
export function movedOf(kept: Run[], gone: Run[]): Moved {
  const moved: Moved = {};
  for (const { flow } of gone) {
    const last = Math.max(0, ...kept.filter((r) => r.flow === flow).map((r) => r.n));
    if (last > 0) moved[flow] = last;
  }
  return moved;
}

export function movedRun(run: Run, moved: Moved): Run {
  const { parent } = run;
  return {
    ...run,
    n: run.n + (moved[run.flow] ?? 0),
    parent: parent && { ...parent, n: parent.n + (moved[parent.flow] ?? 0) },
  };
}

/** What both know of the person; where they differ, what stays is the first's, and of consent the stricter. */
export function unite(kept: Held, gone: Held, at: Instant): void {
  const [a, b] = [kept.state, gone.state];
  const [one, two] = [a.contact, b.contact];
  for (const [name, set] of Object.entries(two.fieldsSet)) {
    if (!Object.hasOwn(one.fields, name)) one.fieldsSet[name] = set;
  }
  one.fields = { ...two.fields, ...one.fields };
  // A variant was drawn for the person: the one that was drawn first stays.
  a.drawn = one.created <= two.created ? { ...b.drawn, ...a.drawn } : { ...a.drawn, ...b.drawn };
  one.created = Math.min(one.created, two.created);
  one.stopped = [...new Set([...one.stopped, ...two.stopped])];
  for (const [trigger, fired] of Object.entries(b.fired)) {
    a.fired[trigger] = Math.max(fired, a.fired[trigger] ?? fired);
  }
  a.members = { ...b.members, ...a.members };
  for (const [tag, on] of Object.entries(two.tags)) {
    const mine = one.tags[tag];
    const expires =
      !mine || mine.expires === null || on.expires === null
        ? null
        : Math.max(mine.expires, on.expires);
    one.tags[tag] = mine ? { since: Math.min(mine.since, on.since), expires } : on;
  }
  one.consents = stricter(one.consents, two.consents, at);
}

const newest = (list: Consent[], like: Consent): Consent | undefined =>
  list
    .filter((c) => c.channel === like.channel && c.topic === like.topic)
    .reduce<Consent | undefined>((last, c) => (!last || c.at >= last.at ? c : last), undefined);

function stricter(a: Consent[], b: Consent[], at: Instant): Consent[] {
  const all = [...a, ...b].sort((x, y) => x.at - y.at);
  const denials: Consent[] = [];
  for (const record of all) {
    const denied = [a, b].some((list) => newest(list, record)?.granted === false);
    if (!denied || !newest([...all, ...denials], record)?.granted) continue;
    const { channel, topic } = record;
    denials.push({ channel, topic, granted: false, at, source: "merge" });
  }
  return [...all, ...denials];
}
