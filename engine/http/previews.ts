import { Hono } from "hono";
import { Type } from "typebox";
import { renderBody } from "../channels/mail-body.ts";
import { compileTemplate, type Scope, TemplateError } from "../core/template.ts";
import type { AppOptions, Env } from "./context.ts";
import { bodyOf, closed, DataSchema, wrong } from "./input.ts";
import { notFound } from "./problem.ts";

const FORMATS = ["text", "markdown", "html", "mjml"] as const;
const PreviewSchema = Type.Object(
  {
    body: Type.String({ maxLength: 1_000_000 }),
    format: Type.Union(FORMATS.map((format) => Type.Literal(format))),
    locale: Type.String({ minLength: 2, maxLength: 35 }),
    /** What the merge fields are filled in with; nobody is looked up. */
    contact: Type.Optional(DataSchema),
    param: Type.Optional(DataSchema),
  },
  closed,
);

/** So many are kept, each as long as it is among the latest. */
const KEPT = 50;
// What an author wrote runs nothing, loads nothing, and is of no origin.
const POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** `/api/previews`: how a mail that is being written will look. Kept in memory alone, as a frame can only be given an address. */
export function previews({ newId }: Pick<AppOptions, "newId">) {
  const kept = new Map<string, string>();
  return new Hono<Env>()
    .post("/", async (c) => {
      const { body, format, locale, contact = {}, param = {} } = await bodyOf(c, PreviewSchema);
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
      return c.json({ id, text: mail.text, missing }, 201);
    })
    .get("/:id", (c) => {
      const html = kept.get(c.req.param("id"));
      if (html === undefined) {
        throw notFound({
          en: "This preview is gone; make it anew.",
          ar: "انتهت هذه المعاينة؛ أنشئها من جديد.",
        });
      }
      return c.html(html, 200, { "content-security-policy": POLICY });
    });
}

function renderedIn(body: string, format: string, scope: Scope, locale: string) {
  try {
    return compileTemplate(body, { html: format !== "text" }).render(scope, { locale });
  } catch (error) {
    if (error instanceof TemplateError) throw wrong("/body", error.label.en, error.label.ar);
    throw error;
  }
}
