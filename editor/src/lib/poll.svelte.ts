/** How often what is shown is asked for again, milliseconds. */
const EVERY = 4_000;

/**
 * Something of the server that a page shows: asked for when it is made and whatever `load` reads changes,
 * then every few seconds while the page can be seen. What came last stays when the server is silent.
 */
export class Poll<T> {
  #value = $state.raw<T | null>(null);
  #error = $state.raw<unknown>(null);
  #load: () => Promise<T>;
  #turn = 0;

  /** Call it while a component is being set up: it stops with the component. */
  constructor(load: () => Promise<T>, every: number = EVERY) {
    this.#load = load;
    $effect(() => {
      void this.again();
      const timer = setInterval(() => {
        if (document.visibilityState === "visible") void this.again();
      }, every);
      return () => {
        clearInterval(timer);
        this.#turn++;
      };
    });
  }

  /** Null until it has come for the first time. */
  get value(): T | null {
    return this.#value;
  }

  /** Why it hasn't come; null once it has. */
  get error(): unknown {
    return this.#error;
  }

  /** Asks again now. Of several answers under way only that of the last question counts. */
  async again(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const value = await this.#load();
      if (turn !== this.#turn) return;
      this.#value = value;
      this.#error = null;
    } catch (error) {
      if (turn === this.#turn) this.#error = error;
    }
  }
}
