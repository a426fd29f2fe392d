import { describe, expect, test } from "vitest";
import type { Content, Message, Value } from "../../engine/core/state.ts";
import { ByHand, flowOf } from "./by-hand.ts";

const ANN = "ann@x.example";
const SARA = { first_name: "سارة", phone: "+966501234567", locale: "ar-SA", city: "جدة" };

/** What node `n` of this type hands to its channel for Sara. */
async function handed(
  type: string,
  data: Record<string, unknown>,
  fields: Record<string, Value> = SARA,
  parameters: Record<string, { default: string }> = {},
): Promise<Message> {
  const hand = new ByHand();
  await hand.people(ANN);
  await hand.happen(ANN, { kind: "set", fields });
  await hand.publish({
    ...flowOf(
      [
        ["start", "trigger.event", { event: "order.placed" }],
        ["n", type, data],
      ],
      { id: "thanks" },
    ),
    name: { en: "Thanks", ar: "شكر" },
    parameters,
  });
  await hand.happen(ANN, {
    kind: "event",
    name: "order.placed",
    data: { total: 1250, currency: "SAR", items: [{ name: "Tea" }, { name: "Cups" }] },
  });
  const [row] = await hand.store.messages({ limit: 1 });
  if (!row) throw new Error("nothing was sent");
  return row.message;
}

const content = async (...of: Parameters<typeof handed>): Promise<Content> =>
  (await handed(...of)).content;

test("an e-mail's every part is rendered in the contact's language, its body in the given format", async () => {
  const message = await handed(
    "email",
    {
      subject: { en: "Hello {{contact.first_name}}", ar: "مرحبًا {{contact.first_name}}" },
      preheader: { en: "Thanks", ar: "شكرًا {{contact.first_name}}" },
      body: { en: "<p>{{contact.city}}</p>", ar: "<p>{{contact.city}} & {{event.x}}</p>" },
      from: "{{param.brand}} <hello@acme.example>",
      replyTo: "{{param.reply}}",
      format: "html",
      topic: "offers",
    },
    SARA,
    { brand: { default: "Acme" }, reply: { default: "team@acme.example" } },
  );
  expect(message).toMatchObject({ channel: "email", to: ANN, topic: "offers", state: "sent" });
  expect(message.content).toMatchObject({
    subject: "مرحبًا سارة",
    preheader: "شكرًا سارة",
    body: "<p>جدة & </p>",
    from: "Acme <hello@acme.example>",
    replyTo: "team@acme.example",
    format: "html",
    locale: "ar",
    missing: ["event.x"],
  });
  expect(message.content.unsubscribe).toMatch(/^https:\/\/example\.com\/u\//);
});

test.each(["text", "markdown", "html", "mjml"])(
  "the body's format %s goes with it",
  async (format) => {
    expect((await content("email", { subject: "s", body: "b", format })).format).toBe(format);
  },
);

test("the default format is text, in which nothing is escaped; in HTML it is", async () => {
  const body = "{{contact.first_name}}";
  const fields = { first_name: "<b>A & B</b>" };
  const email = (more: Record<string, unknown>) =>
    content("email", { subject: "s", body, ...more }, fields);
  expect(await email({})).toMatchObject({ format: "text", body: "<b>A & B</b>" });
  expect((await email({ format: "html" })).body).toBe("&lt;b&gt;A &amp; B&lt;/b&gt;");
});

test("an SMS goes to the phone, a WhatsApp message as free text or as a template with its parameters", async () => {
  const text = { en: "Hi {{contact.first_name}}", ar: "أهلًا {{contact.first_name}}" };
  for (const channel of ["sms", "whatsapp"]) {
    expect(await handed(channel, { text })).toMatchObject({
      channel,
      to: "+966501234567",
      content: { body: "أهلًا سارة" },
    });
  }
  const template = (parameters: unknown) => ({
    template: { name: "welcome", language: "ar", parameters },
  });
  expect((await content("whatsapp", template(["{{contact.first_name}}", "x"]))).template).toEqual({
    name: "welcome",
    language: "ar",
    parameters: ["سارة", "x"],
  });
  expect((await content("whatsapp", template({ city: "{{contact.city}}" }))).template).toEqual({
    name: "welcome",
    language: "ar",
    parameters: { city: "جدة" },
  });
  expect(
    (await content("whatsapp", { template: { name: "welcome", language: "ar" } })).template,
  ).toEqual({
    name: "welcome",
    language: "ar",
  });
});

test("a letter is in the contact's language, a notice to the team in the workspace's", async () => {
  const text = { en: "Dear {{contact.first_name}}", ar: "عزيزتي {{contact.first_name}}" };
  expect(await handed("letter", { body: text })).toMatchObject({
    channel: "letter",
    state: "sent",
    content: { body: "عزيزتي سارة" },
  });
  expect(
    await handed("notify", { to: "owner@acme.example", subject: text, body: text }),
  ).toMatchObject({
    channel: "notify",
    to: "owner@acme.example",
    content: { subject: "Dear سارة", body: "Dear سارة" },
  });
});

describe("a survey", () => {
  test("asks with a link of its own, in the contact's language", async () => {
    const asked = await content("survey", {
      kind: "csat",
      channel: "sms",
      question: { en: "How was it?", ar: "كيف كانت تجربتك؟" },
    });
    expect(asked.body).toMatch(/^كيف كانت تجربتك؟[\s\S]*https:\/\/example\.com\/s\//);
  });
});

describe("a template sees", () => {
  test.each([
    ["the contact", "{{contact.first_name}} {{contact.email}}", "سارة ann@x.example"],
    ["the event that started the run", "{{event.total}} {{event.items.1.name}}", "1250 Cups"],
    ["the parameters of the flow", "{{param.brand}}", "Acme"],
    [
      "the flow, its name in the contact's language",
      "{{flow.id}} {{flow.name}} {{flow.version}}",
      "thanks شكر 1",
    ],
    ["helpers in the contact's language", "{{money event.total event.currency}}", "‏1,250.00 ر.س.‏"],
    ["plural forms", '{{plural 3 one="شيء" two="شيئان" few="أشياء" other="شيء"}}', "أشياء"],
    ["a stand-in for what is missing", '{{default contact.job "صديقنا"}}', "صديقنا"],
    ["lists", "{{#each event.items}}{{name}};{{/each}}", "Tea;Cups;"],
  ])("%s", async (_, text, expected) => {
    const { body } = await content("sms", { text }, SARA, { brand: { default: "Acme" } });
    expect(body.replaceAll("\u00A0", " ")).toBe(expected);
  });

  test("links of this very message", async () => {
    const { body } = await content("email", {
      subject: "s",
      body: "{{links.unsubscribe}} {{links.preferences}}",
    });
    const [unsubscribe = "", preferences = ""] = body.split(" ");
    expect(unsubscribe).toMatch(/^https:\/\/example\.com\/u\/./);
    expect(preferences).toMatch(/^https:\/\/example\.com\/u\/./);
  });
});
