import { error, excerpt, type Finding, warning } from "./problems.ts";

/** Sentences about the document as a whole, its nodes and edges, its settings and the values in them. */

const hint = (near: string | null) =>
  near === null
    ? { en: ".", ar: "." }
    : { en: `; did you mean “${near}”?`, ar: `؛ هل تقصد «${near}»؟` };

export const laterFormat = (format: number): Finding =>
  error(
    "later-format",
    `this file is written in format ${format}, but this program reads format 1; update the program to open it.`,
    `هذا الملف مكتوب بالصيغة رقم ${format}، لكن هذا البرنامج يقرأ الصيغة رقم 1؛ حدّث البرنامج لفتحه.`,
  );
export const noFormat = (format: unknown): Finding =>
  error(
    "unknown-format",
    format === undefined
      ? 'the key “format” must be given; write "format": 1.'
      : `“${excerpt(format)}” is no format of a flow; write "format": 1.`,
    format === undefined
      ? 'يجب تحديد المفتاح «format»؛ اكتب "format": 1.'
      : `«${excerpt(format)}» ليست صيغة لخطة متابعة؛ اكتب "format": 1.`,
  );
export const notAFlow = error(
  "not-a-flow",
  "this is no flow; a flow is an object with “format”, “id”, “name”, “nodes” and “edges”.",
  "هذه ليست خطة متابعة؛ الخطة كائن فيه «format» و«id» و«name» و«nodes» و«edges».",
);
export const tooManyNodes = (count: number, most: number): Finding =>
  error(
    "too-many-nodes",
    `it has ${count.toLocaleString("en")} nodes; at most ${most.toLocaleString("en")} are possible. Split it into several flows.`,
    `عدد الخطوات ${count.toLocaleString("en")}، والحد الأقصى ${most.toLocaleString("en")}. قسّمها إلى عدة خطط.`,
  );
export const longList = (most: number): Finding =>
  error(
    "too-many",
    `a list here is too long; at most ${most.toLocaleString("en")} entries are possible.`,
    `توجد هنا قائمة طويلة جدًّا؛ الحد الأقصى لعدد العناصر هو ${most.toLocaleString("en")}.`,
  );
export const tooDeep = (most: number): Finding =>
  error(
    "too-deep",
    `values are nested too deeply; at most ${most} levels are possible.`,
    `القيم متداخلة أكثر من اللازم؛ الحد الأقصى هو ${most} مستوى.`,
  );
export const reservedName = (name: string): Finding =>
  error(
    "reserved-name",
    `“${excerpt(name)}” is a reserved name and can't be used; choose another.`,
    `«${excerpt(name)}» اسم محجوز ولا يمكن استخدامه؛ اختر اسمًا آخر.`,
  );
export const andMore = error(
  "and-more",
  "there are more problems than can be listed; put these right first.",
  "توجد مشكلات أكثر مما يمكن عرضه؛ أصلح هذه أولًا.",
);

export const unknownType = (type: string, near: string | null): Finding =>
  error(
    "unknown-type",
    `there is no node type “${excerpt(type)}”${hint(near).en}`,
    `لا يوجد نوع خطوة باسم «${excerpt(type)}»${hint(near).ar}`,
  );
export const duplicateNode = (id: string): Finding =>
  error(
    "duplicate-node",
    `another node already has the id “${excerpt(id)}”; each node needs its own.`,
    `المعرّف «${excerpt(id)}» مستخدم في خطوة أخرى؛ لكل خطوة معرّف خاص بها.`,
  );
export const duplicateEdge = (id: string): Finding =>
  error(
    "duplicate-edge",
    `another edge already has the id “${excerpt(id)}”; each edge needs its own.`,
    `المعرّف «${excerpt(id)}» مستخدم في وصلة أخرى؛ لكل وصلة معرّف خاص بها.`,
  );
export const noSource = (id: string, near: string | null): Finding =>
  error(
    "missing-source",
    `it begins at a node “${excerpt(id)}” that doesn't exist${hint(near).en}`,
    `تبدأ من خطوة غير موجودة «${excerpt(id)}»${hint(near).ar}`,
  );
export const noTarget = (id: string, near: string | null): Finding =>
  error(
    "missing-target",
    `it leads to a node “${excerpt(id)}” that doesn't exist${hint(near).en}`,
    `تؤدي إلى خطوة غير موجودة «${excerpt(id)}»${hint(near).ar}`,
  );
export const unknownOutput = (handle: string, outputs: readonly string[]): Finding => {
  const en = outputs.map((o) => `“${o}”`).join(", ");
  const ar = outputs.map((o) => `«${o}»`).join("، ");
  return error(
    "unknown-output",
    outputs.length === 0
      ? `an edge leaves by “${excerpt(handle)}”, but contacts end here and it has no outputs.`
      : `an edge leaves by “${excerpt(handle)}”, which isn't among its outputs; it has ${en}.`,
    outputs.length === 0
      ? `تخرج منها وصلة عبر «${excerpt(handle)}»، لكن المسار ينتهي هنا وليس لها مخارج.`
      : `تخرج منها وصلة عبر «${excerpt(handle)}»، وهو ليس من مخارجها؛ مخارجها: ${ar}.`,
  );
};
export const takenOutput = (handle: string): Finding =>
  error(
    "taken-output",
    `two edges leave by the output “${excerpt(handle)}”; one output leads to one node only.`,
    `تخرج وصلتان من المخرج «${excerpt(handle)}»؛ كل مخرج يؤدي إلى خطوة واحدة فقط.`,
  );
export const intoTrigger = (from: string): Finding =>
  error(
    "edge-into-trigger",
    `an edge from “${excerpt(from)}” leads into this trigger; flows begin at triggers, nothing leads into them.`,
    `تؤدي وصلة من «${excerpt(from)}» إلى هذا المشغِّل؛ المشغِّل بداية الخطة ولا تؤدي إليه أي خطوة.`,
  );
export const endlessCycle = (ids: readonly string[]): Finding => {
  const shown = ids.length > 12 ? [...ids.slice(0, 11), "…"] : ids;
  const way = (open: string, close: string) =>
    [...shown, ids[0] ?? ""].map((id) => `${open}${id}${close}`).join(" → ");
  return error(
    "endless-cycle",
    `contacts would go round without end: ${way("“", "”")}; put a wait into the cycle.`,
    `ستدور جهات الاتصال بلا نهاية: ${way("«", "»")}؛ أضف انتظارًا داخل الدورة.`,
  );
};
export const unreachable = warning(
  "unreachable",
  "no way leads here from a trigger, so no contact will ever come to it.",
  "لا يؤدي إليها أي طريق من مشغِّل، فلن تصل إليها أي جهة اتصال.",
);
export const noTrigger = warning(
  "no-trigger",
  "it has no trigger; contacts can be enrolled by hand only.",
  "ليس لها مشغِّل؛ لا يمكن إدراج جهات الاتصال فيها إلا يدويًّا.",
);
export const noGoal = warning(
  "no-goal",
  "it has no goal, so reports can't tell whether it works; set one in the settings.",
  "ليس لها هدف، فلن تُظهر التقارير مدى نجاحها؛ حدّد هدفًا في الإعدادات.",
);

export const onceRecurring = warning(
  "once-recurring",
  "each contact enters once only, though every trigger comes again and again; “after-exit” is what is usually meant.",
  "تدخل كل جهة اتصال مرة واحدة فقط مع أن كل المشغِّلات تتكرر؛ المقصود عادةً هو «after-exit».",
);
export const noKey = error(
  "missing-reentry-key",
  "re-entry “per-key” needs the “key”: the name of the field in the trigger's data that tells runs apart.",
  "إعادة الدخول «per-key» تحتاج إلى «key»: اسم الحقل في بيانات المشغِّل الذي يميّز بين مرات الدخول.",
);
export const noSendWindow = error(
  "missing-send-window",
  "“window” waits for the next opening of the send window, but the flow has no “sendWindow”.",
  "الخيار «window» ينتظر الفتح التالي لأوقات الإرسال، لكن الخطة بلا «sendWindow».",
);
export const emptyWindow = (time: string): Finding =>
  error(
    "empty-window",
    `the window opens and closes at ${time}; choose two different times.`,
    `تفتح الفترة وتغلق عند ${time}؛ اختر وقتين مختلفين.`,
  );
export const resumeWord = (value: string): Finding =>
  error(
    "duration",
    `“${excerpt(value)}” can't be read; write a duration such as P3D, or “manual” when a person resumes.`,
    `تعذّرت قراءة «${excerpt(value)}»؛ اكتب مدة مثل P3D، أو «manual» إذا كان الاستئناف يدويًّا.`,
  );

export const notADuration = (value: string, instead: string | null): Finding =>
  error(
    "duration",
    `the duration “${excerpt(value)}” isn't written as ISO 8601; write ${
      instead === null ? "P3D for three days, PT2H for two hours" : `${instead} instead`
    }.`,
    `المدة «${excerpt(value)}» غير مكتوبة بصيغة ISO 8601؛ اكتب ${
      instead === null ? "P3D لثلاثة أيام أو PT2H لساعتين" : `${instead} بدلًا منها`
    }.`,
  );
export const negativeDuration = (value: string): Finding =>
  error(
    "duration-sign",
    `the duration “${excerpt(value)}” goes back in time; take the minus away.`,
    `المدة «${excerpt(value)}» تعود إلى الوراء؛ احذف علامة الناقص.`,
  );
export const notAZone = (value: string, near: string | null): Finding =>
  error(
    "zone",
    `“${excerpt(value)}” is not a time zone; ${
      near === null
        ? "write “contact” or an IANA name such as “Asia/Riyadh”."
        : `did you mean “${near}”?`
    }`,
    `«${excerpt(value)}» ليست منطقة زمنية؛ ${
      near === null ? "اكتب «contact» أو اسمًا من IANA مثل «Asia/Riyadh»." : `هل تقصد «${near}»؟`
    }`,
  );
export const notADate = (value: unknown): Finding =>
  error(
    "date",
    `“${excerpt(value)}” is not a date; write it like 2026-03-01 or 2026-03-01T09:00.`,
    `«${excerpt(value)}» ليس تاريخًا؛ اكتبه مثل 2026-03-01 أو 2026-03-01T09:00.`,
  );
export const cron = (en: string, ar: string): Finding => error("cron", en, ar);
export const nodeData = (en: string, ar: string): Finding => error("node-data", en, ar);
export const template = (en: string, ar: string): Finding => error("template", en, ar);

export const unknownParameter = (name: string, near: string | null): Finding =>
  error(
    "unknown-parameter",
    `the text uses “param.${excerpt(name)}”, but the flow has no such parameter${hint(near).en}`,
    `يستخدم النص «param.${excerpt(name)}»، لكن لا يوجد معامل بهذا الاسم في الخطة${hint(near).ar}`,
  );
export const unknownStep = (name: string, near: string | null): Finding =>
  warning(
    "unknown-step",
    `“steps.${excerpt(name)}” is used here, but no node keeps an answer under that name${hint(near).en}`,
    `تُستخدم هنا «steps.${excerpt(name)}»، لكن لا توجد خطوة تحفظ إجابة بهذا الاسم${hint(near).ar}`,
  );
export const unknownSegment = (name: string, near: string | null): Finding =>
  error(
    "unknown-segment",
    `there is no segment “${excerpt(name)}”${hint(near).en}`,
    `لا توجد شريحة باسم «${excerpt(name)}»${hint(near).ar}`,
  );
export const unknownFlow = (id: string, near: string | null): Finding =>
  warning(
    "unknown-flow",
    `there is no flow “${excerpt(id)}” yet${hint(near).en}`,
    `لا توجد بعد خطة متابعة بالمعرّف «${excerpt(id)}»${hint(near).ar}`,
  );
