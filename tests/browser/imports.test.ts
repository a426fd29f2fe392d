import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSite, type Site } from "./harness.ts";

let site: Site;
const file = (text: string) => ({
  ...{ name: "fair.csv", mimeType: "text/csv" },
  buffer: Buffer.from(text),
});
const FAIR = `Name,Mail,Branch,Remarks
Huda Salem,huda@example.com,Riyadh,called twice
Omar Nasser,omar.example.com,Jeddah,
Lina Haddad,lina@example.com,Amman,
`;

beforeAll(async () => {
  site = await openSite({ sample: false });
});
afterAll(() => site?.close());

describe("contacts from a file", () => {
  test("by mouse: tried first, a column changed, imported, and the row left out comes back as a file", async () => {
    const { page, faults } = await site.open("/contacts");
    await page.getByRole("link", { name: "Import contacts" }).click();
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose a file" }).click();
    await (await choosing).setFiles(file(FAIR));
    await page.getByRole("heading", { name: "What would happen" }).waitFor();
    await page.getByText("“omar.example.com” is not an e-mail address").waitFor();
    expect((await site.api<{ count: number }>("/contacts/count")).count).toBe(0);

    await page.getByRole("combobox", { name: "Remarks fills" }).click();
    await page.getByRole("option", { name: "Nothing: leave it out" }).click();
    await page.getByText("The columns changed since it was tried.").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("button", { name: "Import: 2 rows" }).click();
    await page.getByRole("heading", { name: "What happened" }).waitFor();

    await page.reload();
    await page.getByRole("heading", { name: "What happened" }).waitFor();
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "Rows left out, as a file" }).click();
    const left = await (await downloading).createReadStream();
    let text = "";
    for await (const piece of left) text += String(piece);
    expect(text).toContain("Omar Nasser,omar.example.com,Jeddah");
    expect(text).not.toContain("Huda");

    await page.getByRole("link", { name: "See the contacts" }).click();
    await page.getByRole("link", { name: "Huda Salem" }).waitFor();
    const huda = await site.api<{ fields: object }>("/contacts/huda@example.com");
    expect(huda.fields).toEqual({
      ...{ email: "huda@example.com", first_name: "Huda", last_name: "Salem" },
      Branch: "Riyadh",
    });
    expect(faults).toEqual([]);
  }, 60_000);

  test("in Arabic, a file that can't be read is refused in a sentence, and another can be chosen", async () => {
    const { page } = await site.open("/imports", { locale: "ar" });
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "اختيار ملف" }).press("Enter");
    await (await choosing).setFiles(file("\n\n"));
    expect(await page.getByRole("alert").innerText()).toMatch(/[؀-ۿ]/);
    await page.getByRole("button", { name: "اختيار ملف" }).waitFor();
  });
});
