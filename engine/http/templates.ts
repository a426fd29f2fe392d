import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { Type } from "typebox";
import { type FlowDoc, readFlow } from "../core/document.ts";
import type { Env } from "./context.ts";
import { pageOfAll } from "./input.ts";
import { notFound } from "./problem.ts";
import { reply, route, VIEWERS } from "./route.ts";
import { closed, FlowDocument, FlowId, Listed, PageQuery, Text } from "./schemas.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "flows");

const Outline = Type.Object(
  {
    id: Type.String(),
    name: Text,
    description: Type.Optional(Text),
    nodes: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          type: Type.String(),
          position: Type.Object({ x: Type.Number(), y: Type.Number() }, closed),
        },
        closed,
      ),
    ),
    edges: Type.Array(Type.Object({ source: Type.String(), target: Type.String() }, closed)),
  },
  { ...closed, component: "TemplateOutline" },
);

/** `/api/templates`: the flows that come with the program; in the list only what a picture of each needs. */
export function templates(folder: string = FOLDER) {
  let all: FlowDoc[] | null = null;
  const known = (): FlowDoc[] => {
    all ??= readTemplates(folder);
    return all;
  };
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists the flows that come with the program.",
          allow: VIEWERS,
          query: PageQuery(),
          answers: { 200: Listed(Outline) },
        },
        (_, { query }) =>
          reply(
            200,
            pageOfAll(known().map(outline), query, ({ id }) => id),
          ),
      ),
    )
    .get(
      "/:id",
      route(
        {
          summary: "Shows one of the flows that come with the program.",
          allow: VIEWERS,
          params: { id: FlowId },
          answers: { 200: FlowDocument },
          problems: ["not-found"],
        },
        (_, { param: { id } }) => {
          const doc = known().find((flow) => flow.id === id);
          if (doc) return reply(200, doc);
          const name = id.slice(0, 64);
          throw notFound({ en: `There is no template “${name}”.`, ar: `لا يوجد قالب «${name}».` });
        },
      ),
    );
}

const outline = ({ id, name, description, nodes, edges }: FlowDoc) => ({
  id,
  name,
  ...(description === undefined ? {} : { description }),
  nodes: nodes.map((node) => ({ id: node.id, type: node.type, position: node.position })),
  edges: edges.map(({ source, target }) => ({ source, target })),
});

/** A file that is no flow is a mistake of ours: it is named, not left out. */
export class TemplateError extends Error {
  override name = "TemplateError";
}

function readTemplates(folder: string): FlowDoc[] {
  const names = readdirSync(folder).filter(
    (name) => name.endsWith(".json") && !name.endsWith(".scenarios.json"),
  );
  return names.sort().map((name) => {
    const read = readFlow(readFileSync(join(folder, name), "utf8"));
    if ("doc" in read) return read.doc;
    throw new TemplateError(
      `flows/${name} is no flow document: ${read.problems[0]?.message.en ?? "unreadable"}`,
    );
  });
}
