import type { Instant } from "../nodes/index.ts";

/** Where the shell reads the time. The core is handed a moment, never a clock. */
export type Clock = () => Instant;

/** The machine's clock, in whole milliseconds. */
export const systemClock: Clock = () => Date.now();

/** A clock that shows `at` now and goes on from there. */
export const clockFrom = (at: Instant): Clock => {
  const start = systemClock();
  return () => at + (systemClock() - start);
};

/** A clock that stands still, for `run --until-idle --now` and tests. */
export const fixedClock =
  (at: Instant): Clock =>
  () =>
    at;
