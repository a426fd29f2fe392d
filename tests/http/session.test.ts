import { describe, expect, test } from "vitest";
import { heartbeat } from "../../engine/http/heartbeat.ts";
import { PASSWORD, type Person, Site } from "./site.ts";

const OWNER = { email: "sara@acme.example", name: "Sara", password: PASSWORD, language: "ar" };

/** What a browser would carry after an answer. */
const cookieOf = (response: Response): string =>
  response.headers.getSetCookie()[0]?.split(";")[0] ?? "";

const signIn = (site: Site, email: string, password = PASSWORD) =>
  site.send("POST", "/api/session", { email, password });

const statusOf = async (site: Site, { headers }: Pick<Person, "headers">): Promise<number> =>
  (await site.request("/api/flows", { headers })).status;

describe("while there is no owner", () => {
  test("this machine may do everything without signing in, and is told so", async () => {
    const site = new Site();
    expect(await site.json("/api/session")).toMatchObject({
      user: null,
      role: "owner",
      setup: true,
    });
    expect((await site.send("POST", "/api/flows/none/pause")).status).toBe(404);
  });

  test("a request that comes from elsewhere, or through a proxy, is refused", async () => {
    const site = new Site();
    const url = "http://localhost/api/session";
    const from = async (address: string, headers = {}): Promise<number> =>
      (await site.app.request(url, { headers }, { address })).status;
    expect(await from("127.0.0.1")).toBe(200);
    expect(await from("::1")).toBe(200);
    expect(await from("192.168.1.7")).toBe(403);
    expect(await from("unknown")).toBe(403);
    expect(await from("127.0.0.1", { "x-forwarded-for": "127.0.0.1" })).toBe(403);
  });

  test("a key counts all the same, and a wrong one is refused rather than overlooked", async () => {
    const site = new Site();
    const headers = await site.key("viewer");
    expect((await site.send("POST", "/api/flows/none/pause", {}, headers)).status).toBe(403);
    const wrong = { authorization: "Bearer twl_wrong" };
    expect((await site.request("/api/flows", { headers: wrong })).status).toBe(401);
  });

  test("the machine has no account of its own, and invites nobody", async () => {
    const site = new Site();
    expect((await site.request("/api/account/sessions")).status).toBe(403);
    const invitation = { email: "omar@acme.example", role: "agent" };
    expect((await site.send("POST", "/api/users/invitations", invitation)).status).toBe(409);
  });

  test("the owner is made once, is signed in, and from then on nobody comes in without", async () => {
    const site = new Site();
    const made = await site.send("POST", "/api/session/owner", OWNER);
    expect(await made.json()).toMatchObject({
      user: { email: OWNER.email, name: "Sara", role: "owner", language: "ar" },
      role: "owner",
      setup: false,
    });
    expect(await statusOf(site, { headers: { cookie: cookieOf(made) } })).toBe(200);
    expect(await statusOf(site, { headers: {} })).toBe(401);
    expect((await site.send("POST", "/api/session/owner", OWNER)).status).toBe(409);
    // Names and proxies that were refused before are no matter now: who asks is asked.
    const url = "http://crm.example/api/flows";
    expect((await site.app.request(url, { headers: { cookie: cookieOf(made) } })).status).toBe(200);
  });

  test.each([
    ["a password that is guessed first", { password: "password123" }, "/password"],
    ["a password of nine characters", { password: "abcdefghi" }, "/password"],
    ["the address as the password", { password: OWNER.email }, "/password"],
    ["no address", { email: "sara" }, "/email"],
    ["a name that is markup", { name: "<b>Sara" }, "/name"],
  ])("%s makes no owner, and says where", async (_, change, pointer) => {
    const site = new Site();
    const refused = await site.send("POST", "/api/session/owner", { ...OWNER, ...change });
    expect(refused.status).toBe(422);
    const { problems } = (await refused.json()) as { problems: { pointer: string }[] };
    expect(problems.map((one) => one.pointer)).toEqual([pointer]);
    expect(await site.accounts.hasOwner()).toBe(false);
  });
});

describe("signing in", () => {
  test("gives a cookie that no script reads and no other site's request carries", async () => {
    const site = new Site();
    await site.signedIn("owner");
    const answer = await signIn(site, "OWNER@acme.example ");
    expect(answer.status).toBe(200);
    const [cookie = ""] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^tawasul_session_80=[\w-]{43}; /);
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Strict");
    expect(cookie).toContain("Path=/");
    expect(cookie).not.toContain("Secure");
    expect(await statusOf(site, { headers: { cookie: cookieOf(answer) } })).toBe(200);
  });

  test("over TLS the cookie is bound to its host and never goes without", async () => {
    const site = new Site({ publicUrl: "https://crm.example" });
    await site.signedIn("owner");
    const body = JSON.stringify({ email: "owner@acme.example", password: PASSWORD });
    const headers = { "content-type": "application/json", host: "crm.example" };
    const answer = await site.app.request(
      "http://crm.example/api/session",
      { method: "POST", headers: { ...headers, origin: "https://crm.example" }, body },
      { address: "127.0.0.1" },
    );
    const [cookie = ""] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-tawasul_session=/);
    expect(cookie).toContain("Secure");
    expect(cookie).not.toContain("Domain");
  });

  test("says the same of an unknown address as of a wrong password, and writes down the latter", async () => {
    const site = new Site();
    const { user } = await site.signedIn("owner");
    const wrong = await signIn(site, user.email, "another password");
    const unknown = await signIn(site, "nobody@acme.example");
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual(await unknown.json());
    const [line] = await site.accounts.audit({ limit: 1 });
    expect(line).toMatchObject({ action: "session.refused", subject: user.id });
  });

  test("what was sent isn't kept, whatever Idempotency-Key it had", async () => {
    const site = new Site();
    await site.signedIn("owner");
    const headers = { "idempotency-key": "the same" };
    const body = { email: "owner@acme.example", password: PASSWORD };
    const first = await site.send("POST", "/api/session", body, headers);
    const second = await site.send("POST", "/api/session", body, headers);
    expect(second.headers.get("idempotency-replayed")).toBeNull();
    expect(cookieOf(second)).not.toBe(cookieOf(first));
  });
});

describe("a session ends, and the next request is refused", () => {
  test("when one signs out; the cookie goes too", async () => {
    const site = new Site();
    const owner = await site.signedIn("owner");
    const out = await site.send("DELETE", "/api/session", undefined, owner.headers);
    expect(await out.json()).toMatchObject({ user: null, role: null });
    expect(out.headers.getSetCookie()[0]).toContain("Max-Age=0");
    expect(await statusOf(site, owner)).toBe(401);
  });

  const ENDS: [string, (site: Site, admin: Person, person: Person) => Promise<Response>][] = [
    [
      "when its person gets another role",
      (site, { headers }, { user }) =>
        site.send("PATCH", `/api/users/${user.id}`, { role: "viewer" }, headers),
    ],
    [
      "when its person's password is taken back",
      (site, { headers }, { user }) =>
        site.send("POST", `/api/users/${user.id}/reset`, {}, headers),
    ],
    [
      "when its person is removed",
      (site, { headers }, { user }) =>
        site.send("DELETE", `/api/users/${user.id}`, undefined, headers),
    ],
  ];
  test.each(ENDS)("%s", async (_, end) => {
    const site = new Site();
    await site.signedIn("owner");
    const admin = await site.signedIn("admin");
    const editor = await site.signedIn("editor");
    expect(await statusOf(site, editor)).toBe(200);
    expect((await end(site, admin, editor)).status).toBe(200);
    expect(await statusOf(site, editor)).toBe(401);
    expect(await statusOf(site, admin)).toBe(200);
  });

  test("when its person sets a new password by a link that was mailed", async () => {
    const site = new Site();
    const { user, headers } = await site.signedIn("owner");
    expect((await site.send("POST", "/api/links/forgotten", { email: user.email })).status).toBe(
      202,
    );
    // The answer doesn't wait for the letter.
    await new Promise((done) => setImmediate(done));
    const [, token] = /\/reset#(\S+)/.exec(site.letters[0]?.text ?? "") ?? [];
    expect(await statusOf(site, { headers })).toBe(200);
    const used = await site.send("POST", "/api/links/reset/use", {
      token,
      password: "quite another one",
    });
    expect(used.status).toBe(200);
    expect(await statusOf(site, { headers })).toBe(401);
    expect(await statusOf(site, { headers: { cookie: cookieOf(used) } })).toBe(200);
    expect((await signIn(site, user.email)).status).toBe(401);
    expect((await signIn(site, user.email, "quite another one")).status).toBe(200);
  });

  test("when its person changes the password elsewhere; there one stays", async () => {
    const site = new Site();
    const here = await site.signedIn("owner");
    const there = cookieOf(await signIn(site, here.user.email));
    const change = { current: PASSWORD, password: "quite another one" };
    const done = await site.send("POST", "/api/account/password", change, here.headers);
    expect(done.status).toBe(200);
    expect(await statusOf(site, here)).toBe(200);
    expect(await statusOf(site, { headers: { cookie: there } })).toBe(401);
  });

  test("when it wasn't used for two weeks", async () => {
    const site = new Site();
    const owner = await site.signedIn("owner");
    site.now += 15 * 86_400_000;
    expect(await statusOf(site, owner)).toBe(401);
  });

  test("and so does a stream that it had opened", async () => {
    const site = new Site();
    const owner = await site.signedIn("owner");
    const told: string[] = [];
    const ended = new Promise<void>((done) => {
      const still = async () => (await statusOf(site, owner)) === 200;
      const c = { get: () => still } as never;
      const stop = heartbeat(
        c,
        { write: async (text) => told.push(String(text)) as never },
        () => {
          stop();
          done();
        },
        1,
      );
    });
    while (told.length === 0) await new Promise((done) => setTimeout(done, 1));
    await site.send("DELETE", "/api/session", undefined, owner.headers);
    await ended;
  });
});
