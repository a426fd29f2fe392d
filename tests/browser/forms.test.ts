import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSite, type Site } from "./harness.ts";

let site: Site;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

/** A flow of one step, its form open. */
async function form(type: string, data: object, options = {}) {
  const id = type.replace(/\W/g, "-");
  const nodes = [{ id: "step", type, position: { x: 0, y: 0 }, data }];
  await site.api(`/flows/${id}`, { format: 1, id, name: id, nodes, edges: [] }, "PUT");
  const opened = await site.open(`/flows/${id}`, options);
  await opened.page.locator('.svelte-flow__node[data-id="step"]').click();
  await opened.page.locator(".inspector h2").waitFor();
  /** The step's data as the server keeps it. */
  const saved = async <T>(): Promise<T> => {
    await opened.page.locator(".saving.saved").waitFor();
    const { draft } = await site.api<{ draft: { nodes: { data: T }[] } }>(`/flows/${id}`);
    return draft.nodes[0]?.data as T;
  };
  return { ...opened, saved };
}

const choose = async (page: Page, box: string, typed: string, option: string): Promise<void> => {
  await page.getByRole("combobox", { name: box }).fill(typed);
  await page.getByRole("option", { name: option }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
};

describe("a message that is being written", () => {
  test("is shown as a contact would get it, and what has no value is named and can be tried", async () => {
    const { page, faults } = await form("email", {
      subject: { en: "For {{contact.first_name}}", ar: "إلى {{contact.first_name}}" },
      body: { en: "Order {{event.order}} of {{contact.city}}", ar: "الطلب {{event.order}}" },
    });
    await page.getByRole("button", { name: "Preview", exact: true }).click();
    const mail = page.frameLocator(".device iframe:not(.coming)");
    await mail.getByText("Order of Riyadh").waitFor();

    await choose(page, "For whom the preview is", "person02", "محمد الحربي");
    await page.getByText("محمد الحربي would get the text in Arabic.").waitFor();
    await page.getByRole("button", { name: "Show it" }).click();
    await page.getByText("إلى محمد").waitFor();
    await page.getByRole("textbox", { name: "event.order" }).fill("A-17");
    await mail.getByText("الطلب A-17").waitFor();
    await page.getByText("Tried in this preview:").waitFor();
    expect(faults).toEqual([]);
  });

  test("stands in the large composer beside what it becomes, on a phone or a wide screen", async () => {
    const { page, saved, faults } = await form("email", { subject: "One", body: "Two" });
    await page.getByRole("button", { name: "Open large" }).click();
    const dialog = page.getByRole("dialog", { name: "Email" });
    const frame = dialog.locator("iframe:not(.coming)");
    const width = () => frame.evaluate((it) => (it as HTMLElement).style.inlineSize);
    await frame.waitFor();
    expect(await width()).toBe("800px");
    await dialog.getByRole("radio", { name: "Phone" }).click();
    await expect.poll(width).toBe("375px");
    await dialog.getByLabel("Subject").fill("Three");
    await dialog.locator(".inbox").getByText("Three").waitFor();
    expect(await frame.getAttribute("sandbox")).toBe("");
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await saved<{ subject: string }>()).subject).toBe("Three");
    expect(faults).toEqual([]);
  });

  test("as SMS is counted as it goes, and typographic signs that make it longer are named and written plainly", async () => {
    const { page, saved, faults } = await form("sms", { text: `${"a".repeat(80)} “now”` });
    await page.getByText("86 characters, 2 SMS, room for 48").waitFor();
    await page.getByText("⁨“⁩ ⁨”⁩ aren’t in GSM-7: the text goes as UCS-2.").waitFor();
    await page.getByRole("button", { name: "Write plainly" }).click();
    await page.getByText("86 characters, one SMS, room for 74").waitFor();
    await expect
      .poll(async () => (await saved<{ text: string }>()).text)
      .toBe(`${"a".repeat(80)} "now"`);
    expect(faults).toEqual([]);
  });
});
