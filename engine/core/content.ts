import type { Draft, Text } from "../../nodes/index.ts";
import { Bounded } from "./bounded.ts";
import type { ContentPieces } from "./pieces.ts";
import type { Content } from "./state.ts";
import { compileTemplate, pickText, type Rendered, type Scope } from "./template.ts";

/** For whom a message is written. */
export interface Reader {
  /** What its templates see. */
  scope: Scope;
  /** The reader's language (BCP 47), and the one for readers of a language that the message hasn't got. */
  wanted: string;
  fallback: string;
  /** Where the scope's contact names no zone of its own. */
  zone: string;
}

/** The parts of a draft that a reader sees. */
export type Written = Omit<Draft, "channel" | "topic" | "transactional">;

const plainTexts = new Bounded<Rendered>(5_000, 32 * 1_048_576);

/** A text without templates: all of it is the same for everybody. */
const plainText = (text: string): Rendered =>
  plainTexts.get(text, () => ({ text, missing: [], pieces: { parts: [text], fixed: [text] } }));

/**
 * A message as its reader gets it: each text in the language that fits, its merge fields filled in; `made` gets what
 * the texts are made of. Throws `TemplateError`.
 */
export function contentOf(
  draft: Written,
  { scope, wanted, fallback, zone }: Reader,
  made: ContentPieces = {},
): Content {
  const missing = new Set<string>();
  let locale = wanted;
  const render = (text: Text, html: boolean, name?: keyof ContentPieces): string => {
    const picked = pickText(text, wanted, fallback);
    locale = picked.locale ?? wanted;
    const out = picked.text.includes("{{")
      ? compileTemplate(picked.text, { html }).render(scope, { locale, zone })
      : plainText(picked.text);
    for (const path of out.missing) missing.add(path);
    if (name !== undefined) made[name] = out.pieces;
    return out.text;
  };
  const oneLine = (text: Text, name?: keyof ContentPieces): string => {
    const lines = render(text, false, name);
    const line = lines.replace(/[\r\n]+/g, " ").trim();
    // It is no longer what its pieces make.
    if (name !== undefined && line !== lines) delete made[name];
    return line;
  };
  const format = draft.format ?? "text";
  // The body comes last, so that a text's language is the body's.
  const content = {} as Content;
  if (draft.subject !== undefined) content.subject = oneLine(draft.subject, "subject");
  if (draft.preheader !== undefined) content.preheader = oneLine(draft.preheader, "preheader");
  if (draft.from !== undefined) content.from = oneLine(draft.from);
  if (draft.replyTo !== undefined) content.replyTo = oneLine(draft.replyTo);
  if (draft.template) content.template = renderParameters(draft.template, (t) => render(t, false));
  content.body = render(draft.body, format === "html" || format === "mjml", "body");
  content.format = format;
  content.locale = locale;
  if (missing.size > 0) content.missing = [...missing];
  return content;
}

function renderParameters(
  template: NonNullable<Draft["template"]>,
  render: (text: string) => string,
): NonNullable<Content["template"]> {
  const { parameters } = template;
  if (parameters === undefined) return { name: template.name, language: template.language };
  return {
    name: template.name,
    language: template.language,
    parameters: Array.isArray(parameters)
      ? parameters.map(render)
      : Object.fromEntries(Object.entries(parameters).map(([k, v]) => [k, render(v)])),
  };
}
