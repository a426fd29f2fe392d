import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { type DataProblem, isZone, momentProblems } from "./problems.ts";
import { cronInWords } from "./say-cron.ts";
import { Choice, Data, Moment, Name, Optional, RuleOf } from "./schema.ts";

const data = Data({
  cron: Optional(
    Name(
      {
        label: { en: "Repeats", ar: "التكرار" },
        help: {
          en: "A cron pattern of 5 or 6 fields, for example 0 9 * * 1.",
          ar: "نمط cron من 5 أو 6 خانات، مثل 0 9 * * 1.",
        },
      },
      "cron",
    ),
  ),
  at: Optional(
    Moment({
      label: { en: "Once, at", ar: "مرة واحدة، في" },
      help: {
        en: "One moment, in place of a repetition.",
        ar: "لحظة واحدة بدلًا من التكرار.",
      },
    }),
  ),
  timezone: Optional(
    Name(
      {
        label: { en: "Time zone", ar: "المنطقة الزمنية" },
        help: {
          en: "An IANA name, or “contact” for each contact's own; else the flow's zone.",
          ar: "اسم من قائمة IANA، أو contact لمنطقة كل جهة اتصال؛ وإلا فمنطقة الخطة.",
        },
      },
      "zone",
    ),
  ),
  audience: RuleOf({
    label: { en: "Audience", ar: "الجمهور المستهدف" },
    help: { en: "Who enters each time.", ar: "من يدخل في كل مرة." },
  }),
  catchUp: Optional(
    Choice(
      ["latest", "all", "none"],
      {
        latest: { en: "only the latest", ar: "آخر موعد فقط" },
        all: { en: "all of them", ar: "جميعها" },
        none: { en: "none", ar: "لا شيء" },
      },
      {
        label: { en: "Moments missed while stopped", ar: "المواعيد الفائتة أثناء التوقف" },
        help: { en: "Only the latest, if not said otherwise.", ar: "آخر موعد، ما لم يُذكر غيره." },
      },
    ),
  ),
});
type D = Static<typeof data>;

function check({ cron, at, timezone }: D): DataProblem[] {
  const problems = momentProblems(at, "/at");
  if (cron !== undefined && at !== undefined) {
    problems.push({
      pointer: "/at",
      message: {
        en: "A schedule either repeats or happens once; remove one of the two.",
        ar: "الجدول إما أن يتكرر أو يحدث مرة واحدة؛ احذف أحدهما.",
      },
    });
  }
  if (cron === undefined && at === undefined) {
    problems.push({
      pointer: "",
      message: {
        en: "Say when the schedule fires: a repetition or one moment.",
        ar: "حدّد متى يعمل الجدول: تكرارًا أو لحظة واحدة.",
      },
    });
  }
  if (timezone !== undefined && timezone !== "contact" && !isZone(timezone)) {
    problems.push({
      pointer: "/timezone",
      message: {
        en: `“${timezone}” is not a time zone; use a name such as Asia/Riyadh, or “contact”.`,
        ar: `«${timezone}» ليست منطقة زمنية؛ استخدم اسمًا مثل Asia/Riyadh، أو contact.`,
      },
    });
  }
  return problems;
}

export default node<D>({
  type: "trigger.schedule",
  group: "trigger",
  icon: "calendar-clock",
  label: { en: "Schedule", ar: "جدول زمني" },
  about: {
    en: "Starts at set times for everyone in an audience.",
    ar: "تبدأ الخطة في مواعيد محددة لكل من في الجمهور المستهدف.",
  },
  data,
  example: {
    cron: "0 9 1 * *",
    timezone: "Asia/Riyadh",
    audience: { tag: "newsletter" },
    catchUp: "latest",
  },
  summary: ({ cron, at, audience, timezone }, say) => {
    const zone = timezone === undefined ? "" : ` (${timezone})`;
    const who = say.rule(audience);
    return cron === undefined
      ? say({
          en: `Once at ${at ?? "?"}${zone}, for: ${who}`,
          ar: `مرة في ${at ?? "؟"}${zone}، لمن: ${who}`,
        })
      : say({
          en: `${cronInWords(say, cron)}${zone}, for: ${who}`,
          ar: `${cronInWords(say, cron)}${zone}، لمن: ${who}`,
        });
  },
  outputs: () => [next],
  check,
  starts: ({ cron, at, timezone, audience, catchUp }) => ({
    on: "schedule",
    cron,
    at,
    timezone,
    audience,
    catchUp: catchUp ?? "latest",
  }),
  run: () => ({ leave: "next" }),
});
