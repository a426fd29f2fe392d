/** Durations as a form shows them: a number and a unit; ISO 8601 behind. */
export const UNITS = ["minutes", "hours", "days", "weeks", "months", "years"] as const;
export type Unit = (typeof UNITS)[number];

export interface Span {
  amount: number;
  unit: Unit;
  /** Before the moment it counts from. */
  before: boolean;
}

const LETTER: Record<Unit, string> = {
  minutes: "M",
  hours: "H",
  days: "D",
  weeks: "W",
  months: "M",
  years: "Y",
};
const CLOCK: ReadonlySet<Unit> = new Set(["minutes", "hours"]);

/** `P3D` as a number and a unit; null for one of several parts, of seconds, or that is none. */
export function spanOf(duration: string): Span | null {
  const match = /^([+-])?P(?:(\d{1,7})([YMWD])|T(\d{1,7})([HM]))$/.exec(duration);
  if (!match) return null;
  const [, sign, dated, letter, timed, clock] = match;
  const unit = UNITS.find(
    (name) => LETTER[name] === (letter ?? clock) && CLOCK.has(name) === (clock !== undefined),
  );
  return unit ? { amount: Number(dated ?? timed), unit, before: sign === "-" } : null;
}

/** ISO 8601 of a number and a unit. */
export const durationOf = ({ amount, unit, before }: Span): string =>
  `${before ? "-" : ""}P${CLOCK.has(unit) ? "T" : ""}${amount}${LETTER[unit]}`;
