import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fill } from "./fill.ts";
import { openSite, type Site } from "./harness.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite({ owner: true });
  await fill(site);
});
afterAll(() => site?.close());

interface Enrolled {
  items: { state: string; node: string | null; version: number }[];
}
const inside = (id: string) => site.api<Enrolled>(`/flows/${id}/enrollments?limit=100`);
const dialog = (page: Page) => page.getByRole("dialog");

test("publishing tells what changes and what it does to the people inside, and asks where those on removed steps go", async () => {
  const { page, faults } = await site.open("/flows/offer");
  await page.getByRole("button", { name: "Publish" }).click();
  const asked = dialog(page);
  const offer = asked.getByRole("listitem").filter({ hasText: /Offer\s*changed/ });
  await offer.locator("ins", { hasText: "best" }).waitFor();
  expect(await offer.locator("del").allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringContaining("Thursday")]),
  );
  await asked.getByText("Send window: 09:00–20:00, Sun–Thu").waitFor();
  await asked.getByText("8 people are inside now").waitFor();

  await asked.getByText("They move to the new version").click();
  await asked.getByText("Say where the people on removed steps go.").waitFor();
  const publish = asked.getByRole("button", { name: "Publish" });
  expect(await publish.isDisabled()).toBe(true);
  await asked.getByRole("combobox", { name: /Where people on “VIPs first” go/ }).click();
  await page.getByRole("option", { name: /^Offer/ }).click();
  await publish.click();
  await page.getByText("Version 2 is running.").waitFor();

  await expect
    .poll(async () => (await inside("offer")).items.map((run) => run.version))
    .toEqual(Array(8).fill(2));
  const places = (await inside("offer")).items.map((run) => run.node);
  expect(places).not.toContain("short");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("an older version becomes the draft again, and undo brings the other back", async () => {
  const { page, faults } = await site.open("/flows/offer/versions?from=1&to=draft");
  await page.getByText("VIPs first", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Restore as draft: Version 1" }).click();
  const vips = page.locator('.svelte-flow__node[data-id="short"]');
  await vips.waitFor();
  await page.waitForSelector(".saving.saved");
  await page.keyboard.press("Control+Z");
  await vips.waitFor({ state: "detached" });
  expect(faults).toEqual([]);
  await page.context().close();
});

test("problems stand in the way of publishing, and each leads to its place", async () => {
  const broken = {
    format: 1,
    id: "broken",
    name: "Broken",
    nodes: [
      { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
      { id: "wait", type: "wait", position: { x: 0, y: 120 }, data: { for: "soon" } },
    ],
    edges: [{ id: "e1", source: "start", sourceHandle: "next", target: "wait" }],
  };
  await site.api("/flows/broken", broken, "PUT");
  const { page, faults } = await site.open("/flows/broken");
  await page.getByRole("button", { name: "Publish" }).click();
  expect(await dialog(page).getByRole("button", { name: "Publish" }).isDisabled()).toBe(true);
  await dialog(page).getByRole("listitem").getByRole("button").first().click();
  await dialog(page).waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.closest(".inspector") !== null);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a paused flow goes on at once or later by the pause, as the person chooses", async () => {
  const { page, faults } = await site.open("/flows");
  const row = page.getByRole("row", { name: /Welcome call/ });
  await row.getByRole("button").click();
  await page.getByRole("menuitem", { name: "Resume" }).click();
  await dialog(page)
    .getByRole("radio", { name: /Move everything later/ })
    .check();
  await dialog(page).getByRole("button", { name: "Resume" }).click();
  await page.getByText("“Welcome call” goes on.").waitFor();
  await row.getByText("Running").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a flow is duplicated as a draft, and a draft that never ran is deleted", async () => {
  const { page, faults } = await site.open("/flows");
  const acts = (name: RegExp) => page.getByRole("row", { name }).getByRole("button").click();
  await acts(/New lead/);
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await page.waitForURL(/\/flows\/new-lead-2$/);
  await page.getByRole("heading", { name: "New lead (copy)" }).waitFor();
  await page.goto(`${site.url}/flows`);
  await acts(/New lead \(copy\)/);
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog(page).getByRole("button", { name: "Delete" }).click();
  await page.getByText("“New lead (copy)” was deleted.").waitFor();
  await expect.poll(() => page.getByRole("row", { name: /\(copy\)/ }).count()).toBe(0);
  expect(faults).toEqual([]);
  await page.context().close();
});
