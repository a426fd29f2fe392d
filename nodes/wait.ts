import type { Static } from "typebox";
import { type Ctx, type Instant, next, node, type Say, type Step } from "./node.ts";
import { type DataProblem, momentProblems, windowProblems } from "./problems.ts";
import { offsetInWords } from "./say.ts";
import {
  Data,
  Days,
  DurationOf,
  Moment,
  Name,
  Optional,
  Part,
  Time,
  Whole,
  WindowOf,
} from "./schema.ts";

const data = Data({
  for: Optional(DurationOf({ label: { en: "For", ar: "لمدة" } })),
  until: Optional(
    Part(
      {
        time: Time({ label: { en: "Time", ar: "الوقت" } }),
        days: Optional(Days({ label: { en: "Days", ar: "الأيام" } })),
      },
      {
        label: { en: "Until the next", ar: "حتى أقرب" },
        help: {
          en: "A time of day, on certain days or any.",
          ar: "وقت من اليوم، في أيام معينة أو أي يوم.",
        },
      },
    ),
  ),
  date: Optional(
    Moment({
      label: { en: "Until the date", ar: "حتى تاريخ" },
      help: {
        en: "In the flow's time zone unless it names an offset; past dates go on at once.",
        ar: "بتوقيت الخطة ما لم يحمل فارقًا زمنيًا؛ والتاريخ الماضي لا ينتظر.",
      },
    }),
  ),
  field: Optional(
    Part(
      {
        name: Name({ label: { en: "Field", ar: "الحقل" } }, "field"),
        offset: Optional(
          DurationOf({ label: { en: "Before or after", ar: "قبله أو بعده" } }, true),
        ),
      },
      {
        label: { en: "Until a date of the contact", ar: "حتى تاريخ في حقل" },
        help: {
          en: "A contact's field, event.x or steps.node.x; without a date it goes on at once.",
          ar: "حقل لجهة الاتصال أو event.x أو steps.node.x؛ وإن لم يكن تاريخًا فلا انتظار.",
        },
      },
    ),
  ),
  day: Optional(
    Part(
      {
        n: Whole({ label: { en: "Day number", ar: "رقم اليوم" } }, { minimum: 1, maximum: 36_500 }),
        at: Optional(Time({ label: { en: "At", ar: "في الساعة" } })),
      },
      {
        label: { en: "Until a day of the flow", ar: "حتى يوم من أيام الخطة" },
        help: {
          en: "Day 1 is the day of entry; at the time of entry unless another is given.",
          ar: "اليوم 1 هو يوم الدخول؛ وفي وقت الدخول نفسه ما لم يُذكر وقت آخر.",
        },
      },
    ),
  ),
  best: Optional(
    Part(
      { within: DurationOf({ label: { en: "Within", ar: "خلال" } }) },
      {
        label: { en: "Until the contact's best hour", ar: "حتى أفضل ساعة لجهة الاتصال" },
        help: { en: "When this contact usually answers.", ar: "حين تردّ جهة الاتصال عادة." },
      },
    ),
  ),
  window: Optional(
    WindowOf({
      label: { en: "Then only within", ar: "ثم فقط خلال" },
      help: { en: "Alone, or after one of the others.", ar: "وحدها، أو بعد أحد الخيارات الأخرى." },
    }),
  ),
});
type D = Static<typeof data>;

const KINDS = ["for", "until", "date", "field", "day", "best"] as const;

function check(data: D): DataProblem[] {
  const given = KINDS.filter((kind) => data[kind] !== undefined);
  const problems = [
    ...momentProblems(data.date, "/date"),
    ...windowProblems(data.window, "/window"),
  ];
  const second = given[1];
  if (second !== undefined) {
    problems.push({
      pointer: `/${second}`,
      message: {
        en: `A wait has one way of waiting (and a window); this one names ${given.join(", ")}.`,
        ar: `للانتظار طريقة واحدة (مع فترة إن شئت)؛ وهنا أكثر من طريقة: ${given.join("، ")}.`,
      },
    });
  }
  if (given.length === 0 && data.window === undefined) {
    problems.push({
      pointer: "",
      message: {
        en: "Say how long or until when to wait.",
        ar: "حدّد مدة الانتظار أو موعد نهايته.",
      },
    });
  }
  return problems;
}

/** The moment asked for, before any window; null when the field holds no date. */
function asked(
  { data, since, shift, entered }: Step<D>,
  ctx: Ctx,
  strict: boolean,
): Instant | null {
  if (data.for !== undefined) return ctx.after(since + shift, data.for);
  if (data.until) return ctx.at(data.until.time, data.until.days, since, strict);
  if (data.date !== undefined) return ctx.moment(data.date);
  if (data.field) {
    const moment = ctx.moment(ctx.value(data.field.name));
    return moment === null || data.field.offset === undefined
      ? moment
      : ctx.after(moment, data.field.offset);
  }
  if (data.day) return ctx.day(data.day.n, data.day.at, entered);
  if (data.best) return ctx.best(data.best.within, since, strict);
  return since;
}

function due(step: Step<D>, ctx: Ctx): Instant | null {
  // Coming back to the wait left at this instant takes the next moment: a daily loop goes round once a day.
  const strict = step.left === step.since;
  const moment = asked(step, ctx, strict);
  if (moment === null || !step.data.window) return moment;
  const from = Math.max(moment, step.since);
  return ctx.opening(step.data.window, from, strict && from === step.since);
}

function kindInWords(data: D, say: Say): string {
  if (data.for !== undefined) {
    return say({ en: `Wait ${say.duration(data.for)}`, ar: `انتظار: ${say.duration(data.for)}` });
  }
  if (data.until) {
    const { time, days } = data.until;
    const on = days ? say.days(days) : "";
    return say({
      en: `Wait until ${time}${on && `, ${on}`}`,
      ar: `انتظار حتى ${time}${on && `، ${on}`}`,
    });
  }
  if (data.date !== undefined) {
    return say({ en: `Wait until ${data.date}`, ar: `انتظار حتى ${data.date}` });
  }
  if (data.field) {
    const offset = offsetInWords(say, data.field.offset);
    const about = offset && say({ en: `${offset} `, ar: `، ${offset}` });
    return say({
      en: `Wait until ${about}${data.field.name}`,
      ar: `انتظار حتى ${data.field.name}${about}`,
    });
  }
  if (data.day) {
    const { n, at } = data.day;
    return say({
      en: `Wait until day ${n}${at === undefined ? "" : ` at ${at}`}`,
      ar: `انتظار حتى اليوم ${n}${at === undefined ? "" : ` الساعة ${at}`}`,
    });
  }
  if (data.best) {
    const within = say.duration(data.best.within);
    return say({
      en: `Wait for the contact's best hour within ${within}`,
      ar: `انتظار أفضل ساعة لجهة الاتصال، خلال مدة: ${within}`,
    });
  }
  return "";
}

function summary(data: D, say: Say): string {
  const kind = kindInWords(data, say);
  if (!data.window) return kind || say({ en: "Wait", ar: "انتظار" });
  const window = say.window(data.window);
  return kind
    ? say({ en: `${kind}, then ${window}`, ar: `${kind}، ثم ${window}` })
    : say({ en: `Wait for ${window}`, ar: `انتظار الفترة: ${window}` });
}

export default node<D>({
  type: "wait",
  group: "time",
  icon: "clock",
  label: { en: "Wait", ar: "انتظار" },
  about: {
    en: "Holds the contact for a time, until a date, or until the right hour.",
    ar: "يُبقي جهة الاتصال مدة، أو حتى تاريخ، أو حتى الساعة المناسبة.",
  },
  data,
  example: {
    for: "P3D",
    window: { days: ["sun", "mon", "tue", "wed", "thu"], from: "09:00", to: "21:00" },
  },
  summary,
  outputs: () => [next],
  parks: () => true,
  check,
  run(step, ctx) {
    if (step.woke?.by === "time") return { leave: "next" };
    const moment = due(step, ctx);
    if (moment === null) return { leave: "next", reason: "no-date" };
    if (moment > step.now) return { wait: moment, for: "wait" };
    return step.woke === null ? { leave: "next" } : { leave: "next", due: moment };
  },
});
