import { Hono } from "hono";
import { Type } from "typebox";
import { type Env, say } from "./context.ts";
import { DOCS_STYLE, docsBody } from "./docs.ts";
import { DOCS } from "./docs-words.ts";
import { page } from "./layout.ts";
import { openApi } from "./openapi.ts";
import { reply, route } from "./route.ts";

const Document = Type.Unsafe<Record<string, unknown>>({
  type: "object",
  description: "An OpenAPI 3.1 document",
  required: ["openapi", "info", "paths", "components"],
});

/** `/api/openapi.json` and `/api/docs`: what the routes of an app say of themselves, for programs and for people. */
export function described(app: Hono<Env>) {
  let document: Record<string, unknown> | null = null;
  // Made when first asked for: by then every route is there.
  const made = (): Record<string, unknown> => {
    document ??= openApi(app.routes);
    return document;
  };
  return new Hono<Env>()
    .get(
      "/openapi.json",
      route(
        {
          summary: "Describes this API.",
          allow: "public",
          neverFails: true,
          answers: { 200: Document },
        },
        () => reply(200, made()),
      ),
    )
    .get(
      "/docs",
      route(
        {
          summary: "Shows this API as a page to read.",
          allow: "public",
          neverFails: true,
          answers: { 200: Type.String({ contentMediaType: "text/html" }) },
        },
        (c) => {
          const title = say(c, DOCS.title);
          const body = docsBody(made(), c.get("lang"), new URL(c.req.url).origin);
          return page(c, { title, body, at: null, style: DOCS_STYLE });
        },
      ),
    );
}
