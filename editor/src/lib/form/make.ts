/** The id of a flow of this name: its Latin letters and digits; `flow` where it has none. */
export const flowIdOf = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "") || "flow";

/** The hue of a tag, in degrees: the same for the same word everywhere, one of twelve that are told apart. */
export function hueOf(tag: string): number {
  // FNV-1a: short words that differ in a letter fall far apart.
  let hash = 0x811c9dc5;
  for (const c of tag) hash = Math.imul(hash ^ (c.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return Math.floor(((hash >>> 0) / 2 ** 32) * 12) * 30;
}
