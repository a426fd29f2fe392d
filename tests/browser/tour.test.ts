import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSite, type Site } from "./harness.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const heading = (page: Page, name: string) =>
  page.getByRole("dialog").getByRole("heading", { name, exact: true }).waitFor();

test("a newcomer is led past five stops by mouse, and is left where the tour began", async () => {
  const { page, faults } = await site.open("/", { newcomer: true });
  const card = page.getByRole("dialog");
  for (const stop of [
    "Flows follow up for you",
    "Draw what should happen",
    "Nothing runs before you publish",
    "Bring your people",
  ]) {
    await heading(page, stop);
    await card.getByRole("button", { name: "Next" }).click();
  }
  await heading(page, "What waits for you");
  await card.getByRole("button", { name: "Done" }).click();
  await card.waitFor({ state: "detached" });
  expect(new URL(page.url()).pathname).toBe("/flows");
  await page.reload();
  await page.getByRole("table").waitFor();
  expect(await card.count()).toBe(0);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("in Arabic the tour is taken, skipped and taken again by keyboard alone", async () => {
  const { page, faults } = await site.open("/flows", { newcomer: true, locale: "ar" });
  const card = page.getByRole("dialog");
  await heading(page, "خطط المتابعة تتابع نيابةً عنك");
  await page.keyboard.press("ArrowLeft");
  await heading(page, "ارسم ما ينبغي أن يحدث");
  await page.keyboard.press("ArrowRight");
  await heading(page, "خطط المتابعة تتابع نيابةً عنك");
  await page.keyboard.press("Escape");
  await card.waitFor({ state: "detached" });

  await page.reload();
  await page.getByRole("table").waitFor();
  expect(await card.count()).toBe(0);

  await page.keyboard.press("Control+K");
  await page.keyboard.type("الجولة");
  await page.keyboard.press("Enter");
  await heading(page, "خطط المتابعة تتابع نيابةً عنك");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("preferences show at once: Hijri beside Gregorian, Arabic digits, another zone", async () => {
  const { page, faults } = await site.open("/preferences", {
    locale: "ar",
    timezoneId: "Asia/Riyadh",
  });
  const now = page.locator("dd").first();
  await now.waitFor();
  expect(await now.innerText()).toMatch(/^\d+ \S+ \d{4}\D+\d\d:\d\d$/);
  await page.getByRole("radio", { name: "الهجري إلى جانب الميلادي" }).click();
  await expect.poll(() => now.innerText()).toMatch(/· \d+ .+ 14\d\d هـ$/);
  await page.getByRole("radio", { name: "١٢٣" }).click();
  await expect.poll(() => now.innerText()).toMatch(/[٠-٩]+ .+ ١٤[٠-٩]{2} هـ$/);
  const hour = (text: string) => /[٠-٩]{2}(?=:)/.exec(text)?.[0];
  const before = hour(await now.innerText());
  const zone = page.getByRole("combobox", { name: "المنطقة الزمنية" });
  await zone.fill("Mars/Base");
  await page.getByText("لا توجد منطقة زمنية «Mars/Base»").waitFor();
  await zone.fill("Asia/Tok");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(async () => hour(await now.innerText())).not.toBe(before);
  await page.goto(`${site.url}/contacts`);
  await page
    .getByText(/[٠-٩]+ .+ ١٤[٠-٩]{2} هـ/)
    .first()
    .waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});
