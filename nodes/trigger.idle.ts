import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { Data, DurationOf } from "./schema.ts";

const data = Data({
  for: DurationOf({
    label: { en: "Silent for", ar: "مدة الصمت" },
    help: {
      en: "No message, call or reply for so long; once for each silence.",
      ar: "بلا رسالة ولا مكالمة ولا رد طوال هذه المدة؛ مرة واحدة لكل صمت.",
    },
  }),
});

export default node<Static<typeof data>>({
  type: "trigger.idle",
  group: "trigger",
  icon: "moon",
  label: { en: "No contact for a while", ar: "انقطاع التواصل" },
  about: {
    en: "Starts when nothing has passed between the contact and us for a given time.",
    ar: "تبدأ الخطة عندما يمضي وقت محدد دون أي تواصل مع جهة الاتصال.",
  },
  data,
  example: { for: "P7D" },
  summary: (data, say) =>
    say({
      en: `When there was no touch for ${say.duration(data.for)}`,
      ar: `عند انقطاع التواصل مدة: ${say.duration(data.for)}`,
    }),
  outputs: () => [next],
  starts: (data) => ({ on: "idle", for: data.for }),
  run: () => ({ leave: "next" }),
});
