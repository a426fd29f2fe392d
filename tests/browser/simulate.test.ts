import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import newLead from "../../flows/new-lead.json" with { type: "json" };
import { openSite, type Site } from "./harness.ts";

let site: Site;
const SHOTS = process.env.SHOTS;
const FLOW = {
  ...{ format: 1, id: "calm", name: { en: "Calm", ar: "هدوء" } },
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    { id: "rest", type: "wait", position: { x: 0, y: 150 }, data: { for: "P3D" } },
  ],
  edges: [{ id: "e1", source: "start", sourceHandle: "next", target: "rest" }],
};

beforeAll(async () => {
  site = await openSite({ sample: false });
});
afterAll(() => site?.close());

const shot = async (page: Page, name: string): Promise<void> => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
};
const standing = (page: Page, node: string): Promise<string> =>
  page.locator(`.svelte-flow__node[data-id="${node}"] .here`).innerText();

describe("the time machine", () => {
  test("by mouse: the draft of New lead is lived through, and one person's story told with its mail", async () => {
    await site.api("/flows/new-lead", newLead, "PUT");
    const { page, faults } = await site.open("/flows/new-lead");
    await page.getByRole("button", { name: "Simulate", exact: true }).click();
    const panel = page.locator(".simulate");
    await panel.getByRole("button", { name: "Simulate", exact: true }).click();
    const slider = page.getByRole("slider", { name: "Day of the simulation" });
    await slider.waitFor({ timeout: 60_000 });
    const end = await slider.getAttribute("aria-valuetext");
    await slider.focus();
    await page.keyboard.press("Home");
    expect(await slider.getAttribute("aria-valuetext")).not.toBe(end);
    for (let day = 0; day < 2; day++) await page.keyboard.press("ArrowRight");
    const early = Number(await standing(page, "wait-3d"));
    expect(early).toBeGreaterThan(0);
    await shot(page, "simulate-en");
    await panel.locator(".person .row").first().click();
    await page.getByRole("button", { name: "Read it" }).first().click();
    await page
      .frameLocator(".dialog iframe")
      .getByText(/^Hello \S+,/)
      .waitFor();
    await shot(page, "story-en");
    expect(faults).toEqual([]);
  }, 90_000);

  test("by keyboard, in Arabic: the counts on the canvas move with the slider", async () => {
    await site.api("/flows/calm", FLOW, "PUT");
    const { page, faults } = await site.open("/flows/calm", { locale: "ar" });
    await page.waitForSelector(".palette input");
    await page.keyboard.press("Control+K");
    await page.keyboard.type("محاكاة");
    await page.keyboard.press("Enter");
    const run = page.locator(".simulate").getByRole("button", { name: "محاكاة", exact: true });
    await run.focus();
    await page.keyboard.press("Enter");
    const slider = page.getByRole("slider", { name: "يوم المحاكاة" });
    await slider.waitFor({ timeout: 60_000 });
    await slider.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    const first = Number(await standing(page, "rest"));
    await page.keyboard.press("ArrowLeft");
    expect(Number(await standing(page, "rest"))).toBeGreaterThan(first);
    await shot(page, "simulate-ar");
    await page.keyboard.press("End");
    await page.waitForFunction(() => !document.querySelector('[data-id="rest"] .here'));
    expect(faults).toEqual([]);
  }, 90_000);
});

describe("a flow that runs", () => {
  test("shows who comes in without asking, tells why they stand there, and lets one be taken out", async () => {
    await site.api("/flows/calm", FLOW, "PUT");
    await site.api("/flows/calm/publish", {});
    await site.api("/contacts", { email: "ann@x.example", first_name: "Ann" });
    const { page, faults } = await site.open("/flows/calm");
    await page.waitForSelector(".palette input");
    await site.api("/flows/calm/enrollments", { contacts: ["ann@x.example"] });
    await page.getByRole("button", { name: "One person stands here" }).click();
    const people = page.locator(".dialog").first();
    await people.getByText("Ann").waitFor();
    await shot(page, "people-en");
    await people.getByRole("button", { name: "Why?" }).click();
    await page.getByText(/Now: waits at/).waitFor();
    await page.keyboard.press("Escape");
    await people.getByRole("checkbox", { name: "Ann" }).check();
    await people.getByRole("button", { name: "Take out" }).click();
    await people.getByText("Take this person out of the flow?").waitFor();
    await people.getByRole("button", { name: "Take out" }).click();
    await expect
      .poll(async () => (await site.api<{ exited: number }>("/flows/calm/stats")).exited)
      .toBe(1);
    await people.getByText("Nobody stands here.").waitFor();
    expect(faults).toEqual([]);
  }, 60_000);
});
