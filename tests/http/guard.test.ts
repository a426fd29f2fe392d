import { describe, expect, test } from "vitest";
import { Site } from "./site.ts";

/** A proxy may tell a Host of its own; the browser still says where the request comes from. */
const OWN_PAGE = {
  host: "127.0.0.1:3000",
  origin: "https://other.example",
  "sec-fetch-site": "same-origin",
};
const FOREIGN = "urn:tawasul:problem:forbidden";

describe("who is answered while there is no owner", () => {
  test.each([
    ["the machine's own name", "http://localhost/api/flows", {}, 200],
    ["its address with the port", "http://127.0.0.1:3000/api/flows", {}, 200],
    ["a foreign name that leads here", "http://evil.example/api/flows", {}, 403],
    ["its own name with another port", "http://localhost:81/api/flows", {}, 403],
    ["a foreign Host header", "http://localhost/api/flows", { host: "evil.example" }, 403],
    [
      "what came through a proxy",
      "http://localhost/api/flows",
      { "x-forwarded-for": "1.2.3.4" },
      403,
    ],
    ["the pages under a foreign name", "http://evil.example/messages", {}, 403],
    ["health under any name", "http://evil.example/healthz", {}, 200],
  ])("%s", async (_, url, headers, status) => {
    expect(
      (await new Site().request(url, { headers: headers as Record<string, string> })).status,
    ).toBe(status);
  });

  test.each([
    ["its own origin", { origin: "http://localhost" }, 404],
    ["no origin, as from a script", {}, 404],
    ["a foreign origin", { origin: "http://evil.example" }, 403],
    ["a sandboxed page", { origin: "null" }, 403],
    ["another port of this machine", { origin: "http://localhost:8080" }, 403],
    ["an origin that is no address", { origin: "evil" }, 403],
    ["a cross-site request without an origin", { "sec-fetch-site": "cross-site" }, 403],
    ["a page of a neighbouring name", { "sec-fetch-site": "same-site" }, 403],
    ["its own page, as browsers say it", { "sec-fetch-site": "same-origin" }, 404],
  ])("a write with %s", async (_, headers, status) => {
    const response = await new Site().send(
      "POST",
      "/api/flows/none/pause",
      undefined,
      headers as Record<string, string>,
    );
    expect(response.status).toBe(status);
    if (status === 403) expect(await response.json()).toMatchObject({ type: FOREIGN });
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
    "a body said to be %s is refused: a foreign form could send it",
    async (type) => {
      const response = await new Site().request("/api/events", {
        method: "POST",
        headers: { "content-type": type },
        body: "{}",
      });
      expect(response.status).toBe(415);
    },
  );
});

describe("a write once there is an owner", () => {
  test.each([
    ["its own origin", { origin: "http://localhost" }, 404],
    ["the public address, through a proxy", { origin: "https://crm.example" }, 404],
    ["its own page, behind a proxy that tells another name", OWN_PAGE, 404],
    ["a foreign origin", { origin: "https://evil.example" }, 403],
    ["a name that ends like ours", { origin: "https://evil-crm.example" }, 403],
    ["a sandboxed page", { origin: "null" }, 403],
    ["a foreign page", { "sec-fetch-site": "cross-site", origin: "https://crm.example" }, 403],
  ])("with %s", async (_, headers, status) => {
    const site = new Site({ publicUrl: "https://crm.example" });
    const owner = await site.signedIn("owner");
    const sent = { ...owner.headers, ...headers } as Record<string, string>;
    expect((await site.send("POST", "/api/flows/none/pause", undefined, sent)).status).toBe(status);
  });
});

describe("what every answer says to browsers", () => {
  test.each(["/api/flows", "/healthz", "/api/nothing", "/u/guessed"])("%s", async (path) => {
    const { headers } = await new Site().request(path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });
});

describe("problems", () => {
  test("are problem documents with pointers, in the caller's language", async () => {
    const site = new Site();
    const body = { contact: 5, surprise: true };
    const english = await site.send("POST", "/api/events", body);
    expect(english.status).toBe(422);
    expect(english.headers.get("content-type")).toBe("application/problem+json");
    const problem = (await english.json()) as { type: string; problems: { pointer: string }[] };
    expect(problem.type).toBe("urn:tawasul:problem:invalid-input");
    expect(problem.problems.map((p) => p.pointer).sort()).toEqual([
      "/contact",
      "/event",
      "/surprise",
    ]);
    const arabic = await site.send("POST", "/api/events", body, {
      "accept-language": "fr, ar-SA;q=0.9, en;q=0.5",
    });
    expect(await arabic.json()).toMatchObject({ type: problem.type, title: "المدخلات غير صالحة" });
  });

  test.each([
    ["broken JSON", "{", 400],
    ["a key written twice", '{"contact": "a", "contact": "b"}', 400],
    ["JSON a thousand deep", "[".repeat(1000) + "]".repeat(1000), 400],
    ["a body over 6 MiB", `"${"x".repeat(6 * 1024 * 1024)}"`, 413],
  ])("%s is refused", async (_, body, status) => {
    const site = new Site();
    const response = await site.request("/api/events", {
      method: "POST",
      headers: { "content-type": "application/json", "content-length": String(body.length) },
      body,
    });
    expect(response.status).toBe(status);
    expect(site.warnings).toEqual([]);
  });

  test("an unknown address is a problem document too", async () => {
    const response = await new Site().request("/api/nothing");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      type: "urn:tawasul:problem:not-found",
      status: 404,
    });
  });
});

describe("health", () => {
  test("ready while the store answers and the engine ticks", async () => {
    const site = new Site();
    expect((await site.request("/readyz")).status).toBe(200);
    site.now += 61_000;
    const stale = await site.request("/readyz");
    expect(stale.status).toBe(503);
    expect(await stale.json()).toMatchObject({ type: "urn:tawasul:problem:unavailable" });
    expect((await site.request("/healthz")).status).toBe(200);
  });

  test("an engine that has not ticked yet is not ready", async () => {
    const site = new Site();
    site.lastTick = null;
    expect((await site.request("/readyz")).status).toBe(503);
  });
});
