import { Hono } from "hono";
import { Type } from "typebox";
import { diffFlows } from "../core/diff.ts";
import type { FlowDoc, FlowNode } from "../core/document.ts";
import type { FlowRecord, Store } from "../store/store.ts";
import type { AppOptions, Env } from "./context.ts";
import { flowOf } from "./input.ts";
import { noVersion } from "./problem.ts";
import { reply, route, VIEWERS } from "./route.ts";
import { closed, FlowId, OrNull } from "./schemas.ts";

const Value = Type.Object(
  {
    pointer: Type.String({
      description: "JSON Pointer: in a node from its root, else from the document's",
    }),
    from: Type.Optional(Type.Unknown()),
    to: Type.Optional(Type.Unknown()),
  },
  { ...closed, component: "ValueChange" },
);
const Node = Type.Unsafe<FlowNode>({ type: "object", description: "A node of the document" });
const connection = { source: Type.String(), output: Type.String(), target: Type.String() };
const Connection = Type.Object(connection, { ...closed, component: "Connection" });
const Version = OrNull(Type.Integer());

const Changes = Type.Object(
  {
    from: Version,
    to: Version,
    same: Type.Boolean({ description: "Nothing differs but where nodes stand on the canvas" }),
    nodes: Type.Object(
      {
        added: Type.Array(Node),
        removed: Type.Array(Node),
        changed: Type.Array(
          Type.Object(
            {
              id: Type.String(),
              type: Type.Optional(Type.Object({ from: Type.String(), to: Type.String() }, closed)),
              changes: Type.Array(Value),
            },
            closed,
          ),
        ),
      },
      closed,
    ),
    edges: Type.Object(
      {
        added: Type.Array(Connection),
        removed: Type.Array(Connection),
        moved: Type.Array(Type.Object({ ...connection, from: Type.String() }, closed)),
      },
      closed,
    ),
    settings: Type.Array(Value),
    parameters: Type.Array(Value),
    texts: Type.Array(Value, { description: "Name and description" }),
  },
  { ...closed, component: "FlowChanges" },
);

const side = (description: string, usual: string) =>
  Type.Optional(
    Type.String({ pattern: "^(?:[1-9][0-9]{0,8}|current|draft)$", default: usual, description }),
  );

/** `/api/flows/:id/diff`: what differs between two versions, or a version and the draft. */
export function flowDiff({ store }: AppOptions) {
  return new Hono<Env>().get(
    "/:id/diff",
    route(
      {
        summary: "Tells what differs between two versions of a flow, or a version and its draft.",
        allow: VIEWERS,
        params: { id: FlowId },
        query: Type.Object(
          {
            from: side("A version's number, `current` or `draft`", "current"),
            to: side("The same, for what came later", "draft"),
          },
          closed,
        ),
        answers: { 200: Changes },
        problems: ["not-found"],
      },
      async (_, { param, query: { from = "current", to = "draft" } }) => {
        const flow = await flowOf(store, param.id);
        const [a, b] = await Promise.all([docOf(store, flow, from), docOf(store, flow, to)]);
        // Before the first publication there was nothing: whatever the draft has was added.
        const before = a.doc ?? emptied(b.doc ?? flow.draft);
        const after = b.doc ?? emptied(before);
        return reply(200, { from: a.version, to: b.version, ...diffFlows(before, after) });
      },
    ),
  );
}

/** A side of the comparison; the document is null for `current` of a flow that was never published. */
async function docOf(
  store: Store,
  flow: FlowRecord,
  asked: string,
): Promise<{ version: number | null; doc: FlowDoc | null }> {
  if (asked === "draft") return { version: null, doc: flow.draft };
  if (asked === "current" && flow.version === null) return { version: null, doc: null };
  const number = asked === "current" ? (flow.version ?? 0) : Number(asked);
  const found = await store.version(flow.id, number);
  if (!found) throw noVersion(flow.id, asked);
  return { version: number, doc: found.doc };
}

const emptied = (doc: FlowDoc): FlowDoc => ({ ...doc, nodes: [], edges: [] });
