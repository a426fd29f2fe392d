import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

// The real table has no address that a test may connect to: here 127.0.0.1 stands for the public
// network and every other address for the private one.
vi.mock("../../engine/channels/addresses.ts", () => ({
  closed: (address: string) => (address === "127.0.0.1" ? null : "private"),
}));
const { guardedFetch } = await import("../../engine/channels/guard.ts");

let server: Server;
let port: number;
const seen: string[] = [];
let location = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.socket.localAddress?.replace("::ffff:", "")} ${request.url}`);
    response.writeHead(302, { location }).end();
  });
  await new Promise<void>((done) => server.listen(0, "::", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
});

test.each(["http://127.0.0.2", "http://2130706434", "http://[::1]", "http://localhost"])(
  "a redirect into the private network (%s) is not followed",
  async (host) => {
    seen.length = 0;
    location = `${host}:${port}/inner`;
    await expect(guardedFetch(`http://127.0.0.1:${port}/outer`)).rejects.toMatchObject({
      name: "AddressRefused",
    });
    expect(seen).toEqual(["127.0.0.1 /outer"]);
  },
);

test("a redirect to the same name is looked up and checked anew", async () => {
  seen.length = 0;
  location = "/inner";
  let asked = 0;
  const resolve = async () => {
    asked += 1;
    return [asked === 1 ? "127.0.0.1" : "127.0.0.2"];
  };
  const call = guardedFetch(`http://hook.example:${port}/outer`, {}, { resolve });
  await expect(call).rejects.toMatchObject({ because: "private", host: "hook.example" });
  expect(asked).toBe(2);
  expect(seen).toEqual(["127.0.0.1 /outer"]);
});
