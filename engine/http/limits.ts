import { HttpProblem } from "./problem.ts";

/** So many at once, and then so many a minute. */
export interface Rate {
  burst: number;
  perMinute: number;
}

/** Names kept before those that have their whole burst again are forgotten. */
const SWEEP_AT = 10_000;
/** Names kept at most: beyond this the oldest go, so that a flood of addresses takes no more memory. */
const MOST = 100_000;

/** Counts what each name takes (generic cell rate algorithm): one number a name, no timers. */
export class Limiter {
  readonly #interval: number;
  readonly #slack: number;
  readonly #clock: () => number;
  /** Name → when it has its whole burst again, milliseconds; in the order of use. */
  readonly #whole = new Map<string, number>();

  constructor({ burst, perMinute }: Rate, clock: () => number) {
    this.#interval = 60_000 / perMinute;
    this.#slack = this.#interval * (burst - 1);
    this.#clock = clock;
  }

  get names(): number {
    return this.#whole.size;
  }

  /** Takes one for a name; null: it was there, else after how many seconds it will be. */
  take(name: string): number | null {
    const now = this.#clock();
    const whole = Math.max(this.#whole.get(name) ?? now, now);
    if (whole - now > this.#slack) return Math.ceil((whole - now - this.#slack) / 1000);
    // Set anew, so that the order of the map is the order of use.
    this.#whole.delete(name);
    this.#whole.set(name, whole + this.#interval);
    this.#forget(now);
    return null;
  }

  /** From the one used longest ago to the first that still counts: each is gone through once in its life. */
  #forget(now: number): void {
    for (const [name, whole] of this.#whole) {
      const size = this.#whole.size;
      if (size <= SWEEP_AT || (whole > now && size <= MOST)) return;
      this.#whole.delete(name);
    }
  }
}

/** What the web face allows. Programs with a key send events in bulk; guessing is allowed far less. */
const RATES = {
  /** Requests that say nothing of who asks, or something wrong, from one address. */
  stranger: { burst: 300, perMinute: 300 },
  /** Requests of one person or key. */
  caller: { burst: 10_000, perMinute: 60_000 },
  /** Attempts to sign in, to use a link or to ask for one, from one address. */
  guess: { burst: 30, perMinute: 6 },
  /** Attempts to sign in as one person from one address. */
  attempt: { burst: 10, perMinute: 1 },
  /** Attempts to sign in as one person from anywhere: enough that nobody is locked out by somebody else at once. */
  person: { burst: 100, perMinute: 10 },
  /** Calls of one incoming webhook. */
  hook: { burst: 1_000, perMinute: 6_000 },
  /** Letters to one address. */
  letter: { burst: 3, perMinute: 1 / 20 },
  /** Invitations and resets by one person or key. */
  invite: { burst: 30, perMinute: 1 },
} satisfies Record<string, Rate>;

/** The limiters of one web process. */
export type Limits = { [K in keyof typeof RATES]: Limiter };

export const limitsOf = (clock: () => number): Limits =>
  Object.fromEntries(
    Object.entries(RATES).map(([name, rate]) => [name, new Limiter(rate, clock)]),
  ) as Limits;

/** Takes one for a name. Throws `HttpProblem` with the time to wait (RFC 6585, section 4). */
export function takeOne(limiter: Limiter, name: string): void {
  const seconds = limiter.take(name);
  if (seconds === null) return;
  throw new HttpProblem(
    "too-many",
    {
      en: `Too many attempts; try again in ${lasting(seconds)}.`,
      ar: `محاولات كثيرة؛ حاول مجددًا بعد ${arabicLasting(seconds)}.`,
    },
    [],
    { "retry-after": String(seconds) },
  );
}

function lasting(seconds: number): string {
  const [n, unit] = seconds < 60 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

function arabicLasting(seconds: number): string {
  const isShort = seconds < 60;
  const n = isShort ? seconds : Math.ceil(seconds / 60);
  const [one, two, few, many] = isShort
    ? ["ثانية واحدة", "ثانيتين", "ثوانٍ", "ثانية"]
    : ["دقيقة واحدة", "دقيقتين", "دقائق", "دقيقة"];
  if (n === 1) return one as string;
  if (n === 2) return two as string;
  const rest = n % 100;
  return `${n} ${rest >= 3 && rest <= 10 ? few : many}`;
}
