import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closed } from "../../engine/channels/addresses.ts";
import {
  AddressRefused,
  AnswerTooLarge,
  guardedFetch,
  NoAnswer,
} from "../../engine/channels/guard.ts";

let server: Server;
let port: number;
let connections = 0;
let requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] =
  [];
let respond: (request: IncomingMessage, response: ServerResponse) => void = (_q, r) => r.end("ok");

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    requests.push({
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers,
      body,
    });
    respond(request, response);
  });
  server.on("connection", () => {
    connections += 1;
  });
  // Every address of the machine, so that whatever slips through is counted.
  await new Promise<void>((done) => server.listen(0, "::", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  connections = 0;
  requests = [];
  respond = (_q, r) => r.end("ok");
});

/** Hosts as they may be written in a URL. */
const HOSTS = [
  ...["127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "0.0.0.0", "0", "0.1.2.3"],
  ...[
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "0177.0x0.1",
    "3232235521",
  ],
  ...["127.0.0.1.", "127。0。0。1", "①②⑦.⓪.⓪.①", "１２７.0.0.1"],
  ...[
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
  ],
  ...[
    "100.64.0.1",
    "100.127.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "2852039166",
    "0xA9FEA9FE",
  ],
  ...["169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.0.1", "192.0.2.1"],
  ...["192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1"],
  ...["239.255.255.255", "240.0.0.1", "255.255.255.255"],
  ...[
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:a9fe:a9fe]",
  ],
  ...[
    "[::ffff:8.8.8.8]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
  ],
  ...["[64:ff9b:1::a00:1]", "[fe80::1]", "[febf::1]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]"],
  ...["[fd12:3456::1]", "[ff02::1]", "[ff0e::1]", "[2001::1]", "[2001:db8::1]", "[2002:7f00:1::]"],
  ...[
    "[2002:a00:1::1]",
    "[2001:0:4136:e378::1]",
    "[100::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[4000::1]",
  ],
  ...[
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "printer.local",
    "db.internal",
    "nas.lan",
  ],
];

describe("guardedFetch refuses", () => {
  test("the table is at least as long as promised", () => {
    expect(new Set(HOSTS).size).toBe(HOSTS.length);
    expect(HOSTS.length).toBeGreaterThanOrEqual(60);
  });

  test.each(HOSTS)("%s, without a connection or a look-up", async (host) => {
    const resolve = async () => {
      throw new Error("looked up");
    };
    await expect(guardedFetch(`http://${host}:${port}/`, {}, { resolve })).rejects.toBeInstanceOf(
      AddressRefused,
    );
    expect(connections).toBe(0);
  });

  test.each([
    [["127.0.0.1"]],
    [["::1"]],
    [["::ffff:127.0.0.1"]],
    [["93.184.215.14", "10.0.0.1"]],
    [["10.0.0.1", "93.184.215.14"]],
    [["fe80::1%eth0"]],
    [["not an address"]],
  ])("a name that resolves to %j", async (addresses) => {
    const call = guardedFetch(
      `http://hook.example:${port}/`,
      {},
      { resolve: async () => addresses },
    );
    await expect(call).rejects.toMatchObject({
      name: "AddressRefused",
      because: "private",
      host: "hook.example",
    });
    expect(connections).toBe(0);
  });

  test.each([
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "data:text/plain,x",
    "nonsense",
  ])("%s, which is not http", async (url) => {
    await expect(guardedFetch(url)).rejects.toMatchObject({
      name: "AddressRefused",
      because: "scheme",
    });
  });

  test("an address with a password, naming only the host", async () => {
    const error = await guardedFetch("https://ann:secret@hook.example/x?y=z").catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(AddressRefused);
    const { sentence } = error as AddressRefused;
    expect(sentence.en).toBe(
      "The address at hook.example holds a user name or password; put it in a header instead.",
    );
    expect(sentence.ar).toContain("hook.example");
    expect(`${sentence.en}${sentence.ar}`).not.toContain("secret");
  });
});

test.each([
  "8.8.8.8",
  "1.1.1.1",
  "93.184.215.14",
  "172.15.255.255",
  "172.32.0.0",
  "100.63.255.255",
  "11.0.0.0",
])("%s is public", (address) => expect(closed(address)).toBeNull());
test.each(["2606:4700:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888"])(
  "%s is public",
  (address) => expect(closed(address)).toBeNull(),
);
test.each([
  ["169.254.169.254", "metadata"],
  ["fd00:ec2::254", "metadata"],
  ["10.1.2.3", "private"],
  ["::1", "private"],
  ["203.0.113.9", "reserved"],
  ["2001:db8::1", "reserved"],
])("%s is closed as %s", (address, why) => expect(closed(address)).toBe(why));

describe("guardedFetch, let into the private network,", () => {
  const local = { allowPrivate: true, resolve: async () => ["127.0.0.1"] };
  const url = (path: string, host = "hook.example") => `http://${host}:${port}${path}`;

  test("connects to the checked address under the host's own name and asks DNS once", async () => {
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      // What a rebinding name would answer the second time.
      return asked === 1 ? ["127.0.0.1"] : ["192.0.2.1"];
    };
    const answer = await guardedFetch(
      url("/a?b=1"),
      { method: "POST", body: "héllo", headers: { "X-A": "1" } },
      { allowPrivate: true, resolve },
    );
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("ok");
    expect(asked).toBe(1);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: "POST", url: "/a?b=1", body: "héllo" });
    expect(requests[0]?.headers.host).toBe(`hook.example:${port}`);
    expect(requests[0]?.headers["x-a"]).toBe("1");
  });

  test("reaches an IPv6 address", async () => {
    const answer = await guardedFetch(`http://[::1]:${port}/`, {}, { allowPrivate: true });
    expect(await answer.text()).toBe("ok");
    expect(requests[0]?.headers.host).toBe(`[::1]:${port}`);
  });

  test("follows five redirects and not six", async () => {
    respond = (q, r) => {
      const n = Number(q.url?.slice(1));
      if (n === 0) r.end("there");
      else r.writeHead(302, { location: `/${n - 1}` }).end();
    };
    expect(await (await guardedFetch(url("/5"), {}, local)).text()).toBe("there");
    await expect(guardedFetch(url("/6"), {}, local)).rejects.toMatchObject({
      because: "redirects",
    });
  });

  test("refuses a redirect to another scheme", async () => {
    respond = (_q, r) => r.writeHead(302, { location: "file:///etc/passwd" }).end();
    await expect(guardedFetch(url("/"), {}, local)).rejects.toMatchObject({ because: "scheme" });
  });

  test.each([
    [303, "GET", ""],
    [302, "GET", ""],
    [307, "POST", "x"],
    [308, "POST", "x"],
  ])("keeps or drops method and body as status %i asks", async (status, method, body) => {
    respond = (q, r) => (q.url === "/a" ? r.writeHead(status, { location: "/b" }).end() : r.end());
    await guardedFetch(url("/a"), { method: "POST", body: "x" }, local);
    expect(requests[1]).toMatchObject({ method, body, url: "/b" });
  });

  test("gives no secret header to another host", async () => {
    respond = (q, r) =>
      q.url === "/a" ? r.writeHead(307, { location: url("/b", "other.example") }).end() : r.end();
    const headers = {
      authorization: "Bearer s",
      cookie: "c=1",
      "x-api-key": "s",
      accept: "text/plain",
    };
    await guardedFetch(url("/a"), { headers }, local);
    expect(requests[0]?.headers).toMatchObject(headers);
    expect(requests[1]?.headers.accept).toBe("text/plain");
    for (const name of ["authorization", "cookie", "x-api-key"])
      expect(requests[1]?.headers[name]).toBeUndefined();
  });

  test("reads a body of exactly 1 MiB and refuses a byte more", async () => {
    const size = 1024 * 1024;
    respond = (q, r) => r.end(Buffer.alloc(q.url === "/more" ? size + 1 : size, "x"));
    expect(await (await guardedFetch(url("/"), {}, local)).text()).toHaveLength(size);
    await expect(guardedFetch(url("/more"), {}, local)).rejects.toBeInstanceOf(AnswerTooLarge);
  });

  test("unpacks a compressed answer, but no bomb", async () => {
    respond = (q, r) => {
      r.setHeader("content-encoding", "gzip");
      r.end(gzipSync(q.url === "/bomb" ? Buffer.alloc(50 * 1024 * 1024) : "small"));
    };
    const answer = await guardedFetch(url("/"), {}, local);
    expect(await answer.text()).toBe("small");
    expect(answer.headers.get("content-encoding")).toBeNull();
    await expect(guardedFetch(url("/bomb"), {}, local)).rejects.toBeInstanceOf(AnswerTooLarge);
  });

  test("gives up after its time on a server that stays silent", async () => {
    respond = () => undefined;
    const call = guardedFetch(url("/"), {}, { ...local, timeout: 50 });
    await expect(call).rejects.toMatchObject({ name: "NoAnswer", code: "ETIMEDOUT" });
  });

  test("gives up after its time on a body that never ends", async () => {
    respond = (_q, r) => void r.write("x");
    const call = guardedFetch(url("/"), {}, { ...local, timeout: 50 });
    await expect(call).rejects.toMatchObject({ name: "NoAnswer", code: "ETIMEDOUT" });
  });

  test("gives up after its time on a look-up that hangs", async () => {
    const hanging = {
      allowPrivate: true,
      timeout: 50,
      resolve: () => new Promise<string[]>(() => undefined),
    };
    await expect(guardedFetch(url("/"), {}, hanging)).rejects.toMatchObject({ code: "ETIMEDOUT" });
  });

  test("ends with the caller's reason when the caller gives up", async () => {
    respond = () => undefined;
    const reason = new Error("stopping");
    const call = guardedFetch(url("/"), { signal: AbortSignal.abort(reason) }, local);
    await expect(call).rejects.toBe(reason);
  });

  test("names a refused connection", async () => {
    const call = guardedFetch("http://127.0.0.1:1/", {}, local);
    await expect(call).rejects.toMatchObject({ name: "NoAnswer", code: "ECONNREFUSED" });
    await expect(call).rejects.toBeInstanceOf(NoAnswer);
  });
});
