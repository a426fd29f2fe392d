import { describe, expect, test } from "vitest";
import { PASSWORD, Site } from "./site.ts";

type Json = Record<string, unknown>;
const tokenIn = (link: unknown): string => String(link).split("#")[1] ?? "";

/** A workspace with an owner, an admin and an agent. */
async function workspace() {
  const site = new Site();
  const owner = await site.signedIn("owner");
  const admin = await site.signedIn("admin");
  const agent = await site.signedIn("agent");
  const call = async (
    who: { headers: Record<string, string> },
    method: string,
    path: string,
    body?: unknown,
  ) => {
    const response = await site.send(method, path, body, who.headers);
    return { status: response.status, body: (await response.json()) as Json };
  };
  return { site, owner, admin, agent, call };
}

test("everybody sees whom work can be given to, by name and address and no more", async () => {
  const { agent, call } = await workspace();
  const { status, body } = await call(agent, "GET", "/api/users/names");
  expect(status).toBe(200);
  expect(body.items).toEqual([
    { name: "The admin", email: "admin@acme.example" },
    { name: "The agent", email: "agent@acme.example" },
    { name: "The owner", email: "owner@acme.example" },
  ]);
});

describe("invitations", () => {
  test("are mailed in the language asked for and shown once; whoever has the link joins with that role", async () => {
    const { site, admin, call } = await workspace();
    const asked = { email: "Omar@Acme.example", role: "editor", language: "ar" };
    const { status, body } = await call(admin, "POST", "/api/users/invitations", asked);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      invitation: { email: "omar@acme.example", role: "editor", by: "The admin" },
      mailed: true,
    });
    expect(site.letters[0]).toMatchObject({ to: "omar@acme.example", language: "ar" });
    expect(site.letters[0]?.text).toContain(body.link);
    const token = tokenIn(body.link);
    const listed = await call(admin, "GET", "/api/users");
    expect(JSON.stringify(listed.body)).not.toContain(token);
    expect(listed.body.invitations).toMatchObject([{ email: "omar@acme.example" }]);

    const link = await site.send("POST", "/api/links/invitation", { token });
    expect(await link.json()).toMatchObject({ email: "omar@acme.example", role: "editor" });
    const newcomer = { token, name: "Omar", password: PASSWORD, language: "ar" };
    const joined = await site.send("POST", "/api/links/invitation/accept", newcomer);
    expect(await joined.json()).toMatchObject({ user: { name: "Omar" }, role: "editor" });
    expect((await site.send("POST", "/api/links/invitation/accept", newcomer)).status).toBe(410);
    expect((await call(admin, "GET", "/api/users")).body.invitations).toEqual([]);
  });

  test("end when they are taken back, after a week, and when a newer one is made", async () => {
    const { site, admin, call } = await workspace();
    const invite = async () => {
      const asked = { email: "omar@acme.example", role: "viewer" };
      const { body } = await call(admin, "POST", "/api/users/invitations", asked);
      return { id: (body.invitation as Json).id, token: tokenIn(body.link) };
    };
    const works = async (token: string) =>
      (await site.send("POST", "/api/links/invitation", { token })).status;
    const first = await invite();
    const second = await invite();
    expect([await works(first.token), await works(second.token)]).toEqual([410, 200]);
    const back = await call(admin, "DELETE", `/api/users/invitations/${second.id}`);
    expect(back.status).toBe(200);
    expect(await works(second.token)).toBe(410);
    expect((await call(admin, "DELETE", `/api/users/invitations/${second.id}`)).status).toBe(404);
    const third = await invite();
    site.now += 8 * 86_400_000;
    expect(await works(third.token)).toBe(410);
  });

  test("an address that has an account, or is none, is refused with its place", async () => {
    const { admin, agent, call } = await workspace();
    const invite = (email: string) =>
      call(admin, "POST", "/api/users/invitations", { email, role: "viewer" });
    expect((await invite(agent.user.email)).status).toBe(409);
    const { status, body } = await invite("nobody");
    expect(status).toBe(422);
    expect(body.problems).toMatchObject([{ pointer: "/email" }]);
  });
});

describe("what is others'", () => {
  test("an admin neither makes, changes, resets nor removes an owner", async () => {
    const { owner, admin, call } = await workspace();
    const { id } = owner.user;
    const tries = [
      await call(admin, "POST", "/api/users/invitations", {
        email: "x@acme.example",
        role: "owner",
      }),
      await call(admin, "PATCH", `/api/users/${id}`, { role: "viewer" }),
      await call(admin, "POST", `/api/users/${id}/reset`, {}),
      await call(admin, "DELETE", `/api/users/${id}`),
      await call(admin, "PATCH", `/api/users/${admin.user.id}`, { role: "owner" }),
    ];
    expect(tries.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect((await call(owner, "GET", "/api/account/sessions")).status).toBe(200);
  });

  test("the last owner stays one", async () => {
    const { owner, call } = await workspace();
    const { id } = owner.user;
    expect((await call(owner, "PATCH", `/api/users/${id}`, { role: "admin" })).status).toBe(409);
    expect((await call(owner, "DELETE", `/api/users/${id}`)).status).toBe(409);
  });

  test("sessions: everybody sees and ends their own, and nobody another's", async () => {
    const { owner, agent, call } = await workspace();
    const listed = await call(agent, "GET", "/api/account/sessions");
    expect(listed.body.items).toMatchObject([{ current: true }]);
    expect(JSON.stringify(listed.body)).not.toContain(agent.headers.cookie?.split("=")[1]);
    const [{ id }] = listed.body.items as [{ id: string }];
    expect((await call(owner, "DELETE", `/api/account/sessions/${id}`)).status).toBe(404);
    expect((await call(agent, "DELETE", `/api/account/sessions/${id}`)).status).toBe(200);
    expect((await call(agent, "GET", "/api/account/sessions")).status).toBe(401);
  });

  test("answers that are kept for a key of one's own making: another who has that key hears nothing of them", async () => {
    const { site, admin, owner } = await workspace();
    const key = { "idempotency-key": "the same" };
    const body = { email: "lead@acme.example" };
    const write = (who: typeof admin) =>
      site.send("POST", "/api/contacts", body, { ...who.headers, ...key });
    expect((await write(admin)).headers.get("idempotency-replayed")).toBeNull();
    expect((await write(admin)).headers.get("idempotency-replayed")).toBe("true");
    expect((await write(owner)).headers.get("idempotency-replayed")).toBeNull();
  });
});

describe("one's own account", () => {
  test("name and language are changed, nothing else", async () => {
    const { agent, call } = await workspace();
    const changed = await call(agent, "PATCH", "/api/account", { name: "Noura", language: "ar" });
    expect(changed.body).toMatchObject({ name: "Noura", language: "ar", role: "agent" });
    expect((await call(agent, "PATCH", "/api/account", { role: "owner" })).status).toBe(422);
  });

  test("the password is changed by whoever knows it", async () => {
    const { agent, call } = await workspace();
    const change = { current: "not this one", password: "quite another one" };
    const { status, body } = await call(agent, "POST", "/api/account/password", change);
    expect(status).toBe(422);
    expect(body.problems).toMatchObject([{ pointer: "/current" }]);
  });

  test("a forgotten password is answered alike for everybody, and nobody unknown gets a letter", async () => {
    const { site } = await workspace();
    const answer = await site.send("POST", "/api/links/forgotten", { email: "who@acme.example" });
    expect(answer.status).toBe(202);
    await new Promise((done) => setImmediate(done));
    expect(site.letters).toEqual([]);
  });
});

describe("API keys", () => {
  test("are shown once, work, and end when they are revoked", async () => {
    const { site, admin, call } = await workspace();
    const wish = { name: "website", role: "agent", scopes: ["contacts:read"], days: 30 };
    const made = await call(admin, "POST", "/api/keys", wish);
    expect(made.status).toBe(201);
    expect(made.body.key).toMatch(/^twl_[0-9a-f]{16}_[0-9a-f]{64}$/);
    const listed = await call(admin, "GET", "/api/keys");
    expect(listed.body.items).toMatchObject([{ name: "website", scopes: ["contacts:read"] }]);
    expect(JSON.stringify(listed.body)).not.toContain(String(made.body.key).split("_")[2]);
    const headers = { authorization: `Bearer ${made.body.key}` };
    const ask = async () => (await site.request("/api/contacts", { headers })).status;
    expect(await ask()).toBe(200);
    expect((await call(admin, "DELETE", `/api/keys/${made.body.id}`)).status).toBe(200);
    expect(await ask()).toBe(401);
  });

  test("end on their day, and never may more than whoever made them may now", async () => {
    const { site, owner, admin, call } = await workspace();
    const make = async (days?: number) => {
      const { body } = await call(admin, "POST", "/api/keys", { name: "k", role: "admin", days });
      return { authorization: `Bearer ${body.key}` };
    };
    const [brief, long] = [await make(1), await make()];
    const lists = async (headers: Record<string, string>) =>
      (await site.request("/api/keys", { headers })).status;
    expect([await lists(brief), await lists(long)]).toEqual([200, 200]);
    site.now += 86_400_000;
    expect([await lists(brief), await lists(long)]).toEqual([401, 200]);
    await call(owner, "PATCH", `/api/users/${admin.user.id}`, { role: "viewer" });
    expect(await lists(long)).toBe(403);
    await call(owner, "DELETE", `/api/users/${admin.user.id}`);
    expect(await lists(long)).toBe(401);
  });

  test("with an unknown scope, or an owner's role, are none", async () => {
    const { admin, call } = await workspace();
    const make = (more: object) =>
      call(admin, "POST", "/api/keys", { name: "k", role: "viewer", ...more });
    expect((await make({ scopes: ["everything:read"] })).status).toBe(422);
    expect((await make({ scopes: [] })).status).toBe(422);
    expect((await make({ role: "owner" })).status).toBe(422);
  });
});

describe("the audit log", () => {
  test("tells who did what, newest first, page by page, and that it is whole", async () => {
    const { site, admin, agent, call } = await workspace();
    await call(admin, "PATCH", `/api/users/${agent.user.id}`, { role: "editor" });
    const { body } = await call(admin, "GET", "/api/audit?limit=1");
    expect(body.items).toMatchObject([
      {
        actor: { kind: "user", id: admin.user.id, name: "The admin" },
        action: "user.role",
        subject: agent.user.id,
        detail: { from: "agent", to: "editor" },
      },
    ]);
    const next = await call(admin, "GET", `/api/audit?limit=500&cursor=${body.next}`);
    expect((next.body.items as Json[]).map(({ n }) => n)).toEqual([6, 5, 4, 3, 2, 1]);
    const checked = await site.request("/api/audit/check", { headers: admin.headers });
    expect(await checked.json()).toEqual({ lines: 7, whole: true, broken: null });
  });
});
