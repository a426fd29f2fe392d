import type { enPages } from "./en-pages.ts";

/** كلمات التفضيلات والجولة وقائمة الأوامر. */
export const arPages: Record<keyof typeof enPages, string> = {
  "preferences.title": "التفضيلات",
  "preferences.about": "كيف تقرأ البرنامج. لا يراها غيرك، ولا يتغيّر بها شيء مما يُرسل.",
  "preferences.more": "كل التفضيلات…",
  "preferences.calendar": "التقويم",
  "preferences.calendar.about": "التواريخ الهجرية وفق تقويم أم القرى.",
  "preferences.gregorian": "الميلادي",
  "preferences.both": "الهجري إلى جانب الميلادي",
  "preferences.digits": "الأرقام بالعربية",
  "preferences.digits.about": "تبقى 123 في الإنجليزية دائمًا.",
  "preferences.zone": "المنطقة الزمنية",
  "preferences.zone.about": "التي تُعرض بها الأوقات لك. عند تركها فارغة: منطقة هذا المتصفح، {zone}.",
  "preferences.zone.unknown": "لا توجد منطقة زمنية «{zone}». اختر واحدة من القائمة.",
  "preferences.preview": "هكذا تظهر",
  "preferences.now": "الآن",
  "preferences.number": "رقم",

  "command.flow": "خطة المتابعة: {name}",
  "command.dark": "المظهر الداكن",
  "command.light": "المظهر الفاتح",

  "tour.title": "الجولة",
  "tour.about": "خمس محطات قصيرة: أين كل شيء، وبمَ تبدأ.",
  "tour.start": "بدء الجولة",
  "tour.count": "{number} من {of}",
  "tour.skip": "تخطي الجولة",
  "tour.back": "السابق",
  "tour.next": "التالي",
  "tour.done": "تم",
  "tour.flows": "خطط المتابعة تتابع نيابةً عنك",
  "tour.flows.about":
    "تنقل كل خطة جهات الاتصال من خطوة إلى خطوة: رسائل وانتظار ومكالمات. وترى كم دخلها، وكم بداخلها الآن، وكم حقّق الهدف.",
  "tour.canvas": "ارسم ما ينبغي أن يحدث",
  "tour.canvas.about":
    "كل بطاقة خطوة. اسحب خطوة من القائمة، أو اضغط / واكتب اسمها. اختر بطاقة لتملأها؛ وكل شيء يُحفظ تلقائيًا.",
  "tour.publish": "لا يعمل شيء قبل النشر",
  "tour.publish.about":
    "ترى ما سيتغيّر وأثره في الموجودين داخل الخطة قبل أن يحدث. وتبقى كل الإصدارات محفوظة.",
  "tour.contacts": "أضف جهات الاتصال",
  "tour.contacts.about":
    "أضفها واحدة واحدة أو من ملف CSV. ولكلٍّ منها سجل تفاعلات واحد فيه كل ما حدث، ولماذا.",
  "tour.today": "ما ينتظرك",
  "tour.today.about":
    "تظهر هنا المكالمات والمهام التي تسندها الخطط إلى موظف. أغلِق إحداها فتمضي جهة الاتصال في خطتها.",
};
