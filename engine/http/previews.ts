import { Hono } from "hono";
import { Type } from "typebox";
import { renderBody } from "../channels/mail-body.ts";
import { compileTemplate, type Scope, TemplateError } from "../core/template.ts";
import type { Env } from "./context.ts";
import { wrong } from "./input.ts";
import { notFound } from "./problem.ts";
import { EDITORS, reply, route } from "./route.ts";
import { closed, Data, OneOf } from "./schemas.ts";

const FORMATS = ["text", "markdown", "html", "mjml"] as const;
const Draft = Type.Object(
  {
    body: Type.String({ maxLength: 1_000_000 }),
    format: OneOf(FORMATS),
    locale: Type.String({ minLength: 2, maxLength: 35 }),
    contact: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({
        ...Data,
        description: "What the merge fields are filled in with; nobody is looked up",
      }),
    ),
    param: Type.Optional(Data),
  },
  closed,
);
const Made = Type.Object(
  {
    id: Type.String(),
    text: Type.String(),
    missing: Type.Array(Type.String(), { description: "Merge fields that had no value" }),
  },
  closed,
);

/** So many are kept, each as long as it is among the latest. */
const KEPT = 50;
// What an author wrote runs nothing, loads nothing, and is of no origin.
export const POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** `/api/previews`: how a mail that is being written will look. Kept in memory alone, as a frame can only be given an address. */
export function previews() {
  const kept = new Map<string, string>();
  return new Hono<Env>()
    .post(
      "/",
      route(
        {
          summary: "Renders a message that is being written; the latest fifty are kept.",
          allow: EDITORS,
          body: Draft,
          answers: { 201: Made },
        },
        async (_, { body: { body, format, locale, contact = {}, param = {} }, newId }) => {
          const scope: Scope = {
            contact: { locale, ...contact },
            event: {},
            steps: {},
            param,
            flow: {},
            links: { unsubscribe: "#", preferences: "#", survey: "#" },
          };
          const { text: filled, missing } = renderedIn(body, format, scope, locale);
          const mail = await renderBody({ body: filled, format, locale });
          if ("refused" in mail) throw wrong("/body", mail.refused, mail.refused);
          const id = newId();
          kept.set(id, mail.html);
          for (const oldest of kept.keys()) {
            if (kept.size <= KEPT) break;
            kept.delete(oldest);
          }
          return reply(201, { id, text: mail.text, missing });
        },
      ),
    )
    .get(
      "/:id",
      route(
        {
          summary: "Shows a preview as a page to be framed.",
          allow: EDITORS,
          params: { id: Type.String({ description: "The preview's id" }) },
          answers: { 200: Type.String({ contentMediaType: "text/html" }) },
          problems: ["not-found"],
        },
        (c, { param }) => {
          const html = kept.get(param.id);
          if (html === undefined) {
            throw notFound({
              en: "This preview is gone; make it anew.",
              ar: "انتهت هذه المعاينة؛ أنشئها من جديد.",
            });
          }
          return c.body(html, 200, {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": POLICY,
          });
        },
      ),
    );
}

function renderedIn(body: string, format: string, scope: Scope, locale: string) {
  try {
    return compileTemplate(body, { html: format !== "text" }).render(scope, { locale });
  } catch (error) {
    if (error instanceof TemplateError) throw wrong("/body", error.label.en, error.label.ar);
    throw error;
  }
}
