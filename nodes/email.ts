import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { consentKeys } from "./parts.ts";
import { brief } from "./say.ts";
import { Choice, Data, Localized, Optional } from "./schema.ts";

const data = Data({
  subject: Localized({ label: { en: "Subject", ar: "الموضوع" } }),
  body: Localized({ label: { en: "Message", ar: "نص الرسالة" } }, "composer"),
  format: Optional(
    Choice(
      ["text", "markdown", "html", "mjml"],
      {
        text: { en: "Plain text", ar: "نص بسيط" },
        markdown: { en: "Markdown", ar: "Markdown" },
        html: { en: "HTML", ar: "HTML" },
        mjml: { en: "MJML", ar: "MJML" },
      },
      {
        label: { en: "Format", ar: "الصيغة" },
        help: { en: "Plain text, if not said otherwise.", ar: "نص بسيط، ما لم يُذكر غيره." },
      },
    ),
  ),
  preheader: Optional(
    Localized({
      label: { en: "Preview text", ar: "نص المعاينة" },
      help: {
        en: "Shown beside the subject in the inbox.",
        ar: "يظهر بجانب الموضوع في صندوق الوارد.",
      },
    }),
  ),
  from: Optional(
    Localized({
      label: { en: "From", ar: "المرسل" },
      help: { en: "Else the workspace's sender.", ar: "وإلا فمرسل مساحة العمل." },
    }),
  ),
  replyTo: Optional(Localized({ label: { en: "Reply to", ar: "الرد إلى" } })),
  ...consentKeys,
});

export default node<Static<typeof data>>({
  type: "email",
  group: "message",
  icon: "mail",
  label: { en: "Email", ar: "بريد إلكتروني" },
  about: {
    en: "Sends the contact an email in their language.",
    ar: "يرسل إلى جهة الاتصال رسالة بريد إلكتروني بلغتها.",
  },
  data,
  example: {
    subject: {
      en: "Welcome, {{contact.first_name}}",
      ar: "أهلًا بك يا {{contact.first_name}}",
    },
    body: {
      en: "Thank you for your interest. Here is what we can do for you.",
      ar: "نشكر لك اهتمامك. إليك ما يمكننا أن نقدمه لك.",
    },
  },
  summary: ({ subject }, say) => brief(say, say.text(subject)),
  outputs: () => [next],
  reaches: ({ transactional }) => ({ channel: "email", transactional: transactional ?? false }),
  run: ({ data }) => ({
    send: {
      channel: "email",
      subject: data.subject,
      body: data.body,
      preheader: data.preheader,
      format: data.format ?? "text",
      from: data.from,
      replyTo: data.replyTo,
      topic: data.topic,
      transactional: data.transactional ?? false,
    },
    then: { leave: "next" },
  }),
});
