import { describe, expect, test } from "vitest";
import { MAIL, oneNode, Site } from "./site.ts";

const SCRIPT = "<script>alert(1)</script>";

/** A sent mail whose every part was written by somebody with bad intentions. */
async function attacked(): Promise<Site> {
  const site = new Site();
  await site.person({ email: "sara@example.com", first_name: SCRIPT });
  await site.publish({
    ...oneNode("html", "email", {
      subject: "Hello {{contact.first_name}}",
      body: `<p>Hi</p>${SCRIPT}<img src=x onerror=alert(1)>`,
      format: "html",
    }),
    name: SCRIPT,
  });
  await site.send("POST", "/api/flows/html/enrollments", { all: true });
  await site.work();
  return site;
}

describe("pages", () => {
  test("an empty workspace says what to do first", async () => {
    const site = new Site();
    expect(await (await site.request("/")).text()).toContain(
      "npx tawasul flow add flows/new-lead.json",
    );
    expect(await (await site.request("/messages")).text()).toContain("No messages yet.");
  });

  test("flows are listed by name with state and figures, in either language", async () => {
    const site = new Site();
    await site.publish(MAIL);
    const english = await (await site.request("/")).text();
    expect(english).toContain('<html lang="en" dir="ltr">');
    expect(english).toContain("Flow mail");
    expect(english).toContain("<dt>entered</dt><dd>0</dd>");
    const arabic = await (await site.request("/?lang=ar")).text();
    expect(arabic).toContain('<html lang="ar" dir="rtl">');
    expect(arabic).toContain("خطة mail");
    expect(arabic).toContain('href="/messages?lang=ar"');
  });

  test("nothing that people or authors wrote becomes markup of the page", async () => {
    const site = await attacked();
    for (const path of ["/", "/messages", "/messages/1"]) {
      const response = await site.request(path);
      const text = await response.text();
      expect(response.status).toBe(200);
      expect(text).not.toContain("<script");
      expect(text).not.toContain("onerror");
      expect(text).toContain("&lt;script&gt;");
    }
  });

  test("a page allows no script, no foreign frame and only its own style", async () => {
    const site = new Site();
    const response = await site.request("/");
    const policy = response.headers.get("content-security-policy") ?? "";
    const nonce = /style-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? "none";
    expect(policy).toBe(
      `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    const text = await response.text();
    expect(text).toContain(`<style nonce="${nonce}">`);
    expect(text).not.toMatch(/\sstyle=/);
    const other = (await site.request("/")).headers.get("content-security-policy");
    expect(other).not.toBe(policy);
  });

  test("a mail is shown in a frame that runs nothing and is of no origin", async () => {
    const site = await attacked();
    expect(await (await site.request("/messages/1")).text()).toContain(
      '<iframe sandbox src="/messages/1/body"',
    );
    const body = await site.request("/messages/1/body");
    const policy = body.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^sandbox; default-src 'none'; /);
    expect(policy).not.toContain("script-src");
    expect(policy).not.toContain("allow-");
    expect(await body.text()).toContain("<p>Hi</p>");
  });

  test("older messages are on the next page, newest first", async () => {
    const site = new Site();
    for (let i = 0; i < 35; i++)
      await site.person({ email: `p${i}@example.com`, first_name: `P${i}` });
    await site.publish(MAIL);
    await site.send("POST", "/api/flows/mail/enrollments", { all: true });
    await site.work();
    const first = await (await site.request("/messages")).text();
    const cursor = /href="(\/messages\?cursor=\d+)"/.exec(first)?.[1] ?? "";
    const second = await (await site.request(cursor)).text();
    const subjects = [
      ...`${first}${second}`.matchAll(/<strong dir="auto">Hello (P\d+)<\/strong>/g),
    ].map((m) => m[1]);
    expect(new Set(subjects).size).toBe(35);
    expect(subjects).toHaveLength(35);
    expect(subjects[0]).toBe("P34");
  });
});
