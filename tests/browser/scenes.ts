import type { Page } from "playwright-core";
import type { Language } from "../../nodes/index.ts";
import { CATALOGUES, type Key } from "./words.ts";

/** A page or a part of one, as a person comes to it; looked at by the screenshots and by the test of accessibility. */
export interface Scene {
  name: string;
  path: string;
  /** A selector of what is there once the page is whole. */
  ready: string;
  /** Who looks at it: the owner, unless told otherwise; `machine`: whoever sits at it, before there is an owner. */
  as?: "stranger" | "machine";
  /** What a person does before there is something to see. `say` gives the interface's words. */
  act?: (page: Page, say: (key: Key) => string) => Promise<void>;
}

export const sayIn =
  (language: Language) =>
  (key: Key): string =>
    CATALOGUES[language][key];

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

const openStep = async (page: Page, id: string): Promise<void> => {
  await page.locator(`.svelte-flow__node[data-id="${id}"]`).click();
  await page.locator(".inspector").waitFor();
};
/** The pages before and about signing in. */
const PEOPLE: Scene[] = [
  { name: "first-start", path: "/flows", ready: "aside", as: "machine" },
  { name: "owner", path: "/owner", ready: "form", as: "machine" },
  { name: "people-first", path: "/people", ready: ".empty", as: "machine" },
  { name: "sign-in", path: "/sign-in", ready: "form", as: "stranger" },
  {
    name: "sign-in-refused",
    path: "/flows",
    ready: "form",
    as: "stranger",
    act: async (page, say) => {
      await page.getByLabel(say("account.email")).fill("sara@acme.example");
      await page.getByLabel(say("account.password"), { exact: true }).fill("not this one");
      await press(page, say("account.signIn"));
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "sign-in-again",
    path: "/flows",
    ready: "table",
    act: async (page) => {
      await page.context().clearCookies();
      await page.locator("dialog[open]").waitFor();
    },
  },
  { name: "forgotten", path: "/forgotten", ready: "form", as: "stranger" },
  { name: "link-gone", path: "/join#gone", ready: ".card a", as: "stranger" },
  { name: "account", path: "/account", ready: "li .state" },
  { name: "people", path: "/people", ready: "table" },
  {
    name: "invite",
    path: "/people",
    ready: "table",
    act: async (page, say) => {
      await press(page, say("users.invite"));
      await page.locator("#invite").waitFor();
    },
  },
  {
    name: "invited",
    path: "/people",
    ready: "table",
    act: async (page, say) => {
      await press(page, say("users.invite"));
      await page.getByLabel(say("account.email")).fill("huda@acme.example");
      await press(page, say("users.invite.do"));
      await page.locator(".handed").waitFor();
    },
  },
  { name: "keys", path: "/keys", ready: "table" },
  {
    name: "new-key",
    path: "/keys",
    ready: "table",
    act: async (page, say) => {
      await press(page, say("keys.new"));
      await page.getByRole("switch").click();
      await page.locator("fieldset").waitFor();
    },
  },
  { name: "audit", path: "/audit", ready: "table" },
];

/** Every page with something in it; `fill` puts it there. */
export const SCENES: Scene[] = [
  ...PEOPLE,
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
    name: "composer",
    path: "/flows/forms",
    ready: ".svelte-flow__node",
    act: async (page, say) => {
      await openStep(page, "mail");
      await press(page, say("form.enlarge"));
      await page.locator(".dialog .device iframe:not(.coming)").waitFor();
    },
  },
  {
    name: "make-segment",
    path: "/flows/forms",
    ready: ".svelte-flow__node",
    act: async (page, say) => {
      await openStep(page, "near");
      await page.locator(".picker .form-quiet").click();
      await page.getByRole("button", { name: say("form.make.do"), exact: true }).waitFor();
    },
  },
  ...["rule", "split", "wait", "whatsapp"].map(
    (id): Scene => ({
      name: `step-${id}`,
      path: "/flows/forms",
      ready: ".svelte-flow__node",
      act: (page) => openStep(page, id),
    }),
  ),
  {
    name: "publish",
    path: "/flows/offer",
    ready: ".svelte-flow__node",
    act: async (page, say) => {
      await press(page, say("flow.publish"));
      await page.getByRole("dialog").getByText(say("inside.migrate")).click();
    },
  },
  {
    name: "simulate",
    path: "/flows/offer",
    ready: ".svelte-flow__node",
    act: async (page, say) => {
      await press(page, say("simulate.title"));
      const panel = page.locator(".simulate");
      await panel.getByRole("button", { name: say("simulate.run"), exact: true }).click();
      await panel.locator(".figures").waitFor({ timeout: 60_000 });
    },
  },
  {
    name: "people",
    path: "/flows/offer",
    ready: ".svelte-flow__node .here",
    act: async (page) => {
      await page.locator(".svelte-flow__node .here").first().click();
      await page.locator(".dialog li").first().waitFor();
    },
  },
  { name: "versions", path: "/flows/offer/versions", ready: ".nodes" },
  {
    name: "resume",
    path: "/flows",
    ready: "table",
    act: async (page, say) => {
      const row = page.getByRole("row", { name: /Welcome call|مكالمة ترحيب/ });
      await row.getByRole("button").click();
      await page.getByRole("menuitem", { name: say("flows.resume") }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "contacts", path: "/contacts", ready: "table" },
  {
    name: "many",
    path: "/contacts",
    ready: "table",
    act: async (page) => {
      await page.getByRole("table").getByRole("checkbox").nth(1).check();
      await page.getByRole("table").getByRole("checkbox").nth(3).check();
      await page.locator(".many").waitFor();
    },
  },
  {
    name: "imports",
    path: "/imports",
    ready: ".drop",
    act: async (page, say) => {
      const choosing = page.waitForEvent("filechooser");
      await press(page, say("imports.choose"));
      await (await choosing).setFiles({ name: "fair.csv", mimeType: "text/csv", buffer: FAIR });
      await page.locator("footer").waitFor();
    },
  },
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

/** Whoever left an address at the fair, with one that can't be read. */
const FAIR = Buffer.from(
  "الاسم,البريد الإلكتروني,الجوال,Favourite branch\n" +
    "هدى السالم,huda@example.com,0551234567,الرياض\n" +
    "Omar Nasser,omar.example.com,,Jeddah\n" +
    "سارة القحطاني,person01@example.com,0551112223,جدة\n",
);
