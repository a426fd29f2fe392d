import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { Choice, Data, Name, Optional } from "./schema.ts";

const data = Data({
  tag: Name({ label: { en: "Tag", ar: "العلامة" } }, "tag"),
  on: Optional(
    Choice(
      ["added", "removed"],
      {
        added: { en: "is added", ar: "أُضيفت" },
        removed: { en: "is removed or expires", ar: "أُزيلت أو انتهت صلاحيتها" },
      },
      {
        label: { en: "When it", ar: "عندما" },
        help: { en: "Added, if not said otherwise.", ar: "الإضافة، ما لم يُذكر غيرها." },
      },
    ),
  ),
});

export default node<Static<typeof data>>({
  type: "trigger.tag",
  group: "trigger",
  icon: "tag",
  label: { en: "Tag changed", ar: "تغيّر علامة" },
  about: {
    en: "Starts when the contact gets a tag or loses it.",
    ar: "تبدأ الخطة عندما تُضاف علامة إلى جهة الاتصال أو تُزال عنها.",
  },
  data,
  example: { tag: "lead", on: "added" },
  summary: ({ tag, on }, say) =>
    on === "removed"
      ? say({ en: `When tag “${tag}” is removed`, ar: `عند إزالة العلامة «${tag}»` })
      : say({ en: `When tag “${tag}” is added`, ar: `عند إضافة العلامة «${tag}»` }),
  outputs: () => [next],
  starts: ({ tag, on }) => ({ on: "tag", tag, change: on ?? "added" }),
  run: () => ({ leave: "next" }),
});
