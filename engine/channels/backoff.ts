import type { Instant } from "../../nodes/node.ts";

const MINUTE = 60_000;
/** 4, 16, 64, 256 and 1,024 minutes: 22.7 hours in all, before jitter. */
const DELAYS = [4, 16, 64, 256, 1024].map((minutes) => minutes * MINUTE);

/** A caller handed in a number that can't be: a bug, never a provider's doing. */
export class BackoffArgumentError extends Error {
  override name = "BackoffArgumentError";
  constructor(
    readonly argument: "attempt" | "jitter",
    readonly value: number,
  ) {
    super(`retryAt: ${argument} is ${value}, which is out of range`);
  }
}

/**
 * When to try again after the temporary failure of attempt number `attempt` (from 1); null: give up.
 * Five retries over about a day. `jitter` in [0, 1) spreads each delay over 90–110 %, so that
 * messages refused together don't come back together.
 */
export function retryAt(attempt: number, failedAt: Instant, jitter: number): Instant | null {
  if (!Number.isInteger(attempt) || attempt < 1) throw new BackoffArgumentError("attempt", attempt);
  if (!(jitter >= 0 && jitter < 1)) throw new BackoffArgumentError("jitter", jitter);
  const delay = DELAYS[attempt - 1];
  return delay === undefined ? null : failedAt + Math.round(delay * (0.9 + 0.2 * jitter));
}

/** When a breaker opens and for how long (milliseconds). */
export interface BreakerSettings {
  /** Temporary failures in a row that open it. */
  failures: number;
  /** How long it stays open at first; each failed probe doubles it. */
  openFor: number;
  /** The longest it stays open before the next probe. */
  longest: number;
}

const SETTINGS: BreakerSettings = { failures: 5, openFor: 30_000, longest: 15 * MINUTE };

/**
 * Pauses a provider that keeps failing: closed → open after so many temporary failures in a row →
 * half-open, when one probe may go. It reads no clock: every call brings its moment. A permanent
 * refusal is an answer of a working provider and counts as success.
 */
export class Breaker {
  readonly #settings: BreakerSettings;
  #failures = 0;
  #openUntil: Instant | null = null;
  #openFor: number;
  /** The probe under way was let through at this moment. */
  #probe: Instant | null = null;

  constructor(settings: Partial<BreakerSettings> = {}) {
    this.#settings = { ...SETTINGS, ...settings };
    this.#openFor = this.#settings.openFor;
  }

  /** Null while closed; else the moment from which one probe may go. */
  get openUntil(): Instant | null {
    return this.#openUntil;
  }

  /** Whether a message may be tried now. While half-open, the first to ask is the probe. */
  mayTry(now: Instant): boolean {
    if (this.#openUntil === null) return true;
    // A clock set back would leave the provider paused for as long as it was set back.
    if (this.#openUntil - now > this.#openFor) this.#openUntil = now + this.#openFor;
    if (now < this.#openUntil) return false;
    // A probe whose result never came (its worker died) must not hold the breaker for ever.
    if (this.#probe !== null && Math.abs(now - this.#probe) < this.#settings.longest) return false;
    this.#probe = now;
    return true;
  }

  onSuccess(_now: Instant): void {
    this.#failures = 0;
    this.#openUntil = null;
    this.#probe = null;
    this.#openFor = this.#settings.openFor;
  }

  onFailure(now: Instant): void {
    if (this.#openUntil !== null) {
      // Attempts begun before it opened still fail; only the probe tells something new.
      if (this.#probe === null) return;
      this.#probe = null;
      this.#openFor = Math.min(this.#openFor * 2, this.#settings.longest);
      this.#openUntil = now + this.#openFor;
      return;
    }
    this.#failures += 1;
    if (this.#failures >= this.#settings.failures) this.#openUntil = now + this.#openFor;
  }
}
