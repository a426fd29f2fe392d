import { typedValue } from "./rules.ts";

/** What previews see of the merge fields that were tried, by the first part of their path. */
export function triedScope(tried: Readonly<Record<string, string>>): Record<string, object> {
  const scope: Record<string, Record<string, unknown>> = {};
  for (const [path, text] of Object.entries(tried)) {
    if (text === "") continue;
    const parts = path.split(".");
    const last = parts.pop();
    let at: Record<string, unknown> = scope;
    for (const part of parts) {
      const inner = Object.hasOwn(at, part) ? at[part] : undefined;
      const next = typeof inner === "object" && inner !== null ? inner : {};
      Object.defineProperty(at, part, { value: next, enumerable: true, configurable: true });
      at = next as Record<string, unknown>;
    }
    if (last !== undefined) at[last] = typedValue(text);
  }
  return scope;
}

/** Whether a text names a merge field, alone or in a longer path. */
export const names = (text: string, path: string): boolean =>
  new RegExp(`(?<![\\w.])${path.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w])`).test(text);

/** A character as it is shown in a sentence of any direction; one that nobody can see by its number. */
export function characterName(c: string): string {
  const code = (c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return /[\p{Z}\p{C}\p{M}]/u.test(c) ? `U+${code}` : `\u2068${c}\u2069`;
}
