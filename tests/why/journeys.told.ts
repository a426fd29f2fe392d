/** What is told of each journey of `journeys.test.ts`, what was seen, and the next moment. */
export const TOLD: Record<string, object> = {
  "no consent": {
    en: "The message “Hi” (email) was not sent: there was no consent to be messaged there (withdrawn on Mon, 2 Mar 2026, 09:00, by “form”).",
    ar: "الرسالة «Hi» (البريد الإلكتروني) لم تُرسل: لا توجد موافقة على المراسلة عبر هذه القناة (سُحبت في الاثنين، 2 مارس 2026، 09:00، عبر «form»).",
    facts: { "consent:email": false },
  },
  "no record": {
    en: "The message “Hi” (email) was not sent: there was no consent to be messaged there (nothing is on record, and this workspace messages only those who said yes).",
    ar: "الرسالة «Hi» (البريد الإلكتروني) لم تُرسل: لا توجد موافقة على المراسلة عبر هذه القناة (لا شيء مسجل، ومساحة العمل لا تراسل إلا من وافق).",
    facts: { "consent:email": false },
  },
  topic: {
    en: "The message “Hi” (email) was not sent: there was no consent to be messaged there (withdrawn for “offers” on Mon, 2 Mar 2026, 09:00, by “one-click”).",
    ar: "الرسالة «Hi» (البريد الإلكتروني) لم تُرسل: لا توجد موافقة على المراسلة عبر هذه القناة (سُحبت لموضوع «offers» في الاثنين، 2 مارس 2026، 09:00، عبر «one-click»).",
    facts: { "consent:email:offers": false },
  },
  stopped: {
    en: "The message “Hi” (SMS) was not sent: the channel was closed by an opt-out word, or the address bounced, complained or was suppressed (an opt-out word came by SMS).",
    ar: "الرسالة «Hi» (الرسائل النصية) لم تُرسل: أُغلقت القناة بكلمة إلغاء الاشتراك، أو حُظر العنوان لارتداد أو شكوى (وصلت كلمة إلغاء الاشتراك عبر الرسائل النصية).",
    facts: { "stopped:sms": true },
  },
  bounced: {
    en: "The message “Hi” (email) was not sent: the channel was closed by an opt-out word, or the address bounced, complained or was suppressed (the address bounced).",
    ar: "الرسالة «Hi» (البريد الإلكتروني) لم تُرسل: أُغلقت القناة بكلمة إلغاء الاشتراك، أو حُظر العنوان لارتداد أو شكوى (ارتدّ العنوان).",
    facts: { "suppressed:email": "bounced" },
  },
  "cap skip": {
    en: "The message “Hi” (email) was not sent: the frequency cap was reached, and the flow skips what goes over it (at most 1 in 7 days; what counted: one message, on Mon, 2 Mar 2026, 09:00).",
    ar: "الرسالة «Hi» (البريد الإلكتروني) لم تُرسل: بُلغ حد الإرسال، والخطة تتخطى ما يزيد عليه (1 على الأكثر خلال 7 أيام؛ ما احتُسب (1): في الاثنين، 2 مارس 2026، 09:00).",
    facts: { "sent:email": ["2026-03-02T09:00:00Z"] },
  },
  "cap delay": {
    en: "Waits at “Hi” with its message until the frequency cap (at most 1 in 7 days) lets one more go, on Mon, 9 Mar 2026, 09:00 (what counted: one message, on Mon, 2 Mar 2026, 09:00).",
    ar: "تنتظر عند «Hi» مع رسالتها حتى يسمح حد الإرسال (1 على الأكثر خلال 7 أيام) برسالة أخرى، في الاثنين، 9 مارس 2026، 09:00 (ما احتُسب (1): في الاثنين، 2 مارس 2026، 09:00).",
    next: 1773046800000,
    facts: { "sent:email": ["2026-03-02T09:00:00Z"] },
  },
  late: {
    en: "The message “Hi” (email) was not sent: its moment had passed too long ago, and the flow skips late messages (it was due on Tue, 3 Mar 2026, 09:00, and at most 6 hours late is allowed).",
    ar: "الرسالة «Hi» (البريد الإلكتروني) لم تُرسل: فات وقتها منذ مدة طويلة، والخطة تتخطى الرسائل المتأخرة (كان موعدها الثلاثاء، 3 مارس 2026، 09:00، والتأخر المسموح 6 ساعات على الأكثر).",
    facts: { due: "2026-03-03T09:00:00Z", now: "2026-03-05T09:00:00Z" },
  },
  once: {
    en: "“When someone adds the contact” would have started the flow, but they did not enter: they had been in this flow before, and it takes each contact only once (entered on Mon, 2 Mar 2026, 09:00).",
    ar: "كان «عندما يدرج أحدٌ جهة الاتصال» سيبدأ الخطة، لكنها لم تدخل: سبق أن دخلتها، وهي لا تقبل كل جهة اتصال إلا مرة واحدة (كان الدخول في الاثنين، 2 مارس 2026، 09:00).",
    facts: { enrollment: 1, entered: "2026-03-02T09:00:00Z" },
  },
  running: {
    en: "“When someone adds the contact” would have started the flow, but they did not enter: they were still in the flow from an earlier start (entered on Mon, 2 Mar 2026, 09:00).",
    ar: "كان «عندما يدرج أحدٌ جهة الاتصال» سيبدأ الخطة، لكنها لم تدخل: كانت لا تزال فيها منذ دخول سابق (كان الدخول في الاثنين، 2 مارس 2026، 09:00).",
    facts: { enrollment: 1, entered: "2026-03-02T09:00:00Z" },
  },
  cooldown: {
    en: "“When someone adds the contact” would have started the flow, but they did not enter: the pause before re-entry was not over (30 days; they may enter again from Wed, 1 Apr 2026, 09:00).",
    ar: "كان «عندما يدرج أحدٌ جهة الاتصال» سيبدأ الخطة، لكنها لم تدخل: مهلة إعادة الدخول لم تكن قد انتهت (30 يومًا؛ يمكنها الدخول مجددًا من الأربعاء، 1 أبريل 2026، 09:00).",
    next: 1775034000000,
    facts: { enrollment: 1, entered: "2026-03-02T09:00:00Z", ended: "2026-03-02T09:00:00Z" },
  },
  "key used": {
    en: "“Order” would have started the flow, but they did not enter: the flow runs once for each key, and this key had its run (“A-1”; entered on Mon, 2 Mar 2026, 09:00).",
    ar: "كان «Order» سيبدأ الخطة، لكنها لم تدخل: تعمل الخطة مرة واحدة لكل مفتاح، وقد استُخدم هذا المفتاح («A-1»؛ كان الدخول في الاثنين، 2 مارس 2026، 09:00).",
    facts: { enrollment: 1, entered: "2026-03-02T09:00:00Z" },
  },
  "no key": {
    en: "“Order” would have started the flow, but they did not enter: what happened carried no value for the key by which this flow tells runs apart.",
    ar: "كان «Order» سيبدأ الخطة، لكنها لم تدخل: لم يحمل ما حدث قيمة للمفتاح الذي تميّز به الخطة كل دخول.",
  },
  "consent withdrawn inside": {
    en: "Left the flow at “Rest”: consent was withdrawn, and no channel of this flow was left (its channels: email).",
    ar: "خرجت من الخطة عند «Rest»: سُحبت الموافقة، ولم تبقَ قناة تستخدمها الخطة (قنواتها: البريد الإلكتروني).",
    facts: { withdrawn: ["email"], stopped: [] },
  },
  "goal exit": {
    en: "Reached the goal of the flow: order happened (seen: event order: once).",
    ar: "بلغت هدف الخطة: وقع الحدث order (ما ظهر: الحدث order: مرة واحدة).",
    facts: { "event:order": 1 },
  },
  "stand-in": {
    en: "A new version without “Old rest” was published: moved from version 1 to version 2, where “New rest” stands in for it.",
    ar: "نُشر إصدار جديد ليست فيه «Old rest»: انتقلت من الإصدار 1 إلى الإصدار 2، وحلّت محلها «New rest».",
  },
  recomputed: {
    en: "Waits at “Rest” until Wed, 4 Mar 2026, 09:00.",
    ar: "تنتظر عند «Rest» حتى الأربعاء، 4 مارس 2026، 09:00.",
    next: 1772614800000,
  },
  reply: {
    en: "Paused for a person, because they replied by SMS; goes on by itself on Thu, 5 Mar 2026, 09:00.",
    ar: "أُوقفت مؤقتًا ليتابعها موظف، لأنه وصل رد منها عبر الرسائل النصية؛ وتتابع وحدها في الخميس، 5 مارس 2026، 09:00.",
    next: 1772701200000,
  },
  "late to the window": {
    en: "Waits at “Hi” with its message until the send window opens (08:00–18:00), on Fri, 6 Mar 2026, 08:00.",
    ar: "تنتظر عند «Hi» مع رسالتها حتى تبدأ أوقات الإرسال (من 08:00 إلى 18:00)، في الجمعة، 6 مارس 2026، 08:00.",
    next: 1772784000000,
  },
  "told to leave": {
    en: "Left the flow at “Old rest”: a new version without this step was published, and its contacts were told to leave.",
    ar: "خرجت من الخطة عند «Old rest»: نُشر إصدار جديد ليست فيه هذه الخطوة، وتقرر أن يخرج من كان عندها.",
  },
  share: {
    en: "Left “Test” by “Short” (drawn by lot, with a share of 75%).",
    ar: "غادرت «Test» عبر «Short» (بالسحب، وحصته 75%).",
    facts: { drawn: "a" },
  },
  holdout: {
    en: "Left “Test” by “Holdout” (100% of the contacts are held out, to compare with).",
    ar: "غادرت «Test» عبر «مجموعة ضابطة» (تُستبعد نسبة 100% من جهات الاتصال للمقارنة).",
    facts: { drawn: "holdout" },
  },
  "waits for the winner": {
    en: "Waits at “Test” until the test group has shown which variant is better (it is decided on Wed, 4 Mar 2026, 09:00).",
    ar: "تنتظر عند «Test» حتى تُظهر مجموعة التجربة أي البدائل أفضل (يُحسم الأمر في الأربعاء، 4 مارس 2026، 09:00).",
    next: 1772614800000,
  },
  "waits for the winner now": {
    en: "Now: waits at “Test” since Mon, 2 Mar 2026, 09:00, until the test group has shown which variant is better, which is decided on Wed, 4 Mar 2026, 09:00.",
    ar: "الآن: تنتظر عند «Test» منذ الاثنين، 2 مارس 2026، 09:00، حتى تُظهر مجموعة التجربة أي البدائل أفضل، ويُحسم ذلك في الأربعاء، 4 مارس 2026، 09:00.",
    next: 1772614800000,
  },
  decided: {
    en: "“Test”: “Short” won (“Short” 40/75, “Long” 2/25), so those who waited there and come later take it.",
    ar: "«Test»: فاز «Short» («Short» 40/75، «Long» 2/25)، فيسلكه من كان ينتظر هناك ومن يأتي بعدُ.",
  },
  "takes the winner": {
    en: "Left “Test” by “Short” (it had won the test).",
    ar: "غادرت «Test» عبر «Short» (فاز في الاختبار).",
    facts: { drawn: "a" },
  },
  "drawn before": {
    en: "Left “Test” by “Short” (drawn for them on Mon, 2 Mar 2026, 09:00; what is drawn stays).",
    ar: "غادرت «Test» عبر «Short» (سُحب لها في الاثنين، 2 مارس 2026، 09:00، وما يُسحب يبقى).",
    facts: { drawn: "a", since: "2026-03-02T09:00:00Z" },
  },
  resumed: { en: "Goes on again.", ar: "تابعت من جديد." },
};
