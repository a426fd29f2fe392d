/** What the frame around the pages tells: whether the program answers, and how much waits for a person. */
class Live {
  #answers = $state(true);
  /** Called when the program asks who is there, though a page was open already. */
  onRefused: () => void = () => undefined;
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
