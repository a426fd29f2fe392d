import type { Box } from "../flow/align.ts";
import type { Heading } from "../flow/heading.ts";
import type { Point } from "../flow/shape.ts";

/** A stroke from an output to a card: SVG path data, and where its sign stands. */
export interface Ink {
  path: string;
  middle: Point;
}

/** Along the flow (`u`) and across it (`v`). */
type Spot = readonly [u: number, v: number];

const BEND = 20;
/** How far a way that goes back leaves a card before it turns, and how far it stays from cards. */
const OUT = 28;
const CLEAR = 36;
const SIDE = 12;
const FARTHEST = 1200;
/** A branch bends where it begins and then runs straight; px along the flow. */
const NECK = 72;

/** What a way back goes round: half the room across that its own two cards take, and all cards there are. */
export interface Obstacles {
  from: number;
  to: number;
  cards: readonly Box[];
}

/** The stroke from `from` to `to`. A way back goes round the cards. */
export function inkOf(from: Point, to: Point, heading: Heading, around: Obstacles): Ink {
  const flat = ({ x, y }: Point): Spot =>
    heading === "down" ? [y, x] : heading === "right" ? [x, y] : [-x, y];
  const point = ([u, v]: Spot): Point =>
    heading === "down" ? { x: v, y: u } : heading === "right" ? { x: u, y: v } : { x: -u, y: v };
  const put = (spot: Spot): string => {
    const { x, y } = point(spot);
    return `${round(x)} ${round(y)}`;
  };
  const start = flat(from);
  const end = flat(to);
  const [tip, side] = [end[0] - 1.5, end[1]];
  const arrow = `M${put([tip - 6, side - 4])}L${put([tip, side])}L${put([tip - 6, side + 4])}`;
  const ahead = end[0] - start[0];
  if (ahead < BEND) {
    const taken = around.cards.map(({ x, y, width, height }) =>
      heading === "down"
        ? { u: y, v: x, long: height, wide: width }
        : { u: heading === "right" ? x : -x - width, v: y, long: width, wide: height },
    );
    const { spots, middle } = goingBack(start, [tip, side], around, taken);
    return { path: rounded(spots, put) + arrow, middle: point(middle) };
  }
  const beside = Math.abs(side - start[1]);
  if (beside < 1) {
    const path = `M${put(start)}L${put([tip, side])}${arrow}`;
    return { path, middle: point([start[0] + ahead / 2, side]) };
  }
  const neck = Math.min(ahead, Math.max(NECK, beside * 0.3));
  const knee = start[0] + neck;
  const half = start[0] + neck / 2;
  const path = `M${put(start)}C${put([half, start[1]])} ${put([half, side])} ${put([knee, side])}`;
  return {
    path: `${path}L${put([tip, side])}${arrow}`,
    middle: point([half, (start[1] + side) / 2]),
  };
}

/** A card along and across the flow. */
interface Block {
  u: number;
  v: number;
  long: number;
  wide: number;
}

/** Round the outside of both cards, or between them where they stand far apart; beside whatever else stands in the way. */
function goingBack(start: Spot, end: Spot, reach: Obstacles, blocks: readonly Block[]) {
  const apart = Math.abs(end[1] - start[1]) - reach.from - reach.to;
  const toRight = end[1] > start[1];
  const wanted =
    apart > 2 * CLEAR
      ? (toRight
          ? start[1] + reach.from + (end[1] - reach.to)
          : start[1] - reach.from + (end[1] + reach.to)) / 2
      : toRight
        ? Math.max(start[1] + reach.from, end[1] + reach.to) + CLEAR
        : Math.min(start[1] - reach.from, end[1] - reach.to) - CLEAR;
  const inTheWay = blocks.filter(({ u, long }) => u < start[0] + OUT && u + long > end[0] - OUT);
  const lane = freeLane(wanted, inTheWay);
  const spots: Spot[] = [
    start,
    [start[0] + OUT, start[1]],
    [start[0] + OUT, lane],
    [end[0] - OUT, lane],
    [end[0] - OUT, end[1]],
    end,
  ];
  return { spots, middle: [(start[0] + end[0]) / 2, lane] as Spot };
}

/** The lane nearest to `wanted` that runs through none of the blocks; `wanted` where there is none near. */
function freeLane(wanted: number, blocks: readonly Block[]): number {
  const isFree = (lane: number): boolean =>
    blocks.every(({ v, wide }) => lane < v - SIDE || lane > v + wide + SIDE);
  for (let off = 0; off <= FARTHEST; off += SIDE) {
    if (isFree(wanted + off)) return wanted + off;
    if (isFree(wanted - off)) return wanted - off;
  }
  return wanted;
}

/** Straight pieces with rounded corners. */
function rounded(spots: readonly Spot[], put: (spot: Spot) => string): string {
  const [first] = spots;
  if (!first) return "";
  let path = `M${put(first)}`;
  for (const [i, at] of spots.entries()) {
    const before = spots[i - 1];
    const after = spots[i + 1];
    if (!before) continue;
    if (!after) {
      path += `L${put(at)}`;
      continue;
    }
    path += `L${put(towards(at, before))}Q${put(at)} ${put(towards(at, after))}`;
  }
  return path;
}

/** The spot a bend's length from `from` on the way to `to`, at most half of it. */
function towards(from: Spot, to: Spot): Spot {
  const [du, dv] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(du, dv);
  const share = length === 0 ? 0 : Math.min(BEND, length / 2) / length;
  return [from[0] + du * share, from[1] + dv * share];
}

const round = (n: number): number => Math.round(n * 10) / 10;
