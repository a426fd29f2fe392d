import { outputIds } from "./edit.ts";
import type { Heading } from "./heading.ts";
import { type FlowDocument, handleOf } from "./shape.ts";

export type Direction = "up" | "down" | "left" | "right";

const TURNED: Record<Exclude<Heading, "down">, Record<Direction, Direction>> = {
  right: { right: "down", left: "up", up: "left", down: "right" },
  left: { left: "down", right: "up", up: "left", down: "right" },
};

/** What an arrow key means on a canvas that flows that way, said as if it flowed down. */
export const turned = (direction: Direction, heading: Heading): Direction =>
  heading === "down" ? direction : TURNED[heading][direction];

/**
 * The node that an arrow key leads to: down and up along the edges, left and right among what
 * follows the same node. Where no edge leads, the nearest card on that side; null at the end.
 */
export function neighbour(doc: FlowDocument, from: string, direction: Direction): string | null {
  const node = doc.nodes.find((n) => n.id === from);
  if (!node) return doc.nodes[0]?.id ?? null;
  if (direction === "down") return following(doc, from)[0] ?? null;
  const before = doc.edges.find((edge) => edge.target === from)?.source ?? null;
  if (direction === "up") return before;
  const beside = before === null ? roots(doc) : following(doc, before);
  const inRow = beside
    .map((id) => doc.nodes.find((n) => n.id === id))
    .filter((n) => n !== undefined)
    .sort((a, b) => a.position.x - b.position.x);
  const at = inRow.findIndex((n) => n.id === from);
  return inRow[at + (direction === "right" ? 1 : -1)]?.id ?? null;
}

/** Where the outputs of a node lead, in the outputs' order, each once. */
function following(doc: FlowDocument, id: string): string[] {
  const out = new Map(doc.edges.filter((e) => e.source === id).map((e) => [handleOf(e), e.target]));
  const targets = outputIds(doc, id).map((handle) => out.get(handle));
  return [...new Set(targets.filter((target) => target !== undefined))];
}

/** Nodes that no edge leads to. */
function roots(doc: FlowDocument): string[] {
  const led = new Set(doc.edges.map((edge) => edge.target));
  return doc.nodes.filter((node) => !led.has(node.id)).map((node) => node.id);
}
