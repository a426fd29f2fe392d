import type { Point } from "./shape.ts";

/** A card where it stands on the canvas: its left top corner and its size. */
export interface Box extends Point {
  id: string;
  width: number;
  height: number;
}

export type Alignment = "left" | "center" | "right" | "top" | "middle" | "bottom";
/** Even gaps between the cards of a row, or of a column. */
export type Spread = "row" | "column";

type Places = Map<string, Point>;

/** New left top corners that bring cards to one line. */
export function aligned(boxes: readonly Box[], to: Alignment): Places {
  const across = to === "left" || to === "center" || to === "right";
  const low = Math.min(...boxes.map((b) => (across ? b.x : b.y)));
  const high = Math.max(...boxes.map((b) => (across ? b.x + b.width : b.y + b.height)));
  const at = (size: number): number => {
    if (to === "left" || to === "top") return low;
    if (to === "right" || to === "bottom") return high - size;
    return (low + high) / 2 - size / 2;
  };
  return new Map(
    boxes.map((b) => [b.id, across ? { x: at(b.width), y: b.y } : { x: b.x, y: at(b.height) }]),
  );
}

/** New left top corners with the same gap between neighbours; the first and the last stay. Two cards have nothing to share out. */
export function distributed(boxes: readonly Box[], along: Spread): Places {
  const isRow = along === "row";
  const from = (b: Box): number => (isRow ? b.x : b.y);
  const size = (b: Box): number => (isRow ? b.width : b.height);
  const sorted = [...boxes].sort((a, b) => from(a) - from(b));
  const [first] = sorted;
  const last = sorted.at(-1);
  if (!first || !last || sorted.length < 3) return new Map();
  const taken = sorted.reduce((sum, b) => sum + size(b), 0);
  const gap = (from(last) + size(last) - from(first) - taken) / (sorted.length - 1);
  let next = from(first);
  return new Map(
    sorted.map((b) => {
      const place = isRow ? { x: next, y: b.y } : { x: b.x, y: next };
      next += size(b) + gap;
      return [b.id, place];
    }),
  );
}
