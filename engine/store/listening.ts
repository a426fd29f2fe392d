import type { Rule } from "../../nodes/index.ts";
import { readsOf } from "../core/rules-reads.ts";
import type { Listening, Workspace } from "../core/state.ts";

export interface Since {
  /** The newest number given. */
  last: number;
  segments: Record<string, Listening>;
}

export const isTimed = (segment: string, { segments }: Workspace): boolean => {
  const rule = Object.hasOwn(segments, segment) ? segments[segment] : undefined;
  return rule !== undefined && readsOf(rule, segments).timed;
};

/** Whether a segment, or one that it is made of, means something else; zone and consent of the workspace are part of it. */
export function differs(segment: string, before: Workspace, after: Workspace): boolean {
  if (before.timezone !== after.timezone || before.consent !== after.consent) return true;
  const seen = new Set<string>();
  const look = (name: string): boolean => {
    if (seen.has(name)) return false;
    seen.add(name);
    const [was, is] = [before.segments[name], after.segments[name]];
    return JSON.stringify(was) !== JSON.stringify(is) || (is !== undefined && named(is).some(look));
  };
  return look(segment);
}

/** The segments that a rule names. */
function named(rule: Rule): string[] {
  if ("all" in rule) return rule.all.flatMap(named);
  if ("any" in rule) return rule.any.flatMap(named);
  if ("not" in rule) return named(rule.not);
  return "segment" in rule ? [rule.segment] : [];
}
