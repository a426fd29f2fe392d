import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { Data, Name, Optional } from "./schema.ts";

const data = Data({
  pipeline: Optional(
    Name({
      label: { en: "Pipeline", ar: "مسار المبيعات" },
      help: { en: "Else the workspace's only one.", ar: "وإلا فالمسار الوحيد في مساحة العمل." },
    }),
  ),
  to: Name({ label: { en: "Stage", ar: "المرحلة" } }),
});

export default node<Static<typeof data>>({
  type: "stage",
  group: "contact",
  icon: "square-kanban",
  label: { en: "Move to a stage", ar: "نقل إلى مرحلة" },
  about: {
    en: "Moves the contact to a stage of the sales pipeline.",
    ar: "ينقل جهة الاتصال إلى مرحلة في مسار المبيعات.",
  },
  data,
  example: { pipeline: "sales", to: "quoted" },
  summary: ({ pipeline, to }, say) => {
    const where = pipeline === undefined ? "" : ` (${pipeline})`;
    return say({ en: `To stage “${to}”${where}`, ar: `إلى مرحلة «${to}»${where}` });
  },
  outputs: () => [next],
  run: ({ data }) => ({
    effects: [{ do: "stage", pipeline: data.pipeline, to: data.to }],
    leave: "next",
  }),
});
