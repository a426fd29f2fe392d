import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSite, type Site } from "./harness.ts";

let site: Site;
const FLOW = {
  ...{ format: 1, id: "calm", name: { en: "Calm", ar: "هدوء" } },
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    { id: "rest", type: "wait", position: { x: 0, y: 150 }, data: { for: "P3D" } },
  ],
  edges: [{ id: "e1", source: "start", sourceHandle: "next", target: "rest" }],
};
const count = async (rule: object): Promise<number> =>
  (
    await site.api<{ count: number }>(
      `/contacts/count?rule=${encodeURIComponent(JSON.stringify(rule))}`,
    )
  ).count;

beforeAll(async () => {
  site = await openSite();
  await site.api("/flows/calm", FLOW, "PUT");
  await site.api("/flows/calm/publish", {});
});
afterAll(() => site?.close());

describe("many contacts at once", () => {
  test("by mouse: two that are chosen get a tag, and all of a filter go into a flow", async () => {
    const { page, faults } = await site.open("/contacts");
    const boxes = page.getByRole("table").getByRole("checkbox");
    await boxes.nth(1).check();
    await boxes.nth(2).check();
    await page.getByText("2 contacts chosen").waitFor();
    await page.getByRole("button", { name: "Tag", exact: true }).click();
    await page.getByRole("dialog").getByRole("combobox", { name: "Tag" }).fill("met");
    await page.keyboard.press("Enter");
    await page.getByText("“met” is added to 2 contacts.").waitFor();
    await expect.poll(() => count({ tag: "met" })).toBe(2);

    await page.goto(`${site.url}/contacts?tag=lead`);
    const leads = await count({ tag: "lead" });
    await page.getByText(`${leads} contacts`, { exact: true }).waitFor();
    await boxes.nth(1).check();
    await page.getByRole("button", { name: `Choose all ${leads} that match` }).click();
    await page.getByRole("button", { name: "Put into a flow" }).click();
    await page.getByRole("dialog").getByRole("combobox").click();
    await page.getByRole("option", { name: "Calm" }).click();
    await page.getByRole("button", { name: "Put in", exact: true }).click();
    await page.getByText(`${leads} contacts go into “Calm”.`).waitFor();
    await expect
      .poll(async () => (await site.api<{ active: number }>("/flows/calm/stats")).active)
      .toBe(leads);
    expect(faults).toEqual([]);
  }, 60_000);
});
