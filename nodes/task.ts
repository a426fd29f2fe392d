import type { Static } from "typebox";
import { type Ctx, type Effect, type Instant, next, node, type Step, timedOut } from "./node.ts";
import { workKeys } from "./parts.ts";
import type { DataProblem } from "./problems.ts";
import { brief } from "./say.ts";
import { Data, Localized, Optional, Toggle } from "./schema.ts";

const data = Data({
  title: Localized({ label: { en: "Title", ar: "العنوان" } }),
  notes: Optional(Localized({ label: { en: "Notes", ar: "ملاحظات" } }, "composer")),
  ...workKeys,
  waitForDone: Optional(
    Toggle({
      label: { en: "Wait until it is done", ar: "انتظار إنجازها" },
      help: {
        en: "Else the contact goes on at once.",
        ar: "وإلا تابعت جهة الاتصال في الحال.",
      },
    }),
  ),
});
type D = Static<typeof data>;

const until = ({ data, since, shift }: Step<D>, ctx: Ctx): Instant | null =>
  data.timeout === undefined ? null : ctx.after(since + shift, data.timeout);

function opened({ data, now }: Step<D>, ctx: Ctx): Effect {
  const assignee = data.assignee === undefined ? "" : ctx.render(data.assignee);
  return {
    do: "task",
    kind: "task",
    title: ctx.render(data.title),
    notes: data.notes === undefined ? undefined : ctx.render(data.notes),
    assignee: assignee || undefined,
    due: data.due === undefined ? null : ctx.after(now, data.due),
  };
}

function check({ waitForDone, timeout }: D): DataProblem[] {
  if (timeout === undefined || waitForDone) return [];
  const message = {
    en: "This task doesn't wait, so “wait at most” has no effect; turn on “wait until it is done”.",
    ar: "هذه المهمة لا تنتظر، فلا أثر لمهلة الانتظار؛ فعّل «انتظار إنجازها».",
  };
  return [{ pointer: "/timeout", message }];
}

export default node<D>({
  type: "task",
  group: "work",
  icon: "clipboard-check",
  label: { en: "Task", ar: "مهمة" },
  about: {
    en: "Gives a person something to do, and waits for it if you wish.",
    ar: "يكلّف أحد الموظفين بعمل، وينتظر إنجازه إن شئت.",
  },
  data,
  example: {
    title: {
      en: "Confirm the sample's result with {{contact.first_name}}",
      ar: "تأكيد نتيجة العينة مع {{contact.first_name}}",
    },
    due: "P1D",
    waitForDone: true,
    timeout: "P7D",
  },
  summary: ({ title, waitForDone }, say) => {
    const words = brief(say, say.text(title));
    return waitForDone
      ? say({ en: `${words} (waits until done)`, ar: `${words} (ينتظر الإنجاز)` })
      : words;
  },
  outputs: ({ waitForDone }) => (waitForDone ? [next, timedOut] : [next]),
  parks: ({ waitForDone }) => waitForDone ?? false,
  check,
  reaches: () => ({ channel: "task", transactional: false }),
  run(step, ctx) {
    if (step.woke === null) {
      const effects = [opened(step, ctx)];
      return step.data.waitForDone
        ? { effects, wait: until(step, ctx), for: "task" }
        : { effects, leave: "next" };
    }
    if (step.woke.by === "outcome") {
      const late = step.data.waitForDone && step.woke.outcome === "timeout";
      return { leave: late ? "timeout" : "next" };
    }
    // A new version of the flow may no longer wait here.
    if (!step.data.waitForDone) return { leave: "next" };
    const moment = until(step, ctx);
    if (step.woke.by === "time") return { leave: "timeout" };
    if (moment !== null && moment <= step.now) return { leave: "timeout", due: moment };
    return { wait: moment, for: "task" };
  },
});
