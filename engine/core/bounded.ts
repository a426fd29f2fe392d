/**
 * A memo that can't grow without end: past `limit` entries, or `weight` characters of keys in all, the
 * oldest are forgotten. It only saves work; what it holds is always what the pure computation would give.
 */
export class Bounded<V> {
  readonly #entries = new Map<string, V>();
  readonly #limit: number;
  readonly #weight: number;
  #held = 0;

  constructor(limit: number, weight = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
    this.#weight = weight;
  }

  /** The kept value of `key`, else the computed one, which is then kept. */
  get(key: string, compute: () => V): V {
    const kept = this.#entries.get(key);
    if (kept !== undefined) return kept;
    const value = compute();
    this.#entries.set(key, value);
    this.#held += key.length;
    this.#forget();
    return value;
  }

  #forget(): void {
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit && this.#held <= this.#weight) return;
      this.#entries.delete(oldest);
      this.#held -= oldest.length;
    }
  }
}
