import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import type { RouterRoute } from "hono/types";
import { account } from "./account.ts";
import { addressOf } from "./address.ts";
import { audit } from "./audit.ts";
import { contacts } from "./contacts.ts";
import { contactsMany } from "./contacts-many.ts";
import { type AppOptions, type Ctx, type Env, languageOf } from "./context.ts";
import { described } from "./described.ts";
import { editor, PAGES } from "./editor.ts";
import { events } from "./events.ts";
import { fields } from "./fields.ts";
import { flows } from "./flows.ts";
import { gateOf, mustBeListed } from "./gate.ts";
import { guard } from "./guard.ts";
import { hookCalls } from "./hooks.ts";
import { importFiles } from "./import-files.ts";
import { imports } from "./imports.ts";
import { MAX_BODY } from "./input.ts";
import { jobs } from "./jobs.ts";
import { journal } from "./journal.ts";
import { keys } from "./keys.ts";
import { limitsOf } from "./limits.ts";
import { links } from "./links.ts";
import { live } from "./live.ts";
import { messages } from "./messages.ts";
import { onceOf } from "./once.ts";
import { pages } from "./pages.ts";
import { previews } from "./previews.ts";
import { HttpProblem, notFound, problemResponse } from "./problem.ts";
import { publicPages } from "./public.ts";
import { segments } from "./segments.ts";
import { session } from "./session.ts";
import { settings } from "./settings.ts";
import { simulations } from "./simulations.ts";
import { standing } from "./standing.ts";
import { tags } from "./tags.ts";
import { tasks } from "./tasks.ts";
import { templates } from "./templates.ts";
import { receiverOf } from "./upload.ts";
import { users } from "./users.ts";

/** An engine that hasn't ticked for so long is not well; milliseconds. */
const STALE = 60_000;

/** The web face: the API, the public links of messages, and plain pages. No port is opened here. */
export function createApp(options: AppOptions): Hono<Env> {
  const app = new Hono<Env>();
  const once = onceOf(options);
  const gate = gateOf(options);
  const limits = limitsOf(options.clock);
  const receive = receiverOf(options.uploads);
  const limited = bodyLimit({
    maxSize: MAX_BODY,
    onError: (c) => problemResponse(c as unknown as Ctx, tooBig),
  });
  app.use(async (c, next) => {
    c.set("lang", languageOf(c));
    c.set("once", once);
    c.set("receive", receive);
    c.set("gate", gate);
    c.set("limits", limits);
    c.set("address", addressOf(c, options));
    await next();
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "no-referrer");
    c.header("cross-origin-opener-policy", "same-origin");
    // Answers that are no page have nothing to load, run or frame.
    if (!c.res.headers.has("content-security-policy"))
      c.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  });
  // Files are counted as they come in, and may be bigger.
  app.use((c, next) => (c.req.path === "/api/imports" ? next() : limited(c, next)));
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", (c) => ready(c, options));
  app.route("/", publicPages(options));
  app.route("/", hookCalls(options));
  app.use("*", guard(options));
  app.use("/api/*", async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
  });
  app.route("/api/session", session(options));
  app.route("/api/account", account(options));
  app.route("/api/links", links(options));
  app.route("/api/users", users(options));
  app.route("/api/keys", keys(options));
  app.route("/api/audit", audit(options));
  app.route("/api/contacts", contacts(options));
  app.route("/api/tags", contactsMany(options));
  app.route("/api/events", events(options));
  app.route("/api/flows", flows(options));
  app.route("/api/flows", standing(options));
  app.route("/api/flows", live(options));
  app.route("/api/simulations", simulations(options));
  app.route("/api/messages", messages(options));
  app.route("/api/tasks", tasks(options));
  app.route("/api/journal", journal(options));
  app.route("/api/settings", settings(options));
  app.route("/api/segments", segments(options));
  app.route("/api/fields", fields(options));
  app.route("/api/tags", tags(options));
  app.route("/api/previews", previews(options));
  app.route("/api/templates", templates());
  app.route("/api/imports", imports(options));
  app.route("/api/imports", importFiles(options));
  app.route("/api/jobs", jobs(options));
  app.route("/api", described(app));
  if (options.editor !== undefined) app.route("/", editor(options.editor));
  app.route("/", pages(options));
  app.notFound((c) => nothingHere(c, app));
  mustBeListed(app.routes, options.editor === undefined ? [] : PAGES);
  app.onError((error, c) => problemResponse(c, problemOf(error, options)));
  return app;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** No such path, or none of that method: then the methods that it has are named (RFC 9110, section 15.5.6). */
function nothingHere(c: Ctx, app: Hono<Env>): Response {
  const { path, method } = c.req;
  const allowed = METHODS.filter((m) =>
    app.router.match(m, path)[0].some(([[, route]]) => isOne(route)),
  );
  // A route of that very method found nothing there.
  if (allowed.length === 0 || allowed.includes(method === "HEAD" ? "GET" : method))
    return problemResponse(
      c,
      notFound({ en: `There is nothing at ${path}.`, ar: `لا شيء في ${path}.` }),
    );
  const allow = allowed.join(", ");
  return problemResponse(
    c,
    new HttpProblem("method-not-allowed", {
      en: `${method} isn't possible at ${path}; possible: ${allow}.`,
      ar: `الطريقة ${method} غير متاحة في ${path}؛ المتاح: ${allow}.`,
    }),
    { allow },
  );
}

/** Middleware stands on patterns of paths; a page or a route has one of its own. */
const isOne = ({ method, path }: RouterRoute): boolean => method !== "ALL" && !path.includes("*");

const tooBig = new HttpProblem("too-big", {
  en: "The body is bigger than 6 MiB.",
  ar: "محتوى الطلب أكبر من 6 ميبيبايت.",
});

/** What nobody expected is told to the operator, never to the caller. */
function problemOf(error: unknown, { warn }: AppOptions): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof HTTPException && error.status === 413) return tooBig;
  warn(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return new HttpProblem("internal", {
    en: "It was not your doing; the program's output says more.",
    ar: "لست السبب، وفي مخرجات البرنامج مزيد من التفاصيل.",
  });
}

/** Ready: the store answers, and the engine (where it is ours) has ticked lately. */
async function ready(c: Ctx, { store, engine, clock }: AppOptions): Promise<Response> {
  try {
    await store.revision();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return problemResponse(
      c,
      new HttpProblem("unavailable", {
        en: `The store doesn't answer: ${detail}`,
        ar: "المخزن لا يستجيب.",
      }),
    );
  }
  const last = engine?.lastTick ?? null;
  const isStale = engine !== null && (last === null || clock() - last > STALE);
  if (!isStale)
    return c.json({
      status: "ready",
      lastTick: last === null ? null : new Date(last).toISOString(),
    });
  return problemResponse(
    c,
    new HttpProblem("unavailable", {
      en: "The engine hasn't ticked lately.",
      ar: "لم يعمل المحرك منذ مدة.",
    }),
  );
}
