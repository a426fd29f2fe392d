import { describe, expect, test } from "vitest";
import { KINDS, type ProblemKind, typeOf } from "../../engine/http/problem.ts";
import { keepsKey, kindsOf, type RouteSpec, specOf } from "../../engine/http/route.ts";
import { Site } from "./site.ts";

/** Every route is walked over and provoked by the table itself: what a new one declares is tried without a new test. */

interface Listed {
  method: string;
  path: string;
  spec: RouteSpec;
}
const ROUTES = new Site().app.routes.flatMap(({ method, path, handler }): Listed[] => {
  const spec = specOf(handler);
  return spec ? [{ method, path, spec }] : [];
});
const named = (routes: Listed[]) =>
  routes.map((route) => [`${route.method} ${route.path}`, route] as const);

/** A call that says nothing of what the route is about: nobody and nothing has the id `none`. */
function call(
  site: Site,
  { method, path, spec }: Listed,
  {
    query = "",
    headers = {},
    body,
  }: { query?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Response> {
  const isWrite = method !== "GET";
  const type = spec.upload ? "text/csv" : "application/json";
  return site.request(`${path.replaceAll(/:\w+/g, "none")}${query}`, {
    method,
    headers: { ...(isWrite ? { "content-type": type } : {}), ...headers },
    ...(isWrite && body !== undefined ? { body } : {}),
  });
}

type Provoke = (site: Site, route: Listed) => Promise<Response>;

/** How each kind of refusal that comes with a route's input, or with who asks, is provoked, whatever the route. */
const PROVOKE: Partial<Record<ProblemKind, Provoke>> = {
  "bad-json": (site, route) => call(site, route, { body: "{" }),
  "not-json": (site, route) =>
    call(site, route, { body: "{}", headers: { "content-type": "text/plain" } }),
  "not-a-file": (site, route) =>
    call(site, route, { body: "x", headers: { "content-type": "text/plain+x" } }),
  "too-big": (site, route) =>
    call(site, route, { body: "{}", headers: { "content-length": String(2 ** 33) } }),
  "invalid-input": (site, route) => call(site, route, { query: "?no-such=1", body: bodyOf(route) }),
  "idempotency-key-invalid": (site, route) =>
    call(site, route, { headers: { "idempotency-key": "x".repeat(300) }, body: bodyOf(route) }),
  "idempotency-key-reused": async (site, route) => {
    const headers = { "idempotency-key": `${route.method} ${route.path}` };
    await call(site, route, { headers, body: bodyOf(route) });
    return call(site, route, { headers, query: "?lang=ar", body: bodyOf(route) });
  },
  "idempotency-key-in-use": (site, route) => {
    site.store.beginRequest = () => Promise.resolve({ is: "running" });
    return call(site, route, { headers: { "idempotency-key": "k" }, body: bodyOf(route) });
  },
  unauthorized: (site, route) =>
    call(site, route, { headers: { authorization: "Bearer none" }, body: bodyOf(route) }),
  "too-many": async (site, route) => {
    const ask = () =>
      call(site, route, { headers: { authorization: "Bearer none" }, body: bodyOf(route) });
    let answer = await ask();
    // Public routes count for themselves.
    for (let i = 0; i < 40 && answer.status !== 429; i++) answer = await ask();
    return answer;
  },
  forbidden: (site, route) =>
    call(site, route, { headers: { host: "elsewhere.example" }, body: bodyOf(route) }),
  internal: (site, route) => {
    // Keeping a write's answer is the first that it needs the store for, whatever its body.
    const headers = { "idempotency-key": "k" };
    for (const of of [site.store, site.accounts])
      for (const [name, value] of Object.entries(of))
        if (typeof value === "function" && name !== "close") Object.assign(of, { [name]: fails });
    return call(site, route, { headers, body: bodyOf(route) });
  },
};
const fails = (): Promise<never> => Promise.reject(new Error("the disk is on fire"));

/** Bodies of public routes, which are read before anything can fail. */
const TOKEN = { token: "x".repeat(43) };
const PERSON = {
  email: "a@x.example",
  name: "A",
  password: "correct horse battery",
  language: "en",
};
const { name: _, language: __, ...CREDENTIALS } = PERSON;
const BODIES: Record<string, object> = {
  "POST /api/session": CREDENTIALS,
  "POST /api/session/owner": PERSON,
  "POST /api/links/forgotten": { email: PERSON.email },
  "POST /api/links/invitation": TOKEN,
  "POST /api/links/invitation/accept": {
    ...TOKEN,
    name: "A",
    password: PERSON.password,
    language: "en",
  },
  "POST /api/links/reset": TOKEN,
  "POST /api/links/reset/use": { ...TOKEN, password: PERSON.password },
};
const bodyOf = ({ method, path, spec }: Listed): string =>
  spec.upload ? "email\n" : JSON.stringify(BODIES[`${method} ${path}`] ?? {});

/** Provoked by hand elsewhere; `tests/http/seen.ts` holds that each was. */
const BY_HAND = new Set<ProblemKind>([
  "not-found",
  "conflict",
  "invalid-flow",
  "gone",
  "unavailable",
]);

const CASES = ROUTES.flatMap((route) =>
  kindsOf(route.method, route.spec)
    .filter((kind) => !BY_HAND.has(kind))
    .map((kind) => [`${route.method} ${route.path}`, kind, route] as const),
);

describe("every refusal that a route declares comes as declared", () => {
  test.each([...new Set(CASES.map(([, kind]) => kind))])("%s", async (kind) => {
    const provoke = PROVOKE[kind];
    expect(provoke, `nothing provokes ${kind}`).toBeDefined();
    const site = kind === "too-many" ? await asStranger(new Site()) : new Site();
    const wrong: string[] = [];
    for (const [name, , route] of CASES.filter((one) => one[1] === kind)) {
      const answer = await provoke?.(site, route);
      const type = answer?.headers.get("content-type") ?? "";
      const body = type.startsWith("application/problem+json")
        ? ((await answer?.json()) as { type: string })
        : null;
      if (body?.type !== typeOf(kind) || answer?.status !== KINDS[kind].status)
        wrong.push(`${name}: ${answer?.status} ${body?.type ?? type}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** A site at which somebody has tried too many keys already. */
async function asStranger(site: Site): Promise<Site> {
  for (let i = 0; i < 400; i++)
    await site.request("/api/settings", { headers: { authorization: `Bearer ${i}` } });
  return site;
}

const LISTS = ROUTES.filter(({ spec }) => Object.hasOwn(spec.query?.properties ?? {}, "cursor"));

describe("every list", () => {
  test("whose answer has items and a next page takes a cursor and a limit, and the other way round", () => {
    const paged = ROUTES.filter(({ spec }) => {
      const { properties = {} } = (spec.answers[200] ?? {}) as { properties?: object };
      return Object.hasOwn(properties, "items") && Object.hasOwn(properties, "next");
    });
    expect(named(paged).map(([name]) => name)).toEqual(named(LISTS).map(([name]) => name));
    expect(LISTS.length).toBeGreaterThan(15);
    for (const { spec } of LISTS) expect(spec.query?.properties).toHaveProperty("limit");
  });

  test.each(named(LISTS))(
    "%s refuses a limit that is none and a cursor that no page gave",
    async (_, route) => {
      const site = new Site();
      for (const query of ["?limit=0", "?limit=501", "?limit=x"])
        expect((await call(site, route, { query })).status).toBe(422);
      // Where the list is of something, that isn't there.
      const answer = await call(site, route, { query: "?cursor=nowhere" });
      expect(route.path.includes(":") ? [404, 422] : [422]).toContain(answer.status);
    },
  );
});

test("every write takes an Idempotency-Key: it is answered again, word for word, and not done again", async () => {
  const writes = ROUTES.filter(({ method, spec }) => keepsKey(method, spec));
  expect(writes.length).toBeGreaterThan(30);
  for (const route of ROUTES) {
    const isWrite = route.method !== "GET" && !route.spec.changesNothing && !route.spec.forgets;
    expect(writes.includes(route), `${route.method} ${route.path}`).toBe(isWrite);
  }
  const site = new Site();
  for (const [name, route] of named(writes)) {
    const headers = { "idempotency-key": name };
    const first = await call(site, route, { headers, body: bodyOf(route) });
    const again = await call(site, route, { headers, body: bodyOf(route) });
    expect([again.status, await again.text()], name).toEqual([first.status, await first.text()]);
    expect(again.headers.get("idempotency-replayed"), name).toBe("true");
  }
});

test("every path refuses the methods that it hasn't, and names those that it has", async () => {
  const site = new Site();
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
  for (const path of new Set(ROUTES.map((route) => route.path))) {
    const has = methods.filter((m) => ROUTES.some((r) => r.path === path && r.method === m));
    const [missing] = methods.filter((m) => !has.includes(m));
    if (missing === undefined) continue;
    const answer = await site.request(path.replaceAll(/:\w+/g, "none"), {
      method: missing,
      headers: { "content-type": "application/json" },
    });
    expect(answer.status, path).toBe(405);
    for (const m of has) expect(answer.headers.get("allow"), path).toContain(m);
  }
});
