import { describe, expect, test } from "vitest";
import { countedAs } from "../../engine/http/address.ts";
import { Limiter } from "../../engine/http/limits.ts";
import { NOW, PASSWORD, Site } from "./site.ts";

describe("a limiter", () => {
  test("gives the burst at once, then one at a time, and says how long to wait", () => {
    let now = NOW;
    const limiter = new Limiter({ burst: 3, perMinute: 6 }, () => now);
    expect([1, 2, 3, 4].map(() => limiter.take("a"))).toEqual([null, null, null, 10]);
    now += 9_999;
    expect(limiter.take("a")).toBe(1);
    now += 1;
    expect([limiter.take("a"), limiter.take("a")]).toEqual([null, 10]);
    now += 30_000;
    expect([1, 2, 3, 4].map(() => limiter.take("a"))).toEqual([null, null, null, 10]);
  });

  test("counts each name by itself", () => {
    const limiter = new Limiter({ burst: 1, perMinute: 1 }, () => NOW);
    expect([limiter.take("a"), limiter.take("b"), limiter.take("a")]).toEqual([null, null, 60]);
  });

  test("a clock that is set back doesn't give more, or lock out for long", () => {
    let now = NOW;
    const limiter = new Limiter({ burst: 1, perMinute: 6 }, () => now);
    limiter.take("a");
    now -= 5_000;
    expect(limiter.take("a")).toBe(15);
  });

  test("a flood of names takes no more memory, and forgets first who came first", () => {
    const limiter = new Limiter({ burst: 1, perMinute: 1 }, () => NOW);
    for (let i = 0; i < 150_000; i++) limiter.take(`address ${i}`);
    expect(limiter.names).toBe(100_000);
    expect(limiter.take("address 149999")).toBe(60);
    expect(limiter.take("address 0")).toBeNull();
  });

  test("names that have their whole burst again are forgotten", () => {
    let now = NOW;
    const limiter = new Limiter({ burst: 1, perMinute: 60 }, () => now);
    for (let i = 0; i < 12_000; i++) limiter.take(`address ${i}`);
    now += 1_000;
    for (let i = 0; i < 10; i++) limiter.take("one more");
    expect(limiter.names).toBeLessThanOrEqual(10_001);
  });

  test("an IPv6 address counts with its network, which one person has whole", () => {
    expect(countedAs("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
    expect(countedAs("192.0.2.7")).toBe("192.0.2.7");
    expect(countedAs("::ffff:192.0.2.7")).toBe("::ffff:192.0.2.7");
  });
});

/** A request from an address of the internet, through a proxy on this machine. */
const from = (site: Site, address: string, path: string, body?: object, headers = {}) =>
  site.app.request(
    `http://localhost${path}`,
    {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json", "x-forwarded-for": address, ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    },
    { address: "127.0.0.1" },
  );
const behindProxy = () => new Site({ publicUrl: "https://crm.example" });

describe("guessing", () => {
  const guess = async (site: Site, address: string, email = "owner@acme.example") =>
    (await from(site, address, "/api/session", { email, password: "a wrong password" })).status;

  test("a password: ten times from one address, then once a minute, and elsewhere one still signs in", async () => {
    const site = behindProxy();
    await site.signedIn("owner");
    const tried: number[] = [];
    for (let i = 0; i < 11; i++) tried.push(await guess(site, "192.0.2.7"));
    expect(tried).toEqual([...Array(10).fill(401), 429]);
    const refused = await from(site, "192.0.2.7", "/api/session", {
      email: "owner@acme.example",
      password: PASSWORD,
    });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(await refused.json()).toMatchObject({
      type: "urn:tawasul:problem:too-many",
      detail: "Too many attempts; try again in 1 minute.",
    });
    const right = { email: "owner@acme.example", password: PASSWORD };
    expect((await from(site, "192.0.2.8", "/api/session", right)).status).toBe(200);
    site.now += 60_000;
    expect((await from(site, "192.0.2.7", "/api/session", right)).status).toBe(200);
  });

  test("many people's passwords from one address: thirty times", async () => {
    const site = behindProxy();
    await site.signedIn("owner");
    const tried: number[] = [];
    for (let i = 0; i < 31; i++) tried.push(await guess(site, "192.0.2.7", `p${i}@acme.example`));
    expect(tried).toEqual([...Array(30).fill(401), 429]);
  });

  test("one person's password from many addresses: a hundred times", async () => {
    const site = behindProxy();
    await site.signedIn("owner");
    const tried: number[] = [];
    for (let i = 0; i < 101; i++) tried.push(await guess(site, `192.0.2.${i}`));
    expect(tried).toEqual([...Array(100).fill(401), 429]);
  });

  test("links and keys, by address", async () => {
    const site = behindProxy();
    await site.signedIn("owner");
    const tried = new Set<number>();
    for (let i = 0; i < 31; i++) {
      const link = { token: `guess ${i}` };
      tried.add((await from(site, "192.0.2.7", "/api/links/reset", link)).status);
    }
    expect([...tried]).toEqual([410, 429]);
    const keyed: number[] = [];
    const headers = { authorization: "Bearer twl_wrong" };
    for (let i = 0; i < 301; i++)
      keyed.push((await from(site, "192.0.2.9", "/api/flows", undefined, headers)).status);
    expect(keyed.at(-2)).toBe(401);
    expect(keyed.at(-1)).toBe(429);
  });

  test("letters to one address: three", async () => {
    const site = behindProxy();
    const { user } = await site.signedIn("owner");
    const asked: number[] = [];
    for (let i = 0; i < 4; i++) {
      const body = { email: user.email };
      asked.push((await from(site, `192.0.2.${i}`, "/api/links/forgotten", body)).status);
    }
    expect(asked).toEqual([202, 202, 202, 429]);
  });
});

describe("asking a great deal", () => {
  test("one key: ten thousand at once, and others aren't held up", async () => {
    const site = new Site();
    await site.signedIn("owner");
    const [one, other] = [await site.key("viewer"), await site.key("viewer")];
    const ask = (headers: Record<string, string>) =>
      site.app.request("http://localhost/api/session", { headers });
    for (let i = 0; i < 10_000; i++) await ask(one);
    const refused = await ask(one);
    expect(refused.status).toBe(429);
    expect((await ask(other)).status).toBe(200);
  });

  test("the address can't be chosen by whoever connects from elsewhere", async () => {
    const site = behindProxy();
    await site.signedIn("owner");
    let last = 0;
    for (let i = 0; i < 301; i++) {
      const headers = { "x-forwarded-for": `192.0.2.${i % 250}` };
      const answer = await site.app.request(
        "http://localhost/api/flows",
        { headers },
        { address: "203.0.113.5" },
      );
      last = answer.status;
    }
    expect(last).toBe(429);
  });
});
