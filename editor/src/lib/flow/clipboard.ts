import { freeId, withoutNumber } from "./ids.ts";
import { type FlowDocument, type FlowEdge, type FlowNode, handleOf, type Point } from "./shape.ts";

/** Nodes on the clipboard, as readable JSON: other flows, windows and text editors take it too. */
interface Copied {
  nodes: FlowNode[];
  edges: FlowEdge[];
}

/** The chosen nodes, and the edges that run between them, as JSON for the clipboard. */
export function copyText(doc: FlowDocument, ids: readonly string[]): string {
  const chosen = new Set(ids);
  const copied: Copied = {
    nodes: doc.nodes.filter((node) => chosen.has(node.id)),
    edges: doc.edges.filter((edge) => chosen.has(edge.source) && chosen.has(edge.target)),
  };
  return JSON.stringify(copied, null, 2);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isNode(value: unknown): value is FlowNode {
  if (!isRecord(value)) return false;
  const { id, type, position, data } = value;
  return (
    typeof id === "string" &&
    typeof type === "string" &&
    isRecord(data) &&
    isRecord(position) &&
    Number.isFinite(position.x) &&
    Number.isFinite(position.y)
  );
}

const isEdge = (value: unknown): value is FlowEdge =>
  isRecord(value) && typeof value.source === "string" && typeof value.target === "string";

/** The nodes in a text: what `copyText` wrote, or a whole flow; null when there are none. */
export function readCopied(text: string): Copied | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Most of what is on a clipboard is no JSON.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!isRecord(value) || !Array.isArray(value.nodes) || value.nodes.length === 0) return null;
  if (!value.nodes.every(isNode)) return null;
  const edges = Array.isArray(value.edges) ? value.edges.filter(isEdge) : [];
  return { nodes: value.nodes, edges };
}

/** A value with the ids of nodes in rules (`node`, `of`) and templates (`steps.ID`) told by their new names. */
function renamed(value: unknown, ids: ReadonlyMap<string, string>, key = ""): unknown {
  if (typeof value === "string") {
    if (key === "node" || key === "of") return ids.get(value) ?? value;
    return value.replaceAll(/\bsteps\.([A-Za-z0-9_-]+)/g, (whole, id: string) => {
      const name = ids.get(id);
      return name === undefined ? whole : `steps.${name}`;
    });
  }
  if (Array.isArray(value)) return value.map((item) => renamed(item, ids));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, renamed(inner, ids, name)]),
  );
}

/** Adds copied nodes under new ids, their top leading corner at `at` (else a little beside where they stood). */
export function paste(
  doc: FlowDocument,
  copied: Copied,
  at: Point | null,
): { doc: FlowDocument; ids: string[] } {
  const taken = new Set(doc.nodes.map((node) => node.id));
  const names = new Map<string, string>();
  for (const { id } of copied.nodes) {
    const name = freeId(taken.has(id) ? withoutNumber(id) : id, taken);
    taken.add(name);
    names.set(id, name);
  }
  const left = Math.min(...copied.nodes.map((node) => node.position.x));
  const top = Math.min(...copied.nodes.map((node) => node.position.y));
  const by = at ? { x: at.x - left, y: at.y - top } : { x: 40, y: 40 };
  const nodes = copied.nodes.map((node) => ({
    id: names.get(node.id) ?? node.id,
    type: node.type,
    position: {
      x: Math.round(node.position.x + by.x),
      y: Math.round(node.position.y + by.y),
    },
    data: renamed(node.data, names) as Record<string, unknown>,
  }));
  const used = new Set(doc.edges.map((edge) => edge.id));
  const edges = copied.edges.flatMap((edge): FlowEdge[] => {
    const source = names.get(edge.source);
    const target = names.get(edge.target);
    if (source === undefined || target === undefined) return [];
    const id = freeId(`${source}.${handleOf(edge)}`, used);
    used.add(id);
    return [{ id, source, sourceHandle: handleOf(edge), target }];
  });
  const pasted = { ...doc, nodes: [...doc.nodes, ...nodes], edges: [...doc.edges, ...edges] };
  return { doc: pasted, ids: nodes.map((node) => node.id) };
}
