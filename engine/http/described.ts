import { Hono } from "hono";
import { Type } from "typebox";
import type { Env } from "./context.ts";
import { openApi } from "./openapi.ts";
import { reply, route } from "./route.ts";

const Document = Type.Unsafe<Record<string, unknown>>({
  type: "object",
  description: "An OpenAPI 3.1 document",
  required: ["openapi", "info", "paths", "components"],
});

/** `/api/openapi.json`: what the routes of an app say of themselves. */
export function described(app: Hono<Env>) {
  let document: Record<string, unknown> | null = null;
  return new Hono<Env>().get(
    "/openapi.json",
    route({ summary: "Describes this API.", allow: "public", answers: { 200: Document } }, () => {
      // Made when first asked for: by then every route is there.
      document ??= openApi(app.routes);
      return reply(200, document);
    }),
  );
}
