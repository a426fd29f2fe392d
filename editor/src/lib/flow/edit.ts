import { nodeType } from "../../../../nodes/index.ts";
import { baseId, edgeId, freeId } from "./ids.ts";
import {
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  handleOf,
  outputsOf,
  type Point,
} from "./shape.ts";

/** Every edit is a function from one document to the next; parts that stay are shared, none is changed. */

/** The room a card takes where it hasn't been measured, and between two cards; canvas pixels. */
export const CARD = { width: 256, height: 76, gapX: 48, gapY: 72 } as const;

const nodeOf = (doc: FlowDocument, id: string): FlowNode | undefined =>
  doc.nodes.find((node) => node.id === id);

/** The outputs of a node of the document; none when it isn't there. */
export function outputIds(doc: FlowDocument, id: string): string[] {
  const node = nodeOf(doc, id);
  return node ? outputsOf(node, doc.edges).map((output) => output.id) : [];
}

/** The first output of a node that leads nowhere yet. */
export function freeOutput(doc: FlowDocument, id: string): string | undefined {
  const taken = new Set(doc.edges.filter((e) => e.source === id).map(handleOf));
  return outputIds(doc, id).find((handle) => !taken.has(handle));
}

/** Leads an output to a node in place of where it led before. A node doesn't lead to itself or to a trigger. */
export function connect(
  doc: FlowDocument,
  source: string,
  handle: string,
  target: string,
): FlowDocument {
  const to = nodeOf(doc, target);
  if (!to || !nodeOf(doc, source) || source === target) return doc;
  if (nodeType(to.type)?.group === "trigger") return doc;
  const edges = doc.edges.filter((e) => e.source !== source || handleOf(e) !== handle);
  const edge: FlowEdge = {
    id: edgeId(source, handle, edges),
    source,
    sourceHandle: handle,
    target,
  };
  return { ...doc, edges: [...edges, edge] };
}

/** A new node of a type with its example data, standing alone. */
export function addNode(
  doc: FlowDocument,
  type: string,
  position: Point,
): { doc: FlowDocument; id: string } {
  const id = freeId(baseId(type), new Set(doc.nodes.map((node) => node.id)));
  const data = structuredClone(nodeType(type)?.example ?? {}) as Record<string, unknown>;
  return {
    doc: { ...doc, nodes: [...doc.nodes, { id, type, position: rounded(position), data }] },
    id,
  };
}

/** A place under a node for what follows its output: the n-th output's column, moved aside until nothing is in the way. */
export function placeBelow(doc: FlowDocument, source: string, handle: string): Point {
  const from = nodeOf(doc, source);
  if (!from) return { x: 0, y: 0 };
  const handles = outputIds(doc, source);
  const column = Math.max(0, handles.indexOf(handle)) - (handles.length - 1) / 2;
  const place = {
    x: from.position.x + column * (CARD.width + CARD.gapX),
    y: from.position.y + CARD.height + CARD.gapY + (handles.length > 1 ? 24 : 0),
  };
  while (doc.nodes.some((node) => overlaps(node.position, place)))
    place.x += CARD.width + CARD.gapX;
  return place;
}

/** A place for another trigger: beside those that there are, else above everything. */
export function besideTriggers(doc: FlowDocument): Point {
  const triggers = doc.nodes.filter((n) => nodeType(n.type)?.group === "trigger");
  const all = triggers.length > 0 ? triggers : doc.nodes;
  if (all.length === 0) return { x: 0, y: 0 };
  const top = Math.min(...all.map((n) => n.position.y));
  if (triggers.length === 0) {
    return { x: all[0]?.position.x ?? 0, y: top - CARD.height - CARD.gapY };
  }
  return { x: Math.max(...all.map((n) => n.position.x)) + CARD.width + CARD.gapX, y: top };
}

/** A place under all that there is. */
export function belowAll({ nodes }: FlowDocument): Point {
  if (nodes.length === 0) return { x: 0, y: 0 };
  const low = Math.max(...nodes.map((n) => n.position.y));
  return { x: nodes[0]?.position.x ?? 0, y: low + CARD.height + CARD.gapY };
}

const overlaps = (a: Point, b: Point): boolean =>
  Math.abs(a.x - b.x) < CARD.width && Math.abs(a.y - b.y) < CARD.height;

/** Adds a node behind an output. What the output led to follows the new node's first output. */
export function addAfter(
  doc: FlowDocument,
  type: string,
  source: string,
  handle: string,
): { doc: FlowDocument; id: string } {
  const edge = doc.edges.find((e) => e.source === source && handleOf(e) === handle);
  if (edge) return insertOn(doc, type, edge.id);
  const added = addNode(doc, type, placeBelow(doc, source, handle));
  return { doc: connect(added.doc, source, handle, added.id), id: added.id };
}

/** Puts a new node on an edge; all that lies below moves down to make room. */
export function insertOn(
  doc: FlowDocument,
  type: string,
  edge: string,
): { doc: FlowDocument; id: string } {
  const cut = doc.edges.find((e) => e.id === edge);
  const from = cut && nodeOf(doc, cut.source);
  const to = cut && nodeOf(doc, cut.target);
  if (!cut || !from || !to) return addNode(doc, type, { x: 0, y: 0 });
  const place = { x: to.position.x, y: to.position.y };
  const room = CARD.height + CARD.gapY;
  const below = downstream(doc, cut.target);
  const moved = doc.nodes.map((node) =>
    below.has(node.id) && node.position.y >= to.position.y && to.position.y > from.position.y
      ? { ...node, position: { x: node.position.x, y: node.position.y + room } }
      : node,
  );
  const added = addNode({ ...doc, nodes: moved }, type, place);
  return { doc: threaded(added.doc, cut, added.id), id: added.id };
}

/** Puts a node that stands alone on an edge. */
export function threadOn(doc: FlowDocument, node: string, edge: string): FlowDocument {
  const cut = doc.edges.find((e) => e.id === edge);
  const bound = doc.edges.some((e) => e.source === node || e.target === node);
  return cut && !bound ? threaded(doc, cut, node) : doc;
}

function threaded(doc: FlowDocument, cut: FlowEdge, node: string): FlowDocument {
  const first = freeOutput(doc, node);
  const led = connect(doc, cut.source, handleOf(cut), node);
  if (led === doc) return doc;
  return first === undefined ? led : connect(led, node, first, cut.target);
}

/** The node and all that can be reached from it. */
export function downstream(doc: FlowDocument, from: string): Set<string> {
  const next = new Map<string, string[]>();
  for (const edge of doc.edges)
    next.set(edge.source, [...(next.get(edge.source) ?? []), edge.target]);
  const seen = new Set([from]);
  for (const id of seen) for (const target of next.get(id) ?? []) seen.add(target);
  return seen;
}

/** Removes nodes; where one had a single way on, whatever led to it goes on along that way. */
export function removeNodes(doc: FlowDocument, ids: readonly string[]): FlowDocument {
  let edges = doc.edges;
  for (const id of ids) {
    const out = edges.filter((e) => e.source === id);
    const on = outputIds(doc, id).length === 1 && out.length === 1 ? out[0]?.target : undefined;
    edges = edges.flatMap((edge) => {
      if (edge.source === id) return [];
      if (edge.target !== id) return [edge];
      return on === undefined || on === edge.source ? [] : [{ ...edge, target: on }];
    });
  }
  const gone = new Set(ids);
  return { ...doc, nodes: doc.nodes.filter((node) => !gone.has(node.id)), edges };
}

export function removeEdges(doc: FlowDocument, ids: readonly string[]): FlowDocument {
  const gone = new Set(ids);
  return { ...doc, edges: doc.edges.filter((edge) => !gone.has(edge.id)) };
}

/** New data for a node. Edges leave with the output they came from. */
export function setData(
  doc: FlowDocument,
  id: string,
  data: Record<string, unknown>,
): FlowDocument {
  const nodes = doc.nodes.map((node) => (node.id === id ? { ...node, data } : node));
  const changed = { ...doc, nodes };
  const node = nodeOf(changed, id);
  if (!node) return doc;
  const outputs = new Set(outputsOf(node, doc.edges).map((output) => output.id));
  const edges = doc.edges.filter((e) => e.source !== id || outputs.has(handleOf(e)));
  return edges.length === doc.edges.length ? changed : { ...changed, edges };
}

/** Puts nodes at new places; those that didn't move stay the same objects. */
export function place(doc: FlowDocument, places: ReadonlyMap<string, Point>): FlowDocument {
  let moved = false;
  const nodes = doc.nodes.map((node) => {
    const to = places.get(node.id);
    if (!to) return node;
    const position = rounded(to);
    if (position.x === node.position.x && position.y === node.position.y) return node;
    moved = true;
    return { ...node, position };
  });
  return moved ? { ...doc, nodes } : doc;
}

/** Sets a part of the document beside nodes and edges; undefined removes it. */
export function setPart<K extends "name" | "description" | "parameters" | "settings">(
  doc: FlowDocument,
  key: K,
  value: FlowDocument[K] | undefined,
): FlowDocument {
  if (value !== undefined) return { ...doc, [key]: value };
  const { [key]: _removed, ...rest } = doc;
  return rest as FlowDocument;
}

/** Whole pixels: a file full of fractions is hard to read and to compare. */
const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) });
