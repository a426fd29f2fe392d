import { type Static, Type } from "typebox";
import { next, node } from "./node.ts";
import { Data, Name, Optional } from "./schema.ts";

const data = Data({
  name: Name({ label: { en: "Goal", ar: "الهدف" } }),
  value: Optional(
    Type.Unsafe<number | string>({
      anyOf: [{ type: "number" }, { type: "string", minLength: 1, maxLength: 1000 }],
      control: "template",
      label: { en: "Value", ar: "القيمة" },
      help: {
        en: "An amount, or a template such as {{event.amount}}.",
        ar: "مبلغ، أو قالب مثل {{event.amount}}.",
      },
    }),
  ),
});

export default node<Static<typeof data>>({
  type: "goal",
  group: "logic",
  icon: "target",
  label: { en: "Goal reached", ar: "بلوغ هدف" },
  about: {
    en: "Records that the contact reached a goal, with its value; the flow goes on.",
    ar: "يسجّل أن جهة الاتصال بلغت هدفًا، مع قيمته؛ وتستمر الخطة.",
  },
  data,
  example: { name: "order", value: "{{event.amount}}" },
  summary: ({ name, value }, say) =>
    value === undefined
      ? say({ en: `Goal “${name}”`, ar: `الهدف «${name}»` })
      : say({ en: `Goal “${name}”, worth ${value}`, ar: `الهدف «${name}»، قيمته ${value}` }),
  outputs: () => [next],
  run: ({ data }, ctx) => ({
    effects: [
      {
        do: "goal",
        name: data.name,
        value: data.value === undefined ? null : ctx.resolve(data.value),
      },
    ],
    leave: "next",
  }),
});
