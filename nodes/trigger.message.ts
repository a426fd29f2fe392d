import type { Static } from "typebox";
import { next, node } from "./node.ts";
import { type DataProblem, windowProblems } from "./problems.ts";
import { channelInWords } from "./say-rule.ts";
import { Choice, Data, ListOf, Name, Optional, WindowOf } from "./schema.ts";

const data = Data({
  channel: Choice(
    ["email", "sms", "whatsapp", "chat"],
    {
      email: { en: "Email", ar: "البريد الإلكتروني" },
      sms: { en: "SMS", ar: "الرسائل النصية" },
      whatsapp: { en: "WhatsApp", ar: "واتساب" },
      chat: { en: "Web chat", ar: "دردشة الموقع" },
    },
    { label: { en: "Channel", ar: "القناة" } },
  ),
  keywords: Optional(
    ListOf(
      Name({ label: { en: "Keyword", ar: "كلمة مفتاحية" } }),
      { maxItems: 200 },
      {
        label: { en: "Keywords", ar: "الكلمات المفتاحية" },
        help: {
          en: "Any one of them is enough; case and Arabic spelling variants don't matter.",
          ar: "تكفي واحدة منها؛ ولا فرق بين صور الحروف العربية ولا حالة الحروف اللاتينية.",
        },
      },
      "keywords",
    ),
  ),
  match: Optional(
    Choice(
      ["word", "exact", "contains", "any"],
      {
        word: { en: "has the word", ar: "فيها الكلمة" },
        exact: { en: "is exactly that", ar: "هي الكلمة نفسها" },
        contains: { en: "contains the letters", ar: "تحتوي على الحروف" },
        any: { en: "is any message", ar: "أي رسالة" },
      },
      {
        label: { en: "The message", ar: "الرسالة" },
        help: {
          en: "Has the word, if not said otherwise.",
          ar: "فيها الكلمة، ما لم يُذكر غير ذلك.",
        },
      },
    ),
  ),
  within: Optional(
    WindowOf({
      label: { en: "Only within", ar: "فقط خلال" },
      help: { en: "In the workspace's time zone.", ar: "بتوقيت مساحة العمل." },
    }),
  ),
  outside: Optional(
    WindowOf({
      label: { en: "Only outside", ar: "فقط خارج" },
      help: { en: "For answers outside working hours.", ar: "للردود خارج أوقات العمل." },
    }),
  ),
});
type D = Static<typeof data>;

function check({ keywords, match, within, outside }: D): DataProblem[] {
  const problems = [...windowProblems(within, "/within"), ...windowProblems(outside, "/outside")];
  if (match !== "any" && !keywords?.length) {
    problems.push({
      pointer: "/keywords",
      message: {
        en: "Give at least one keyword, or choose “any message”.",
        ar: "أضف كلمة مفتاحية واحدة على الأقل، أو اختر «أي رسالة».",
      },
    });
  }
  return problems;
}

export default node<D>({
  type: "trigger.message",
  group: "trigger",
  icon: "message-circle-reply",
  label: { en: "Message received", ar: "رسالة واردة" },
  about: {
    en: "Starts when the contact writes to us, on a keyword or on any message.",
    ar: "تبدأ الخطة عندما تكتب إلينا جهة الاتصال، بكلمة مفتاحية أو بأي رسالة.",
  },
  data,
  example: { channel: "whatsapp", keywords: ["offer", "عرض"], match: "word" },
  summary: ({ channel, keywords, match, within, outside }, say) => {
    const via = channelInWords(say, channel);
    const words = say.list((keywords ?? []).slice(0, 5), "or");
    const parts = [
      match === "any"
        ? say({ en: `Any message by ${via}`, ar: `أي رسالة عبر ${via}` })
        : say({ en: `Message by ${via} with ${words}`, ar: `رسالة عبر ${via} فيها ${words}` }),
    ];
    if (within) parts.push(say.window(within));
    if (outside) parts.push(say({ en: "outside ", ar: "خارج " }) + say.window(outside));
    return parts.join(say({ en: ", ", ar: "، " }));
  },
  outputs: () => [next],
  check,
  starts: ({ channel, keywords, match, within, outside }) => ({
    on: "message",
    channel,
    keywords: keywords ?? [],
    match: match ?? "word",
    within,
    outside,
  }),
  run: () => ({ leave: "next" }),
});
