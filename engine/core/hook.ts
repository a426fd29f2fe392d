import { dig } from "./compare.ts";
import type { Flow } from "./flow.ts";
import type { Input, Value } from "./state.ts";

/** The event's name where the node gives none. */
const EVENT = "webhook";

/** Whether another system may call this node. */
export const isHook = (flow: Flow, node: string): boolean =>
  flow.triggers.some((trigger) => trigger.node === node && trigger.starts.on === "webhook");

/**
 * What a call of the flow's own address says of a contact, as inputs: the fields that the node's map finds in the
 * body, cleaned by `clean` as an import would, then the event that starts the flow. `id` is the call's own: the
 * same call twice counts once.
 */
export function hookInputs(
  flow: Flow,
  node: string,
  body: unknown,
  {
    at,
    id,
    clean,
  }: { at: number; id: string; clean: (fields: Record<string, Value>) => Record<string, Value> },
): Input[] {
  const { map = {}, event = EVENT } = (flow.nodes.get(node)?.data ?? {}) as {
    map?: Record<string, string>;
    event?: string;
  };
  const found = Object.entries(map).flatMap(([field, path]): [string, Value][] => {
    const value = dig(body, path);
    return isValue(value) ? [[field, value]] : [];
  });
  const data = typeof body === "object" && body !== null && !Array.isArray(body) ? body : { body };
  const inputs: Input[] = [];
  if (found.length > 0) {
    inputs.push({ kind: "set", at, id: `${id}/fields`, fields: clean(Object.fromEntries(found)) });
  }
  inputs.push({
    kind: "event",
    at,
    id,
    name: event,
    data: data as Record<string, unknown>,
    webhook: { flow: flow.id, node },
  });
  return inputs;
}

const isValue = (value: unknown): value is Value =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";
