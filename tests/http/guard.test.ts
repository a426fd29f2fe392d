import { describe, expect, test } from "vitest";
import { Site } from "./site.ts";

const FOREIGN = "urn:tawasul:problem:forbidden";

describe("who is answered while there are no accounts", () => {
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
    ["a cross-site request without an origin", { "sec-fetch-site": "cross-site" }, 403],
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
