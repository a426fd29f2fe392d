import { Cron } from "croner";

/** The next moments of a cron pattern on the clock of a zone, as the engine will count them; none for a pattern that is none. */
export function nextMoments(pattern: string, zone: string, count: number): Date[] {
  const text = pattern.trim();
  if (text.length > 200 || ![5, 6].includes(text.split(/\s+/).length)) return [];
  try {
    return new Cron(text, { timezone: zone, paused: true }).nextRuns(count);
  } catch (error) {
    // Half of a pattern is none yet; the checker says what is wrong with it.
    if (error instanceof TypeError || error instanceof RangeError) return [];
    throw error;
  }
}
