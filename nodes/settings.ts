import { type Static, type TSchema, Type } from "typebox";
import type { Label, Window } from "./node.ts";
import { Choice, Days, DurationOf, Optional, Part, RuleOf, Time, Toggle, Whole } from "./schema.ts";

const say = (en: string, ar: string, help?: Label) => ({
  label: { en, ar },
  ...(help ? { help } : {}),
});
const word = (en: string, ar: string): Label => ({ en, ar });

const Reentry = Part(
  {
    mode: Optional(
      Choice(
        ["once", "after-exit", "per-key", "always"],
        {
          once: word("Once, ever", "مرة واحدة فقط"),
          "after-exit": word("Again after leaving", "مجددًا بعد الخروج"),
          "per-key": word("Once for each key", "مرة لكل مفتاح"),
          always: word("Every time", "في كل مرة"),
        },
        say("Mode", "الوضع"),
      ),
    ),
    key: Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        control: "text",
        ...say("Key", "المفتاح", {
          en: "A field of the trigger's data, for example order_id.",
          ar: "حقل في بيانات المشغِّل، مثل order_id.",
        }),
      }),
    ),
    cooldown: Optional(DurationOf(say("Pause before re-entry", "مهلة إعادة الدخول"))),
  },
  say("Re-entry", "إعادة الدخول", {
    en: "Whether a contact may go through this flow more than once.",
    ar: "هل تمرّ جهة الاتصال بهذه الخطة أكثر من مرة.",
  }),
);

const Goal = Part(
  {
    when: RuleOf(say("Goal rule", "قاعدة الهدف"), { fromHere: true }),
    within: Optional(DurationOf(say("Within", "خلال"))),
    value: Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        control: "text",
        ...say("Value", "القيمة", {
          en: "A path in the data of the event that reached the goal, for example amount.",
          ar: "مسار في بيانات الحدث الذي بلغ الهدف، مثل amount.",
        }),
      }),
    ),
    exit: Optional(Toggle(say("Leave at the goal", "الخروج عند الهدف"))),
  },
  say("Goal", "الهدف", {
    en: "What the flow is for; its conversions are counted.",
    ar: "ما وُضعت الخطة من أجله؛ وتُحسب مرات بلوغه.",
  }),
);

const SendWindow = Type.Unsafe<Window>(
  Part(
    {
      days: Optional(Days(say("Days", "الأيام"))),
      from: Optional(Time(say("From", "من"))),
      to: Optional(Time(say("To", "إلى"))),
    },
    say("Send window", "أوقات الإرسال", {
      en: "Messages wait until it opens.",
      ar: "تنتظر الرسائل حتى تبدأ.",
    }),
    "window",
  ),
);

const Cap = Part({
  channel: Type.String({
    minLength: 1,
    maxLength: 200,
    control: "channel",
    ...say("Channel", "القناة"),
  }),
  max: Whole(say("At most", "الحد الأقصى"), { minimum: 1, maximum: 1_000_000 }),
  per: DurationOf(say("In the span", "خلال المدة")),
  over: Optional(
    Choice(
      ["delay", "skip"],
      {
        delay: word("the message waits", "تنتظر الرسالة"),
        skip: word("the message is skipped", "تُتجاوز الرسالة"),
      },
      say("Over the cap", "عند تجاوز الحد"),
    ),
  ),
});

const OnReply = Part(
  {
    do: Optional(
      Choice(
        ["continue", "pause", "exit"],
        {
          continue: word("go on", "المتابعة"),
          pause: word("pause, a person takes over", "إيقاف مؤقت وتولّي موظف"),
          exit: word("leave the flow", "الخروج من الخطة"),
        },
        say("On a reply", "عند الرد"),
      ),
    ),
    resume: Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        control: "resume",
        ...say("Resume", "الاستئناف"),
      }),
    ),
  },
  say("On a reply", "عند الرد"),
);

const Late = Part(
  {
    after: DurationOf(say("Late after", "متأخر بعد")),
    do: Optional(
      Choice(
        ["send", "skip", "window"],
        {
          send: word("send all the same", "الإرسال رغم ذلك"),
          skip: word("skip", "التجاوز"),
          window: word("send in the next window", "الإرسال في أوقات الإرسال التالية"),
        },
        say("When late", "عند التأخر"),
      ),
    ),
  },
  say("Late messages", "الرسائل المتأخرة", {
    en: "When a message's moment passed while the program was down or the flow paused.",
    ar: "حين يفوت موعد رسالة أثناء توقف البرنامج أو إيقاف الخطة.",
  }),
);

/** The settings of a flow, checked by the engine and shown as a form by the editor. */
export const SettingsSchema = Part({
  timezone: Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      control: "zone",
      ...say("Time zone", "المنطقة الزمنية", {
        en: "Each contact's own, if not said otherwise.",
        ar: "منطقة كل جهة اتصال، ما لم يُذكر غيرها.",
      }),
    }),
  ),
  reentry: Optional(Reentry),
  exitWhen: Optional(RuleOf(say("Exit when", "الخروج عندما"), { fromHere: true })),
  goal: Optional(Goal),
  sendWindow: Optional(SendWindow),
  hours: Optional(
    Choice(
      ["ignore", "observe"],
      {
        ignore: word("messages go at any time", "تُرسل الرسائل في أي وقت"),
        observe: word("messages wait for them", "تنتظر الرسائل حتى تبدأ"),
      },
      say("Working hours", "ساعات العمل", {
        en: "The hours of the workspace, on its working days; a send window here comes before them.",
        ar: "ساعات مساحة العمل في أيام العمل؛ وتُقدَّم عليها أوقات الإرسال المحددة هنا.",
      }),
    ),
  ),
  holidays: Optional(
    Choice(
      ["observe", "ignore"],
      {
        observe: word("wait for the next working day", "انتظار أقرب يوم عمل"),
        ignore: word("go on all the same", "المتابعة رغم ذلك"),
      },
      say("On holidays", "في العطل الرسمية", {
        en: "The holidays of the workspace; a greeting for a feast is sent on the feast.",
        ar: "العطل المحددة في مساحة العمل؛ أما تهنئة العيد فتُرسل في العيد نفسه.",
      }),
    ),
  ),
  frequencyCap: Optional(
    Type.Array(Cap, { maxItems: 50, control: "list", ...say("Frequency cap", "حد الإرسال") }),
  ),
  onReply: Optional(OnReply),
  late: Optional(Late),
} satisfies Record<string, TSchema>);

/** How a flow treats everyone in it. */
export type Settings = Static<typeof SettingsSchema>;
