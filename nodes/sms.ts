import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { consentKeys } from "./parts.ts";
import { brief } from "./say.ts";
import { Data, Localized } from "./schema.ts";

const data = Data({
  text: Localized({ label: { en: "Message", ar: "نص الرسالة" } }, "composer"),
  ...consentKeys,
});

export default node<Static<typeof data>>({
  type: "sms",
  group: "message",
  icon: "message-square-text",
  label: { en: "SMS", ar: "رسالة نصية" },
  about: {
    en: "Sends the contact a short text message.",
    ar: "يرسل إلى جهة الاتصال رسالة نصية قصيرة.",
  },
  data,
  example: {
    text: {
      en: "{{contact.first_name}}, your offer ends tomorrow.",
      ar: "{{contact.first_name}}، ينتهي عرضك غدًا.",
    },
  },
  summary: ({ text }, say) => brief(say, say.text(text)),
  outputs: () => [next],
  reaches: ({ transactional }) => ({ channel: "sms", transactional: transactional ?? false }),
  run: ({ data }) => ({
    send: {
      channel: "sms",
      body: data.text,
      topic: data.topic,
      transactional: data.transactional ?? false,
    },
    then: { leave: "next" },
  }),
});
