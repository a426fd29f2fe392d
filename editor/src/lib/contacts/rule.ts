import type { Rule } from "../../../../nodes/rule.ts";

const SEARCHED = ["first_name", "last_name", "email", "phone"];

/** Contacts that have every word of `search` in their name or address, and the tag where one is named; null: all. */
export function contactsRule(search: string, tag: string): Rule | null {
  const words = search.trim().split(/\s+/).filter(Boolean).slice(0, 6);
  const rules: Rule[] = words.map((value) => ({
    any: SEARCHED.map((field): Rule => ({ field, op: "contains", value })),
  }));
  if (tag) rules.push({ tag });
  return rules.length === 0 ? null : { all: rules };
}
