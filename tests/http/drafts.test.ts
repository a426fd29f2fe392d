import { describe, expect, test } from "vitest";
import { MAIL, Site } from "./site.ts";

describe("two people at one draft", () => {
  test("a save that began from an older draft is refused and changes nothing", async () => {
    const site = new Site();
    await site.send("PUT", "/api/flows/mail", MAIL);
    const began = String((await site.json("/api/flows/mail")).updated);
    site.now += 1000;
    const first = await site.send(
      "PUT",
      "/api/flows/mail",
      { ...MAIL, name: "One" },
      { "if-match": `"${began}"` },
    );
    expect(first.status).toBe(200);
    const second = await site.send(
      "PUT",
      "/api/flows/mail",
      { ...MAIL, name: "Two" },
      { "if-match": `"${began}"` },
    );
    expect(second.status).toBe(409);
    expect((await site.json("/api/flows/mail")).name).toBe("One");
    const { updated } = (await first.json()) as { updated: string };
    const third = await site.send(
      "PUT",
      "/api/flows/mail",
      { ...MAIL, name: "Two" },
      { "if-match": `"${updated}"` },
    );
    expect(third.status).toBe(200);
    expect((await site.json("/api/flows/mail")).name).toBe("Two");
  });

  test("a flow that is not there yet has no draft to begin from", async () => {
    const site = new Site();
    const answer = await site.send("PUT", "/api/flows/mail", MAIL, {
      "if-match": '"2026-03-02T09:00:00.000Z"',
    });
    expect(answer.status).toBe(409);
  });
});

describe("previews", () => {
  const asked = {
    body: "# Hello {{contact.first_name}}\n\n{{contact.size}} <script>alert(1)</script>",
    format: "markdown",
    locale: "en",
    contact: { first_name: "<b>Sara</b>" },
  };

  test("a mail is shown as it will look, filled in, under a policy that lets nothing run", async () => {
    const site = new Site();
    const made = await site.send("POST", "/api/previews", asked);
    expect(made.status).toBe(201);
    const { id, missing } = (await made.json()) as { id: string; missing: string[] };
    expect(missing).toEqual(["contact.size"]);
    const shown = await site.request(`/api/previews/${id}`);
    expect(shown.headers.get("content-type")).toContain("text/html");
    expect(shown.headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/);
    const html = await shown.text();
    expect(html).toMatch(/<h1[^>]*>Hello &lt;b&gt;Sara&lt;\/b&gt;<\/h1>/);
  });

  test("a template that can't be read is refused with its sentence", async () => {
    const site = new Site();
    const answer = await site.send(
      "POST",
      "/api/previews",
      { ...asked, body: "{{#if}" },
      { "accept-language": "ar" },
    );
    expect(answer.status).toBe(422);
    expect(await answer.text()).toMatch(/[\u0600-\u06ff]/);
  });

  test("only the latest are kept", async () => {
    const site = new Site();
    const made: string[] = [];
    for (let n = 0; n < 51; n += 1) {
      const { id } = (await (await site.send("POST", "/api/previews", asked)).json()) as {
        id: string;
      };
      made.push(id);
    }
    expect((await site.request(`/api/previews/${made[0]}`)).status).toBe(404);
    expect((await site.request(`/api/previews/${made[50]}`)).status).toBe(200);
  });
});
