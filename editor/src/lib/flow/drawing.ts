import { type Edge, type Node, type NodeHandle, Position } from "@xyflow/svelte";
import { type Language, nodeType } from "../../../../nodes/index.ts";
import { type Card, cardOf, type Port } from "./card.ts";
import { type Heading, toView } from "./heading.ts";
import {
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  handleOf,
  outputsOf,
  type Point,
} from "./shape.ts";

/** A node as Svelte Flow draws it: the document's own node, and what only the canvas knows. */
export type CanvasNode = Node<{ node: FlowNode; card: Card }, "step">;
export type CanvasEdge = Edge<{ edge: FlowEdge; from: FlowNode; to: FlowNode }, "ink">;

/** For whom the canvas is drawn: language, way of flowing, and what screen readers hear. */
export interface Look {
  language: Language;
  heading: Heading;
  /** What a card and a way are called in general. */
  step: string;
  way: string;
  nameOf(node: FlowNode): string;
  nameOfWay(from: FlowNode, handle: string, to: FlowNode): string;
}

interface Asked {
  look: Look;
  /** Ids that are chosen from now on; without them the selection stays. */
  chosen: ReadonlySet<string> | undefined;
  /** The look is another one: nothing of before can stay. */
  anew: boolean;
}

/** The cards of a document. Those that stayed the same stay the same objects, so that 500 stay quick. */
export function drawNodes(
  doc: FlowDocument,
  before: readonly CanvasNode[],
  { look, chosen, anew }: Asked,
): CanvasNode[] {
  const known = new Map(before.map((n) => [n.id, n]));
  return doc.nodes.map((node) => {
    const old = known.get(node.id);
    const selected = chosen ? chosen.has(node.id) : (old?.selected ?? false);
    const position = toView(node.position, look.heading);
    // What an unknown type leads to is told by its edges alone.
    const same = !anew && old?.data.node === node && nodeType(node.type) !== undefined;
    if (same && (old.selected ?? false) === selected && samePlace(old.position, position))
      return old;
    const card = same ? old.data.card : cardFor(node, doc.edges, look);
    return {
      id: node.id,
      type: "step",
      position,
      data: { node, card },
      selected,
      width: card.width,
      height: card.height,
      measured: { width: card.width, height: card.height },
      handles: card.ports.map((port) => dotAt(port, look.heading)),
      domAttributes: spoken(look.step, () => look.nameOf(node)),
    };
  });
}

/** The ways of a document; an edge that leads nowhere isn't drawn. */
export function drawWays(
  doc: FlowDocument,
  before: readonly CanvasEdge[],
  { look, chosen, anew }: Asked,
): CanvasEdge[] {
  const nodes = new Map(doc.nodes.map((node) => [node.id, node]));
  const known = new Map(before.map((e) => [e.id, e]));
  return doc.edges.flatMap((edge): CanvasEdge[] => {
    const from = nodes.get(edge.source);
    const to = nodes.get(edge.target);
    if (!from || !to) return [];
    const old = known.get(edge.id);
    const same = old?.data?.edge === edge && old.data.from === from && old.data.to === to;
    const selected = chosen ? false : (old?.selected ?? false);
    if (!anew && same && (old.selected ?? false) === selected) return [old];
    const { id, source, target } = edge;
    const sourceHandle = handleOf(edge);
    return [
      {
        id,
        source,
        sourceHandle,
        target,
        type: "ink",
        selected,
        data: { edge, from, to },
        domAttributes: spoken(look.way, () => look.nameOfWay(from, sourceHandle, to)),
      },
    ];
  });
}

/**
 * What screen readers hear, and no stop of the Tab key: the canvas is one, arrow keys go on from there. The name is
 * asked for when the part is drawn, which most parts of a big flow aren't.
 */
const spoken = (kind: string, name: () => string) => ({
  tabindex: -1,
  "aria-roledescription": kind,
  get "aria-label"() {
    return name();
  },
});

const samePlace = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y;

const cardFor = (node: FlowNode, edges: readonly FlowEdge[], look: Look): Card => {
  const isEntered = nodeType(node.type)?.group !== "trigger";
  return cardOf(outputsOf(node, edges), look.language, look.heading, isEntered);
};

const SIDES: Record<Heading, { out: Position; into: Position }> = {
  down: { out: Position.Bottom, into: Position.Top },
  right: { out: Position.Right, into: Position.Left },
  left: { out: Position.Left, into: Position.Right },
};

/** The dot at a port; px. */
export const DOT = 9;

/** Where the dot of a port lies: on the border where ways leave, just inside it where they enter, as a stroke ends at its outer side. */
export function dotAt({ id, x, y }: Port, heading: Heading): NodeHandle {
  const isIn = id === "in";
  const shift = isIn ? DOT / 2 : 0;
  return {
    id: isIn ? null : id,
    type: isIn ? "target" : "source",
    position: isIn ? SIDES[heading].into : SIDES[heading].out,
    x: x - DOT / 2 + (heading === "right" ? shift : heading === "left" ? -shift : 0),
    y: y - DOT / 2 + (heading === "down" ? shift : 0),
    width: DOT,
    height: DOT,
  };
}
