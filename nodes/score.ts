import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { Amount, Data } from "./schema.ts";

const data = Data({
  add: Amount(
    {
      label: { en: "Points", ar: "النقاط" },
      help: { en: "Below zero takes points away.", ar: "ما دون الصفر يُنقص النقاط." },
    },
    { minimum: -1_000_000, maximum: 1_000_000 },
  ),
});

export default node<Static<typeof data>>({
  type: "score",
  group: "contact",
  icon: "trending-up",
  label: { en: "Change the score", ar: "تعديل النقاط" },
  about: {
    en: "Adds points to the contact's score or takes them away.",
    ar: "يزيد نقاط جهة الاتصال أو ينقصها.",
  },
  data,
  example: { add: 5 },
  summary: ({ add }, say) => {
    const points = Math.abs(add) === 1 ? "point" : "points";
    return add < 0
      ? say({ en: `Take away ${-add} ${points}`, ar: `إنقاص النقاط بمقدار ${-add}` })
      : say({ en: `Add ${add} ${points}`, ar: `زيادة النقاط بمقدار ${add}` });
  },
  outputs: () => [next],
  run: ({ data }) => ({ effects: [{ do: "score", add: data.add }], leave: "next" }),
});
