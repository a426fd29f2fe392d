import { ApiError } from "../api/index.ts";

/** A form that is sent: whether it is under way, and what is wrong with which of its values. */
export class Submit {
  busy = $state(false);
  #error = $state.raw<unknown>(null);

  /** What is wrong with one value, by its JSON pointer. */
  at(pointer: string): string | undefined {
    if (!(this.#error instanceof ApiError)) return undefined;
    return this.#error.problems.find((one) => one.pointer === pointer)?.message;
  }

  /** What is wrong and has no place of its own among `places`. */
  rest(...places: string[]): string {
    const error = this.#error;
    if (error === null) return "";
    if (error instanceof ApiError && places.some((place) => this.at(place) !== undefined))
      return "";
    return error instanceof Error ? error.message : String(error);
  }

  /** Sends it; what is refused stays here to be shown. True: it was done. */
  async send(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.#error = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.#error = error;
      return false;
    } finally {
      this.busy = false;
    }
  }

  forget(): void {
    this.#error = null;
  }
}
