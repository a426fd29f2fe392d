import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { Hono } from "hono";
import { type Ctx, type Env, say } from "./context.ts";

/** Where `npm run build` leaves the editor. */
export const EDITOR = join(import.meta.dirname, "..", "..", "editor", "dist");

/** Paths that the editor draws itself. Everything else keeps its own route. */
export const PAGES = [
  "/",
  "/today",
  "/flows",
  "/flows/:id",
  "/flows/:id/versions",
  "/contacts",
  "/contacts/:id",
  "/imports",
  "/messages",
  "/preferences",
  "/sign-in",
  "/owner",
  "/join",
  "/forgotten",
  "/reset",
  "/account",
  "/people",
  "/keys",
  "/audit",
];

/** Nothing of another origin, nothing inline; a message is framed from our own address, under a policy of its own. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  // Text can't become markup or script but through Svelte's own compiled templates.
  "require-trusted-types-for 'script'",
  "trusted-types svelte-trusted-html",
].join("; ");

const TYPES: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

const NOT_BUILT = {
  en: "The editor has not been built. Run “npm run build” in the program's folder and start again; the API under /api works meanwhile.",
  ar: "لم يُبنَ المحرّر بعد. نفّذ «npm run build» في مجلد البرنامج ثم أعد تشغيله؛ واجهة ‎/api‎ تعمل في هذه الأثناء.",
};

/** Serves the built editor: its pages, and its files, which are named by their content and so never change. */
export function editor(folder: string): Hono<Env> {
  const app = new Hono<Env>();
  const index = join(folder, "index.html");
  const page = (c: Ctx, status: 200 | 404): Response => {
    if (!existsSync(index)) return c.text(say(c, NOT_BUILT), 503);
    const headers = { "content-security-policy": POLICY, "cache-control": "no-cache" };
    return c.html(readFileSync(index, "utf8"), status, headers) as Response;
  };
  // Who follows a wrong link should be told by a page, in their language; programs get the problem as it is.
  app.get("*", async (c, next) => {
    await next();
    if (c.res.status === 404 && c.req.header("sec-fetch-dest") === "document") c.res = page(c, 404);
  });
  for (const path of PAGES) app.get(path, (c) => page(c, 200));
  app.get("/icon.svg", (c) => serve(c, load(join(folder, "icon.svg")), "public, max-age=86400"));
  const kept = new Map<string, Asset>();
  app.get("/assets/:name", (c) => {
    const name = c.req.param("name");
    // A name that only has these can't climb out of the folder.
    if (!/^[\w-]+(?:\.[\w-]+)+$/.test(name)) return c.notFound();
    const asset = kept.get(name) ?? load(join(folder, "assets", name));
    if (asset) kept.set(name, asset);
    return serve(c, asset, "public, max-age=31536000, immutable");
  });
  return app;
}

interface Asset {
  type: string;
  bytes: Buffer<ArrayBuffer>;
  /** Null for what is packed already. */
  zipped: Buffer<ArrayBuffer> | null;
}

function load(file: string): Asset | null {
  const type = TYPES[extname(file)];
  if (type === undefined || !existsSync(file)) return null;
  const bytes = readFileSync(file);
  return { type, bytes, zipped: type.startsWith("font/") ? null : gzipSync(bytes) };
}

function serve(c: Ctx, asset: Asset | null, cache: string): Response | Promise<Response> {
  if (!asset) return c.notFound();
  const { type, bytes, zipped } = asset;
  const headers = { "content-type": type, "cache-control": cache, vary: "accept-encoding" };
  const isZipped = zipped && /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
  return isZipped
    ? new Response(zipped, { headers: { ...headers, "content-encoding": "gzip" } })
    : new Response(bytes, { headers });
}
