import type { Static } from "typebox";
import { node, timedOut } from "./node.ts";
import { Data, DurationOf, Optional, RuleOf } from "./schema.ts";

const data = Data({
  rule: RuleOf(
    {
      label: { en: "Wait for", ar: "انتظار أن" },
      help: {
        en: "Goes on as soon as this holds, also if it holds already.",
        ar: "يتابع فور تحقق هذا، وكذلك إن كان متحققًا من قبل.",
      },
    },
    { fromHere: true },
  ),
  timeout: Optional(
    DurationOf({
      label: { en: "At most", ar: "على الأكثر" },
      help: { en: "Without it, for as long as it takes.", ar: "وبدونها ينتظر مهما طال الوقت." },
    }),
  ),
});

export default node<Static<typeof data>>({
  type: "wait-for",
  group: "time",
  icon: "hourglass",
  label: { en: "Wait for an event", ar: "انتظار حدث" },
  about: {
    en: "Holds the contact until something becomes true, or until the time is up.",
    ar: "يُبقي جهة الاتصال حتى يتحقق أمر ما، أو حتى تنتهي المهلة.",
  },
  data,
  example: { rule: { event: "order.placed" }, timeout: "P3D" },
  summary: ({ rule, timeout }, say) => {
    const what = say.rule(rule);
    if (timeout === undefined) {
      return say({ en: `Wait for: ${what}`, ar: `انتظار: ${what}` });
    }
    const most = say.duration(timeout);
    return say({
      en: `Wait for: ${what}, at most ${most}`,
      ar: `انتظار: ${what}، والمهلة: ${most}`,
    });
  },
  outputs: () => [{ id: "matched", label: { en: "It happened", ar: "تحقق" } }, timedOut],
  parks: () => true,
  run({ data, now, since, shift, woke }, ctx) {
    // The rule is looked at before the clock: at one instant, matched beats timeout.
    if (woke?.by === "rule" || ctx.holds(data.rule, "/rule")) return { leave: "matched" };
    if (woke?.by === "time") return { leave: "timeout" };
    const until = data.timeout === undefined ? null : ctx.after(since + shift, data.timeout);
    if (until !== null && until <= now) {
      return woke === null ? { leave: "timeout" } : { leave: "timeout", due: until };
    }
    return { wait: until, for: "rule", rule: { rule: data.rule, pointer: "/rule" } };
  },
});
