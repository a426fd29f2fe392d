import type { Instant } from "../../nodes/index.ts";
import { DAY, dayNumber, instantOf, wallClock } from "../core/zone.ts";

const HOUR = 3_600_000;
/** Up to so long a span is shown by the hour. */
const BY_THE_HOUR = 3 * DAY;

/** Where the frames of a span begin: the days of a zone (a short span's hours). The first begins with the span. */
export function framesOf(from: Instant, until: Instant, zone: string): Instant[] {
  const starts = [from];
  if (until - from <= BY_THE_HOUR) {
    for (let at = Math.floor(from / HOUR) * HOUR + HOUR; at < until; at += HOUR) starts.push(at);
    return starts;
  }
  for (let day = dayNumber(wallClock(from, zone)) + 1; ; day++) {
    const at = instantOf(day * DAY, zone);
    if (at >= until) return starts;
    starts.push(at);
  }
}

/** Counts by frame, most of which are none: `[frame, count, frame, count, …]`. */
export type Sparse = number[];

/** Adds to the count of the latest frame; frames only ever go on. */
export function count(sparse: Sparse, frame: number, by: number): void {
  const last = sparse.length - 2;
  if (sparse[last] === frame) sparse[last + 1] = (sparse[last + 1] ?? 0) + by;
  else sparse.push(frame, by);
}
