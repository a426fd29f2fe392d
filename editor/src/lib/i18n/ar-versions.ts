import type { enVersions } from "./en-versions.ts";

/** كلمات النشر والإصدارات والفروق والإيقاف المؤقت. */
export const arVersions: Record<keyof typeof enVersions, string> = {
  "changes.title": "ما يختلف عن الإصدار {version}",
  "changes.none": "لا فرق.",
  "changes.added": "جديدة",
  "changes.changed": "معدّلة",
  "changes.removed": "محذوفة",
  "changes.people":
    "{count, plural, zero {لا أحد هنا} one {شخص واحد هنا} two {شخصان هنا} few {# أشخاص هنا} many {# شخصًا هنا} other {# شخص هنا}}",
  "changes.whole": "الخطة كاملةً",
  "changes.settings": "الإعدادات",
  "changes.type": "نوع الخطوة",
  "changes.edges":
    "{count, plural, zero {لا وصلات معدّلة} one {وصلة معدّلة} two {وصلتان معدّلتان} few {# وصلات معدّلة} many {# وصلة معدّلة} other {# وصلة معدّلة}}",
  "changes.edge": "{from} ← {to}",
  "changes.edge.moved": "{from}: إلى {to} بدلًا من {was}",
  "changes.yes": "نعم",
  "changes.no": "لا",
  "changes.added.text": "أُضيف: ",
  "changes.removed.text": "حُذف: ",

  "inside.title":
    "{count, plural, =0 {لا أحد داخل الخطة الآن.} one {شخص واحد داخل الخطة الآن} two {شخصان داخل الخطة الآن} few {# أشخاص داخل الخطة الآن} many {# شخصًا داخل الخطة الآن} other {# شخص داخل الخطة الآن}}",
  "inside.continue": "يبقون على إصدارهم",
  "inside.continue.about":
    "{count, plural, zero {يمضي من بداخلها} one {يمضي من بداخلها} two {يمضي الاثنان} few {يمضي الـ# جميعًا} many {يمضي الـ# جميعًا} other {يمضي الـ# جميعًا}} كما رُسم في الإصدار الذي دخلوا به. ولا يمرّ بالإصدار {version} إلا من يدخل من الآن فصاعدًا.",
  "inside.migrate": "ينتقلون إلى الإصدار الجديد",
  "inside.migrate.about":
    "{count, plural, zero {يمضي من بداخلها} one {يمضي من بداخلها} two {يمضي الاثنان} few {يمضي الـ# جميعًا} many {يمضي الـ# جميعًا} other {يمضي الـ# جميعًا}} من حيث يقفون، كما رُسم الآن. ويُحسب الانتظار من اللحظة التي بدأ فيها.",
  "inside.gone":
    "{count, plural, zero {لا أحد يقف} one {شخص واحد يقف} two {شخصان يقفان} few {# أشخاص يقفون} many {# شخصًا يقفون} other {# شخص يقفون}} عند «{node}»، وقد حُذفت. ينتقلون إلى:",
  "inside.where": "إلى أين ينتقل من يقف عند «{node}»",
  "inside.choose": "اختر خطوة",
  "inside.leave": "يخرجون من الخطة",
  "inside.changed":
    "{count, plural, zero {لا أحد يقف} one {شخص واحد يقف} two {شخصان يقفان} few {# أشخاص يقفون} many {# شخصًا يقفون} other {# شخص يقفون}} عند «{node}»، وتسري عليهم إعداداتها الجديدة.",
  "inside.rest":
    "{count, plural, zero {لا أحد يقف} one {شخص واحد يقف} two {شخصان يقفان} few {# أشخاص يقفون} many {# شخصًا يقفون} other {# شخص يقفون}} عند خطوات لم تتغيّر، فلا يتغيّر عليهم شيء فيها.",
  "inside.unanswered": "حدّد إلى أين ينتقل من يقف عند الخطوات المحذوفة.",

  "versions.title": "الإصدارات",
  "versions.of": "إصدارات «{name}»",
  "versions.about": "كل ما نُشر من قبل. والإصدار لا يتغيّر أبدًا.",
  "versions.back": "إلى الخطة",
  "versions.empty": "لم يُنشر شيء بعد",
  "versions.empty.about": "يُحفظ هنا كل نشر، مع ما غيّره.",
  "versions.draft": "المسودة",
  "versions.version": "الإصدار {version}",
  "versions.what": "ما الذي تغيّر",
  "versions.restore": "استعادة كمسودة",
  "versions.restored": "صار الإصدار {version} هو المسودة. ويعيد التراجع المسودة السابقة.",
  "versions.from": "من",
  "versions.to": "إلى",

  "resume.title": "استئناف «{name}»",
  "resume.about": "متوقفة مؤقتًا منذ {since}، أي مدة {length}.",
  "resume.how": "كيف تُستأنف",
  "resume.on": "المتابعة فورًا",
  "resume.on.about": "يحدث الآن ما حان موعده في أثناء التوقف، بحسب ما تقوله الخطة عن التأخر.",
  "resume.shift": "تأخير كل شيء بمقدار {length}",
  "resume.shift.about": "يطول كل انتظار بمقدار التوقف، كأن ذلك الوقت لم يمضِ.",
};
