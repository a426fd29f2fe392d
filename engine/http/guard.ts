import type { MiddlewareHandler } from "hono";
import type { Env } from "./context.ts";
import { HttpProblem } from "./problem.ts";

const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * There are no accounts yet, so only this machine's own browser and programs may ask. A foreign name that was
 * pointed at this machine is refused by its Host, a foreign page by its Origin, and what came through a proxy by
 * what proxies add.
 */
export const localOnly = (hosts: readonly string[]): MiddlewareHandler<Env> => {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  return async (c, next) => {
    const { host, protocol } = new URL(c.req.url);
    const named = c.req.header("host") ?? host;
    if (!known.has(host.toLowerCase()) || !known.has(named.toLowerCase())) throw foreign(named);
    if (c.req.header("x-forwarded-for") || c.req.header("forwarded")) {
      throw new HttpProblem("forbidden", {
        en: "Without accounts this is for the machine itself, not through a proxy.",
        ar: "ما دامت الحسابات غير موجودة فهذا متاح من الجهاز نفسه فقط، لا عبر وسيط.",
      });
    }
    const origin = c.req.header("origin");
    if (WRITES.has(c.req.method)) {
      if (origin !== undefined && origin !== `${protocol}//${named}`) throw foreign(origin);
      if (c.req.header("sec-fetch-site") === "cross-site") throw foreign("cross-site");
    }
    await next();
  };
};

const foreign = (name: string): HttpProblem =>
  new HttpProblem("forbidden", {
    en: `Requests from “${name.slice(0, 100)}” are not answered; use the address that the program printed at its start.`,
    ar: `لا يُجاب على الطلبات من «${name.slice(0, 100)}»؛ استخدم العنوان الذي طبعه البرنامج عند بدئه.`,
  });
