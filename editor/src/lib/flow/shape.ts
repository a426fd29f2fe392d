import type { FlowDoc, FlowEdge, FlowNode } from "../../../../engine/core/document.ts";
import {
  type Language,
  type NodeType,
  nodeType,
  type Output,
  type Text,
} from "../../../../nodes/index.ts";
import { inLanguage, sayIn } from "../../../../nodes/say.ts";

/** A flow as it is saved, and its parts. The class that edits it is `FlowDoc` of `flow-doc.svelte.ts`. */
export type { FlowDoc as FlowDocument, FlowEdge, FlowNode };

export interface Point {
  x: number;
  y: number;
}

/** The handle that an edge leaves from; `next` when the file leaves it out. */
export const handleOf = (edge: FlowEdge): string => edge.sourceHandle ?? "next";

/**
 * Asks a declaration about data that may be half filled in. Declarations expect whole data, and a
 * draft may hold anything, so what they throw means "not known yet" here and nothing more.
 */
function asked<T>(ask: () => T, unknown: T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Error) return unknown;
    throw error;
  }
}

/** The outputs of a node; those its edges leave from when its data or type doesn't tell. */
export function outputsOf(node: FlowNode, edges: readonly FlowEdge[]): Output[] {
  const type = nodeType(node.type);
  const told = type ? asked<Output[] | null>(() => type.outputs(node.data), null) : null;
  if (told) return told;
  const drawn = edges.filter((e) => e.source === node.id).map(handleOf);
  return [...new Set(drawn)].map((id) => ({ id, label: { en: id, ar: id } }));
}

/** What a node does in one line; empty when its data doesn't tell yet. */
export function summaryOf(node: FlowNode, language: Language): string {
  const type = nodeType(node.type);
  return type ? asked(() => type.summary(node.data, sayIn(language)), "") : "";
}

/** The name a person gave the node, else its type's. */
export function labelOf(node: FlowNode, language: Language): string {
  const own = inLanguage(node.data.label as Text | undefined, language);
  if (own) return own;
  return nodeType(node.type)?.label[language] ?? node.type;
}

/** The types that have this group, in the palette's order. */
export const ofGroup = (types: readonly NodeType[], group: string): NodeType[] =>
  types.filter((type) => type.group === group);
