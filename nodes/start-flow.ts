import { type Static, Type } from "typebox";
import { next, node } from "./node.ts";
import { Data, Optional, Toggle } from "./schema.ts";

const data = Data({
  flow: Type.String({
    pattern: "^[a-z0-9][a-z0-9-]{0,63}$",
    control: "flow",
    label: { en: "Flow", ar: "خطة المتابعة" },
  }),
  wait: Optional(
    Toggle({
      label: { en: "Wait until it ends", ar: "انتظار نهايتها" },
      help: {
        en: "Else the contact goes on at once.",
        ar: "وإلا تابعت جهة الاتصال في الحال.",
      },
    }),
  ),
});

export default node<Static<typeof data>>({
  type: "start-flow",
  group: "logic",
  icon: "workflow",
  label: { en: "Start another flow", ar: "بدء خطة متابعة أخرى" },
  about: {
    en: "Enrolls the contact in another flow, and waits for its end if you wish.",
    ar: "يدرج جهة الاتصال في خطة متابعة أخرى، وينتظر نهايتها إن شئت.",
  },
  data,
  example: { flow: "after-purchase", wait: true },
  summary: ({ flow, wait }, say) =>
    wait
      ? say({ en: `Start “${flow}” and wait until it ends`, ar: `بدء «${flow}» وانتظار نهايتها` })
      : say({ en: `Start “${flow}”`, ar: `بدء «${flow}»` }),
  outputs: () => [next],
  run({ data, woke }) {
    const wait = data.wait ?? false;
    if (woke?.by === "ended" || (woke !== null && !wait)) return { leave: "next" };
    // The other flow runs already: a pause or a new version must not start it a second time.
    if (woke !== null) return { wait: null, for: "flow" };
    const effects = [{ do: "start" as const, flow: data.flow, wait }];
    return wait ? { effects, wait: null, for: "flow" } : { effects, leave: "next" };
  },
});
