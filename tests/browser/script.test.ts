import { afterAll, beforeAll, expect, test } from "vitest";
import { openSite, type Site } from "./harness.ts";

/** Each sets `hacked` where it runs. */
const PAYLOADS = [
  "<img src=x onerror=\"hacked='img'\">",
  "<script>hacked='script'</script>",
  "\"><svg onload=hacked='svg'>",
  "javascript:hacked='url'",
  "{{constructor.constructor('hacked=1')()}}",
];
const EVIL = PAYLOADS.join(" ");

const MAIL = {
  format: 1,
  id: "evil",
  name: { en: EVIL, ar: EVIL },
  description: EVIL,
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    {
      id: "mail",
      type: "email",
      position: { x: 0, y: 120 },
      data: {
        label: "<script>hacked='label'</script>",
        subject: "<script>hacked='subject'</script> {{contact.first_name}}",
        body: "<p>Hello</p><script>parent.hacked = hacked = 'mail'</script><img src=x onerror=\"hacked='mail'\">{{contact.first_name}}",
        format: "html",
        transactional: true,
      },
    },
    {
      id: "call",
      type: "call",
      position: { x: 0, y: 240 },
      data: { script: "<img src=x onerror=\"hacked='call'\"> {{contact.first_name}}" },
    },
  ],
  edges: [
    { id: "a", source: "start", sourceHandle: "next", target: "mail" },
    { id: "b", source: "mail", sourceHandle: "next", target: "call" },
  ],
};

let site: Site;
let contact = "";

beforeAll(async () => {
  site = await openSite({ sample: false });
  const made = await site.api<{ id: string }>("/contacts", {
    email: "eve@example.com",
    first_name: EVIL,
    last_name: EVIL,
    city: EVIL,
    tags: ["<script>hacked='tag'</script>"],
    hobby: EVIL,
  });
  contact = made.id;
  await site.api("/flows/evil", MAIL, "PUT");
  await site.api("/flows/evil/publish", {});
  await site.api("/flows/evil/enrollments", { all: true });
});
afterAll(() => site?.close());

test.each(["/flows", "/flows/evil", "/contacts", "/contacts/ID", "/messages", "/today"])(
  "nothing that a contact or a flow contains runs on %s",
  async (path) => {
    const { page } = await site.open(path.replace("ID", contact));
    await page.getByText("hacked").first().waitFor({ state: "attached" });
    await page.waitForLoadState("networkidle");
    for (const frame of page.frames()) {
      const hacked = await frame.evaluate("globalThis.hacked ?? null").catch(() => null);
      expect(hacked).toBeNull();
    }
    expect(await page.locator("img[src=x], script:not([src])").count()).toBe(0);
    await page.context().close();
  },
);

test("the message's frame shows its text, runs none of its script, and can't reach the page", async () => {
  const { page } = await site.open("/messages");
  const mail = page.frameLocator("iframe").locator("body");
  await mail.getByText("Hello", { exact: true }).waitFor();
  expect(await page.evaluate("globalThis.hacked ?? null")).toBeNull();
  const frame = page.locator("iframe");
  expect(await frame.evaluate((f: HTMLIFrameElement) => f.contentDocument === null)).toBe(true);
  await page.context().close();
});
