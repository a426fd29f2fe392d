import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { join } from "./fill.ts";
import { type Opened, OWNER, openSite, type Site } from "./harness.ts";

const shut = ({ page }: Opened) => page.context().close();

async function signIn(page: Page, email: string, password = OWNER.password): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

describe("the first start", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.close());

  test("shows the running flow at once, offers the owner's account, and asks everybody else to sign in from then on", async () => {
    const opened = await site.open("/");
    const { page, faults } = opened;
    await page.getByRole("row", { name: /New lead/ }).waitFor();
    await page.getByRole("link", { name: "Make the owner’s account" }).click();
    await page.getByLabel("Name").fill(OWNER.name);
    await page.getByLabel("E-mail").fill(OWNER.email);
    await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
    await page.getByRole("button", { name: "Make the owner’s account" }).click();
    await page.getByRole("button", { name: "Sara Al-Amin Owner" }).waitFor();
    await page.getByRole("row", { name: /New lead/ }).waitFor();
    expect(await page.getByRole("link", { name: "Make the owner’s account" }).count()).toBe(0);
    expect(faults).toEqual([]);
    expect((await fetch(`${site.url}/api/flows`)).status).toBe(401);

    const other = await site.open("/contacts");
    await other.page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await other.page.getByRole("navigation").count()).toBe(0);
    await signIn(other.page, OWNER.email, "not the password");
    expect(await other.page.getByRole("alert").innerText()).toBe(
      "The e-mail address or the password is wrong.",
    );
    await signIn(other.page, OWNER.email);
    await other.page.getByRole("heading", { name: "Contacts" }).waitFor();
    expect(new URL(other.page.url()).pathname).toBe("/contacts");
    await Promise.all([shut(opened), shut(other)]);
  });
});

describe("people", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ owner: true });
  });
  afterAll(() => site?.close());

  test("one invites somebody, who joins by the link that is shown once, and may do what the role says", async () => {
    const opened = await site.open("/people");
    const { page } = opened;
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByLabel("E-mail").fill("omar@acme.example");
    await page.getByRole("button", { name: "Make invitation" }).click();
    const link = await page.getByLabel("Link").inputValue();
    expect(link).toContain("/join#");
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("row", { name: /omar@acme.example/ }).waitFor();

    const joining = await site.open(new URL(link).pathname + new URL(link).hash, {
      stranger: true,
    });
    await joining.page.getByText("Sara Al-Amin invites you. Your role is Agent").waitFor();
    await joining.page.getByLabel("Name").fill("Omar");
    await joining.page.getByLabel("Password", { exact: true }).fill("omar@acme.example");
    await joining.page.getByRole("button", { name: "Join" }).click();
    await joining.page.getByText("too easy to guess").waitFor();
    await joining.page.getByLabel("Password", { exact: true }).fill("quite another one");
    await joining.page.getByRole("button", { name: "Join" }).click();
    await joining.page.getByRole("button", { name: "Omar Agent" }).click();
    expect(await joining.page.getByRole("menuitem").allInnerTexts()).toEqual([
      "My account",
      "Sign out",
    ]);
    await joining.page.getByRole("menuitem", { name: "Sign out" }).click();
    await joining.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await Promise.all([shut(opened), shut(joining)]);
  });

  test("in Arabic, with the keyboard alone, one signs in", async () => {
    await join(site, "layla@acme.example", "agent", "ليلى", "ar");
    const opened = await site.open("/today", { locale: "ar", stranger: true });
    const { page } = opened;
    await page.getByRole("heading", { name: "تسجيل الدخول" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.type("layla@acme.example");
    await page.keyboard.press("Tab");
    await page.keyboard.type(OWNER.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "مهام اليوم" }).waitFor();
    expect(await page.evaluate("document.documentElement.dir")).toBe("rtl");
    await shut(opened);
  });

  test("another role ends the session: one signs in again over the page, and what wasn't saved is saved", async () => {
    await join(site, "noura@acme.example", "editor", "Noura");
    const opened = await site.open("/flows/new-lead", { stranger: true });
    const { page } = opened;
    await signIn(page, "noura@acme.example");
    await page.locator(".svelte-flow__node").first().waitFor();
    const { items } = await site.api<{ items: { id: string; email: string }[] }>("/users");
    const { id } = items.find((one) => one.email === "noura@acme.example") ?? { id: "" };
    await page.getByRole("button", { name: "Settings of the flow" }).click();
    const form = page.getByRole("complementary", { name: "Settings of the flow" });
    const name = form.getByRole("textbox").first();
    // What the form asks for as it opens is answered; the next thing to be refused is the saving.
    await name.waitFor();
    await site.api(`/users/${id}/reset`, {});
    await site.api(`/users/${id}`, { role: "admin" }, "PATCH");
    await name.fill("Renamed meanwhile");
    await page.getByRole("heading", { name: "Sign in again" }).waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe("noura@acme.example");
    // The password was taken back as well: the owner hands out a link, in another window.
    const { link } = await site.api<{ link: string }>(`/users/${id}/reset`, {});
    const other = await site.open(new URL(link).pathname + new URL(link).hash, { stranger: true });
    await other.page.getByLabel("New password").fill("quite another one");
    await other.page.getByRole("button", { name: "Set password" }).click();
    await other.page.getByRole("button", { name: "Noura Admin" }).waitFor();

    await page.getByLabel("Password", { exact: true }).fill("quite another one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Saved", { exact: true }).waitFor();
    const saved = () => site.api<{ draft: { name: unknown } }>("/flows/new-lead");
    const named = async () => JSON.stringify((await saved()).draft.name);
    await expect.poll(named, { timeout: 10_000 }).toContain("Renamed meanwhile");
    await Promise.all([shut(opened), shut(other)]);
  });

  test("a key is shown once, works, and ends", async () => {
    const opened = await site.open("/keys");
    const { page } = opened;
    await page.getByRole("button", { name: "New key" }).first().click();
    await page.getByLabel("Name").fill("Website form");
    await page.getByRole("switch", { name: "Only some parts" }).click();
    await page.getByLabel("Write").first().check();
    await page.getByRole("button", { name: "Make key" }).click();
    const key = await page.getByLabel("Key", { exact: true }).inputValue();
    await page.getByRole("button", { name: "I have copied it" }).click();
    const ask = async (path: string) =>
      (await fetch(`${site.url}/api${path}`, { headers: { authorization: `Bearer ${key}` } }))
        .status;
    expect(await ask("/contacts")).toBe(403);
    const row = page.getByRole("row", { name: /Website form/ });
    expect(await row.innerText()).toContain("contacts:write");
    await row.getByRole("button", { name: "End" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End" }).click();
    await page.getByText("No keys yet").waitFor();
    expect(await ask("/contacts")).toBe(401);
    await shut(opened);
  });

  test("the audit log tells what was done, and that nobody changed it", async () => {
    const opened = await site.open("/audit");
    const { page } = opened;
    await page.getByRole("row", { name: /Sara Al-Amin Made an API key Website form/ }).waitFor();
    await page.getByRole("button", { name: "Check the seals" }).click();
    await page.getByText(/All \d+ lines are as written\./).waitFor();
    await shut(opened);
  });

  test("other sessions are ended from one's account, and the name is changed", async () => {
    const opened = await site.open("/account");
    const { page } = opened;
    const elsewhere = await site.open("/flows", { stranger: true });
    await signIn(elsewhere.page, OWNER.email);
    await elsewhere.page.getByRole("heading", { name: "Flows" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "End", exact: true }).first().click();
    await page.getByText("This one").waitFor();
    await elsewhere.page.getByRole("link", { name: "Contacts" }).click();
    await elsewhere.page.getByRole("heading", { name: "Sign in again" }).waitFor();
    await page.getByLabel("Name").fill("Sara the Owner");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Sara the Owner Owner" }).waitFor();
    await Promise.all([shut(opened), shut(elsewhere)]);
  });
});
