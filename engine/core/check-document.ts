import type { LooseNode } from "./check-data.ts";
import { settingsPlace } from "./check-settings.ts";
import { shapeProblems } from "./check-shape.ts";
import { type FlowDoc, FlowSchema, FORMAT, MAX_DEPTH, MAX_NODES } from "./document-shape.ts";
import {
  isObject,
  namedPlace,
  type Place,
  type Problem,
  part,
  parts,
  problemAt,
  wholeFlow,
} from "./problems.ts";
import * as say from "./problems-flow.ts";

/** No honest list in a flow is longer; `nodes` and `edges` have limits of their own. */
const LONGEST = 10_000;
/** So many forbidden keys are told. */
const MOST = 1000;

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** Keys that reach a prototype, nesting and lists beyond the limits. Follows no chain of calls into the depth. */
export function safetyProblems(doc: unknown): Problem[] {
  const problems: Problem[] = [];
  const left: { value: unknown; pointer: string; depth: number }[] = [
    { value: doc, pointer: "", depth: 1 },
  ];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (typeof at.value !== "object" || at.value === null) continue;
    if (at.depth > MAX_DEPTH) {
      return [problemAt(wholeFlow, at.pointer, say.tooDeep(MAX_DEPTH))];
    }
    const long = Array.isArray(at.value) && at.value.length > LONGEST;
    if (long && at.pointer !== "/nodes" && at.pointer !== "/edges") {
      problems.push(problemAt(wholeFlow, at.pointer, say.longList(LONGEST)));
      continue;
    }
    for (const [key, value] of Object.entries(at.value)) {
      if (problems.length > MOST) return problems;
      if (FORBIDDEN.has(key)) {
        problems.push(problemAt(wholeFlow, at.pointer + part(key), say.reservedName(key)));
      }
      if (typeof value !== "object" || value === null) continue;
      left.push({ value, pointer: at.pointer + part(key), depth: at.depth + 1 });
    }
  }
  return problems;
}

/** Whether a value has the form of a flow. Its rules, its nodes' data and how it hangs together are not looked at. */
export function isFlow(doc: unknown): doc is FlowDoc {
  if (safetyProblems(doc).length > 0 || !isObject(doc)) return false;
  if (Array.isArray(doc.nodes) && doc.nodes.length > MAX_NODES) return false;
  return documentProblems(doc, []).length === 0;
}

/** The document against its schema; what concerns a node is told as that node's. */
export function documentProblems(
  doc: Record<string, unknown>,
  nodes: readonly LooseNode[],
): Problem[] {
  const problems: Problem[] = [];
  if (doc.format !== FORMAT) {
    problems.push(problemAt(wholeFlow, "/format", say.noFormat(doc.format)));
  }
  if (typeof doc.id === "string" && doc.id in Object.prototype) {
    problems.push(problemAt(wholeFlow, "/id", say.reservedName(doc.id)));
  }
  const byIndex = new Map(nodes.map((n) => [n.index, n]));
  const anywhere: Place = {
    node: null,
    pointer: "",
    name: (path) => placeAt(doc, path, byIndex).name(""),
  };
  const shape = shapeProblems(FlowSchema, doc, anywhere)
    // The format has its own sentences.
    .filter((p) => p.pointer !== "/format")
    .map((p) => ({ ...p, node: placeAt(doc, p.pointer, byIndex).node }));
  for (const name of isObject(doc.parameters) ? Object.keys(doc.parameters) : []) {
    if (!(name in Object.prototype)) continue;
    const pointer = `/parameters${part(name)}`;
    problems.push(problemAt(anywhere, pointer, say.reservedName(name)));
  }
  return [...problems, ...shape];
}

/** The part of the document in which a pointer lies. */
function placeAt(
  doc: Record<string, unknown>,
  pointer: string,
  nodes: ReadonlyMap<number, LooseNode>,
): Place {
  const [top, key] = parts(pointer);
  if (key === undefined) return wholeFlow;
  if (top === "nodes") {
    const there = nodes.get(Number(key))?.place;
    const number = Number(key) + 1;
    return there ?? namedPlace({ en: `Node number ${number}`, ar: `الخطوة رقم ${number}` });
  }
  if (top === "edges") {
    const edge = Array.isArray(doc.edges) ? doc.edges[Number(key)] : null;
    const id = isObject(edge) && typeof edge.id === "string" ? edge.id : `${Number(key) + 1}`;
    return namedPlace({ en: `The edge “${id}”`, ar: `الوصلة «${id}»` });
  }
  if (top === "parameters") {
    return namedPlace({ en: `The parameter “${key}”`, ar: `المعامل «${key}»` });
  }
  return top === "settings" ? namedPlace(settingsPlace.name(`/${key}`)) : wholeFlow;
}
