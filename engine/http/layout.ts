import { html, raw } from "hono/html";
import { type Ctx, langIn, say } from "./context.ts";
import { STYLE } from "./style.ts";
import { WORDS } from "./words.ts";

/** Text made safe by `html`. */
export type Html = ReturnType<typeof html>;

interface Page {
  title: string;
  body: Html;
  /** Where in the navigation the page stands; null: a public page, which has none. */
  at: "flows" | "messages" | null;
  status?: 200 | 404 | 422;
  /** What it needs beyond the looks of all. */
  style?: string;
}

const mark = raw(
  '<svg width="26" height="26" viewBox="0 0 26 26" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" aria-hidden="true"><circle cx="5" cy="18" r="2.6"/><circle cx="21" cy="8" r="2.6"/><path d="M7.6 18c7 0 3.8-10 10.8-10"/></svg>',
);

/** A whole page under a strict policy: no script at all, and only its own style. */
export async function page(
  c: Ctx,
  { title, body, at, status = 200, style = "" }: Page,
): Promise<Response> {
  const lang = c.get("lang");
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const link = (name: "flows" | "messages", href: string) =>
    html`<a href="${href}${langIn(c, "?")}"${at === name ? raw(' aria-current="page"') : ""}>${say(c, WORDS[name])}</a>`;
  const header =
    at === null
      ? ""
      : html`<header><div class="wrap">
<a class="brand" href="/${langIn(c, "?")}">${mark}${lang === "ar" ? "تواصل" : "Tawasul"}</a>
<nav>${link("flows", "/")}${link("messages", "/messages")}</nav>
<a class="lang" href="?lang=${lang === "ar" ? "en" : "ar"}" lang="${lang === "ar" ? "en" : "ar"}">${say(c, WORDS.otherLanguage)}</a>
</div></header>`;
  const content = await html`<!doctype html>
<html lang="${lang}" dir="${lang === "ar" ? "rtl" : "ltr"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(STYLE + style)}</style>
</head>
<body>
${header}
${body}
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    "img-src data:",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return c.html(content, status, {
    "content-security-policy": policy.join("; "),
    "cache-control": "no-store",
  });
}
