import { convert, type HtmlToTextOptions } from "html-to-text";
import { Marked } from "marked";
import type { Content } from "../core/state.ts";

/** The two parts of a mail, or why it can't be made. */
export type Body = { text: string; html: string } | { refused: string };

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);

const RIGHT_TO_LEFT = new Set([
  "Adlm",
  "Arab",
  "Hebr",
  "Mand",
  "Nkoo",
  "Rohg",
  "Samr",
  "Syrc",
  "Thaa",
]);

/** `lang` and `dir` of a locale; a locale that is none leaves the direction to the reader's program. */
function language(locale: string): { lang: string; dir: "rtl" | "ltr" | "auto" } {
  try {
    const script = new Intl.Locale(locale).maximize().script ?? "";
    return {
      lang: new Intl.Locale(locale).toString(),
      dir: RIGHT_TO_LEFT.has(script) ? "rtl" : "ltr",
    };
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      return { lang: "und", dir: "auto" };
    throw error;
  }
}

/** What mail programs show beside the subject. Filled up so that the body's first words don't follow it. */
function hidden(preheader: string | undefined): string {
  const text = (preheader ?? "").trim();
  if (text === "") return "";
  const fill = "&#847;&zwnj;&nbsp;".repeat(40);
  return `<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all" data-preheader>${escaped(text)}${fill}</div>`;
}

const STYLE =
  "margin:0 auto;padding:16px;max-width:640px;font-family:system-ui,-apple-system,'Segoe UI',Tahoma,Arial,sans-serif;font-size:16px;line-height:1.6";

/** A fragment made into a document. */
function page(inner: string, content: Content): string {
  const { lang, dir } = language(content.locale);
  const align = dir === "auto" ? "" : `;text-align:${dir === "rtl" ? "right" : "left"}`;
  return `<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(content.subject ?? "")}</title>
</head>
<body style="${STYLE}${align}">
${hidden(content.preheader)}${inner}
</body>
</html>
`;
}

/** A whole document, completed: language, direction and preheader where the author gave none. */
function completed(html: string, content: Content): string {
  const { lang, dir } = language(content.locale);
  const whole = /<html[\s>]/i.test(html) ? html : `<!doctype html>\n<html>\n${html}\n</html>`;
  return whole
    .replace(/<html\b([^>]*)>/i, (_all, attributes: string) => {
      // "und" and "auto" are what MJML writes when the author said nothing.
      let kept = attributes
        .replace(/\slang=["']?und["']?/i, "")
        .replace(/\sdir=["']?auto["']?/i, "");
      if (!/\slang=/i.test(kept)) kept += ` lang="${lang}"`;
      if (!/\sdir=/i.test(kept)) kept += ` dir="${dir}"`;
      return `<html${kept}>`;
    })
    .replace(/<body\b[^>]*>/i, (tag) => `${tag}${hidden(content.preheader)}`);
}

const READABLE: HtmlToTextOptions = {
  wordwrap: false,
  formatters: {
    // An image's words; the address of a picture tells a reader nothing.
    alt: (element, _walk, builder) => builder.addInline(element.attribs?.alt ?? ""),
  },
  selectors: [
    { selector: "img", format: "alt" },
    { selector: "a", options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
    { selector: '*[style*="display:none"]', format: "skip" },
    { selector: '*[style*="display: none"]', format: "skip" },
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({
      selector,
      options: { uppercase: false },
    })),
  ],
};
const readable = (html: string) => `${convert(html, READABLE).trim()}\n`;

const LINK = /https?:\/\/[^\s<>"'`«»]+/giu;
const TRAILING = /[.,;:!?)\]}،؛؟…]+$/u;

/** Escapes a line and makes its web addresses clickable, without the punctuation of the sentence around them. */
function withLinks(line: string): string {
  let html = "";
  let done = 0;
  for (const match of line.matchAll(LINK)) {
    let url = match[0].replace(TRAILING, "");
    // Brackets that the address itself opens belong to it: …/wiki/Tent_(camp)
    if (url.includes("(") && match[0].charAt(url.length) === ")") url += ")";
    html += escaped(line.slice(done, match.index));
    html += URL.canParse(url)
      ? `<a href="${escaped(url)}" dir="ltr">${escaped(url)}</a>`
      : escaped(url);
    done = match.index + url.length;
  }
  return html + escaped(line.slice(done));
}

function fromText(content: Content): Body {
  const text = content.body.replace(/\r\n?/g, "\n").trim();
  const paragraphs = text.split(/\n[ \t]*\n+/).map((paragraph) => {
    const lines = paragraph.split("\n").map(withLinks);
    return `<p dir="auto" style="margin:0 0 1em">${lines.join("<br>\n")}</p>`;
  });
  return { text: `${text}\n`, html: page(paragraphs.join("\n"), content) };
}

/** The address as it may stand in an attribute; null for a scheme that a mail must not carry, or none. */
function safe(href: string, schemes: readonly string[]): string | null {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  return schemes.includes(url.protocol) ? escaped(url.href) : null;
}

/** Markdown as written by marketers, with contacts' values already in it: no raw HTML and no script address passes. */
const markdown = new Marked({
  async: false,
  gfm: true,
  breaks: true,
  // Not read as HTML, tags stay text, and text is escaped.
  tokenizer: { html: () => undefined, tag: () => undefined },
  renderer: {
    link({ href, title, tokens }) {
      const target = safe(href, ["https:", "http:", "mailto:", "tel:", "sms:"]);
      const inner = this.parser.parseInline(tokens);
      if (target === null) return inner;
      return `<a href="${target}"${title ? ` title="${escaped(title)}"` : ""}>${inner}</a>`;
    },
    image({ href, title, text }) {
      const source = safe(href, ["https:", "http:"]);
      if (source === null) return escaped(text);
      return `<img src="${source}" alt="${escaped(text)}"${title ? ` title="${escaped(title)}"` : ""} style="max-width:100%">`;
    },
    html: ({ text }) => escaped(text),
  },
});

function fromMarkdown(content: Content): Body {
  const inner = markdown
    .parse(content.body, { async: false })
    .replace(/<(p|h[1-6]|ul|ol|blockquote|table)>/g, '<$1 dir="auto">');
  return { text: readable(inner), html: page(inner, content) };
}

function fromHtml(content: Content): Body {
  const text = readable(content.body);
  const whole = /<(html|body)[\s>]/i.test(content.body);
  return { text, html: whole ? completed(content.body, content) : page(content.body, content) };
}

/** Compiling takes milliseconds and mails without merge fields are alike; oldest first. */
const compiled = new Map<string, { html: string } | { refused: string }>();
const KEPT = 64;

/** MJML to HTML. Every complaint of the compiler is a refusal: what it complains of, it leaves out. */
async function compile(source: string): Promise<{ html: string } | { refused: string }> {
  const before = compiled.get(source);
  if (before) return before;
  // Loaded when first needed: with its parsers it takes 0.2 s of start-up.
  const { default: mjml } = await import("mjml");
  let result: { html: string } | { refused: string };
  try {
    const { html, errors } = await mjml(source, { validationLevel: "soft", ignoreIncludes: true });
    const problems = errors.map((e) => `line ${e.line}, ${e.tagName}: ${e.message}`);
    result =
      problems.length > 0
        ? { refused: `The MJML has a mistake: ${problems.join("; ")}.` }
        : { html };
  } catch (error) {
    // mjml throws bare errors for sources that it can't read at all.
    const reason = error instanceof Error ? error.message : String(error);
    result = { refused: `The MJML can't be read: ${reason}` };
  }
  compiled.set(source, result);
  const oldest = compiled.keys().next().value;
  if (compiled.size > KEPT && oldest !== undefined) compiled.delete(oldest);
  return result;
}

async function fromMjml(content: Content): Promise<Body> {
  const result = await compile(content.body);
  if ("refused" in result) return result;
  return { text: readable(result.html), html: completed(result.html, content) };
}

/** Text and HTML of a content by its format; `refused` is a sentence that says why there is none. */
export async function renderBody(content: Content): Promise<Body> {
  switch (content.format) {
    case "text":
      return fromText(content);
    case "markdown":
      return fromMarkdown(content);
    case "html":
      return fromHtml(content);
    case "mjml":
      return fromMjml(content);
  }
}
