/** The known word that a mistyped one most likely means; null when none is near. */
export function closest(word: string, known: Iterable<string>): string | null {
  // A longer "word" is no typing mistake, and comparing it would only cost time.
  if (word.length === 0 || word.length > 64) return null;
  const sought = plain(word);
  let best: string | null = null;
  let least = Math.max(1, Math.floor(sought.length / 3)) + 1;
  for (const candidate of known) {
    const there = plain(candidate);
    const far = there === sought ? 0 : distance(sought, there, least);
    if (far < least) {
      least = far;
      best = candidate;
    }
  }
  return best ?? lengthened(sought, known);
}

export type Suggester = (word: string, known: Iterable<string>) => string | null;

/** `closest` for the first hundred words: comparing thousands of wrong names with thousands of right ones would take minutes. */
export function suggester(): Suggester {
  let left = 100;
  return (word, known) => (left-- > 0 ? closest(word, known) : null);
}

const plain = (word: string): string => word.toLowerCase().replace(/[\s_]+/g, "-");

/** A known word that the sought one begins, or that begins it: `trigger.tags`, `wait-for-event`. */
function lengthened(sought: string, known: Iterable<string>): string | null {
  if (sought.length < 4) return null;
  for (const candidate of known) {
    const there = plain(candidate);
    if (there.length >= 4 && (there.startsWith(sought) || sought.startsWith(there)))
      return candidate;
  }
  return null;
}

/** Edits (Damerau–Levenshtein, optimal string alignment) between two words; `limit` when not fewer. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (above[j] ?? limit) + 1,
        (row[j - 1] ?? limit) + 1,
        (above[j - 1] ?? limit) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? limit) + 1);
      }
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return Math.min(above[b.length] ?? limit, limit);
}
