import type { enForms } from "./en-forms.ts";

/** Words of the controls that forms are made of. */
export const arForms: Record<keyof typeof enForms, string> = {
  "form.person.search": "ابحث بالاسم أو العنوان",
  "form.person.none": "عدم اختيار أحد",
  "form.person.nobody": "لا توجد جهة اتصال مطابقة.",
  "form.preview.for": "إلى",
  "form.preview.who": "لمن تُعرض المعاينة",
  "form.preview.made": "{name} شخصية افتراضية؛ اختر جهة اتصال لترى ما سيصلها.",
  "form.preview.language": "سيصل النص إلى {name} بهذه اللغة: {language}.",
  "form.preview.show": "اعرضه",
  "form.preview.device": "عرض المعاينة",
  "form.preview.phone": "هاتف",
  "form.preview.desktop": "حاسوب",
  "form.preview.noSubject": "بلا موضوع",
  "form.preview.pictures": "لا تُحمَّل صور الويب في المعاينة.",
  "form.missing":
    "{count, plural, zero {كل حقول الدمج لها قيمة.} one {حقل دمج بلا قيمة سيبقى فارغًا:} two {حقلا دمج بلا قيمة سيبقيان فارغين:} few {# حقول دمج بلا قيمة ستبقى فارغة:} many {# حقل دمج بلا قيمة ستبقى فارغة:} other {# حقل دمج بلا قيمة ستبقى فارغة:}}",
  "form.missing.none": "قيم للتجربة في هذه المعاينة:",
  "form.missing.try": "جرّب قيمة",
  "form.enlarge": "فتح بحجم كبير",
  "form.enlarge.about": "يُحفظ ما تكتبه أثناء الكتابة.",
  "form.sms.size":
    "{characters, plural, zero {بلا أحرف} one {حرف واحد} two {حرفان} few {# أحرف} many {# حرفًا} other {# حرف}}، {segments, plural, =0 {بلا رسائل} zero {بلا رسائل} one {رسالة نصية واحدة} two {رسالتان نصيتان} few {# رسائل نصية} many {# رسالة نصية} other {# رسالة نصية}}، وتتسع لـ{room} بعد",
  "form.sms.encoding":
    "طريقة إرسال النص: 160 حرفًا في GSM-7 و70 في UCS-2، وأقل قليلًا في كل رسالة من عدة رسائل",
  "form.sms.beyond":
    "{count, plural, zero {{characters}} one {{characters} ليس في GSM-7، فيُرسل النص بترميز UCS-2.} two {{characters} ليسا في GSM-7، فيُرسل النص بترميز UCS-2.} few {{characters} ليست في GSM-7، فيُرسل النص بترميز UCS-2.} many {{characters} ليست في GSM-7، فيُرسل النص بترميز UCS-2.} other {{characters} ليست في GSM-7، فيُرسل النص بترميز UCS-2.}}",
  "form.sms.plain": "كتابة برموز بسيطة",
  "form.duration.like": "3 أيام، شهر ويومان…",
  "form.duration.unread":
    "هذه ليست مدة؛ اكتب مثلًا «3 أيام» أو «شهر ويومان». والمعمول به ما زال: {words}.",
  "form.duration.none": "لا شيء",
  "form.count":
    "{count, plural, zero {لا ينطبق الآن على أحد من {all} في جهات الاتصال.} one {ينطبق الآن على جهة اتصال واحدة من {all}.} two {ينطبق الآن على جهتي اتصال من {all}.} few {ينطبق الآن على {number} جهات اتصال من {all}.} many {ينطبق الآن على {number} جهة اتصال من {all}.} other {ينطبق الآن على {number} جهة اتصال من {all}.}}",
  "form.count.inside": "يعتمد هذا على ما يحدث داخل الخطة، فلا يمكن عدّه مسبقًا.",
  "form.variant.border": "الحد بين {first} و{second}",
  "form.variant.shares": "{first} {one}، {second} {two}",
  "form.variant.even": "حصص متساوية",
  "form.map.way": "طريقة تسمية القيم",
  "form.map.list": "بالترتيب",
  "form.map.table": "بالاسم",
  "form.map.place": "قيمة {n}",
  "form.window.says": "مفتوح: {window}.",
  "form.window.overnight": "يمتد إلى ما بعد منتصف الليل ويُحسب لليوم الذي يبدأ فيه.",
  "form.window.keeps": "يبقى وقت اليوم كما هو.",
  "form.window.hours": "كما في مساحة العمل: {hours}",
};
