import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { Data } from "./schema.ts";

const data = Data({});

export default node<Static<typeof data>>({
  type: "trigger.manual",
  group: "trigger",
  icon: "hand",
  label: { en: "Added by hand", ar: "إدراج يدوي" },
  about: {
    en: "Starts for the contacts that a person chooses.",
    ar: "تبدأ الخطة لجهات الاتصال التي يختارها شخص من الفريق.",
  },
  data,
  example: {},
  summary: (_data, say) =>
    say({ en: "When someone adds the contact", ar: "عندما يدرج أحدٌ جهة الاتصال" }),
  outputs: () => [next],
  starts: () => ({ on: "manual" }),
  run: () => ({ leave: "next" }),
});
