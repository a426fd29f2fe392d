import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { Choice, Data, Name, Optional } from "./schema.ts";

const data = Data({
  segment: Name({ label: { en: "Segment", ar: "الشريحة" } }, "segment"),
  on: Optional(
    Choice(
      ["entered", "left"],
      {
        entered: { en: "enters it", ar: "تدخلها" },
        left: { en: "leaves it", ar: "تغادرها" },
      },
      {
        label: { en: "When the contact", ar: "عندما جهة الاتصال" },
        help: { en: "Enters, if not said otherwise.", ar: "الدخول، ما لم يُذكر غيره." },
      },
    ),
  ),
});

export default node<Static<typeof data>>({
  type: "trigger.segment",
  group: "trigger",
  icon: "users",
  label: { en: "Segment changed", ar: "دخول شريحة أو مغادرتها" },
  about: {
    en: "Starts when the contact comes into a segment or drops out of it.",
    ar: "تبدأ الخطة عندما تدخل جهة الاتصال شريحة أو تغادرها.",
  },
  data,
  example: { segment: "loyal-buyers", on: "entered" },
  summary: ({ segment, on }, say) =>
    on === "left"
      ? say({ en: `When leaving segment “${segment}”`, ar: `عند مغادرة شريحة «${segment}»` })
      : say({ en: `When entering segment “${segment}”`, ar: `عند دخول شريحة «${segment}»` }),
  outputs: () => [next],
  starts: ({ segment, on }) => ({ on: "segment", segment, change: on ?? "entered" }),
  run: () => ({ leave: "next" }),
});
