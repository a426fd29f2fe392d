import type { Viewport } from "@xyflow/svelte";
import type { Box } from "../flow/align.ts";
import type { CanvasNode } from "../flow/drawing.ts";
import { type Heading, ORIGINS } from "../flow/heading.ts";
import type { Point } from "../flow/shape.ts";

/** How much of a card can be read: all of it, its name, or that it is there. */
export type Distance = "near" | "far" | "speck";

export const distanceAt = (zoom: number): Distance =>
  zoom >= 0.42 ? "near" : zoom >= 0.2 ? "far" : "speck";

/** Where a card lies on the canvas. */
export function boxOf({ id, position, data }: CanvasNode, heading: Heading): Box {
  const { width, height } = data.card;
  const [x, y] = ORIGINS[heading];
  return { id, x: position.x - x * width, y: position.y - y * height, width, height };
}

export const middleOf = ({ x, y, width, height }: Box): Point => ({
  x: x + width / 2,
  y: y + height / 2,
});

/** The box around all cards. Loops: a spread of 2,000 numbers is slow, and too many arguments in the end. */
export function around(boxes: readonly Box[]): Omit<Box, "id"> {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  if (boxes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Below this a whole flow in view can't be read, and the view begins where the flow does. */
const READABLE = 0.62;
const BEGIN = 0.85;
const MARGIN = 64;

/** What is in view when a flow is opened: all of it while that can be read, else its beginning. */
export function openingView(
  boxes: readonly Box[],
  heading: Heading,
  { width, height }: { width: number; height: number },
): Viewport {
  const all = around(boxes);
  const zoom = Math.min(
    1,
    (width - 2 * MARGIN) / Math.max(1, all.width),
    (height - 2 * MARGIN) / Math.max(1, all.height),
  );
  if (zoom >= READABLE || boxes.length === 0) {
    const { x, y } = middleOf({ id: "", ...all });
    return { x: width / 2 - x * zoom, y: height / 2 - y * zoom, zoom };
  }
  const first = around(beginning(boxes, heading));
  const { x, y } = middleOf({ id: "", ...first });
  const centred = { x: width / 2 - x * BEGIN, y: height / 2 - y * BEGIN, zoom: BEGIN };
  if (heading === "down") return { ...centred, y: MARGIN - first.y * BEGIN };
  if (heading === "right") return { ...centred, x: MARGIN - first.x * BEGIN };
  return { ...centred, x: width - MARGIN - (first.x + first.width) * BEGIN };
}

/** The cards at which the flow begins: the first row. */
function beginning(boxes: readonly Box[], heading: Heading): Box[] {
  const along = (b: Box): number =>
    heading === "down" ? b.y : heading === "right" ? b.x : -(b.x + b.width);
  let least = Infinity;
  for (const box of boxes) least = Math.min(least, along(box));
  return boxes.filter((b) => along(b) - least < 40);
}
