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

describe("a duration", () => {
  test("is typed in words, chosen from a list, or named where it can't be read", async () => {
    const { page, saved, faults } = await form("wait", { for: "P3D" });
    const box = page.getByRole("combobox", { name: "For" });
    expect(await box.inputValue()).toBe("3 days");
    await box.fill("1 month 2 days");
    await page.keyboard.press("Tab");
    expect(await box.inputValue()).toBe("1 month and 2 days");
    await expect.poll(saved).toEqual({ for: "P1M2D" });

    await box.fill("5");
    await page.getByRole("option", { name: "5 hours" }).click();
    await expect.poll(saved).toEqual({ for: "PT5H" });

    await box.fill("soon");
    await page.keyboard.press("Tab");
    await page.getByText("This isn’t a duration; write for example “3 days”").waitFor();
    expect(await box.getAttribute("aria-invalid")).toBe("true");
    expect(await saved()).toEqual({ for: "PT5H" });
    expect(faults).toEqual([]);
  });

  test("is typed in Arabic too", async () => {
    const { page, saved } = await form("wait", { for: "P3D" }, { locale: "ar" });
    const box = page.getByRole("combobox", { name: "لمدة" });
    expect(await box.inputValue()).toBe("3 أيام");
    await box.fill("أسبوع ويومان");
    await expect.poll(saved).toEqual({ for: "P1W2D" });
  });
});

describe("a rule", () => {
  test("tells for how many contacts it holds now, as it is built by keyboard", async () => {
    const { count } = await site.api<{ count: number }>("/contacts/count");
    const rule = { field: "city", op: "=", value: "الرياض" };
    const { page, saved, faults } = await form("condition", { rule });
    const asked = async (of: object) => {
      const query = encodeURIComponent(JSON.stringify(of));
      return (await site.api<{ count: number }>(`/contacts/count?rule=${query}`)).count;
    };
    const some = await asked(rule);
    expect(some).toBeGreaterThan(0);
    await page.getByText(`Holds now for ${some} of ${count} contacts.`).waitFor();
    await page.getByRole("button", { name: "not", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByText(`Holds now for ${count - some} of ${count} contacts.`).waitFor();
    await expect.poll(saved).toEqual({ rule: { all: [{ not: rule }] } });

    await page.getByLabel("Kind of condition").selectOption({ label: "Data of the flow" });
    await page.getByText("It depends on what happens in the flow").waitFor();
    expect(faults).toEqual([]);
  });
});

describe("variants", () => {
  const variants = [
    { id: "a", weight: 1 },
    { id: "b", weight: 1 },
  ];

  test("share a hundred on a bar whose border is dragged, or moved by arrows", async () => {
    const { page, saved, faults } = await form("split", { variants });
    const border = page.getByRole("slider", { name: "Border between a and b" });
    const weights = async () =>
      (await saved<{ variants: { weight: number }[] }>()).variants.map((v) => v.weight);
    await border.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    expect(await border.getAttribute("aria-valuetext")).toBe("a 61%, b 39%");
    await expect.poll(weights).toEqual([61, 39]);

    const bar = await page.locator(".variants .bar").boundingBox();
    const at = await border.boundingBox();
    if (!bar || !at) throw new Error("the bar isn't there");
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
    await page.mouse.down();
    await page.mouse.move(bar.x + bar.width * 0.25, at.y + 4, { steps: 4 });
    await page.mouse.up();
    await expect.poll(weights).toEqual([25, 75]);

    await page.getByRole("button", { name: "Even shares" }).click();
    await page.getByRole("button", { name: "Variant", exact: true }).click();
    await expect.poll(weights).toEqual([34, 33, 33]);
    expect(faults).toEqual([]);
  });

  test("in Arabic the bar goes the other way, under the mouse and under the arrows", async () => {
    const { page, saved } = await form("split", { variants }, { locale: "ar" });
    await page.getByRole("slider").focus();
    await page.keyboard.press("ArrowLeft");
    await expect
      .poll(async () => (await saved<{ variants: { weight: number }[] }>()).variants[0]?.weight)
      .toBe(51);
  });
});

test("parameters of a WhatsApp template are given in order or by name, and shown filled in", async () => {
  const template = { name: "welcome", language: "ar", parameters: ["{{contact.first_name}}"] };
  const { page, saved, faults } = await form("whatsapp", { template });
  await page.locator(".bubble").getByText("Sara").waitFor();
  await page.getByRole("button", { name: "Value", exact: true }).click();
  await page.getByLabel("Value of 2").fill("{{contact.city}}");
  await page.locator(".bubble").getByText("Riyadh").waitFor();
  await page.getByLabel("How values are named").selectOption({ label: "By name" });
  const parameters = { 1: "{{contact.first_name}}", 2: "{{contact.city}}" };
  await expect.poll(saved).toEqual({ template: { ...template, parameters } });
  expect(faults).toEqual([]);
});

describe("what isn't there yet is made in place, by keyboard", () => {
  test("a segment, with its rule", async () => {
    const { page, saved, faults } = await form("trigger.segment", { segment: "", on: "entered" });
    await page.getByRole("combobox", { name: "Segment" }).fill("Far away");
    await page.getByRole("option", { name: "Make the segment “Far away”" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "New segment “Far away”" });
    await dialog.getByRole("button", { name: "Make it" }).click();
    await dialog.getByRole("alert").first().waitFor();
    await dialog.getByRole("combobox", { name: "Tag" }).fill("far");
    await dialog.getByText("Holds now for 0 of").waitFor();
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: "Make it" }).focus();
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    const { segments } = await site.api<{ segments: Record<string, unknown> }>("/settings");
    expect(segments["Far away"]).toEqual({ tag: "far" });
    await expect.poll(saved).toEqual({ segment: "Far away", on: "entered" });
    expect(await page.locator(".inspector .form-problem.error").count()).toBe(0);
    // A refusal is an answer that the browser calls a fault.
    expect(faults.filter((fault) => !fault.includes("422"))).toEqual([]);
  });

  test("a field, with its type; a flow, as an empty draft", async () => {
    const made = await form("trigger.field", { field: "" });
    await made.page.getByRole("combobox", { name: "Field" }).fill("visits");
    await made.page.getByRole("option", { name: "Make the field “visits”" }).click();
    await made.page.getByLabel("A number").check();
    await made.page.getByRole("button", { name: "Make it" }).click();
    await made.page.getByRole("dialog").waitFor({ state: "detached" });
    const { fields } = await site.api<{ fields: Record<string, string> }>("/settings");
    expect(fields.visits).toBe("number");
    expect(made.faults).toEqual([]);

    const { page, saved, faults } = await form("start-flow", { flow: "" });
    await page.getByRole("combobox", { name: "Flow", exact: true }).fill("Winter sale");
    await page.getByRole("option", { name: "Make the flow “Winter sale”" }).click();
    await page.getByRole("link", { name: "Open" }).waitFor();
    await expect.poll(saved).toEqual({ flow: "winter-sale" });
    expect(await site.api("/flows/winter-sale")).toMatchObject({ state: "draft" });
    expect(faults).toEqual([]);
  });

  test("a tag; and of one that is in use, how many have it", async () => {
    const { items } = await site.api<{ items: { tag: string; contacts: number }[] }>("/tags");
    const [most] = items;
    if (!most) throw new Error("nobody has a tag");
    const { page, saved, faults } = await form("trigger.tag", { tag: most.tag, on: "added" });
    await page.getByText(`${most.contacts} contacts have it.`).waitFor();
    await page.getByRole("combobox", { name: "Tag" }).fill("brand new");
    await page.getByRole("option", { name: "New tag “brand new”" }).click();
    await page.getByText("No contact has this tag yet.").waitFor();
    await expect.poll(saved).toEqual({ tag: "brand new", on: "added" });
    expect(faults).toEqual([]);
  });
});
