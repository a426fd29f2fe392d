import type { Static } from "typebox";
import { node } from "./node.ts";
import { short } from "./say.ts";
import { Data, Localized, Optional } from "./schema.ts";

const data = Data({
  reason: Optional(
    Localized({
      label: { en: "Reason", ar: "السبب" },
      help: { en: "Kept in the journal.", ar: "يُحفظ في السجل." },
    }),
  ),
});

export default node<Static<typeof data>>({
  type: "exit",
  group: "logic",
  icon: "log-out",
  label: { en: "Exit", ar: "خروج" },
  about: {
    en: "Ends the flow for the contact here, with a reason.",
    ar: "ينهي الخطة لجهة الاتصال هنا، مع ذكر السبب.",
  },
  data,
  example: { reason: { en: "Not interested", ar: "غير مهتم" } },
  summary: ({ reason }, say) =>
    short(say.text(reason)) || say({ en: "Leaves the flow", ar: "مغادرة الخطة" }),
  outputs: () => [],
  run: ({ data }, ctx) => ({
    end: "node",
    text: data.reason === undefined ? "" : ctx.render(data.reason),
  }),
});
