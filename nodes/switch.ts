import { type Static, Type } from "typebox";
import { node } from "./node.ts";
import { idProblems } from "./problems.ts";
import { labelled } from "./say.ts";
import { Data, ID, ListOf, Optional, Part, RuleOf, Words } from "./schema.ts";

const data = Data({
  cases: ListOf(
    Part({
      id: Type.String({ pattern: ID, control: "text", label: { en: "Id", ar: "المعرّف" } }),
      label: Optional(Words({ label: { en: "Name", ar: "الاسم" } })),
      rule: RuleOf({ label: { en: "If", ar: "إذا" } }),
    }),
    { minItems: 1, maxItems: 50 },
    {
      label: { en: "Cases", ar: "الحالات" },
      help: { en: "The first that holds is taken.", ar: "تؤخذ أول حالة تتحقق." },
    },
    "cases",
  ),
});

export default node<Static<typeof data>>({
  type: "switch",
  group: "logic",
  icon: "list-tree",
  label: { en: "Branch", ar: "تفرّع" },
  about: {
    en: "Sends the contact the way of the first case whose rule holds now.",
    ar: "يوجّه جهة الاتصال في طريق أول حالة تتحقق قاعدتها الآن.",
  },
  data,
  example: {
    cases: [
      {
        id: "large",
        label: { en: "Large company", ar: "شركة كبيرة" },
        rule: { field: "size", op: ">", value: 200 },
      },
      {
        id: "medium",
        label: { en: "Medium company", ar: "شركة متوسطة" },
        rule: { field: "size", op: ">=", value: 50 },
      },
    ],
  },
  summary: ({ cases }, say) => {
    const names = cases.map((c) => say(labelled(c.label, c.id)));
    return say({
      en: `First that holds: ${say.list(names, "or")}`,
      ar: `أول ما يتحقق: ${say.list(names, "or")}`,
    });
  },
  outputs: ({ cases }) => [
    ...cases.map((c) => ({ id: c.id, label: labelled(c.label, c.id) })),
    { id: "else", label: { en: "Otherwise", ar: "غير ذلك" } },
  ],
  check: ({ cases }) => idProblems(cases, "/cases", ["else"]),
  run({ data }, ctx) {
    const first = data.cases.find((c, i) => ctx.holds(c.rule, `/cases/${i}/rule`));
    return { leave: first?.id ?? "else" };
  },
});
