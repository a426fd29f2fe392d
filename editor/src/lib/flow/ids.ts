import { nodeType } from "../../../../nodes/index.ts";
import type { FlowEdge } from "./shape.ts";

/** `email`, then `email-2`: the first free name. `taken` holds the ids there are. */
export function freeId(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  let n = 2;
  while (taken.has(`${base}-${n}`)) n += 1;
  return `${base}-${n}`;
}

/** The name that a new node of a type begins with: `start` for a trigger, else the type's own. */
export function baseId(type: string): string {
  if (nodeType(type)?.group === "trigger") return "start";
  const name = type.replaceAll(/[^A-Za-z0-9_-]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return name.slice(0, 60) || "step";
}

/** An id without its number, so that a copy of `email-2` is `email-3` and not `email-2-2`. */
export const withoutNumber = (id: string): string => id.replace(/-\d+$/, "") || id;

/** An edge's id says where it leaves from; one output has one edge, so that is enough. */
export function edgeId(source: string, handle: string, edges: readonly FlowEdge[]): string {
  return freeId(`${source}.${handle}`, new Set(edges.map((edge) => edge.id)));
}
