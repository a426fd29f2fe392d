/**
 * A number in [0, 1) that depends on `parts` alone, the same on every machine and for ever: cyrb53 (bryc,
 * public domain) over the UTF-16 units of the parts, each led by its length, 53 bits of it. The length
 * keeps ["a", "bc"] apart from ["ab", "c"].
 */
export function hash01(parts: readonly string[]): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (const part of parts) {
    h1 = Math.imul(h1 ^ part.length, 2654435761);
    h2 = Math.imul(h2 ^ part.length, 1597334677);
    for (let i = 0; i < part.length; i++) {
      const unit = part.charCodeAt(i);
      h1 = Math.imul(h1 ^ unit, 2654435761);
      h2 = Math.imul(h2 ^ unit, 1597334677);
    }
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return (4294967296 * (h2 & 0x1fffff) + (h1 >>> 0)) / 9007199254740992;
}

/** Weights of which none is positive: there is nothing to draw from. */
export class WeightsError extends Error {
  override readonly name = "WeightsError";
  constructor(readonly variants: readonly { id: string; weight: number }[]) {
    super(`None of the variants ${variants.map((v) => v.id).join(", ")} has a weight above 0`);
  }
}

/** The id of the variant at `at` ([0, 1)) when the weights, in order, share that stretch. Throws WeightsError when none is above 0. */
export function pickWeighted(
  at: number,
  variants: readonly { id: string; weight: number }[],
): string {
  const open = variants.filter((variant) => variant.weight > 0);
  const last = open.at(-1);
  if (!last) throw new WeightsError(variants);
  let left = at * open.reduce((sum, variant) => sum + variant.weight, 0);
  for (const variant of open) {
    if (left < variant.weight) return variant.id;
    left -= variant.weight;
  }
  // Rounding may leave a sliver past the last.
  return last.id;
}
