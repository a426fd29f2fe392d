import {
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  handleOf,
} from "../../editor/src/lib/flow/shape.ts";
import { nodeType } from "../../nodes/index.ts";

/**
 * A flow from lines such as `start:trigger.manual > if:condition/yes > a:sms`: id and type of each node where it is
 * first named, and the output by which it is left (`next` if not said). Each node stands 100 below the last.
 */
export function doc(...lines: string[]): FlowDocument {
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  for (const line of lines) {
    let from: { id: string; output: string } | null = null;
    for (const step of line
      .split(">")
      .map((part) => part.trim())
      .filter(Boolean)) {
      const [name = "", output = "next"] = step.split("/");
      const [id = "", type] = name.split(":");
      if (type) {
        const data = structuredClone(nodeType(type)?.example ?? {}) as Record<string, unknown>;
        nodes.push({ id, type, position: { x: 0, y: nodes.length * 100 }, data });
      }
      if (from) {
        const { id: source, output: sourceHandle } = from;
        edges.push({ id: `${source}.${sourceHandle}`, source, sourceHandle, target: id });
      }
      from = { id, output };
    }
  }
  return { format: 1, id: "flow", name: "Flow", nodes, edges };
}

/** Every edge as `source/output>target`. */
export const edgesOf = (flow: FlowDocument): string[] =>
  flow.edges.map((edge) => `${edge.source}/${handleOf(edge)}>${edge.target}`);

export const ids = (flow: FlowDocument): string[] => flow.nodes.map((node) => node.id);
