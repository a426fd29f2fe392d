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

  test("a message is written for a contact of ours as the engine would, in the contact's language", async () => {
    const site = new Site();
    await site.person({
      email: "noura@example.com",
      first_name: "نورة",
      locale: "ar-SA",
      city: "جدة",
    });
    const draft = {
      subject: { en: "For {{contact.first_name}}", ar: "إلى {{contact.first_name}}" },
      body: {
        en: "In {{contact.city}}: {{event.order}}",
        ar: "في {{contact.city}}: {{event.order}}",
      },
      format: "text",
      who: "noura@example.com",
    };
    const made = await (await site.send("POST", "/api/previews", draft)).json();
    expect(made).toMatchObject({
      subject: "إلى نورة",
      text: "في جدة: ",
      locale: "ar",
      own: "ar",
      missing: ["event.order"],
    });
    const tried = { ...draft, locale: "en", event: { order: 17 }, contact: { city: "Jeddah" } };
    const other = await (await site.send("POST", "/api/previews", tried)).json();
    expect(other).toMatchObject({
      subject: "For نورة",
      text: "In Jeddah: 17",
      locale: "en",
      own: "ar",
      missing: [],
    });
  });

  test("links of a preview are as long as real ones and are nobody's", async () => {
    const site = new Site();
    const asked = { body: "{{links.unsubscribe}}", format: "text", channel: "sms" };
    const made = (await (await site.send("POST", "/api/previews", asked)).json()) as {
      text: string;
    };
    expect(made.text).toMatch(/^http:\/\/localhost\/u\/\S{100,}$/);
    const token = new URL(made.text).pathname.split("/").at(-1) ?? "";
    expect(site.links.read(token)?.contact).toBe("00000000-0000-0000-0000-000000000000");
    const form = { "content-type": "application/x-www-form-urlencoded" };
    await site.request(`/u/${token}`, { method: "POST", headers: form, body: "" });
    await site.work();
    expect(site.warnings).toEqual([]);
  });

  test("a preview for somebody who isn't there is refused", async () => {
    const site = new Site();
    const answer = await site.send("POST", "/api/previews", { ...asked, who: "x@example.com" });
    expect(answer.status).toBe(404);
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
