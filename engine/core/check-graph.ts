import type { LooseNode } from "./check-data.ts";
import { type Suggester, suggester } from "./closest.ts";
import { isObject, namedPlace, type Place, type Problem, problemAt } from "./problems.ts";
import * as say from "./problems-flow.ts";

interface LooseEdge {
  source: LooseNode;
  target: LooseNode;
  /** Its output exists and is its own. */
  sound: boolean;
}

/** Every problem of how nodes and edges hang together. */
export function graphProblems(nodes: readonly LooseNode[], edges: readonly unknown[]): Problem[] {
  const byId = new Map<string, LooseNode>();
  const problems: Problem[] = [];
  for (const node of nodes) {
    if (node.id === null) continue;
    if (byId.has(node.id)) problems.push(problemAt(node.place, "/id", say.duplicateNode(node.id)));
    else byId.set(node.id, node);
    if (node.id in Object.prototype) {
      problems.push(problemAt(node.place, "/id", say.reservedName(node.id)));
    }
  }
  const { joined, found } = edgeProblems(edges, byId);
  return [
    ...problems,
    ...found,
    // An edge that must be redrawn anyway is no cycle yet, but it shows what was meant to be reached.
    ...cycleProblems([...byId.values()], waysOf(joined.filter((edge) => edge.sound))),
    ...reachProblems([...byId.values()], waysOf(joined)),
  ];
}

/** Names an edge by its ends, which say more than its id. */
function edgePlace(edge: Record<string, unknown>, index: number): Place {
  const way = `${String(edge.source ?? "?")} → ${String(edge.target ?? "?")}`;
  const name = { en: `The edge “${way}”`, ar: `الوصلة «${way}»` };
  return namedPlace(name, `/edges/${index}`);
}

function edgeProblems(edges: readonly unknown[], byId: ReadonlyMap<string, LooseNode>) {
  const found: Problem[] = [];
  const joined: LooseEdge[] = [];
  const ids = new Set<string>();
  const taken = new Set<string>();
  const near: Suggester = suggester();
  edges.forEach((edge, index) => {
    if (!isObject(edge)) return;
    const place = edgePlace(edge, index);
    const { id, source, target, sourceHandle = "next" } = edge;
    if (typeof id === "string") {
      if (ids.has(id)) found.push(problemAt(place, "/id", say.duplicateEdge(id)));
      ids.add(id);
    }
    const from = typeof source === "string" ? byId.get(source) : undefined;
    const to = typeof target === "string" ? byId.get(target) : undefined;
    if (!from && typeof source === "string") {
      found.push(problemAt(place, "/source", say.noSource(source, near(source, byId.keys()))));
    }
    if (!to && typeof target === "string") {
      found.push(problemAt(place, "/target", say.noTarget(target, near(target, byId.keys()))));
    }
    const ofOutput =
      from && typeof sourceHandle === "string"
        ? outputProblems(from, sourceHandle, index, taken)
        : [];
    found.push(...ofOutput);
    if (to?.type?.group === "trigger") {
      found.push(problemAt(atNode(to, index), "/target", say.intoTrigger(String(source))));
    }
    if (from && to && to.type?.group !== "trigger") {
      joined.push({ source: from, target: to, sound: ofOutput.length === 0 });
    }
  });
  return { joined, found };
}

/** The sentence names the node, the pointer shows the edge. */
const atNode = (node: LooseNode, edge: number): Place => ({
  node: node.id,
  pointer: `/edges/${edge}`,
  name: () => node.place.name(""),
});

function outputProblems(
  from: LooseNode,
  handle: string,
  edge: number,
  taken: Set<string>,
): Problem[] {
  const place = atNode(from, edge);
  const key = `${from.index} ${handle}`;
  if (taken.has(key)) return [problemAt(place, "/sourceHandle", say.takenOutput(handle))];
  taken.add(key);
  // Which outputs a node has may depend on its data.
  if (!from.type || !from.sound) return [];
  const outputs = from.type.outputs(from.data).map((o) => o.id);
  return outputs.includes(handle)
    ? []
    : [problemAt(place, "/sourceHandle", say.unknownOutput(handle, outputs))];
}

type Ways = ReadonlyMap<LooseNode, readonly LooseNode[]>;

function waysOf(edges: readonly LooseEdge[]): Ways {
  const ways = new Map<LooseNode, LooseNode[]>();
  for (const { source, target } of edges) {
    const there = ways.get(source);
    if (there) there.push(target);
    else ways.set(source, [target]);
  }
  return ways;
}

/** Whether contacts rest at a node. Of a node that can't be asked it is assumed where its type may. */
const mayPark = (node: LooseNode): boolean =>
  node.type === null ||
  (node.type.parks !== undefined && (!node.sound || node.type.parks(node.data)));

/** Cycles in which nothing parks: every one has a node in common with one that is told. */
function cycleProblems(nodes: readonly LooseNode[], ways: Ways): Problem[] {
  const problems: Problem[] = [];
  const done = new Set<LooseNode>(nodes.filter(mayPark));
  for (const start of nodes) {
    if (done.has(start)) continue;
    const path: { node: LooseNode; next: number; told: boolean }[] = [];
    const place = new Map<LooseNode, number>();
    const enter = (node: LooseNode) => {
      place.set(node, path.length);
      path.push({ node, next: 0, told: false });
    };
    enter(start);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const to = ways.get(at.node)?.[at.next++];
      if (to === undefined) {
        done.add(at.node);
        place.delete(at.node);
        path.pop();
      } else if (place.has(to)) {
        // One for each node that leads back: a switch may do so by fifty outputs.
        if (!at.told) problems.push(cycleProblem(path.slice(place.get(to)).map((p) => p.node)));
        at.told = true;
      } else if (!done.has(to)) enter(to);
    }
  }
  return problems;
}

function cycleProblem(cycle: readonly LooseNode[]): Problem {
  const first = cycle.reduce((a, b) => (b.index < a.index ? b : a));
  const from = cycle.indexOf(first);
  const ids = [...cycle.slice(from), ...cycle.slice(0, from)].map((n) => n.id ?? "?");
  return problemAt(first.place, "", say.endlessCycle(ids));
}

function reachProblems(nodes: readonly LooseNode[], ways: Ways): Problem[] {
  const left = nodes.filter((n) => n.type?.group === "trigger");
  // Without a trigger contacts are enrolled by hand, at the nodes that nothing leads into.
  if (left.length === 0) {
    const entered = new Set([...ways.values()].flat());
    const first = nodes.find((n) => !entered.has(n)) ?? nodes[0];
    if (first) left.push(first);
  }
  const reached = new Set(left);
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    for (const to of ways.get(at) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      left.push(to);
    }
  }
  return nodes.flatMap((n) => (reached.has(n) ? [] : [problemAt(n.place, "", say.unreachable)]));
}
