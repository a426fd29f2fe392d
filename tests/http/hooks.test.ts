import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { FlowDoc } from "../../engine/core/document.ts";
import { NOW, oneNode, Site } from "./site.ts";

const MAP = { email: "customer.email", first_name: "customer.name", timezone: "customer.zone" };
const hookFlow = (data: object, settings = {}): FlowDoc => {
  const doc = oneNode("shop", "score", { add: 1 });
  const nodes = doc.nodes.map((n) =>
    n.id === "start" ? { ...n, type: "trigger.webhook", data } : n,
  );
  return { ...doc, nodes, settings } as unknown as FlowDoc;
};

interface Hook {
  node: string;
  url: string;
  secret: string | null;
  live: boolean;
}
async function hookOf(site: Site): Promise<Hook> {
  const { items } = await site.json("/api/flows/shop/hooks");
  return items[0] as unknown as Hook;
}

async function world(data: object, settings = {}): Promise<{ site: Site; path: string }> {
  const site = new Site();
  await site.publish(hookFlow(data, settings));
  return { site, path: new URL((await hookOf(site)).url).pathname };
}

const SARA = { customer: { email: "Sara@Example.com", name: "Sara" } };
const call = (site: Site, path: string, body: unknown, headers: Record<string, string> = {}) =>
  site.request(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** What is left in the end of everything that came. */
async function state(site: Site) {
  await site.work();
  const { items } = await site.json("/api/contacts");
  const entered = (await site.json("/api/flows/shop/stats")).entered;
  const fields = items.map((c) => c.fields as Record<string, unknown>);
  return {
    entered,
    people: fields.map(({ email, first_name, score }) => ({ email, first_name, score })),
  };
}

/** The headers of a call as Standard Webhooks signs it. */
function signed(body: string, { id = "call-1", at = NOW, secret = "shop secret" } = {}) {
  const seconds = String(Math.floor(at / 1000));
  const mac = createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": `v1a,x v1,${mac}` };
}

describe("a call of a flow's address", () => {
  test("makes the contact with what the map finds, and starts the flow", async () => {
    const { site, path } = await world({ map: MAP, event: "order" });
    const answer = await call(site, path, {
      ...SARA,
      customer: { ...SARA.customer, zone: "Mars" },
    });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ accepted: true, known: false, created: true });
    expect(site.woken).toBe(1);
    expect(await state(site)).toEqual({
      entered: 1,
      people: [{ email: "sara@example.com", first_name: "Sara", score: 1 }],
    });
  });

  test("finds who is there, by the usual names where the map names no address, and takes a form", async () => {
    const { site, path } = await world({});
    const id = await site.person({ email: "sara@example.com", first_name: "Sara" });
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await call(site, path, "email=sara%40example.com&note=hello", form);
    expect(await answer.json()).toEqual({ accepted: true, known: false, created: false });
    await site.work();
    const known = await site.store.loadContact(id);
    expect(known?.events.map(({ name, data }) => [name, data])).toEqual([
      ["webhook", { email: "sara@example.com", note: "hello" }],
    ]);
  });

  test("each three times, at once and shuffled, gives one final state", async () => {
    const { site, path } = await world({ map: MAP }, { reentry: { mode: "always" } });
    const calls = ["o-1", "o-2", "o-3"].flatMap((id) => [id, id, id]);
    const order = (i: number): string => createHash("sha256").update(`shuffle ${i}`).digest("hex");
    const shuffled = calls
      .map((id, i) => ({ id, by: order(i) }))
      .sort((a, b) => (a.by < b.by ? -1 : 1));
    const tell = ({ id }: { id: string }) => call(site, path, SARA, { "webhook-id": id });
    const answers = await Promise.all(shuffled.map(tell));
    expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 202));
    const known = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { known: boolean }).known),
    );
    expect(known.filter((is) => !is)).toHaveLength(3);
    expect(await state(site)).toEqual({
      entered: 3,
      people: [{ email: "sara@example.com", first_name: "Sara", score: 3 }],
    });
    // And all of it once more, a day later.
    site.now += 86_400_000;
    for (const one of shuffled) await tell(one);
    expect((await state(site)).entered).toBe(3);
  });

  test("is told apart by the id that the caller gives it; without one every call counts", async () => {
    const { site, path } = await world({ map: MAP }, { reentry: { mode: "always" } });
    const ids: Record<string, string>[] = [
      { "idempotency-key": "k" },
      { "x-github-delivery": "k" },
      { "webhook-id": "x".repeat(300) },
      { "webhook-id": "x".repeat(300) },
      {},
      {},
    ];
    for (const headers of ids) await call(site, path, { id: 7, ...SARA }, headers);
    expect((await state(site)).entered).toBe(4);
  });

  test("without the right address finds nothing, and who guesses is slowed down", async () => {
    const { site, path } = await world({ map: MAP });
    const right = path.split("/");
    const guesses = [
      path.slice(0, -1),
      [...right.slice(0, -1), "x".repeat(43)].join("/"),
      path.replace("/start/", "/step/"),
      path.replace("/shop/", "/other/"),
    ];
    for (const guess of guesses) expect((await call(site, guess, SARA)).status).toBe(404);
    expect((await call(site, path, SARA)).status).toBe(202);
    for (let i = 0; i < 40; i++) await call(site, guesses[0] ?? "", SARA);
    const answer = await call(site, guesses[0] ?? "", SARA);
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await state(site)).entered).toBe(1);
  });

  test("by GET changes nothing", async () => {
    const { site, path } = await world({ map: MAP });
    const before = await site.store.revision();
    for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
      const answer = await site.request(path, { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe("POST");
    }
    expect(await site.store.revision()).toBe(before);
    expect(await state(site)).toEqual({ entered: 0, people: [] });
  });

  test.each([
    ["text/plain", "{}", 415],
    ["application/json", "{", 400],
    ["application/json", "[".repeat(70) + "]".repeat(70), 400],
    [
      "application/json",
      JSON.stringify({ email: "a@x.example", more: "x".repeat(256 * 1024) }),
      413,
    ],
    ["application/json", JSON.stringify({ customer: { name: "Nobody" } }), 422],
    ["application/json", JSON.stringify({ customer: { email: "no address" } }), 422],
    ["application/json", JSON.stringify([1, 2]), 422],
  ])("as %s %# that can't be taken is refused", async (type, body, status) => {
    const { site, path } = await world({ map: MAP });
    const answer = await call(site, path, body, { "content-type": type, "accept-language": "ar" });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(((await answer.json()) as { detail: string }).detail).toMatch(/\p{Script=Arabic}/u);
    expect(await state(site)).toEqual({ entered: 0, people: [] });
  });

  test("comes in bursts and no more", async () => {
    const { site, path } = await world({ map: MAP });
    const answers: number[] = [];
    for (let i = 0; i < 1_001; i++) answers.push((await call(site, path, "{")).status);
    expect(answers.filter((status) => status === 400)).toHaveLength(1_000);
    expect(answers.at(-1)).toBe(429);
  });

  test("of a flow that isn't published finds nothing", async () => {
    const site = new Site();
    await site.send("PUT", "/api/flows/shop", hookFlow({ map: MAP }));
    const { url, live } = await hookOf(site);
    expect(live).toBe(false);
    expect((await call(site, new URL(url).pathname, SARA)).status).toBe(404);
  });
});

describe("where the node names a secret", () => {
  const body = JSON.stringify(SARA);
  const data = { map: MAP, secret: "SHOP_HOOK" };

  test("signed calls count, each id once, whatever else is sent again", async () => {
    const { site, path } = await world(data, { reentry: { mode: "always" } });
    const hub = createHmac("sha256", "shop secret").update(body).digest("hex");
    const calls: Record<string, string>[] = [
      signed(body),
      signed(body),
      { ...signed(body), "idempotency-key": "another" },
      { "x-hub-signature-256": `sha256=${hub}` },
      { "x-hub-signature-256": `sha256=${hub}`, "x-github-delivery": "another" },
    ];
    for (const headers of calls) expect((await call(site, path, body, headers)).status).toBe(202);
    expect((await state(site)).entered).toBe(2);
  });

  test.each<[string, Record<string, string>, string]>([
    ["without a signature", {}, body],
    ["with another secret", signed(body, { secret: "guessed" }), body],
    ["of another body", signed("{}"), body],
    ["of another id", { ...signed(body), "webhook-id": "call-2" }, body],
    ["that is six minutes old", signed(body, { at: NOW - 360_000 }), body],
    ["from six minutes ahead", signed(body, { at: NOW + 360_000 }), body],
    ["with an empty signature", { ...signed(body), "webhook-signature": "v1," }, body],
    ["with a forged hub signature", { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }, body],
  ])("a call %s is refused", async (_, headers, sent) => {
    const { site, path } = await world(data);
    const answer = await call(site, path, sent, headers);
    expect(answer.status).toBe(401);
    expect(await state(site)).toEqual({ entered: 0, people: [] });
  });

  test("and it isn't set, nobody is let in and the operator is told", async () => {
    const { site, path } = await world({ ...data, secret: "UNKNOWN" });
    expect((await call(site, path, body, signed(body))).status).toBe(503);
    expect(site.warnings).toEqual([
      "flow shop, node start: calls are refused, as SECRET_UNKNOWN isn't set",
    ]);
  });
});

describe("the address", () => {
  test("is told to editors, is made anew, and the old one leads nowhere", async () => {
    const { site, path } = await world({ map: MAP, secret: "SHOP_HOOK" });
    const hook = await hookOf(site);
    expect(hook).toMatchObject({ node: "start", secret: "SHOP_HOOK", live: true });
    expect(hook.url).toMatch(/^http:\/\/localhost\/hooks\/shop\/start\/[A-Za-z0-9_-]{43}$/);
    const renewed = await site.send("POST", "/api/flows/shop/hooks/start/renew");
    const { url } = (await renewed.json()) as Hook;
    expect(url).not.toBe(hook.url);
    expect((await hookOf(site)).url).toBe(url);
    expect((await call(site, path, SARA)).status).toBe(404);
    expect((await call(site, new URL(url).pathname, SARA)).status).toBe(401);
    expect((await site.send("POST", "/api/flows/shop/hooks/step/renew")).status).toBe(404);
  });
});
