import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { Data, Name, Optional, RuleOf } from "./schema.ts";

const data = Data({
  field: Name({ label: { en: "Field", ar: "الحقل" } }, "field"),
  where: Optional(
    RuleOf({
      label: { en: "Only if", ar: "فقط إذا" },
      help: { en: "Looked at after the change.", ar: "يُنظر فيها بعد التغيير." },
    }),
  ),
});

export default node<Static<typeof data>>({
  type: "trigger.field",
  group: "trigger",
  icon: "text-cursor-input",
  label: { en: "Field changed", ar: "تغيّر حقل" },
  about: {
    en: "Starts when a field of the contact changes.",
    ar: "تبدأ الخطة عندما تتغير قيمة حقل لجهة الاتصال.",
  },
  data,
  example: { field: "lifecycle", where: { field: "lifecycle", op: "=", value: "interested" } },
  summary: ({ field, where }, say) =>
    where
      ? say({
          en: `When ${field} changes, if ${say.rule(where)}`,
          ar: `عند تغيّر ${field}، إذا: ${say.rule(where)}`,
        })
      : say({ en: `When ${field} changes`, ar: `عند تغيّر ${field}` }),
  outputs: () => [next],
  starts: ({ field, where }) => ({ on: "field", field, where }),
  run: () => ({ leave: "next" }),
});
