/** Weights as whole percents that are a hundred together: each rounded down, what is left to those that lost most. */
export function sharesOf(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, w) => sum + Math.max(0, w), 0);
  if (total <= 0) return weights.map(() => 0);
  const exact = weights.map((w) => (Math.max(0, w) / total) * 100);
  const shares = exact.map(Math.floor);
  const lost = exact.map((share, i) => ({ i, rest: share - Math.floor(share) }));
  lost.sort((a, b) => b.rest - a.rest || a.i - b.i);
  const left = 100 - shares.reduce((sum, share) => sum + share, 0);
  for (const { i } of lost.slice(0, left)) shares[i] = (shares[i] ?? 0) + 1;
  return shares;
}

/** Shares with the border behind the `at`-th moved to `share` of it and its neighbour; each keeps one percent, and the others theirs. */
export function withBorder(shares: readonly number[], at: number, share: number): number[] {
  const both = (shares[at] ?? 0) + (shares[at + 1] ?? 0);
  const first = Math.min(both - 1, Math.max(1, Math.round(share)));
  return shares.map((old, i) => (i === at ? first : i === at + 1 ? both - first : old));
}

/** As many even shares of a hundred. */
export const evenShares = (count: number): number[] =>
  sharesOf(Array.from({ length: count }, () => 1));
