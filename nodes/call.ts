import type { Static } from "typebox";
import { type Ctx, type Decision, type Instant, node, type Step, timedOut } from "./node.ts";
import { workKeys } from "./parts.ts";
import { brief, short } from "./say.ts";
import { Data, Localized } from "./schema.ts";

const data = Data({
  script: Localized(
    {
      label: { en: "Script", ar: "نص المكالمة" },
      help: {
        en: "What to say; its first line is the task's title.",
        ar: "ما يُقال؛ والسطر الأول هو عنوان المهمة.",
      },
    },
    "composer",
  ),
  ...workKeys,
});
type D = Static<typeof data>;

const until = ({ data, since, shift }: Step<D>, ctx: Ctx): Instant | null =>
  data.timeout === undefined ? null : ctx.after(since + shift, data.timeout);

/** Whoever closes the call without naming an outcome has spoken to the contact. */
const outputOf = (outcome: string): string =>
  outcome === "no-answer" || outcome === "not-interested" || outcome === "timeout"
    ? outcome
    : "answered";

function open(step: Step<D>, ctx: Ctx): Decision {
  const { data, now } = step;
  const script = ctx.render(data.script);
  const assignee = data.assignee === undefined ? "" : ctx.render(data.assignee);
  return {
    effects: [
      {
        do: "task",
        kind: "call",
        title: short(script),
        notes: script,
        assignee: assignee || undefined,
        due: data.due === undefined ? null : ctx.after(now, data.due),
      },
    ],
    wait: until(step, ctx),
    for: "task",
  };
}

export default node<D>({
  type: "call",
  group: "work",
  icon: "phone",
  label: { en: "Call", ar: "مكالمة" },
  about: {
    en: "Asks a person to call the contact and goes on by the outcome.",
    ar: "يطلب من أحد الموظفين الاتصال بجهة الاتصال، ثم يتابع بحسب النتيجة.",
  },
  data,
  example: {
    script: {
      en: "Ask {{contact.first_name}} about the trial.\nDid it meet their needs?",
      ar: "اسأل {{contact.first_name}} عن التجربة.\nهل لبّت احتياجاته؟",
    },
    assignee: "{{contact.owner}}",
    due: "P1D",
    timeout: "P3D",
  },
  summary: ({ script, timeout }, say) => {
    const title = brief(say, say.text(script));
    if (timeout === undefined) return title;
    const most = say.duration(timeout);
    return say({ en: `${title} (at most ${most})`, ar: `${title} (المهلة: ${most})` });
  },
  outputs: () => [
    { id: "answered", label: { en: "Answered", ar: "تم الرد" } },
    { id: "no-answer", label: { en: "No answer", ar: "لا رد" } },
    { id: "not-interested", label: { en: "Not interested", ar: "غير مهتم" } },
    timedOut,
  ],
  parks: () => true,
  reaches: () => ({ channel: "call", transactional: false }),
  run(step, ctx) {
    if (step.woke === null) return open(step, ctx);
    if (step.woke.by === "outcome") return { leave: outputOf(step.woke.outcome) };
    const moment = until(step, ctx);
    if (step.woke.by === "time") return { leave: "timeout" };
    if (moment !== null && moment <= step.now) return { leave: "timeout", due: moment };
    return { wait: moment, for: "task" };
  },
});
