import type { FlowDoc, FlowEdge, FlowNode } from "./document.ts";
import { isObject } from "./problems.ts";

/** One value that differs. A value that isn't there on one side is left out. */
export interface ValueDiff {
  /** JSON Pointer: in a node relative to it (`/data/for`), in the rest of the document from its root. */
  pointer: string;
  from?: unknown;
  to?: unknown;
}

/** A node that both versions have and that isn't the same in both. Where it stands on the canvas is no difference. */
export interface NodeDiff {
  id: string;
  /** Type before and after, when the node became something else. */
  type?: { from: string; to: string };
  changes: ValueDiff[];
}

/** One connection: `source` leaves by `output` to `target`. */
export interface Connection {
  source: string;
  output: string;
  target: string;
}

/** What publishing the second document in place of the first would change, for people and for the canvas. */
export interface FlowDiff {
  nodes: { added: FlowNode[]; removed: FlowNode[]; changed: NodeDiff[] };
  edges: {
    added: Connection[];
    removed: Connection[];
    /** The same output leads elsewhere. */
    moved: (Connection & { from: string })[];
  };
  settings: ValueDiff[];
  parameters: ValueDiff[];
  /** Name and description. */
  texts: ValueDiff[];
  /** Nothing differs but the canvas. */
  same: boolean;
}

/** Compares two documents of a flow. Positions, the viewport and the ids of edges count for nothing. */
export function diffFlows(a: FlowDoc, b: FlowDoc): FlowDiff {
  const nodes = diffNodes(a.nodes, b.nodes);
  const edges = diffEdges(a.edges, b.edges);
  const settings = valueDiffs(a.settings ?? {}, b.settings ?? {}, "/settings");
  const parameters = valueDiffs(a.parameters ?? {}, b.parameters ?? {}, "/parameters");
  const texts = [
    ...valueDiffs(a.name, b.name, "/name"),
    ...valueDiffs(a.description, b.description, "/description"),
  ];
  const lists = [...Object.values(nodes), ...Object.values(edges), settings, parameters, texts];
  return {
    nodes,
    edges,
    settings,
    parameters,
    texts,
    same: lists.every((list) => list.length === 0),
  };
}

function diffNodes(a: FlowNode[], b: FlowNode[]): FlowDiff["nodes"] {
  const before = new Map(a.map((node) => [node.id, node]));
  const after = new Map(b.map((node) => [node.id, node]));
  const changed: NodeDiff[] = [];
  for (const node of b) {
    const old = before.get(node.id);
    if (!old) continue;
    const changes = valueDiffs(old.data, node.data, "/data");
    const type = old.type === node.type ? {} : { type: { from: old.type, to: node.type } };
    if (changes.length > 0 || old.type !== node.type)
      changed.push({ id: node.id, ...type, changes });
  }
  return {
    added: b.filter((node) => !before.has(node.id)),
    removed: a.filter((node) => !after.has(node.id)),
    changed,
  };
}

const connection = ({ source, sourceHandle, target }: FlowEdge): Connection => ({
  source,
  output: sourceHandle ?? "next",
  target,
});

function diffEdges(a: FlowEdge[], b: FlowEdge[]): FlowDiff["edges"] {
  const placeOf = ({ source, output }: Connection): string => `${source}/${output}`;
  const before = new Map(a.map(connection).map((edge) => [placeOf(edge), edge]));
  const after = new Map(b.map(connection).map((edge) => [placeOf(edge), edge]));
  const moved: FlowDiff["edges"]["moved"] = [];
  for (const [place, edge] of after) {
    const old = before.get(place);
    if (old && old.target !== edge.target) moved.push({ ...edge, from: old.target });
  }
  return {
    added: [...after].filter(([place]) => !before.has(place)).map(([, edge]) => edge),
    removed: [...before].filter(([place]) => !after.has(place)).map(([, edge]) => edge),
    moved,
  };
}

const escaped = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** The smallest values that differ, each with its place. Lists of different length differ as a whole. */
export function valueDiffs(a: unknown, b: unknown, pointer = ""): ValueDiff[] {
  if (isSame(a, b)) return [];
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.flatMap((value, i) => valueDiffs(value, b[i], `${pointer}/${i}`));
  }
  if (isObject(a) && isObject(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return keys.flatMap((key) =>
      valueDiffs(own(a, key), own(b, key), `${pointer}/${escaped(key)}`),
    );
  }
  return [
    { pointer, ...(a === undefined ? {} : { from: a }), ...(b === undefined ? {} : { to: b }) },
  ];
}

const own = (of: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(of, key) ? of[key] : undefined;

/** Whether two JSON values are the same; the order of keys says nothing. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((v, i) => isSame(v, b[i]))
    );
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}
