import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { brief } from "./say.ts";
import { Data, Localized, Name } from "./schema.ts";

const data = Data({
  to: Name(
    {
      label: { en: "To", ar: "إلى" },
      help: {
        en: "A person of the team, an address, or {{contact.owner}}.",
        ar: "شخص من الفريق، أو عنوان بريد، أو {{contact.owner}}.",
      },
    },
    "person",
  ),
  subject: Localized({ label: { en: "Subject", ar: "الموضوع" } }),
  body: Localized({ label: { en: "Message", ar: "نص التنبيه" } }, "composer"),
});

export default node<Static<typeof data>>({
  type: "notify",
  group: "work",
  icon: "bell",
  label: { en: "Alert the team", ar: "تنبيه الفريق" },
  about: {
    en: "Sends a message to the team, not to the contact.",
    ar: "يرسل رسالة إلى الفريق، لا إلى جهة الاتصال.",
  },
  data,
  example: {
    to: "{{contact.owner}}",
    subject: {
      en: "{{contact.first_name}} asked for a call",
      ar: "{{contact.first_name}} يطلب مكالمة",
    },
    body: {
      en: "Please call {{contact.phone}} today.",
      ar: "نرجو الاتصال على {{contact.phone}} اليوم.",
    },
  },
  summary: ({ to, subject }, say) => {
    const words = brief(say, say.text(subject));
    return say({ en: `To ${to}: ${words}`, ar: `إلى ${to}: ${words}` });
  },
  outputs: () => [next],
  run: ({ data }, ctx) => ({
    effects: [{ do: "notify", to: ctx.render(data.to), subject: data.subject, body: data.body }],
    leave: "next",
  }),
});
