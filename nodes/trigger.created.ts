import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { Data, Optional, RuleOf } from "./schema.ts";

const data = Data({
  where: Optional(
    RuleOf({
      label: { en: "Only if", ar: "فقط إذا" },
      help: {
        en: "Looked at when the contact is created.",
        ar: "يُنظر فيها لحظة إنشاء جهة الاتصال.",
      },
    }),
  ),
});

export default node<Static<typeof data>>({
  type: "trigger.created",
  group: "trigger",
  icon: "user-plus",
  label: { en: "Contact created", ar: "جهة اتصال جديدة" },
  about: {
    en: "Starts when a new contact is created, by a form, an import or a person.",
    ar: "تبدأ الخطة عند إنشاء جهة اتصال جديدة، من نموذج أو استيراد أو يدويًا.",
  },
  data,
  example: { where: { field: "source", op: "=", value: "form" } },
  summary: ({ where }, say) =>
    where
      ? say({
          en: `When a contact is created, if ${say.rule(where)}`,
          ar: `عند إنشاء جهة اتصال، إذا: ${say.rule(where)}`,
        })
      : say({ en: "When a contact is created", ar: "عند إنشاء جهة اتصال" }),
  outputs: () => [next],
  starts: ({ where }) => ({ on: "created", where }),
  run: () => ({ leave: "next" }),
});
