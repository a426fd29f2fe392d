import type { Label, Text } from "../../nodes/node.ts";
import { helperLocale } from "./helpers.ts";
import type { Pieces } from "./pieces.ts";
import { TemplateError } from "./template-error.ts";
import { parseTemplate } from "./template-parse.ts";
import { Rendering } from "./template-render.ts";
import { validZone } from "./time.ts";

export { TemplateError } from "./template-error.ts";

/** What a template sees: plain JSON data. `secret` only where a webhook is called. */
export interface Scope {
  contact: Record<string, unknown>;
  event: Record<string, unknown>;
  steps: Record<string, unknown>;
  param: Record<string, unknown>;
  flow: Record<string, unknown>;
  links: Record<string, unknown>;
  secret?: Record<string, unknown>;
}

/** Used where the contact has no valid locale (BCP 47) or zone (IANA) of its own. */
export interface RenderOptions {
  locale?: string;
  zone?: string;
}

export interface Rendered {
  text: string;
  /** Paths that had no value, as written, each once, in order. */
  missing: string[];
  /** What the text is made of. */
  pieces: Pieces;
}

export interface Template {
  /** Throws TemplateError when a helper refuses its value or a cap is passed (1 MB, 10,000 rounds of loops, work). */
  render(scope: Scope, options?: RenderOptions): Rendered;
}

/**
 * A Handlebars template, read once and kept. `html` escapes what is filled in. Throws TemplateError when
 * it can't be rendered at all; an unknown root only renders empty (`templateProblems` tells it).
 */
export function compileTemplate(source: string, { html }: { html: boolean }): Template {
  const { pieces, problems, fixed } = parseTemplate(source);
  const problem = problems.length === 0 ? undefined : problems.find(({ tolerable }) => !tolerable);
  if (problem) throw new TemplateError(problem.message, String(source));
  return {
    render(scope, options = {}) {
      const { contact } = scope;
      const rendering = new Rendering(source, html, scope, {
        // Most templates call no helper.
        get zone() {
          return [contact.timezone, options.zone].find(validZone) ?? "UTC";
        },
        get locale() {
          return helperLocale(contact.locale, options.locale);
        },
        recommendations: contact.recommendations,
      });
      const text = rendering.run(pieces);
      const missing = rendering.missing === null ? [] : [...rendering.missing];
      return { text, missing, pieces: { parts: rendering.parts, fixed } };
    },
  };
}

/** Every mistake of a template, each a sentence that names its line. `secrets`: `{{secret.NAME}}` is allowed. */
export function templateProblems(
  source: string,
  { secrets = false }: { secrets?: boolean } = {},
): { message: Label }[] {
  return parseTemplate(source)
    .problems.filter((problem) => !(secrets && problem.secret))
    .map(({ message }) => ({ message }));
}

/** The dotted path when the template is one `{{path}}` and nothing else, so that its value can keep its type; else null. */
export function onePath(source: string): string | null {
  if (!source.startsWith("{{") || !source.endsWith("}}")) return null;
  const { pieces, problems } = parseTemplate(source);
  const [piece, more] = pieces;
  if (piece?.kind !== "print" || more || problems.some(({ tolerable }) => !tolerable)) return null;
  const { value } = piece;
  if (value.kind !== "path" || value.up > 0 || value.data || value.parts.length === 0) return null;
  return value.parts.some((part) => part.includes(".")) ? null : value.parts.join(".");
}

const tag = (locale: string): string => locale.trim().replaceAll("_", "-").toLowerCase();

/**
 * The text for a contact: in its locale, else in that language alone, else in the workspace's default
 * (`fallback`), else the first given. `locale` is the key that was picked; a plain
 * text counts as written in the contact's own.
 */
export function pickText(
  text: Text,
  locale: string | undefined,
  fallback: string,
): { text: string; locale: string } {
  if (typeof text === "string") return { text, locale: locale || fallback };
  const given = Object.keys(text);
  for (const wanted of [locale, fallback]) {
    if (!wanted) continue;
    const whole = tag(wanted);
    const [language] = whole.split("-");
    const key =
      given.find((name) => tag(name) === whole) ?? given.find((name) => tag(name) === language);
    if (key !== undefined) return { text: text[key] ?? "", locale: key };
  }
  const [first] = given;
  return first === undefined
    ? { text: "", locale: fallback }
    : { text: text[first] ?? "", locale: first };
}
