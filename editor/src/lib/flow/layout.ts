import dagre from "@dagrejs/dagre";
import { CARD, place } from "./edit.ts";
import { type FlowDocument, handleOf, outputsOf, type Point } from "./shape.ts";

/** Width and height of a card on the canvas, in its pixels. */
export interface Size {
  width: number;
  height: number;
}

export type Sizes = ReadonlyMap<string, Size>;

const sizeOf = (sizes: Sizes, id: string): Size => sizes.get(id) ?? CARD;

/** Where a card's place is: the middle of its top edge, so that cards of different widths stand in one column. */
export const ORIGIN: [number, number] = [0.5, 0];

/** The whole flow drawn from top to bottom, outputs in their declared order; the first node keeps its place. */
export function arranged(doc: FlowDocument, sizes: Sizes): FlowDocument {
  const first = doc.nodes[0];
  if (!first) return doc;
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: CARD.gapX, ranksep: CARD.gapY, edgesep: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of doc.nodes) graph.setNode(node.id, { ...sizeOf(sizes, node.id) });
  // dagre draws what was given last at the left: so the outputs are given from the last to the first.
  for (const node of doc.nodes) {
    for (const output of outputsOf(node, doc.edges).toReversed()) {
      const edge = doc.edges.find((e) => e.source === node.id && handleOf(e) === output.id);
      if (edge && graph.hasNode(edge.target)) graph.setEdge(edge.source, edge.target, {}, edge.id);
    }
  }
  dagre.layout(graph);
  // dagre gives the middle of a card.
  const top = (id: string): Point => {
    const { x, y } = graph.node(id) as Point;
    return { x, y: y - sizeOf(sizes, id).height / 2 };
  };
  const origin = top(first.id);
  const by = { x: first.position.x - origin.x, y: first.position.y - origin.y };
  const places = new Map(
    doc.nodes.map((node) => {
      const at = top(node.id);
      return [node.id, { x: at.x + by.x, y: at.y + by.y }];
    }),
  );
  return place(doc, places);
}

export type Alignment = "left" | "center" | "right" | "top" | "middle" | "bottom";

/** Brings the chosen nodes to one line. */
export function aligned(
  doc: FlowDocument,
  ids: readonly string[],
  to: Alignment,
  sizes: Sizes,
): FlowDocument {
  const chosen = doc.nodes.filter((node) => ids.includes(node.id));
  if (chosen.length < 2) return doc;
  const across = to === "left" || to === "center" || to === "right";
  const spans = chosen.map((node) => {
    const { width, height } = sizeOf(sizes, node.id);
    const from = across ? node.position.x - width / 2 : node.position.y;
    return { node, from, size: across ? width : height };
  });
  const low = Math.min(...spans.map((s) => s.from));
  const high = Math.max(...spans.map((s) => s.from + s.size));
  const at = (size: number): number => {
    if (to === "left" || to === "top") return low;
    if (to === "right" || to === "bottom") return high - size;
    return (low + high) / 2 - size / 2;
  };
  const places = new Map(
    spans.map(({ node, size }) => [
      node.id,
      across ? { x: at(size) + size / 2, y: node.position.y } : { x: node.position.x, y: at(size) },
    ]),
  );
  return place(doc, places);
}
