import type { Op, Rule } from "../../nodes/index.ts";
import type { Workspace } from "./state.ts";

/**
 * What a rule reads, as keys of changes: `tag:x`, `field:x`, `event:x`, `message`, `task`, `consent`,
 * `touches`. A change that shares no key can't flip the rule; only time can (`timed`).
 */
export interface Reads {
  keys: ReadonlySet<string>;
  timed: boolean;
}

const readsCache = new WeakMap<Workspace["segments"], WeakMap<Rule, Reads>>();

/** What a rule reads, segments followed. Kept for as long as these segments and this rule are. */
export function readsOf(rule: Rule, segments: Workspace["segments"]): Reads {
  let cache = readsCache.get(segments);
  if (!cache) {
    cache = new WeakMap();
    readsCache.set(segments, cache);
  }
  const cached = cache.get(rule);
  if (cached) return cached;
  const keys = new Set<string>();
  const timed = collect(rule, segments, keys, new Set());
  const reads = { keys, timed };
  cache.set(rule, reads);
  return reads;
}

function collect(
  rule: Rule,
  segments: Workspace["segments"],
  keys: Set<string>,
  inside: Set<string>,
): boolean {
  const each = (rules: Rule[]) =>
    rules.map((r) => collect(r, segments, keys, inside)).some(Boolean);
  if ("all" in rule) return each(rule.all);
  if ("any" in rule) return each(rule.any);
  if ("not" in rule) return collect(rule.not, segments, keys, inside);
  const isDuration = (since: string | undefined) => since !== undefined && /^-?P/.test(since);
  if ("segment" in rule) {
    const inner = Object.hasOwn(segments, rule.segment) ? segments[rule.segment] : undefined;
    if (!inner || inside.has(rule.segment)) return false;
    return collect(inner, segments, keys, new Set([...inside, rule.segment]));
  }
  if ("field" in rule) {
    keys.add(`field:${rule.field}`);
    return isTimed(rule);
  }
  if ("message" in rule) {
    keys.add("message");
    return isDuration(rule.since);
  }
  if ("task" in rule) {
    keys.add("task");
    return isDuration(rule.since);
  }
  if ("touches" in rule) {
    keys.add("touches");
    return isDuration(rule.since);
  }
  if ("event" in rule) {
    keys.add(`event:${rule.event}`);
    return isDuration(rule.since) || (rule.where ?? []).some(isTimed);
  }
  if ("consent" in rule) keys.add("consent");
  // A tag that expires is a change of its own.
  else if ("tag" in rule) keys.add(`tag:${rule.tag}`);
  else if ("data" in rule) {
    keys.add("data");
    return isTimed(rule);
  }
  return false;
}

/** Whether a comparison may flip as time goes by. */
const isTimed = ({ op }: { op: Op }): boolean =>
  op === "within-last" || op === "within-next" || op === "anniversary";
