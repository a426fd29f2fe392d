import type { Static } from "typebox";
import { node } from "./node.ts";
import { Data, RuleOf } from "./schema.ts";

const data = Data({ rule: RuleOf({ label: { en: "If", ar: "إذا" } }) });

export default node<Static<typeof data>>({
  type: "condition",
  group: "logic",
  icon: "split",
  label: { en: "Condition", ar: "شرط" },
  about: {
    en: "Sends the contact one way if a rule holds now, and another way if not.",
    ar: "يوجّه جهة الاتصال في طريق إن تحققت القاعدة الآن، وفي طريق آخر إن لم تتحقق.",
  },
  data,
  example: { rule: { tag: "vip" } },
  summary: ({ rule }, say) => say({ en: `If ${say.rule(rule)}`, ar: `إذا: ${say.rule(rule)}` }),
  outputs: () => [
    { id: "yes", label: { en: "Yes", ar: "نعم" } },
    { id: "no", label: { en: "No", ar: "لا" } },
  ],
  run: ({ data }, ctx) => ({ leave: ctx.holds(data.rule, "/rule") ? "yes" : "no" }),
});
