import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { RESOURCES, ROLES } from "../../engine/accounts/roles.ts";
import type { Env } from "../../engine/http/context.ts";
import { mustBeListed, Unlisted } from "../../engine/http/gate.ts";
import { reply, route } from "../../engine/http/route.ts";
import { ROUTES } from "./access.table.ts";
import { Site } from "./site.ts";

const LISTED = new Site().app.routes.filter(
  ({ method, path }) => method !== "ALL" && !path.includes("*"),
);
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
const GUARDED = LISTED.filter((one) => ROUTES[nameOf(one)] !== "public");

/** What refuses a caller for who they are; other refusals of 403 come later, from the route. */
const NOT_ALLOWED = /^(?:Your role|The key may not|Only a person who is signed in may do this)/;

/** A call of a route that says nothing but who calls. */
async function call(
  site: Site,
  { method, path }: { method: string; path: string },
  headers: Record<string, string>,
): Promise<{ status: number; refused: boolean; text: string }> {
  const type = path === "/api/imports" ? "text/csv" : "application/json";
  const response = await site.request(path.replaceAll(/:\w+/g, "none"), {
    method,
    headers: { ...(method === "GET" ? {} : { "content-type": type }), ...headers },
  });
  const text = await response.text();
  const isProblem = response.headers.get("content-type") === "application/problem+json";
  const detail = isProblem ? (JSON.parse(text) as { detail: string }).detail : "";
  const refused = response.status === 401 || NOT_ALLOWED.test(detail);
  return { status: response.status, refused, text };
}

const leastOf = (name: string): string => (ROUTES[name] ?? "").split(" ")[0] ?? "";
const isInPerson = (name: string): boolean => (ROUTES[name] ?? "").endsWith("in person");
const reaches = (role: string, name: string): boolean =>
  ROLES.indexOf(role as never) >= ROLES.indexOf(leastOf(name) as never);

test("every route is in the table of who may call it, and the table has no other", () => {
  expect(LISTED.map(nameOf).sort()).toEqual(Object.keys(ROUTES).sort());
  expect(GUARDED.length).toBeGreaterThan(50);
});

describe("every route × every role", () => {
  test.each(ROLES)("%s: as the table says", async (role) => {
    const site = new Site();
    await site.signedIn("owner", "first@acme.example");
    const { headers } = await site.signedIn(role);
    for (const one of GUARDED) {
      const name = nameOf(one);
      const { status, refused, text } = await call(site, one, headers);
      const place = `${role}: ${name} → ${status} ${text.slice(0, 200)}`;
      expect(refused, place).toBe(!reaches(role, name));
      if (refused) expect(status, place).toBe(403);
      expect(status, place).toBeLessThan(500);
    }
    expect(site.warnings).toEqual([]);
  });

  test.each([
    ["nobody", {}],
    ["a session that isn't there", { cookie: "tawasul_session_80=guessed" }],
    ["a key that isn't there", { authorization: `Bearer twl_${"0".repeat(16)}_${"0".repeat(64)}` }],
    ["half a key", { authorization: "Bearer twl_" }],
    ["a password in place of a key", { authorization: "Basic YTpi" }],
  ])("%s is let in nowhere", async (_, headers) => {
    const site = new Site();
    await site.signedIn("owner");
    for (const one of GUARDED) {
      const { status, text } = await call(site, one, headers as Record<string, string>);
      expect(status, `${nameOf(one)} → ${text.slice(0, 200)}`).toBe(401);
    }
  });

  test.each(["viewer", "agent", "editor", "admin"] as const)(
    "a key as %s: as the table says, and never where a person is asked for",
    async (role) => {
      const site = new Site();
      await site.signedIn("owner");
      const headers = await site.key(role);
      for (const one of GUARDED) {
        const name = nameOf(one);
        const { status, refused } = await call(site, one, headers);
        const isFor = reaches(role, name) && !isInPerson(name);
        expect(refused, `${role}: ${name} → ${status}`).toBe(!isFor);
      }
    },
  );

  test.each(RESOURCES.flatMap((part) => [`${part}:read`, `${part}:write`]))(
    "a key for %s may do that and nothing else",
    async (scope) => {
      const site = new Site();
      await site.signedIn("owner");
      const headers = await site.key("admin", [scope]);
      for (const one of GUARDED) {
        const [, first, second] = one.path.split("/");
        const part = first === "api" ? second : first;
        const asks = one.method === "GET" || one.path === "/api/flows/:id/validate";
        const isFor = scope === `${part}:${asks ? "read" : "write"}` && !isInPerson(nameOf(one));
        const { status, refused } = await call(site, one, headers);
        expect(refused, `${scope}: ${nameOf(one)} → ${status}`).toBe(!isFor);
      }
    },
  );

  test("every part that a key can be narrowed to has a route", () => {
    const parts = new Set(LISTED.map(({ path }) => path.split("/")[2]));
    expect(RESOURCES.filter((part) => !parts.has(part))).toEqual([]);
  });
});

describe("a program with a route that says nothing of who may call it doesn't start", () => {
  const answer = route(
    { summary: "Answers.", allow: ["owner"], answers: {} },
    async () => reply(200, {}) as never,
  );
  test.each([
    ["an API route made without route()", "/api/contacts/secret", () => new Response(), /allow/],
    ["a page", "/backup", () => new Response(), /pageFor/],
    ["a part of the API that no key can be narrowed to", "/api/rumours", answer, /RESOURCES/],
  ])("%s", (_, path, handler, says) => {
    const app = new Hono<Env>().get(path, handler as never);
    expect(() => mustBeListed(app.routes, [])).toThrow(Unlisted);
    expect(() => mustBeListed(app.routes, [])).toThrow(says);
  });

  test("pages that are drawn by the editor, with nothing in them, are open", () => {
    const app = new Hono<Env>().get("/flows", () => new Response());
    expect(() => mustBeListed(app.routes, ["/flows"])).not.toThrow();
  });
});
