import type { Static } from "typebox";
import {
  type Ctx,
  type Draft,
  type Instant,
  node,
  type Output,
  type Step,
  type Text,
  timedOut,
} from "./node.ts";
import { brief } from "./say.ts";
import { channelInWords } from "./say-rule.ts";
import { Choice, Data, DurationOf, Localized, Optional } from "./schema.ts";

const data = Data({
  kind: Choice(
    ["nps", "csat"],
    {
      nps: { en: "Would recommend us (NPS, 0–10)", ar: "صافي نقاط الترويج (0–10)" },
      csat: { en: "Satisfied (CSAT, 1–5)", ar: "مؤشر رضا العملاء (1–5)" },
    },
    { label: { en: "Kind", ar: "النوع" } },
  ),
  question: Optional(
    Localized(
      {
        label: { en: "Question", ar: "السؤال" },
        help: {
          en: "Else the usual question of its kind; the link to answer follows it.",
          ar: "وإلا فالسؤال المعتاد لهذا النوع؛ ويليه رابط الإجابة.",
        },
      },
      "composer",
    ),
  ),
  channel: Choice(
    ["email", "sms", "whatsapp"],
    {
      email: { en: "Email", ar: "البريد الإلكتروني" },
      sms: { en: "SMS", ar: "الرسائل النصية" },
      whatsapp: { en: "WhatsApp", ar: "واتساب" },
    },
    { label: { en: "Channel", ar: "القناة" } },
  ),
  timeout: Optional(
    DurationOf({
      label: { en: "Wait at most", ar: "انتظار على الأكثر" },
      help: {
        en: "For an answer; without it, as long as it takes.",
        ar: "للإجابة؛ وبدونها ينتظر مهما طال الوقت.",
      },
    }),
  ),
});
type D = Static<typeof data>;

const SUBJECT: Record<D["kind"], Text> = {
  nps: { en: "One short question for you", ar: "سؤال واحد قصير" },
  csat: { en: "How did we do?", ar: "ما رأيك في خدمتنا؟" },
};

const QUESTION: Record<D["kind"], Text> = {
  nps: {
    en: "How likely are you to recommend us to a friend or colleague, from 0 to 10?",
    ar: "ما مدى احتمال أن توصي بنا صديقًا أو زميلًا، من 0 إلى 10؟",
  },
  csat: {
    en: "How satisfied are you with us, from 1 to 5?",
    ar: "ما مدى رضاك عن خدمتنا، من 1 إلى 5؟",
  },
};

const OUTPUTS: Record<D["kind"], Output[]> = {
  nps: [
    { id: "promoter", label: { en: "Promoter (9–10)", ar: "مروِّج (9–10)" } },
    { id: "passive", label: { en: "Passive (7–8)", ar: "محايد (7–8)" } },
    { id: "detractor", label: { en: "Detractor (0–6)", ar: "منتقد (0–6)" } },
  ],
  csat: [
    { id: "satisfied", label: { en: "Satisfied (4–5)", ar: "راضٍ (4–5)" } },
    { id: "unsatisfied", label: { en: "Unsatisfied (1–3)", ar: "غير راضٍ (1–3)" } },
  ],
};

function outputOf(kind: D["kind"], score: number): string {
  if (kind === "csat") return score >= 4 ? "satisfied" : "unsatisfied";
  if (score >= 9) return "promoter";
  return score >= 7 ? "passive" : "detractor";
}

const withLink = (question: string) => `${question}\n\n{{links.survey}}`;

/** A survey by e-mail is no transactional message: the way out stands in it too. */
const withWayOut = (question: string) =>
  `${withLink(question)}\n\n${/\p{Script=Arabic}/u.test(question) ? "إلغاء الاشتراك" : "Unsubscribe"}: {{links.unsubscribe}}`;

function draft({ kind, question, channel }: D): Draft {
  const asked = question ?? QUESTION[kind];
  const whole = channel === "email" ? withWayOut : withLink;
  const body: Text =
    typeof asked === "string"
      ? whole(asked)
      : Object.fromEntries(Object.entries(asked).map(([tag, text]) => [tag, whole(text)]));
  return channel === "email"
    ? { channel, subject: SUBJECT[kind], body, format: "text", transactional: false }
    : { channel, body, transactional: false };
}

const until = ({ data, since, shift }: Step<D>, ctx: Ctx): Instant | null =>
  data.timeout === undefined ? null : ctx.after(since + shift, data.timeout);

export default node<D>({
  type: "survey",
  group: "message",
  icon: "star",
  label: { en: "Survey", ar: "استبيان" },
  about: {
    en: "Asks the contact for a score and goes on by the answer.",
    ar: "يطلب من جهة الاتصال تقييمًا، ثم يتابع بحسب الإجابة.",
  },
  data,
  example: { kind: "nps", channel: "email", timeout: "P7D" },
  summary: ({ kind, question, channel }, say) => {
    const asked = brief(say, say.text(question ?? QUESTION[kind]), 60);
    const via = channelInWords(say, channel);
    return say({ en: `${asked} (by ${via})`, ar: `${asked} (عبر ${via})` });
  },
  outputs: ({ kind }) => [...(OUTPUTS[kind] ?? []), timedOut],
  parks: () => true,
  reaches: ({ channel }) => ({ channel, transactional: false }),
  run(step, ctx) {
    const { data, woke, now } = step;
    if (woke?.by === "score") {
      const { score, comment } = woke;
      const value = comment === undefined ? { score } : { score, comment };
      return {
        effects: [{ do: "store", as: step.node, value }],
        leave: outputOf(data.kind, score),
      };
    }
    if (woke?.by === "time" || woke?.by === "unsent") return { leave: "timeout" };
    const moment = until(step, ctx);
    if (woke === null) return { send: draft(data), then: { wait: moment, for: "reply" } };
    if (moment !== null && moment <= now) return { leave: "timeout", due: moment };
    return { wait: moment, for: "reply" };
  },
});
