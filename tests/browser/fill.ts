import type { Language } from "../../nodes/index.ts";
import type { Site } from "./harness.ts";

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
    step("near", "trigger.segment", 720, { segment: "Near us", on: "entered" }),
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
