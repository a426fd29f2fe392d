import type { Label } from "../../nodes/index.ts";

/** The words of the plain pages. */
export const WORDS = {
  flows: { en: "Flows", ar: "خطط المتابعة" },
  messages: { en: "Messages", ar: "الرسائل" },
  flowsAbout: {
    en: "Every plan of following up, how far it is, and how many people came in.",
    ar: "كل خطط المتابعة، وحالة كل منها، وعدد من دخلها.",
  },
  messagesAbout: {
    en: "What was sent, newest first, exactly as people get it.",
    ar: "ما أُرسل، الأحدث أولًا، كما يصل إلى أصحابه تمامًا.",
  },
  builtIn: {
    en: "No channel is set up, so messages stay here in the built-in outbox and nothing leaves this machine.",
    ar: "لم تُضبط أي قناة بعد، فتبقى الرسائل هنا في الصندوق المدمج ولا يغادر الجهازَ شيء.",
  },
  noFlows: {
    en: "There are no flows yet. Add the first one:",
    ar: "لا توجد خطط متابعة بعد. أضف الأولى:",
  },
  noMessages: {
    en: "No messages yet. Publish a flow and put a contact into it; what it sends appears here.",
    ar: "لا توجد رسائل بعد. انشر خطة متابعة وأدرج فيها جهة اتصال، وسيظهر هنا ما ترسله.",
  },
  draft: { en: "Draft", ar: "مسودة" },
  live: { en: "Live", ar: "منشورة" },
  paused: { en: "Paused", ar: "متوقفة مؤقتًا" },
  entered: { en: "entered", ar: "دخلوا" },
  active: { en: "inside", ar: "في الداخل" },
  completed: { en: "completed", ar: "أكملوا" },
  exited: { en: "left", ar: "خرجوا" },
  failed: { en: "failed", ar: "تعذّروا" },
  version: { en: "version", ar: "الإصدار" },
  subject: { en: "Subject", ar: "الموضوع" },
  to: { en: "To", ar: "إلى" },
  flow: { en: "Flow", ar: "خطة المتابعة" },
  node: { en: "Node", ar: "العقدة" },
  channel: { en: "Channel", ar: "القناة" },
  state: { en: "State", ar: "الحالة" },
  decided: { en: "Decided", ar: "وقت القرار" },
  sentAt: { en: "Sent", ar: "وقت الإرسال" },
  nextTry: { en: "Next try", ar: "المحاولة التالية" },
  detail: { en: "The provider said", ar: "ردّ المزوّد" },
  older: { en: "Older", ar: "الأقدم" },
  newest: { en: "Newest", ar: "الأحدث" },
  back: { en: "All messages", ar: "كل الرسائل" },
  noText: {
    en: "This message was never written: it did not go.",
    ar: "لم تُكتب هذه الرسالة لأنها لم تُرسل.",
  },
  noSubject: { en: "(no subject)", ar: "(بلا موضوع)" },
  preview: { en: "The message as it is shown", ar: "الرسالة كما تظهر" },
  otherLanguage: { en: "العربية", ar: "English" },
} satisfies Record<string, Label>;

/** States and channels in words. */
export const STATES: Record<string, Label & { tone: "good" | "wait" | "bad" | "" }> = {
  queued: { en: "waiting", ar: "في الانتظار", tone: "" },
  sending: { en: "on its way", ar: "قيد الإرسال", tone: "" },
  sent: { en: "sent", ar: "أُرسلت", tone: "good" },
  skipped: { en: "skipped", ar: "تُخطّيت", tone: "" },
  failed: { en: "failed", ar: "تعذّرت", tone: "bad" },
  cancelled: { en: "cancelled", ar: "أُلغيت", tone: "" },
  uncertain: { en: "uncertain", ar: "غير مؤكدة", tone: "wait" },
};

export const CHANNELS: Record<string, Label> = {
  email: { en: "e-mail", ar: "البريد الإلكتروني" },
  sms: { en: "SMS", ar: "الرسائل النصية" },
  whatsapp: { en: "WhatsApp", ar: "واتساب" },
  letter: { en: "letter", ar: "البريد المباشر" },
  notify: { en: "to the team", ar: "إلى الفريق" },
};

/** Why a message did not go. */
export const REASONS: Record<string, Label> = {
  "no-consent": { en: "no consent", ar: "لا موافقة" },
  suppressed: { en: "the address is closed", ar: "العنوان موقوف" },
  "no-address": { en: "no address", ar: "لا عنوان" },
  cap: { en: "frequency cap", ar: "حد الإرسال" },
  late: { en: "too late", ar: "فات موعدها" },
  refused: { en: "refused by the provider", ar: "رفضها المزوّد" },
  bounced: { en: "bounced", ar: "ارتدّت" },
  "gave-up": { en: "given up after several tries", ar: "توقفت بعد عدة محاولات" },
  crash: {
    en: "the program stopped while it was being sent",
    ar: "توقف البرنامج في أثناء إرسالها",
  },
  restore: { en: "a backup was restored", ar: "استُعيدت نسخة احتياطية" },
};

/** What the public pages say. */
export const PUBLIC = {
  unsubscribe: { en: "Unsubscribe", ar: "إلغاء الاشتراك" },
  asks: {
    en: "You will get no more of our messages by {channel}. Confirmations of your own orders may still come.",
    ar: "لن تصلك رسائلنا عبر {channel} بعد الآن. وقد تصلك تأكيدات طلباتك أنت.",
  },
  done: { en: "You are unsubscribed", ar: "أُلغي اشتراكك" },
  doneText: {
    en: "We will not write to you by {channel} any more.",
    ar: "لن نراسلك عبر {channel} بعد الآن.",
  },
  notFound: { en: "This link doesn't work", ar: "هذا الرابط لا يعمل" },
  notFoundText: {
    en: "It may have been cut off. Copy the whole address from the message and try again.",
    ar: "ربما نُسخ ناقصًا. انسخ العنوان كاملًا من الرسالة وحاول مجددًا.",
  },
  survey: { en: "Your answer", ar: "إجابتك" },
  comment: { en: "Anything to add? (optional)", ar: "هل تود إضافة شيء؟ (اختياري)" },
  send: { en: "Send", ar: "إرسال" },
  choose: { en: "Please choose a number.", ar: "يُرجى اختيار رقم." },
  thanks: { en: "Thank you", ar: "شكرًا لك" },
  thanksText: { en: "Your answer has arrived.", ar: "وصلتنا إجابتك." },
  nps: {
    en: "How likely are you to recommend us to a friend or colleague?",
    ar: "ما مدى احتمال أن توصي بنا صديقًا أو زميلًا؟",
  },
  csat: { en: "How satisfied are you with us?", ar: "ما مدى رضاك عن خدمتنا؟" },
  npsEnds: { en: ["Not at all", "Very likely"], ar: ["مستبعد تمامًا", "مرجّح جدًا"] },
  csatEnds: { en: ["Not at all", "Very satisfied"], ar: ["غير راضٍ إطلاقًا", "راضٍ جدًا"] },
};
