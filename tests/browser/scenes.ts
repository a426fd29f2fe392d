import type { Page } from "playwright-core";
import type { Language } from "../../nodes/index.ts";
import type { Site } from "./harness.ts";
import { CATALOGUES, type Key } from "./words.ts";

/** A page or a part of one, as a person comes to it; looked at by the screenshots and by the test of accessibility. */
export interface Scene {
  name: string;
  path: string;
  /** A selector of what is there once the page is whole. */
  ready: string;
  /** What a person does before there is something to see. `say` gives the interface's words. */
  act?: (page: Page, say: (key: Key) => string) => Promise<void>;
}

export const sayIn =
  (language: Language) =>
  (key: Key): string =>
    CATALOGUES[language][key];

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** Every page with something in it; `fill` puts it there. */
export const SCENES: Scene[] = [
  { name: "today", path: "/today", ready: ".panes" },
  { name: "flows", path: "/flows", ready: "table" },
  {
    name: "new-flow",
    path: "/flows",
    ready: "table",
    act: async (page, say) => {
      await press(page, say("flows.new"));
      await page.locator(".gallery li:nth-child(3)").waitFor();
    },
  },
  {
    name: "import-flow",
    path: "/flows",
    ready: "table",
    act: async (page, say) => {
      await press(page, say("flows.import"));
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "flow", path: "/flows/new-lead", ready: ".svelte-flow__node" },
  {
    name: "flow-step",
    path: "/flows/new-lead",
    ready: ".svelte-flow__node",
    act: async (page) => {
      await page.locator(".svelte-flow__node").nth(2).click();
      await page.locator(".inspector").waitFor();
    },
  },
  {
    name: "publish",
    path: "/flows/new-lead",
    ready: ".svelte-flow__node",
    act: async (page, say) => {
      await press(page, say("flow.publish"));
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "contacts", path: "/contacts", ready: "table" },
  {
    name: "contact",
    path: "/contacts",
    ready: "table",
    act: async (page) => {
      await page.locator("table a").first().click();
      await page.locator(".columns").waitFor();
    },
  },
  { name: "messages", path: "/messages", ready: ".panes" },
  { name: "preferences", path: "/preferences", ready: "dl" },
  {
    name: "commands",
    path: "/flows",
    ready: "table",
    act: async (page) => {
      await page.keyboard.press("Control+K");
      await page.locator("dialog[open]").waitFor();
    },
  },
  {
    name: "tour",
    path: "/preferences",
    ready: "dl",
    act: async (page, say) => {
      await press(page, say("tour.start"));
      await page.locator("[role=dialog]").waitFor();
    },
  },
  { name: "missing", path: "/no-such-page", ready: "h2" },
];

/** A call at once, for whoever is put in by hand. */
const CALLS = {
  format: 1,
  id: "welcome-call",
  name: { en: "Welcome call", ar: "مكالمة ترحيب" },
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    {
      id: "call",
      type: "call",
      position: { x: 0, y: 120 },
      data: {
        script: {
          en: "Greet {{contact.first_name}} and ask what they are looking for.",
          ar: "رحّب بـ{{contact.first_name}} واسأل عمّا يبحث عنه.",
        },
        due: "PT4H",
      },
    },
  ],
  edges: [{ id: "e1", source: "start", sourceHandle: "next", target: "call" }],
};

/** Puts into a workspace with the sample people what the scenes show: calls to make, and a draft ahead of what runs. */
export async function fill(site: Site): Promise<void> {
  await site.api("/flows/welcome-call", CALLS, "PUT");
  await site.api("/flows/welcome-call/publish", {});
  const contacts = [1, 3, 25, 28].map((n) => `person${String(n).padStart(2, "0")}@example.com`);
  await site.api("/flows/welcome-call/enrollments", { contacts });
}
