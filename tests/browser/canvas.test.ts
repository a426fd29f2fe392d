import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSite, type Site } from "./harness.ts";

let site: Site;

interface Drawn {
  nodes: { id: string; type: string; data: Record<string, unknown> }[];
  edges: { source: string; sourceHandle?: string; target: string }[];
}

const empty = (id: string) => ({ format: 1, id, name: { en: id, ar: id }, nodes: [], edges: [] });
const node = (id: string, type: string, y: number, data: Record<string, unknown> = {}) => ({
  id,
  type,
  position: { x: 0, y },
  data,
});
const LINE = {
  nodes: [
    node("start", "trigger.manual", 0),
    node("wait", "wait", 150, { for: "P1D" }),
    node("hello", "email", 300, { subject: "Hello", body: "Text" }),
  ],
  edges: [
    { id: "e1", source: "start", sourceHandle: "next", target: "wait" },
    { id: "e2", source: "wait", sourceHandle: "next", target: "hello" },
  ],
};

beforeAll(async () => {
  site = await openSite({ sample: false });
});
afterAll(() => site?.close());

/** A flow of this id, opened on the canvas. */
async function draw(id: string, parts: object = {}, options = {}) {
  await site.api(`/flows/${id}`, { ...empty(id), ...parts }, "PUT");
  const opened = await site.open(`/flows/${id}`, options);
  await opened.page.waitForSelector(".palette input");
  return opened;
}

const draft = async (id: string): Promise<Drawn> =>
  (await site.api<{ draft: Drawn }>(`/flows/${id}`)).draft;
const waysOf = ({ edges }: Drawn) => edges.map((e) => `${e.source}/${e.sourceHandle}>${e.target}`);
const cards = (page: Page) =>
  page
    .locator(".svelte-flow__node")
    .evaluateAll((all) => all.map((e) => e.getAttribute("data-id")));
const saved = (page: Page) => page.waitForSelector(".saving.saved");

/** Where something is once the view has come to rest. */
async function still(
  what: Locator,
): Promise<{ x: number; y: number; width: number; height: number }> {
  let before = "";
  for (;;) {
    const box = await what.boundingBox();
    if (box && JSON.stringify(box) === before) return box;
    before = JSON.stringify(box);
    await what.page().evaluate(() => new Promise((done) => setTimeout(done, 80)));
  }
}

/** Adds a step as somebody without a mouse does: search, a word, Enter. */
async function add(page: Page, words: string, id: string): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await page.waitForSelector(`.svelte-flow__node[data-id="${id}"]`);
  await page.keyboard.press("Escape");
  await page.waitForFunction((it) => document.activeElement?.getAttribute("data-id") === it, id);
}

describe("by keyboard alone", () => {
  test("a flow is drawn, filled in and published", async () => {
    const { page, faults } = await draw("keys");
    await add(page, "added by hand", "start");
    await add(page, "wait", "wait");
    await add(page, "email", "email");

    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.matches(".inspector input"));
    await page.keyboard.press("Control+A");
    await page.keyboard.type("A word from us");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-id") === "email");
    await page.keyboard.press("ArrowUp");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-id") === "wait");

    await page.keyboard.press("Control+K");
    await page.keyboard.type("publish");
    await page.keyboard.press("Enter");
    await page.getByText("3 steps, published for the first time.").waitFor();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Running, version 1").waitFor();

    const drawn = await draft("keys");
    expect(waysOf(drawn)).toEqual(["start/next>wait", "wait/next>email"]);
    expect(drawn.nodes[2]?.data.subject).toMatchObject({ en: "A word from us" });
    expect(faults).toEqual([]);
  });

  test("deleting mends the way, undo and redo go back and forth, also after a reload", async () => {
    const { page, faults } = await draw("undo", LINE);
    await page.click('.svelte-flow__node[data-id="wait"]');
    await page.keyboard.press("Delete");
    await expect.poll(() => cards(page)).toEqual(["start", "hello"]);
    await saved(page);
    expect(waysOf(await draft("undo"))).toEqual(["start/next>hello"]);

    await page.keyboard.press("Control+Z");
    await expect.poll(() => cards(page)).toEqual(["start", "wait", "hello"]);
    await page.keyboard.press("Control+Shift+Z");
    await expect.poll(() => cards(page)).toEqual(["start", "hello"]);

    await page.reload();
    await page.waitForSelector('.svelte-flow__node[data-id="hello"]');
    await page.keyboard.press("Control+Z");
    await expect.poll(() => cards(page)).toEqual(["start", "wait", "hello"]);
    await saved(page);
    await expect
      .poll(async () => waysOf(await draft("undo")))
      .toEqual(["start/next>wait", "wait/next>hello"]);
    expect(faults).toEqual([]);
  });

  test("copied steps are pasted with ids of their own, and copies are made in place", async () => {
    const { page } = await draw("copies", LINE);
    await page.click('.svelte-flow__node[data-id="hello"]');
    await page.keyboard.press("Control+C");
    await page.keyboard.press("Control+V");
    await expect.poll(() => cards(page)).toEqual(["start", "wait", "hello", "hello-2"]);
    await page.keyboard.press("Control+D");
    await expect.poll(() => cards(page)).toContain("hello-3");
    await page.keyboard.press("Control+X");
    await expect.poll(() => cards(page)).not.toContain("hello-3");
    await page.keyboard.press("Control+V");
    await expect.poll(() => cards(page)).toContain("hello-3");
  });
});

describe("connecting without a mouse", () => {
  test("in Arabic a step's outputs are led elsewhere by keys, and the keys are listed", async () => {
    const parts = { ...LINE, edges: LINE.edges.slice(0, 1) };
    const { page, faults } = await draw("connect", parts, { locale: "ar" });
    await page.locator('.svelte-flow__node[data-id="start"]').waitFor();
    await page.locator(".board").focus();
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-id") === "start");
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-id") === "wait");
    await page.keyboard.press("c");
    await page.waitForFunction(() => document.activeElement?.matches(".ways button"));
    await page.keyboard.press("ArrowDown");
    await page.getByRole("option", { name: "بريد إلكتروني hello" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "بريد إلكتروني" }).waitFor();
    await page.keyboard.press("Escape");
    await saved(page);
    await expect
      .poll(async () => waysOf(await draft("connect")))
      .toEqual(["start/next>wait", "wait/next>hello"]);
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-id") === "wait");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByRole("heading", { name: "خطوتان مختارتان" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("تحديد ما تؤدي إليه الخطوة").waitFor();
    expect(faults).toEqual([]);
  });
});

describe("by mouse", () => {
  test("a step is added by the + of an output and put on an edge by dragging", async () => {
    const { page, faults } = await draw("mouse", LINE);
    await page.waitForSelector('.svelte-flow__node[data-id="hello"] .add');
    await page.click('.svelte-flow__node[data-id="hello"] .add');
    await page.locator(".picker").getByRole("option", { name: "Condition" }).click();
    await expect.poll(() => cards(page)).toContain("condition");

    const edge = await still(page.locator('.svelte-flow__edge[data-id="e1"]'));
    const item = await still(page.locator(".palette").getByRole("option", { name: "SMS" }));
    await page.mouse.move(item.x + 20, item.y + 10);
    await page.mouse.down();
    await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2, { steps: 6 });
    await page.mouse.up();
    await expect.poll(() => cards(page)).toContain("sms");
    await saved(page);
    await expect
      .poll(async () => waysOf(await draft("mouse")).sort())
      .toEqual(["hello/next>condition", "sms/next>wait", "start/next>sms", "wait/next>hello"]);
    expect(faults).toEqual([]);
  });
});

describe("what is wrong", () => {
  test("each problem leads to its step and its field, in both languages", async () => {
    const parts = {
      nodes: [
        LINE.nodes[0],
        node("hello", "email", 150, { subject: "Hi {{contat.x}}", body: "Text" }),
      ],
    };
    const { page } = await draw("wrong", parts, { locale: "ar" });
    await page.getByRole("button", { name: "المشكلات" }).click();
    await page.locator(".problems").getByRole("button", { name: "contat.x" }).click();
    await page.waitForFunction(
      () => (document.activeElement as HTMLInputElement | null)?.value === "Hi {{contat.x}}",
    );
    expect(await page.locator(".inspector .form-problem.error").innerText()).toContain("contat.x");
    await page.getByRole("button", { name: "نشر", exact: true }).click();
    const publish = page.locator(".dialog").getByRole("button", { name: "نشر", exact: true });
    expect(await publish.isDisabled()).toBe(true);
  });
});

describe("another language", () => {
  test("turns the page round and keeps what was chosen, in mail previews too", async () => {
    const { page, faults } = await draw("words", LINE);
    await page.click('.svelte-flow__node[data-id="hello"]');
    await page.getByRole("button", { name: "Preview", exact: true }).click();
    const mail = page.frameLocator(".inspector iframe");
    await mail.getByText("Text").waitFor();
    await page.locator("nav button.language").click();
    await page.waitForFunction(() => document.documentElement.dir === "rtl");
    await page.getByRole("button", { name: "إخفاء المعاينة" }).waitFor();
    const card = page.locator('.svelte-flow__node[data-id="hello"]');
    expect(await card.getAttribute("aria-label")).toBe("بريد إلكتروني. Hello");
    expect(await page.locator(".side").boundingBox()).toMatchObject({ x: 0 });
    expect(faults).toEqual([]);
  });
});

describe("two tabs", () => {
  test("the second is told, shown the difference, and overwrites nothing until it is asked", async () => {
    const first = await draw("tabs", LINE);
    const second = await site.open("/flows/tabs");
    await second.page.waitForSelector('.svelte-flow__node[data-id="hello"]');
    await add(first.page, "sms", "sms");
    await saved(first.page);
    await second.page.click('.svelte-flow__node[data-id="hello"]');
    await add(second.page, "exit", "exit");
    await second.page.waitForSelector(".conflict[role=alert]");
    expect(await second.page.locator(".conflict[role=alert]").innerText()).toMatch(/Exit.*SMS/s);
    expect((await draft("tabs")).nodes.map((n) => n.id)).toEqual(["start", "wait", "hello", "sms"]);

    await second.page.getByRole("button", { name: "Keep this copy" }).click();
    await saved(second.page);
    expect((await draft("tabs")).nodes.map((n) => n.id)).toEqual([
      "start",
      "wait",
      "hello",
      "exit",
    ]);
  });
});
