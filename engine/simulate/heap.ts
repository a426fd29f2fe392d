import type { Instant } from "../../nodes/index.ts";

/** A heap of who is due when: the earliest first, at one moment in the order of their numbers. */
export class DueHeap {
  readonly #at: Instant[] = [];
  readonly #who: number[] = [];

  get size(): number {
    return this.#at.length;
  }

  /** The earliest moment; null when nobody is due. */
  peek(): Instant | null {
    return this.#at[0] ?? null;
  }

  push(at: Instant, who: number): void {
    this.#at.push(at);
    this.#who.push(who);
    let i = this.#at.length - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#isBefore(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** Takes the earliest; call only while `size` is above 0. */
  pop(): { at: Instant; who: number } {
    const first = { at: this.#at[0] ?? 0, who: this.#who[0] ?? 0 };
    const at = this.#at.pop() ?? 0;
    const who = this.#who.pop() ?? 0;
    if (this.#at.length > 0) {
      this.#at[0] = at;
      this.#who[0] = who;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    const { length } = this.#at;
    for (let i = 0; ; ) {
      let least = i;
      const left = 2 * i + 1;
      if (left < length && this.#isBefore(left, least)) least = left;
      if (left + 1 < length && this.#isBefore(left + 1, least)) least = left + 1;
      if (least === i) return;
      this.#swap(i, least);
      i = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const x = this.#at[a] ?? 0;
    const y = this.#at[b] ?? 0;
    return x !== y ? x < y : (this.#who[a] ?? 0) < (this.#who[b] ?? 0);
  }

  #swap(a: number, b: number): void {
    const at = this.#at[a] ?? 0;
    this.#at[a] = this.#at[b] ?? 0;
    this.#at[b] = at;
    const who = this.#who[a] ?? 0;
    this.#who[a] = this.#who[b] ?? 0;
    this.#who[b] = who;
  }
}
