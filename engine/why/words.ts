import type { Label } from "../../nodes/index.ts";

/** Why a trigger did not start the flow, by the journal's reason. */
export const IGNORED: Readonly<Record<string, Label>> = {
  "already-entered": {
    en: "they had been in this flow before, and it takes each contact only once",
    ar: "سبق أن دخلتها، وهي لا تقبل كل جهة اتصال إلا مرة واحدة",
  },
  running: {
    en: "they were still in the flow from an earlier start",
    ar: "كانت لا تزال فيها منذ دخول سابق",
  },
  cooldown: {
    en: "the pause before re-entry was not over",
    ar: "مهلة إعادة الدخول لم تكن قد انتهت",
  },
  "key-used": {
    en: "the flow runs once for each key, and this key had its run",
    ar: "تعمل الخطة مرة واحدة لكل مفتاح، وقد استُخدم هذا المفتاح",
  },
  "no-key": {
    en: "what happened carried no value for the key by which this flow tells runs apart",
    ar: "لم يحمل ما حدث قيمة للمفتاح الذي تميّز به الخطة كل دخول",
  },
  "exit-rule": {
    en: "the flow's exit rule already held",
    ar: "كانت قاعدة الخروج من الخطة متحققة من قبل",
  },
  loop: {
    en: "flows had set each other off more than 20 times without a timed wait between, so the chain was cut",
    ar: "شغّلت خطط بعضها بعضًا أكثر من 20 مرة بلا انتظار بينها، فقُطعت السلسلة",
  },
};

/** Why a message was skipped. */
export const SKIPPED: Readonly<Record<string, Label>> = {
  "no-consent": {
    en: "there was no consent to be messaged there",
    ar: "لا توجد موافقة على المراسلة عبر هذه القناة",
  },
  suppressed: {
    en: "the channel was closed by an opt-out word, or the address bounced, complained or was suppressed",
    ar: "أُغلقت القناة بكلمة إلغاء الاشتراك، أو حُظر العنوان لارتداد أو شكوى",
  },
  "no-address": {
    en: "there was no address to send to",
    ar: "لا يوجد عنوان للإرسال إليه",
  },
  cap: {
    en: "the frequency cap was reached, and the flow skips what goes over it",
    ar: "بُلغ حد الإرسال، والخطة تتخطى ما يزيد عليه",
  },
  late: {
    en: "its moment had passed too long ago, and the flow skips late messages",
    ar: "فات وقتها منذ مدة طويلة، والخطة تتخطى الرسائل المتأخرة",
  },
};

/** Why a run left early; also why its unsent messages were cancelled. */
export const EXITED: Readonly<Record<string, Label>> = {
  "exit-when": { en: "the flow's exit rule came true", ar: "تحققت قاعدة الخروج من الخطة" },
  goal: {
    en: "the goal was reached, and the flow ends there",
    ar: "بُلغ الهدف، والخطة تنتهي عنده",
  },
  reply: {
    en: "they replied, and the flow ends on a reply",
    ar: "ردّت جهة الاتصال، والخطة تنتهي عند الرد",
  },
  node: { en: "the flow or a person ended it there", ar: "أنهتها الخطة أو موظف عند هذه الخطوة" },
  erased: { en: "the contact was erased", ar: "مُحيت بيانات جهة الاتصال" },
  "no-consent": {
    en: "consent was withdrawn, and no channel of this flow was left",
    ar: "سُحبت الموافقة، ولم تبقَ قناة تستخدمها الخطة",
  },
  merged: {
    en: "two contacts became one, and the older run went on",
    ar: "دُمجت جهتا اتصال في واحدة، وتابع الدخول الأقدم",
  },
  moved: {
    en: "a new version without this step was published, and its contacts were told to leave",
    ar: "نُشر إصدار جديد ليست فيه هذه الخطوة، وتقرر أن يخرج من كان عندها",
  },
};

/** Why a run failed. */
export const FAILED: Readonly<Record<string, Label>> = {
  loop: {
    en: "it went round more than 100 times without ever waiting",
    ar: "دارت أكثر من 100 مرة دون أي انتظار",
  },
  template: { en: "a text could not be rendered", ar: "تعذّر ملء أحد النصوص" },
  rule: { en: "a rule could not be looked at", ar: "تعذّر النظر في إحدى القواعد" },
};

/** Why a message failed. */
export const MESSAGE_FAILED: Readonly<Record<string, Label>> = {
  refused: { en: "the provider refused it", ar: "رفضها مزوّد الخدمة" },
  bounced: { en: "the address does not exist", ar: "العنوان غير موجود" },
  "gave-up": {
    en: "the provider could not take it in about a day of trying",
    ar: "لم يستطع مزوّد الخدمة قبولها بعد محاولات دامت يومًا تقريبًا",
  },
};

/** Why nobody knows whether a message went out. */
export const UNCERTAIN: Readonly<Record<string, Label>> = {
  crash: {
    en: "the program stopped while it was being sent",
    ar: "توقف البرنامج أثناء إرسالها",
  },
  restore: {
    en: "a backup was restored, and it may have been sent since that backup",
    ar: "استُعيدت نسخة احتياطية، وربما أُرسلت بعد إنشاء تلك النسخة",
  },
};

/** What became of a message after it was sent. */
export const RECEIPTS: Readonly<Record<string, Label>> = {
  delivered: { en: "was delivered", ar: "وصلت" },
  opened: { en: "was opened", ar: "فُتحت" },
  clicked: { en: "was clicked", ar: "نُقر رابط فيها" },
  replied: { en: "was answered", ar: "جاء رد عليها" },
  bounced: {
    en: "bounced, so nothing more goes to that address",
    ar: "ارتدّت، فلن يُرسل شيء آخر إلى هذا العنوان",
  },
  complained: {
    en: "was reported as spam, so nothing more goes to that address",
    ar: "أُبلغ عنها كرسالة مزعجة، فلن يُرسل شيء آخر إلى هذا العنوان",
  },
};

/** How a call or task was closed. */
export const OUTCOMES: Readonly<Record<string, Label>> = {
  answered: { en: "answered", ar: "تم الرد" },
  "no-answer": { en: "no answer", ar: "لا رد" },
  "not-interested": { en: "not interested", ar: "غير مهتم" },
  done: { en: "done", ar: "أُنجزت" },
  timeout: { en: "its time was over", ar: "انتهت مهلتها" },
  cancelled: { en: "cancelled", ar: "أُلغيت" },
};

/** Channels that carry messages: what consent and suppression are asked about. */
export const MESSAGE_CHANNELS: ReadonlySet<string> = new Set(["email", "sms", "whatsapp"]);

/** The words of a reason; one that isn't known stands as it is. */
export const reasonOf = (words: Readonly<Record<string, Label>>, reason: unknown): Label => {
  const known =
    typeof reason === "string" && Object.hasOwn(words, reason) ? words[reason] : undefined;
  return known ?? { en: String(reason), ar: String(reason) };
};
