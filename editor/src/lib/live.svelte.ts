/** What the frame around the pages tells: whether the program answers, and how much waits for a person. */
class Live {
  #answers = $state(true);
  /** Open calls and tasks. */
  open = $state(0);

  get answers(): boolean {
    return this.#answers;
  }

  /** Somebody asked the program, and it answered or not. */
  heard(answered: boolean): void {
    this.#answers = answered;
  }
}

export const live = new Live();
