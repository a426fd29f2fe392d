import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { brief } from "./say.ts";
import { Data, Localized } from "./schema.ts";

const data = Data({
  body: Localized({ label: { en: "Letter", ar: "نص الرسالة البريدية" } }, "composer"),
});

export default node<Static<typeof data>>({
  type: "letter",
  group: "message",
  icon: "mailbox",
  label: { en: "Letter", ar: "بريد مباشر" },
  about: {
    en: "Adds a paper letter to the day's batch for printing.",
    ar: "يضيف رسالة ورقية إلى دفعة اليوم المعدّة للطباعة.",
  },
  data,
  example: {
    body: {
      en: "Dear {{contact.first_name}},\n\nWe wish you a happy new year.",
      ar: "عزيزنا {{contact.first_name}}،\n\nنتمنى لك عامًا سعيدًا.",
    },
  },
  summary: ({ body }, say) => brief(say, say.text(body)),
  outputs: () => [next],
  reaches: () => ({ channel: "letter", transactional: false }),
  run: ({ data }) => ({ effects: [{ do: "letter", body: data.body }], leave: "next" }),
});
