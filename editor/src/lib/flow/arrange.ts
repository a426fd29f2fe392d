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

/** The whole flow drawn from top to bottom, outputs in their declared order; the first node keeps its place. `sizes` are the room of each card in the document. */
export function arranged(doc: FlowDocument, sizes: Sizes): FlowDocument {
  const first = doc.nodes[0];
  if (!first) return doc;
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: CARD.gapX, ranksep: CARD.gapY, edgesep: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of doc.nodes) graph.setNode(node.id, { ...sizeOf(sizes, node.id) });
  const ways = new Map(doc.edges.map((edge) => [`${edge.source}/${handleOf(edge)}`, edge]));
  // dagre draws what was given last at the left: so the outputs are given from the last to the first.
  for (const node of doc.nodes) {
    for (const output of outputsOf(node, doc.edges).toReversed()) {
      const edge = ways.get(`${node.id}/${output.id}`);
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
