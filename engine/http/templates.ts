import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { type FlowDoc, readFlow } from "../core/document.ts";
import type { Env } from "./context.ts";
import { notFound } from "./problem.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "flows");

/** `/api/templates`: the flows that come with the program; in the list only what a picture of each needs. */
export function templates(folder: string = FOLDER) {
  let all: FlowDoc[] | null = null;
  const known = (): FlowDoc[] => {
    all ??= readTemplates(folder);
    return all;
  };
  return new Hono<Env>()
    .get("/", (c) => c.json({ items: known().map(outline), next: null }))
    .get("/:id", (c) => {
      const id = c.req.param("id");
      const doc = known().find((flow) => flow.id === id);
      if (!doc) {
        const name = id.slice(0, 64);
        throw notFound({ en: `There is no template “${name}”.`, ar: `لا يوجد قالب «${name}».` });
      }
      return c.json(doc);
    });
}

const outline = ({ id, name, description, nodes, edges }: FlowDoc) => ({
  id,
  name,
  description,
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
