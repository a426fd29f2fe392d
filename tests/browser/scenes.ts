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

const step = (id: string, type: string, y: number, data: object) => ({
  id,
  type,
  position: { x: 0, y },
  data,
});
const edge = (source: string, sourceHandle: string, target: string) => ({
  id: `${source}-${sourceHandle}`,
  source,
  sourceHandle,
  target,
});
/** VIPs wait shorter for the offer than the rest. */
const OFFER = {
  format: 1,
  id: "offer",
  name: { en: "Seasonal offer", ar: "عرض الموسم" },
  nodes: [
    step("start", "trigger.manual", 0, {}),
    step("vip", "condition", 120, { rule: { tag: "vip" } }),
    step("short", "wait", 240, {
      label: { en: "VIPs first", ar: "كبار العملاء أولًا" },
      for: "P1D",
    }),
    step("long", "wait", 360, { for: "P3D" }),
    step("mail", "email", 480, {
      label: { en: "Offer", ar: "العرض" },
      subject: { en: "Our offer for you", ar: "عرضنا لك" },
      body: {
        en: "Hello {{contact.first_name}},\n\nuntil Thursday everything is 10 % off.",
        ar: "مرحبًا {{contact.first_name}}،\n\nخصم 10 % على كل شيء حتى يوم الخميس.",
      },
    }),
  ],
  edges: [
    edge("start", "next", "vip"),
    edge("vip", "yes", "short"),
    edge("vip", "no", "long"),
    edge("short", "next", "mail"),
    edge("long", "next", "mail"),
  ],
};
/** The same, later: another wait, other words, VIPs no longer apart. */
const LATER = {
  ...OFFER,
  settings: {
    sendWindow: { days: ["sun", "mon", "tue", "wed", "thu"], from: "09:00", to: "20:00" },
  },
  nodes: [
    step("start", "trigger.manual", 0, {}),
    step("long", "wait", 120, { for: "P2D" }),
    step("mail", "email", 240, {
      label: { en: "Offer", ar: "العرض" },
      subject: { en: "Our best offer for you", ar: "أفضل عروضنا لك" },
      body: {
        en: "Hello {{contact.first_name}},\n\nuntil Saturday everything is 15 % off.",
        ar: "مرحبًا {{contact.first_name}}،\n\nخصم 15 % على كل شيء حتى يوم السبت.",
      },
    }),
    step("seen", "tag", 360, { add: [{ tag: "offer-sent" }] }),
  ],
  edges: [
    edge("start", "next", "long"),
    edge("long", "next", "mail"),
    edge("mail", "next", "seen"),
  ],
};
/** Steps whose forms have controls that need room. */
const FORMS = {
  format: 1,
  id: "forms",
  name: { en: "Order on its way", ar: "الطلب في الطريق" },
  nodes: [
    step("start", "trigger.manual", 0, {}),
    step("mail", "email", 120, {
      format: "markdown",
      subject: { en: "Order {{event.order}}", ar: "الطلب {{event.order}}" },
      body: {
        en: "# Hello {{contact.first_name}}\n\nYour order is on its way to **{{contact.city}}**.",
        ar: "# مرحبًا {{contact.first_name}}\n\nطلبك في الطريق إلى **{{contact.city}}**.",
      },
    }),
    step("wait", "wait", 240, {
      for: "P1M2D",
      window: { days: ["fri", "sat"], from: "22:00", to: "02:00" },
    }),
    step("rule", "condition", 360, {
      rule: {
        all: [
          { field: "city", op: "=", value: "الرياض" },
          { any: [{ tag: "vip" }, { not: { event: "order.placed", count: 2, since: "P30D" } }] },
        ],
      },
    }),
    step("split", "split", 480, {
      variants: [
        { id: "a", label: { en: "Short letter", ar: "رسالة قصيرة" }, weight: 50 },
        { id: "b", label: { en: "Long letter", ar: "رسالة طويلة" }, weight: 30 },
        { id: "c", weight: 20 },
      ],
    }),
    step("whatsapp", "whatsapp", 600, {
      template: { name: "order_sent", language: "ar", parameters: ["{{contact.first_name}}"] },
    }),
  ],
  edges: [
    edge("start", "next", "mail"),
    edge("mail", "next", "wait"),
    edge("wait", "next", "rule"),
    edge("rule", "yes", "split"),
    edge("rule", "no", "whatsapp"),
  ],
};
/** Somebody who was invited and has joined; whoever has the link needs no session. */
export async function join(
  site: Site,
  email: string,
  role: string,
  name: string,
  language: Language = "en",
): Promise<void> {
  const { link } = await site.api<{ link: string }>("/users/invitations", { email, role });
  const token = link.split("#")[1];
  const newcomer = { token, name, password: "a few plain words", language };
  await site.api("/links/invitation/accept", newcomer);
}

/** Puts into a workspace with the sample people what the scenes show: calls to make, and a draft ahead of what runs. */
export async function fill(site: Site): Promise<void> {
  await site.api("/flows/welcome-call", CALLS, "PUT");
  await site.api("/flows/forms", FORMS, "PUT");
  await site.api("/flows/welcome-call/publish", {});
  const contacts = [1, 3, 25, 28].map((n) => `person${String(n).padStart(2, "0")}@example.com`);
  await site.api("/flows/welcome-call/enrollments", { contacts });
  await site.api("/flows/offer", OFFER, "PUT");
  await site.api("/flows/offer/publish", {});
  await site.api("/flows/offer/enrollments", {
    rule: { any: [{ tag: "client" }, { tag: "vip" }] },
  });
  await site.api("/flows/offer", LATER, "PUT");
  await site.api("/flows/welcome-call/pause", {});
  for (const [email, role] of [
    ["omar@acme.example", "admin"],
    ["layla@acme.example", "agent"],
  ])
    await site.api("/users/invitations", { email, role });
  await join(site, "noura@acme.example", "editor", "نورة الحربي");
  const scopes = ["contacts:write", "events:write"];
  await site.api("/keys", { name: "Website form", role: "agent", scopes, days: 365 });
  await site.api("/keys", { name: "Weekly report", role: "viewer" });
}
