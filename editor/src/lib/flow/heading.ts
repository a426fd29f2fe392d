import type { Point } from "./shape.ts";

/** The way that the canvas flows, which is the reader's choice. A document is always kept from top to bottom. */
export type Heading = "down" | "right" | "left";
export const HEADINGS: readonly Heading[] = ["down", "right", "left"];

/** Where in its card a node's place is: the middle of the side at which it is entered, as shares of width and height. */
export const ORIGINS: Record<Heading, [number, number]> = {
  down: [0.5, 0],
  right: [0, 0.5],
  left: [1, 0.5],
};

// Cards are wide and low: what is a row from top to bottom is a wider column sideways, and a column a lower row.
const ALONG = 2.6;
const ACROSS = 0.42;

/** A place in the document as a place on a canvas that flows that way. */
export function toView({ x, y }: Point, heading: Heading): Point {
  if (heading === "down") return { x, y };
  return { x: (heading === "left" ? -y : y) * ALONG, y: x * ACROSS };
}

/** The reverse of `toView`. */
export function toDoc({ x, y }: Point, heading: Heading): Point {
  if (heading === "down") return { x, y };
  return { x: y / ACROSS, y: (heading === "left" ? -x : x) / ALONG };
}

/** A size on the canvas as the room that it takes in the document. */
export function roomOf(size: { width: number; height: number }, heading: Heading) {
  if (heading === "down") return size;
  return { width: size.height / ACROSS, height: size.width / ALONG };
}
