import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Opened, openSite, type Site } from "./harness.ts";

let site: Site;

/** A call at once for whoever is put in by hand. */
const CALLS = {
  format: 1,
  id: "say-hello",
  name: { en: "Say hello", ar: "الترحيب" },
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    {
      id: "call",
      type: "call",
      position: { x: 0, y: 120 },
      data: { script: "Ask {{contact.first_name}} how it goes.", due: "PT1H" },
    },
  ],
  edges: [{ id: "e1", source: "start", sourceHandle: "next", target: "call" }],
};

beforeAll(async () => {
  site = await openSite();
  await site.api("/flows/say-hello", CALLS, "PUT");
  await site.api("/flows/say-hello/publish", {});
  await site.api("/flows/say-hello/enrollments", { contacts: ["person25@example.com"] });
});
afterAll(() => site?.close());

const shut = ({ page }: Opened) => page.context().close();

describe("first start", () => {
  test("shows a running flow with people inside, and nothing goes wrong", async () => {
    const opened = await site.open("/");
    const { page, faults } = opened;
    const row = page.getByRole("row", { name: /New lead/ });
    await row.waitFor();
    expect(await row.innerText()).toContain("Running");
    expect(await row.innerText()).toContain("29");
    expect(new URL(page.url()).pathname).toBe("/flows");
    expect(faults).toEqual([]);
    await shut(opened);
  });

  test("the page's policy allows nothing inline and nothing of another origin", async () => {
    const answer = await fetch(site.url);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("unsafe");
    expect(await answer.text()).not.toMatch(/<script(?![^>]* src=)|<style|style="/);
  });

  test("files named by their content are kept for a year, the page itself is asked for again", async () => {
    const page = await fetch(site.url);
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const script = /src="(\/assets\/[^"]+)"/.exec(await page.text())?.[1] ?? "";
    const asset = await fetch(`${site.url}${script}`);
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(asset.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect((await fetch(`${site.url}/assets/..%2Findex.html`)).status).toBe(404);
  });
});

describe("every page", () => {
  test.each([
    ["/today", "en", "light", 1280],
    ["/flows", "ar", "dark", 390],
    ["/contacts", "en", "dark", 390],
    ["/messages", "ar", "light", 1280],
  ] as const)(
    "%s in %s, %s, %i px: no error, nothing wider than the window",
    async (path, language, colorScheme, width) => {
      const opened = await site.open(path, {
        locale: language,
        colorScheme,
        viewport: { width, height: 800 },
      });
      const { page, faults } = opened;
      await page.locator("h1, h2").first().waitFor();
      await page.waitForLoadState("networkidle");
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(wide).toBe(0);
      expect(faults).toEqual([]);
      await shut(opened);
    },
  );

  test("an address that leads nowhere is told by a page, and to a program as a problem", async () => {
    const opened = await site.open("/no-such-page");
    await opened.page.getByRole("heading", { name: "There is no such page" }).waitFor();
    const answer = await fetch(`${site.url}/no-such-page`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      404,
      "application/problem+json",
    ]);
    await shut(opened);
  });

  test("the language switch mirrors the whole page, and the choice is kept", async () => {
    const opened = await site.open("/flows");
    const { page, faults } = opened;
    const nav = page.getByRole("navigation");
    expect((await nav.boundingBox())?.x).toBe(0);
    await page.getByRole("button", { name: "العربية" }).click();
    await page.getByRole("heading", { name: "خطط المتابعة" }).waitFor();
    expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
    expect(await page.locator("html").getAttribute("lang")).toBe("ar");
    const box = await nav.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBe(1280);
    await page.reload();
    await page.getByRole("heading", { name: "خطط المتابعة" }).waitFor();
    expect(faults).toEqual([]);
    await shut(opened);
  });
});

describe("messages", () => {
  test("a message is shown as sent, in a frame that can run nothing", async () => {
    const opened = await site.open("/messages?flow=after-purchase");
    const { page, faults } = opened;
    await page
      .getByRole("list", { name: "List of messages" })
      .getByRole("link", { name: /order S-1008/ })
      .click();
    const frame = page.locator("iframe");
    expect(await frame.getAttribute("sandbox")).toBe("");
    const mail = page.frameLocator("iframe").locator("body");
    await mail.waitFor();
    expect(await mail.innerText()).toContain("S-1008");
    await page.getByRole("radio", { name: "As text" }).click();
    expect(await page.locator("pre").innerText()).toContain("S-1008");
    expect(faults).toEqual([]);
    await shut(opened);
  });

  test("filters narrow the list and stay in the address", async () => {
    const opened = await site.open("/messages?state=skipped");
    const { page } = opened;
    const list = page.getByRole("list", { name: "List of messages" });
    await list.getByRole("link").first().waitFor();
    const states = await list.getByRole("link").allInnerTexts();
    expect(states.every((text) => text.includes("Skipped"))).toBe(true);
    await page.getByRole("button", { name: "Clear" }).click();
    await list.getByRole("link", { name: /Sent/ }).first().waitFor();
    expect(new URL(page.url()).searchParams.has("state")).toBe(false);
    await shut(opened);
  });
});

describe("contacts", () => {
  test("a contact is found by a part of the name, and the profile tells what happened", async () => {
    const opened = await site.open("/contacts");
    const { page, faults } = opened;
    await page.getByRole("searchbox", { name: "Name, email or phone" }).fill("emily cart");
    await page.getByText("1 contact", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Emily Carter" }).click();
    await page.getByRole("heading", { name: "Emily Carter" }).waitFor();
    await page.getByText("Entered Say hello").waitFor();
    await page.getByRole("button", { name: "Why? Say hello" }).click();
    const why = page.getByRole("dialog");
    await why.getByText("Times are those of Europe/London.").waitFor();
    expect(await why.getByRole("listitem").count()).toBeGreaterThan(2);
    await page.keyboard.press("Escape");
    await page.getByRole("textbox", { name: "Add a tag" }).fill("met-in-person");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove the tag “met-in-person”" }).waitFor();
    expect(faults).toEqual([]);
    await shut(opened);
  });
});

describe("today", () => {
  test("a call is closed by keyboard alone, and the contact goes on", async () => {
    const opened = await site.open("/today");
    const { page, faults } = opened;
    await page.getByRole("heading", { name: "Emily Carter" }).waitFor();
    await page.keyboard.press("n");
    await page.keyboard.type("Likes the offer");
    await page.keyboard.press("Escape");
    await page.getByRole("textbox", { name: /Note/ }).blur();
    await page.keyboard.press("1");
    await page.getByText("Nothing waits for you").waitFor();
    const { items } = await site.api<{ items: { outcome: string }[] }>("/tasks?open=false");
    expect(items.map((task) => task.outcome)).toEqual(["answered"]);
    expect(faults).toEqual([]);
    await shut(opened);
  });
});

describe("new flows", () => {
  test("a template becomes a draft with what it asked for", async () => {
    const opened = await site.open("/flows");
    const { page, faults } = opened;
    await page.getByRole("button", { name: "New flow" }).click();
    await page.getByRole("button", { name: /Win-back|Win back/ }).click();
    await page.getByRole("textbox", { name: "Brand name" }).fill("Najd Coffee");
    await page.getByRole("button", { name: "Create draft" }).click();
    await page.waitForURL(/\/flows\/win-back$/);
    const { state, draft } = await site.api<{
      state: string;
      draft: { parameters: { brand: { default: string } } };
    }>("/flows/win-back");
    expect([state, draft.parameters.brand.default]).toEqual(["draft", "Najd Coffee"]);
    expect(faults).toEqual([]);
    await shut(opened);
  });

  test("pasted text that is no flow is refused in words; a flow becomes a draft under a free id", async () => {
    const opened = await site.open("/flows");
    const { page } = opened;
    await page.getByRole("button", { name: "Import" }).click();
    const paste = page.getByRole("textbox", { name: "Or paste its text" });
    const add = page.getByRole("dialog").getByRole("button", { name: "Import" });
    await paste.fill('{"hello": 1}');
    await add.click();
    await page.getByText("This JSON is not a flow").waitFor();
    await paste.fill(JSON.stringify(CALLS));
    await add.click();
    await page.waitForURL(/\/flows\/say-hello-2$/);
    await shut(opened);
  });
});
