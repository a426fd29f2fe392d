import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { callWebhook } from "../../engine/channels/webhook.ts";
import type { Request } from "../../engine/core/state.ts";

let server: Server;
let base: string;
let last: { method: string; headers: IncomingMessage["headers"]; body: string } | undefined;
let respond: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    last = { method: request.method ?? "", headers: request.headers, body };
    respond(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  last = undefined;
  respond = (r) => r.end();
});

const request = (rest: Partial<Request> = {}): Request => ({
  key: "c1.check.1.hook.1",
  flow: "check",
  version: 1,
  n: 1,
  node: "hook",
  visit: 1,
  at: 0,
  url: `${base}/hook`,
  method: "POST",
  headers: {},
  body: '{"name":"سارة"}',
  timeout: 5000,
  ...rest,
});
const allowPrivate = true;
const answering = (status: number, body: string, headers: Record<string, string> = {}) => {
  respond = (r) => r.writeHead(status, headers).end(body);
};

describe("what is sent", () => {
  test("a JSON body is called JSON and carries the key of the call", async () => {
    await callWebhook(request(), { allowPrivate, providerKey: "inst.123" });
    expect(last).toMatchObject({ method: "POST", body: '{"name":"سارة"}' });
    expect(last?.headers["content-type"]).toBe("application/json");
    expect(last?.headers["idempotency-key"]).toBe("inst.123");
  });

  test("any other body is called text, unless the author says what it is", async () => {
    await callWebhook(request({ body: "name=Ann" }), { allowPrivate });
    expect(last?.headers["content-type"]).toBe("text/plain; charset=utf-8");
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    await callWebhook(request({ body: "name=Ann", headers }), { allowPrivate });
    expect(last?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  });

  test("a GET has no body", async () => {
    await callWebhook(request({ method: "get" }), { allowPrivate });
    expect(last).toMatchObject({ method: "GET", body: "" });
    expect(last?.headers["content-type"]).toBeUndefined();
  });

  test("a line break in a value begins no header, and the connection's own headers stay ours", async () => {
    const headers = { "X-Name": "Ann\r\nX-Evil: 1", Host: "evil.example", "Content-Length": "1" };
    await callWebhook(request({ headers }), { allowPrivate });
    expect(last?.headers["x-name"]).toBe("Ann X-Evil: 1");
    expect(last?.headers["x-evil"]).toBeUndefined();
    expect(last?.headers.host).toBe(new URL(base).host);
    expect(last?.body).toBe('{"name":"سارة"}');
  });

  test.each([
    [{ headers: { "X Name": "1" } }, '"X Name" is not the name of a header.'],
    [
      { headers: { "X-Name": "سارة" } },
      'The header "X-Name" holds characters that headers can\'t carry.',
    ],
    [{ method: "CONNECT" }, "CONNECT is not a method that can be called."],
  ])("%j is refused before anything is called", async (rest, refused) => {
    expect(await callWebhook(request(rest), { allowPrivate })).toEqual({ refused });
    expect(last).toBeUndefined();
  });
});

describe("what is answered", () => {
  test.each([
    ["application/json", '{"status":"graded","score":7}', { status: "graded", score: 7 }],
    ["application/problem+json; charset=utf-8", '{"a":1}', { a: 1 }],
    ["application/json", "broken {", "broken {"],
    ["application/json", "null", "null"],
    ["text/plain", '{"a":1}', { a: 1 }],
    ["text/plain", "12", "12"],
    ["text/html", "<p>hi</p>", "<p>hi</p>"],
    ["application/json", "", null],
    ["application/json", `${"[".repeat(500_000)}`, "[".repeat(500_000)],
  ])("%s %.30s is read as it is meant", async (type, text, body) => {
    answering(200, text, { "content-type": type });
    expect(await callWebhook(request(), { allowPrivate })).toEqual({ status: 200, body });
  });

  test.each([201, 204, 400, 401, 404, 410, 422])("status %i is an answer", async (status) => {
    answering(status, "");
    expect(await callWebhook(request(), { allowPrivate })).toEqual({ status, body: null });
  });

  test.each([408, 425, 429, 500, 502, 503, 504])("status %i is for later", async (status) => {
    answering(status, "busy");
    expect(await callWebhook(request(), { allowPrivate })).toEqual({
      later: `127.0.0.1 answered ${status}.`,
    });
  });

  test("says how long the receiver asked for, in seconds or by date", async () => {
    answering(429, "", { "retry-after": "120" });
    expect(await callWebhook(request(), { allowPrivate })).toMatchObject({ after: 120_000 });
    answering(503, "", {
      date: "Sun, 01 Mar 2026 09:00:00 GMT",
      "retry-after": "Sun, 01 Mar 2026 09:05:00 GMT",
    });
    expect(await callWebhook(request(), { allowPrivate })).toMatchObject({ after: 300_000 });
  });

  test("silence and a refused connection are for later", async () => {
    respond = () => undefined;
    expect(await callWebhook(request({ timeout: 50 }), { allowPrivate })).toEqual({
      later: "127.0.0.1 gave no answer (ETIMEDOUT).",
    });
    expect(await callWebhook(request({ url: "http://127.0.0.1:1/" }), { allowPrivate })).toEqual({
      later: "127.0.0.1 gave no answer (ECONNREFUSED).",
    });
  });

  test("being stopped is for later", async () => {
    respond = () => undefined;
    const signal = AbortSignal.abort(new Error("stopping"));
    expect(await callWebhook(request(), { allowPrivate, signal })).toEqual({
      later: "The call was given up because the engine stops.",
    });
  });

  test("the private network and an answer without end are refused", async () => {
    expect(await callWebhook(request())).toEqual({
      refused: "127.0.0.1 lies in a private or reserved network, so it isn't called.",
    });
    expect(last).toBeUndefined();
    answering(200, "x".repeat(1024 * 1024 + 1));
    expect(await callWebhook(request(), { allowPrivate })).toEqual({
      refused: "The answer of 127.0.0.1 is larger than 1 MB.",
    });
  });
});
