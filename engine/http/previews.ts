import { Hono } from "hono";
import { type Static, Type } from "typebox";
import { renderBody } from "../channels/mail-body.ts";
import { contentOf } from "../core/content.ts";
import { contactScope } from "../core/scope.ts";
import type { Content } from "../core/state.ts";
import { pickText, type Scope, TemplateError } from "../core/template.ts";
import type { Store } from "../store/store.ts";
import type { AppOptions, Env } from "./context.ts";
import { contactOf, wrong } from "./input.ts";
import { noContact, notFound } from "./problem.ts";
import { EDITORS, reply, route } from "./route.ts";
import { ContactKey, closed, Data, OneOf, OrNull, Text } from "./schemas.ts";

const FORMATS = ["text", "markdown", "html", "mjml"] as const;
const CHANNELS = ["email", "sms", "whatsapp", "call", "letter", "notify", "task"] as const;
const Part = Type.Unsafe<string | Record<string, string>>({
  ...Text,
  anyOf: [
    { type: "string", maxLength: 1_000_000 },
    {
      type: "object",
      maxProperties: 100,
      additionalProperties: { type: "string", maxLength: 1_000_000 },
    },
  ],
});
const Parameter = { type: "string", maxLength: 1000 } as const;
const Template = Type.Object(
  {
    name: Type.String({ maxLength: 200 }),
    language: Type.String({ maxLength: 200 }),
    parameters: Type.Optional(
      Type.Unsafe<Record<string, string> | string[]>({
        anyOf: [
          { type: "array", maxItems: 50, items: Parameter },
          { type: "object", maxProperties: 50, additionalProperties: Parameter },
        ],
      }),
    ),
  },
  closed,
);
const Asked = Type.Object(
  {
    body: Part,
    format: OneOf(FORMATS),
    subject: Type.Optional(Part),
    preheader: Type.Optional(Part),
    from: Type.Optional(Part),
    template: Type.Optional(Template),
    channel: Type.Optional(OneOf(CHANNELS)),
    locale: Type.Optional(
      Type.String({
        minLength: 2,
        maxLength: 35,
        description: "The language to show, in place of the reader's own",
      }),
    ),
    who: Type.Optional(ContactKey),
    contact: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({
        ...Data,
        description: "Fields of a made-up reader, or laid over those of `who`",
      }),
    ),
    event: Type.Optional(Data),
    steps: Type.Optional(Data),
    param: Type.Optional(Data),
    flow: Type.Optional(Data),
    zone: Type.Optional(
      Type.String({ maxLength: 64, description: "For a reader who has no time zone" }),
    ),
  },
  closed,
);
const Made = Type.Object(
  {
    id: Type.String(),
    text: Type.String(),
    subject: OrNull(Type.String()),
    preheader: OrNull(Type.String()),
    from: OrNull(Type.String()),
    template: OrNull(Template),
    locale: Type.String({ description: "The language that is shown" }),
    own: Type.String({ description: "The language that the reader would get" }),
    missing: Type.Array(Type.String(), { description: "Merge fields that had no value" }),
  },
  closed,
);

/** So many are kept, each as long as it is among the latest. */
const KEPT = 50;
// What an author wrote runs nothing, loads nothing, and is of no origin.
export const POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** A contact that is none, with an id as long as a real one: links are as long as they will be, and lead nowhere. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** `/api/previews`: how a message that is being written will look. Kept in memory alone, as a frame can only be given an address. */
export function previews(options: AppOptions) {
  const kept = new Map<string, string>();
  return new Hono<Env>()
    .post(
      "/",
      route(
        {
          summary: "Renders a message that is being written; the latest fifty are kept.",
          allow: EDITORS,
          body: Asked,
          answers: { 201: Made },
          problems: ["not-found"],
        },
        async (_, { body, newId }) => {
          const { content, own } = await written(options, body);
          const mail = await renderBody(content);
          if ("refused" in mail) throw wrong("/body", mail.refused, mail.refused);
          const id = newId();
          kept.set(id, mail.html);
          for (const oldest of kept.keys()) {
            if (kept.size <= KEPT) break;
            kept.delete(oldest);
          }
          const { subject = null, preheader = null, from = null, template = null } = content;
          const { locale, missing = [] } = content;
          const text = body.format === "text" ? content.body : mail.text;
          return reply(201, { id, text, subject, preheader, from, template, locale, own, missing });
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

/** The message as its reader would get it, and the language that the engine would pick for the reader. Throws `HttpProblem`. */
async function written(
  { store, links }: AppOptions,
  asked: Static<typeof Asked>,
): Promise<{ content: Content; own: string }> {
  const { who, locale, contact = {}, event = {}, steps = {}, param = {}, flow = {} } = asked;
  const workspace = await store.workspace();
  const fields = { ...(who === undefined ? {} : await fieldsOf(store, who)), ...contact };
  const spoken = typeof fields.locale === "string" && fields.locale ? fields.locale : null;
  const wanted = locale ?? spoken ?? workspace.locale;
  const link = (kind: "unsubscribe" | "preferences" | "survey"): string =>
    links.link(kind, NOBODY, "preview.1.message.1", asked.channel ?? "email");
  const scope: Scope = {
    // A reader who is shown another language than their own is one who reads that.
    contact: { ...fields, ...(spoken === null || locale === undefined ? {} : { locale }) },
    ...{ event, steps, param, flow },
    links: {
      unsubscribe: link("unsubscribe"),
      preferences: link("preferences"),
      survey: link("survey"),
    },
  };
  const fallback = workspace.locale;
  const reader = { scope, wanted, fallback, zone: asked.zone ?? workspace.timezone };
  try {
    return {
      content: contentOf(asked, reader),
      own: pickText(asked.body, spoken ?? fallback, fallback).locale,
    };
  } catch (error) {
    if (error instanceof TemplateError) throw wrong("/body", error.label.en, error.label.ar);
    throw error;
  }
}

async function fieldsOf(store: Store, who: string): Promise<Record<string, unknown>> {
  const state = await store.loadContact(await contactOf(store, who));
  if (!state) throw noContact(who);
  return contactScope(state);
}
