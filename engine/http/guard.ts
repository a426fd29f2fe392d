import type { MiddlewareHandler } from "hono";
import { isLoopback } from "./address.ts";
import type { AppOptions, Ctx, Env } from "./context.ts";
import { HttpProblem } from "./problem.ts";

const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Turns away what no page and no program of ours sends: writes from pages of other sites, always; and while there is
 * no owner, everything that doesn't come from this machine itself.
 */
export function guard({ accounts, hosts, publicUrl }: AppOptions): MiddlewareHandler<Env> {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  const ours = publicUrl === null ? null : new URL(publicUrl).host;
  return async (c, next) => {
    if (!(await accounts.hasOwner())) mustBeLocal(c, known);
    if (WRITES.has(c.req.method)) mustNotBeForeign(c, ours);
    await next();
  };
}

/** A foreign name that was pointed at this machine is told by its Host, and a proxy by what it adds. */
function mustBeLocal(c: Ctx, known: ReadonlySet<string>): void {
  const { host } = new URL(c.req.url);
  const named = c.req.header("host") ?? host;
  if (!known.has(host.toLowerCase()) || !known.has(named.toLowerCase())) throw foreign(named);
  const isPassedOn = c.req.header("x-forwarded-for") ?? c.req.header("forwarded");
  if (isPassedOn !== undefined || !isLoopback(c.get("address"))) throw notYet;
}

/**
 * Cross-site request forgery: browsers say where a request comes from (Fetch Metadata, W3C), older ones by the
 * Origin alone. Programs say neither and carry no cookie. Cookies are `SameSite=Strict` and bodies JSON besides.
 */
function mustNotBeForeign(c: Ctx, ours: string | null): void {
  const site = c.req.header("sec-fetch-site");
  if (site === "same-origin" || site === "none") return;
  if (site !== undefined) throw foreign(site);
  const origin = c.req.header("origin");
  if (origin === undefined) return;
  const from = URL.canParse(origin) ? new URL(origin).host : "";
  const here = c.req.header("host") ?? new URL(c.req.url).host;
  if (from === "" || (from !== here && from !== ours)) throw foreign(origin);
}

const foreign = (name: string): HttpProblem =>
  new HttpProblem("forbidden", {
    en: `Requests from “${name.slice(0, 100)}” are not answered; use the address that the program printed at its start.`,
    ar: `لا يُجاب على الطلبات من «${name.slice(0, 100)}»؛ استخدم العنوان الذي طبعه البرنامج عند بدئه.`,
  });

const notYet = new HttpProblem("forbidden", {
  en: "While there is no owner this is for the machine itself, and not through a proxy; open the program on its machine and make the owner's account.",
  ar: "ما دام لا يوجد مالك فهذا متاح من الجهاز نفسه فقط، لا عبر وسيط؛ افتح البرنامج على جهازه وأنشئ حساب المالك.",
});
