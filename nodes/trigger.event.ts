import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { whereInWords } from "./say-rule.ts";
import { Data, Name, Optional, WhereOf } from "./schema.ts";

const data = Data({
  event: Name({
    label: { en: "Event", ar: "الحدث" },
    help: { en: "For example order.placed.", ar: "مثل order.placed." },
  }),
  where: Optional(
    WhereOf({
      label: { en: "Only if", ar: "فقط إذا" },
      help: {
        en: "All of these must hold for the event's data.",
        ar: "يجب أن تتحقق كلها في بيانات الحدث.",
      },
    }),
  ),
});

export default node<Static<typeof data>>({
  type: "trigger.event",
  group: "trigger",
  icon: "zap",
  label: { en: "Event happened", ar: "وقوع حدث" },
  about: {
    en: "Starts when an event arrives for the contact, such as an order or a form.",
    ar: "تبدأ الخطة عند وصول حدث يخص جهة الاتصال، مثل طلب شراء أو نموذج.",
  },
  data,
  example: { event: "order.placed", where: [{ data: "amount", op: ">=", value: 100 }] },
  summary: ({ event, where }, say) =>
    where?.length
      ? say({
          en: `When ${event} happens, if ${whereInWords(say, where)}`,
          ar: `عند وقوع ${event}، إذا: ${whereInWords(say, where)}`,
        })
      : say({ en: `When ${event} happens`, ar: `عند وقوع ${event}` }),
  outputs: () => [next],
  starts: ({ event, where }) => ({ on: "event", event, where }),
  run: () => ({ leave: "next" }),
});
