import type { Static } from "typebox";
import { type Label, next, node } from "./node.ts";
import { offsetInWords } from "./say.ts";
import { Choice, Data, DurationOf, Name, Optional, Time } from "./schema.ts";

const EVERY: Record<"year" | "month" | "once", Label> = {
  year: { en: "Every year", ar: "كل سنة" },
  month: { en: "Every month", ar: "كل شهر" },
  once: { en: "Once", ar: "مرة واحدة" },
};

const data = Data({
  field: Name(
    {
      label: { en: "Date field", ar: "حقل التاريخ" },
      help: { en: "For example birthday.", ar: "مثل birthday." },
    },
    "field",
  ),
  offset: Optional(
    DurationOf(
      {
        label: { en: "Before or after", ar: "قبل التاريخ أو بعده" },
        help: { en: "-P3D is three days before.", ar: "‎-P3D تعني قبل التاريخ بثلاثة أيام." },
      },
      true,
    ),
  ),
  at: Optional(
    Time({
      label: { en: "At", ar: "في الساعة" },
      help: { en: "Else the field's own time, or 00:00.", ar: "وإلا فوقت الحقل نفسه، أو 00:00." },
    }),
  ),
  every: Optional(
    Choice(["year", "month", "once"], EVERY, {
      label: { en: "How often", ar: "التكرار" },
      help: { en: "Every year, if not said otherwise.", ar: "كل سنة، ما لم يُذكر غير ذلك." },
    }),
  ),
  calendar: Optional(
    Choice(
      ["gregory", "islamic-umalqura"],
      {
        gregory: { en: "Gregorian", ar: "الميلادي" },
        "islamic-umalqura": { en: "Hijri (Umm al-Qura)", ar: "الهجري (أم القرى)" },
      },
      {
        label: { en: "Calendar", ar: "التقويم" },
        help: {
          en: "In which the date comes round; Gregorian, if not said otherwise.",
          ar: "الذي يتكرر فيه التاريخ؛ الميلادي، ما لم يُذكر غيره.",
        },
      },
    ),
  ),
});

export default node<Static<typeof data>>({
  type: "trigger.date",
  group: "trigger",
  icon: "cake",
  label: { en: "Date of the contact", ar: "تاريخ يخص جهة الاتصال" },
  about: {
    en: "Starts on, before or after a date kept on the contact, such as a birthday.",
    ar: "تبدأ الخطة في تاريخ محفوظ لجهة الاتصال أو قبله أو بعده، مثل يوم الميلاد.",
  },
  data,
  example: { field: "birthday", offset: "-P3D", at: "09:00", every: "year", calendar: "gregory" },
  summary: ({ field, offset, at, every }, say) =>
    [
      `${say(EVERY[every ?? "year"])}: ${field}`,
      offsetInWords(say, offset),
      at === undefined ? "" : say({ en: `at ${at}`, ar: `الساعة ${at}` }),
    ]
      .filter((part) => part !== "")
      .join(say({ en: ", ", ar: "، " })),
  outputs: () => [next],
  starts: ({ field, offset, at, every, calendar }) => ({
    on: "date",
    field,
    offset: offset ?? "PT0S",
    at,
    every: every ?? "year",
    calendar: calendar ?? "gregory",
  }),
  run: () => ({ leave: "next" }),
});
