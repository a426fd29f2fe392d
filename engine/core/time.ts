/**
 * Time in flows: durations, zones, windows, recurring dates and cron moments. All of it is pure: the
 * moment is always handed in. Instants are epoch milliseconds, zones IANA names.
 */
export { isAnniversary, nextRecurrence, type Recurrence } from "./calendar.ts";
export { cronNext, cronProblem } from "./cron.ts";
export { addDuration, type DurationParts, parseDuration } from "./duration.ts";
export { iso, moment, parseInstant } from "./moment.ts";
export { parseWindows } from "./preferred.ts";
export { atTime, DAYS, dayOf, inWindow, minutesOf, opening, openingOfAll } from "./window.ts";
export { TimeError, validZone, wallClock } from "./zone.ts";
