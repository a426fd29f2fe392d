import { type LooseNode, looseNode, nodeProblems } from "./check-data.ts";
import { documentProblems, safetyProblems } from "./check-document.ts";
import { graphProblems } from "./check-graph.ts";
import { settingsProblems } from "./check-settings.ts";
import type { Known } from "./check-values.ts";
import { suggester } from "./closest.ts";
import { FORMAT, MAX_NODES } from "./document-shape.ts";
import { isObject, type Problem, problemAt, wholeFlow } from "./problems.ts";
import * as say from "./problems-flow.ts";

export { checkRule, checkSegments, type RuleOptions } from "./check-rules.ts";

/** What the workspace has; names that are left out aren't checked. */
export interface CheckOptions {
  segments?: Iterable<string>;
  flows?: Iterable<string>;
}

/** So many problems are told at once; a file can hold no more by accident. */
const MOST = 10_000;

/** Every problem of a flow document at once, however broken it is. None with severity `error`: it may be published. */
export function checkFlow(doc: unknown, options: CheckOptions = {}): Problem[] {
  const unsafe = safetyProblems(doc);
  if (!isObject(doc)) return [...unsafe, problemAt(wholeFlow, "", say.notAFlow)];
  if (typeof doc.format === "number" && doc.format > FORMAT) {
    return [problemAt(wholeFlow, "/format", say.laterFormat(doc.format))];
  }
  // What is too deep or too long isn't looked into any further.
  if (unsafe.some((p) => p.code !== "reserved-name")) return unsafe;
  const entries = Array.isArray(doc.nodes) ? doc.nodes : [];
  if (entries.length > MAX_NODES) {
    return [problemAt(wholeFlow, "/nodes", say.tooManyNodes(entries.length, MAX_NODES))];
  }
  const nodes = entries.flatMap((entry, i): LooseNode[] => {
    const node = looseNode(entry, i);
    return node ? [node] : [];
  });
  const known = knownOf(doc, nodes, options);
  // The nodes first: whether their data is sound decides what else may be asked of them.
  const ofNodes: Problem[] = [];
  for (const node of nodes) {
    if (ofNodes.length > MOST) break;
    ofNodes.push(...nodeProblems(node, known));
  }
  const problems = oneEach([
    ...unsafe,
    ...documentProblems(doc, nodes),
    ...settingsProblems(doc.settings, nodes, known),
    ...ofNodes,
    ...graphProblems(nodes, Array.isArray(doc.edges) ? doc.edges : []),
    ...purposeProblems(doc, nodes),
  ]);
  if (problems.length <= MOST) return problems;
  return [...problems.slice(0, MOST), problemAt(wholeFlow, "", say.andMore)];
}

/** Codes that say least of a value: whatever else is told of it says it better. */
const VAGUE = new Set(["too-short", "wrong-format"]);

/** Of several findings on one value, leaves out those that the others make needless. */
function oneEach(problems: readonly Problem[]): Problem[] {
  const codes = new Map<string, Set<string>>();
  for (const { pointer, code } of problems) {
    const there = codes.get(pointer);
    if (there) there.add(code);
    else codes.set(pointer, new Set([code]));
  }
  return problems.filter(({ pointer, code }) => {
    const there = codes.get(pointer);
    if (!there || there.size < 2) return true;
    return there.has("empty") ? code === "empty" : !VAGUE.has(code);
  });
}

function knownOf(
  doc: Record<string, unknown>,
  nodes: readonly LooseNode[],
  options: CheckOptions,
): Known {
  const ids = nodes.flatMap((n) => n.id ?? []);
  const kept = nodes.flatMap(({ data }) => (typeof data.saveAs === "string" ? data.saveAs : []));
  const own = typeof doc.id === "string" ? [doc.id] : [];
  return {
    inFlow: true,
    nodes: new Set(ids),
    steps: new Set([...ids, ...kept]),
    parameters: new Set(isObject(doc.parameters) ? Object.keys(doc.parameters) : []),
    segments: options.segments ? new Set(options.segments) : null,
    flows: options.flows ? new Set([...options.flows, ...own]) : null,
    near: suggester(),
  };
}

/** What a flow is for: someone must come in, and something be reached. */
function purposeProblems(doc: Record<string, unknown>, nodes: readonly LooseNode[]): Problem[] {
  const problems: Problem[] = [];
  if (!nodes.some((n) => n.type?.starts)) {
    problems.push(problemAt(wholeFlow, "/nodes", say.noTrigger));
  }
  const goal = isObject(doc.settings) && doc.settings.goal !== undefined;
  if (!goal && !nodes.some((n) => n.typeName === "goal")) {
    problems.push(problemAt(wholeFlow, "/settings/goal", say.noGoal));
  }
  return problems;
}
