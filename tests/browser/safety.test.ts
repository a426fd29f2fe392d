import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSite, type Site } from "./harness.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite({ sample: false });
});
afterAll(() => site?.close());

const flow = (id: string) => ({
  format: 1,
  id,
  name: { en: id, ar: id },
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    { id: "wait", type: "wait", position: { x: 0, y: 148 }, data: { for: "P1D" } },
    { id: "bye", type: "exit", position: { x: 0, y: 296 }, data: {} },
  ],
  edges: [
    { id: "e1", source: "start", sourceHandle: "next", target: "wait" },
    { id: "e2", source: "wait", sourceHandle: "next", target: "bye" },
  ],
});

interface Draft {
  nodes: { id: string; position: { x: number; y: number } }[];
}
const draft = async (id: string): Promise<Draft> =>
  (await site.api<{ draft: Draft }>(`/flows/${id}`)).draft;
const ids = async (id: string): Promise<string[]> => (await draft(id)).nodes.map((n) => n.id);
const card = (page: Page, id: string) => page.locator(`.svelte-flow__node[data-id="${id}"]`);
const saved = (page: Page) => page.waitForSelector(".saving.saved");

async function draw(id: string) {
  await site.api(`/flows/${id}`, flow(id), "PUT");
  const opened = await site.open(`/flows/${id}`);
  await card(opened.page, "bye").waitFor();
  return opened;
}
async function remove(page: Page, id: string): Promise<void> {
  await card(page, id).click();
  await page.keyboard.press("Delete");
  await card(page, id).waitFor({ state: "detached" });
}

describe("the browser is closed", () => {
  test("in the middle of a drag: what was saved is as it was", async () => {
    const { page } = await draw("drag");
    const before = (await draft("drag")).nodes;
    const at = await card(page, "wait").boundingBox();
    if (!at) throw new Error("the card is not in view");
    await page.mouse.move(at.x + 60, at.y + 20);
    await page.mouse.down();
    await page.mouse.move(at.x + 260, at.y + 90, { steps: 8 });
    await page.close();
    expect((await draft("drag")).nodes).toEqual(before);
  });

  test("before an edit could be sent: it is there when the flow is opened again, and the person is told", async () => {
    const { page } = await draw("unsent");
    const context = page.context();
    await saved(page);
    await context.setOffline(true);
    await remove(page, "wait");
    await page.getByText("Not saved", { exact: true }).waitFor();
    await page.close();
    await context.setOffline(false);
    expect(await ids("unsent")).toContain("wait");

    const again = await context.newPage();
    await again.goto(`${site.url}/flows/unsent`);
    await again.getByText("Changes that had not been sent yet").waitFor();
    await saved(again);
    await expect.poll(() => ids("unsent")).toEqual(["start", "bye"]);
  });

  test("before an edit could be sent, and somebody else saved meanwhile: both copies are offered", async () => {
    const { page } = await draw("overtaken");
    const context = page.context();
    await saved(page);
    await context.setOffline(true);
    await remove(page, "wait");
    await page.getByText("Not saved", { exact: true }).waitFor();
    await page.close();
    await context.setOffline(false);
    const { nodes, edges, ...rest } = flow("overtaken");
    await site.api(
      "/flows/overtaken",
      { ...rest, nodes: nodes.slice(0, 2), edges: edges.slice(0, 1) },
      "PUT",
    );

    const again = await context.newPage();
    await again.goto(`${site.url}/flows/overtaken`);
    await again.locator(".conflict[role=alert]").waitFor();
    expect(await ids("overtaken")).toEqual(["start", "wait"]);
    await again.getByRole("button", { name: "Keep this copy" }).click();
    await expect.poll(() => ids("overtaken")).toEqual(["start", "bye"]);
  });
});

describe("the server dies", () => {
  test("after it took a save and before it could say so: nobody is told of another hand, and editing goes on", async () => {
    const { page } = await draw("died");
    await saved(page);
    let dead = false;
    await page.route("**/api/flows/died", async (route) => {
      if (route.request().method() !== "PUT" || dead) return route.continue();
      dead = true;
      await route.fetch();
      await site.crash();
      await route.abort();
    });
    await remove(page, "wait");
    await page.getByText("Not saved", { exact: true }).waitFor();
    await site.restart();
    expect(await ids("died")).toEqual(["start", "bye"]);
    await remove(page, "bye");
    await saved(page);
    await expect.poll(() => ids("died")).toEqual(["start"]);
    expect(await page.locator(".conflict[role=alert]").count()).toBe(0);
  });
});
