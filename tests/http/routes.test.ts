import { expect, test } from "vitest";
import { specOf } from "../../engine/http/route.ts";
import { Site } from "./site.ts";

const routes = new Site().app.routes.filter(
  ({ method, path }) => path.startsWith("/api/") && method !== "ALL",
);

test("every route of the API says what it does, who may call it, and what it takes and answers", () => {
  expect(routes.length).toBeGreaterThan(30);
  const undeclared = routes.filter(({ handler }) => !specOf(handler));
  expect(undeclared.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  for (const { method, path, handler } of routes) {
    const { summary = "", allow = [], params = {} } = specOf(handler) ?? {};
    const place = `${method} ${path}`;
    expect(summary, place).toMatch(/^[A-Z].*\.$/);
    expect(allow.length, place).toBeGreaterThan(0);
    const named = [...path.matchAll(/:([a-z]+)/g)].map(([, name]) => name);
    expect(Object.keys(params), place).toEqual(named);
  }
});

test("viewers can look and change nothing but their own account", () => {
  const changing = routes.filter(({ method, path, handler }) => {
    const { allow = [] } = specOf(handler) ?? {};
    const isOwn = path.startsWith("/api/account");
    return method !== "GET" && allow !== "public" && allow.includes("viewer") && !isOwn;
  });
  // Checking a draft is a question with a body.
  expect(changing.map(({ path }) => path)).toEqual(["/api/flows/:id/validate"]);
});
