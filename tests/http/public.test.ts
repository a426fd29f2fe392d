import { describe, expect, test } from "vitest";
import { MAIL, oneNode, Site } from "./site.ts";

const ONE_CLICK = "List-Unsubscribe=One-Click";
const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** Somebody who got a mail, and the address of its unsubscribe link. */
async function mailed() {
  const site = new Site();
  const id = await site.person({ email: "sara@example.com", first_name: "Sara" });
  await site.publish({ ...MAIL, settings: { reentry: { mode: "always" } } });
  const enroll = async () => {
    await site.send("POST", "/api/flows/mail/enrollments", { all: true });
    await site.work();
  };
  await enroll();
  const { items } = await site.json("/api/messages");
  const path = /http:\/\/localhost(\/u\/\S+)/.exec(String(items[0]?.text))?.[1] ?? "";
  const consents = async () =>
    ((await site.store.loadContact(id))?.contact.consents ?? []).filter(
      (c) => c.channel === "email",
    );
  return { site, id, path, enroll, consents };
}

describe("unsubscribing", () => {
  test("looking at the page changes nothing, whatever looks", async () => {
    const { site, path, consents } = await mailed();
    for (const method of ["GET", "HEAD"])
      expect((await site.request(path, { method })).status).toBe(200);
    const page = await (await site.request(path, { headers: { "accept-language": "ar" } })).text();
    expect(page).toContain('<html lang="ar" dir="rtl">');
    expect(page).toContain("إلغاء الاشتراك");
    await site.work();
    expect(await consents()).toMatchObject([{ granted: true }]);
  });

  test.each([
    ["urlencoded", { headers: FORM, body: ONE_CLICK }],
    ["with no body", {}],
    [
      "from a mailbox's own site",
      {
        headers: { ...FORM, origin: "https://mail.example", "sec-fetch-site": "cross-site" },
        body: ONE_CLICK,
      },
    ],
  ])("one click %s withdraws consent at once, with no cookie and no redirect", async (_, init) => {
    const { site, path, enroll, consents } = await mailed();
    const response = await site.request(path, { method: "POST", ...(init as RequestInit) });
    expect(response.status).toBe(200);
    expect(response.headers.get("set-cookie")).toBeNull();
    await site.work();
    expect((await consents()).at(-1)).toMatchObject({
      granted: false,
      source: "one-click",
      topic: "",
    });
    await enroll();
    const { items } = await site.json("/api/messages");
    expect(items[0]).toMatchObject({ state: "skipped", reason: "no-consent" });
  });

  test("multipart does too", async () => {
    const { site, path, consents } = await mailed();
    const body = new FormData();
    body.set("List-Unsubscribe", "One-Click");
    expect((await site.request(path, { method: "POST", body })).status).toBe(200);
    await site.work();
    expect((await consents()).at(-1)).toMatchObject({ granted: false });
  });

  test("pressing twice is kept once, and pressing again after a new yes counts again", async () => {
    const { site, path, consents } = await mailed();
    for (let i = 0; i < 3; i++) {
      await site.request(path, { method: "POST" });
      await site.work();
    }
    expect((await consents()).map((c) => c.granted)).toEqual([true, false]);
    site.now += 1000;
    await site.send("POST", "/api/contacts/sara@example.com/consent", {
      channel: "email",
      granted: true,
    });
    await site.work();
    site.now += 1000;
    await site.request(path, { method: "POST" });
    await site.work();
    expect((await consents()).map((c) => c.granted)).toEqual([true, false, true, false]);
  });

  test("it works under any name and through a proxy, as mailboxes come", async () => {
    const { site, path } = await mailed();
    const response = await site.request(`https://go.acme.example${path}`, {
      method: "POST",
      headers: { "x-forwarded-for": "1.2.3.4" },
    });
    expect(response.status).toBe(200);
  });

  test("a changed, cut or guessed link is no link", async () => {
    const { site, path, consents } = await mailed();
    const [payload = "", mac = ""] = path.replace("/u/", "").split(".");
    const other = Buffer.from(JSON.stringify(["u", "somebody", "mail.1.step.1", "email"])).toString(
      "base64url",
    );
    for (const token of [
      payload,
      `${payload}.`,
      `${other}.${mac}`,
      `${payload}.${"A".repeat(22)}`,
      "x",
      "a.b.c",
      "%00",
    ]) {
      for (const method of ["GET", "POST"]) {
        expect((await site.request(`/u/${token}`, { method })).status).toBe(404);
      }
    }
    expect((await site.request(path.replace("/u/", "/s/"))).status).toBe(404);
    await site.work();
    expect(await consents()).toHaveLength(1);
  });

  test("the link of somebody erased since changes nothing and says nothing", async () => {
    const { site, id, path } = await mailed();
    await site.send("DELETE", `/api/contacts/${id}`);
    await site.work();
    expect((await site.request(path, { method: "POST" })).status).toBe(200);
    await site.work();
    expect((await site.store.loadContact(id))?.contact.consents).toEqual([]);
  });
});

describe("surveys", () => {
  async function asked(kind: "nps" | "csat") {
    const site = new Site();
    const id = await site.person({ email: "sara@example.com" });
    const question = "How was <it>?";
    await site.publish(
      oneNode("ask", "survey", { kind, channel: "email", question, timeout: "P7D" }),
    );
    await site.send("POST", "/api/flows/ask/enrollments", { all: true });
    await site.work();
    const path = `/s/${site.links.token({ kind: "survey", contact: id, message: "ask.1.step.1", channel: "email" })}`;
    const answer = (body: string) => site.request(path, { method: "POST", headers: FORM, body });
    return { site, path, answer };
  }

  test.each([
    ["nps", 11, "0"],
    ["csat", 5, "1"],
  ] as const)(
    "the page of a %s survey shows its %i answers and the question, made safe",
    async (kind, count, first) => {
      const { site, path } = await asked(kind);
      const html = await (await site.request(path)).text();
      expect([...html.matchAll(/type="radio"/g)]).toHaveLength(count);
      expect(html).toContain(`value="${first}"`);
      expect(html).toContain("How was &lt;it&gt;?");
    },
  );

  test("the first answer counts and moves the contact on", async () => {
    const { site, answer } = await asked("nps");
    expect((await answer("score=10&comment=Great")).status).toBe(200);
    await site.work();
    await answer("score=0");
    await site.work();
    const steps = (await site.json("/api/journal?flow=ask")).items.filter(
      (line) => line.kind === "step" && line.node === "step",
    );
    expect(steps).toMatchObject([{ output: "promoter" }]);
  });

  test.each(["", "score=11", "score=-1", "score=ten", "score=1e1"])(
    "an answer of “%s” asks again",
    async (body) => {
      const { site, answer } = await asked("nps");
      expect((await answer(body)).status).toBe(422);
      await site.work();
      expect(
        (await site.json("/api/journal?flow=ask")).items.some(
          (line) => line.output !== undefined && line.node === "step",
        ),
      ).toBe(false);
    },
  );
});
