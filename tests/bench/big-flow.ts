import type { FlowDoc, FlowEdge, FlowNode } from "../../engine/core/document.ts";
import { nodeType } from "../../nodes/index.ts";

const STEP_Y = 148;
const STEP_X = 304;
const ROWS = 50;
const KINDS = ["wait", "email", "tag", "condition", "sms"];

/** A valid flow of `count` nodes that fills a plane: columns of 50 from top to bottom, one after the other, with side ways. */
export function bigFlow(id: string, count: number): FlowDoc {
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  const join = (source: string, sourceHandle: string, target: string): void => {
    edges.push({ id: `${source}.${sourceHandle}`, source, sourceHandle, target });
  };
  for (let i = 0; i < count; i += 1) {
    const type = i === 0 ? "trigger.manual" : (KINDS[i % KINDS.length] ?? "wait");
    const node: FlowNode = {
      id: `n${i}`,
      type,
      position: { x: Math.floor(i / ROWS) * STEP_X, y: (i % ROWS) * STEP_Y },
      data: structuredClone(nodeType(type)?.example ?? {}) as Record<string, unknown>,
    };
    const before = nodes.at(-1);
    if (before) join(before.id, before.type === "condition" ? "yes" : "next", node.id);
    nodes.push(node);
  }
  // The other way of each condition leads into the next column.
  for (const [i, node] of nodes.entries()) {
    const beside = nodes[i + ROWS];
    if (node.type === "condition" && beside) join(node.id, "no", beside.id);
  }
  return { format: 1, id, name: { en: `${count} steps`, ar: `${count} خطوة` }, nodes, edges };
}
