import type { Label } from "../../nodes/index.ts";
import { error, excerpt, type Finding } from "./problems.ts";

/** Sentences about a text that is no JSON, for people who edit flows by hand. */

export const tooBig = (bytes: number, most: number): Finding => {
  const size = (n: number) => `${(n / 1024 / 1024).toFixed(1).replace(/\.0$/, "")}`;
  return error(
    "too-big",
    `the file has ${size(bytes)} MiB; at most ${size(most)} MiB are possible.`,
    `حجم الملف ${size(bytes)} ميغابايت؛ الحد الأقصى ${size(most)} ميغابايت.`,
  );
};
/** Puts a fault into its line and column. */
export const atLine = (code: string, line: number, column: number, what: Label): Finding =>
  error(
    code,
    `line ${line}, column ${column}: ${what.en}`,
    `السطر ${line}، العمود ${column}: ${what.ar}`,
  );

export const ended = (open: number): Label =>
  open === 0
    ? { en: "the file is empty.", ar: "الملف فارغ." }
    : {
        en: "the file ends too early; a closing bracket is missing.",
        ar: "ينتهي الملف قبل أوانه؛ ينقصه قوس إغلاق.",
      };
export const lastComma = (bracket: string): Label => ({
  en: `the comma before “${bracket}” is one too many; remove it.`,
  ar: `الفاصلة قبل «${bracket}» زائدة؛ احذفها.`,
});
export const noColon: Label = {
  en: "a colon is missing between the key and its value.",
  ar: "تنقص نقطتان رأسيتان بين المفتاح وقيمته.",
};
export const noComma: Label = {
  en: "a comma or a closing bracket is missing before this.",
  ar: "تنقص قبل هذا الموضع فاصلة أو قوس إغلاق.",
};
export const wrongBracket = (bracket: string): Label => ({
  en: `“${bracket}” closes something that was opened with another bracket.`,
  ar: `«${bracket}» يغلق ما فُتح بقوس من نوع آخر.`,
});
export const tooMuch: Label = {
  en: "the flow has already ended here; remove what follows.",
  ar: "انتهت الخطة قبل هذا الموضع؛ احذف ما بعدها.",
};
export const nested = (most: number): Label => ({
  en: `values are nested too deeply; at most ${most} levels are possible.`,
  ar: `القيم متداخلة أكثر من اللازم؛ الحد الأقصى هو ${most} مستوى.`,
});
export const badNumber: Label = {
  en: "this number can't be read; write it like 5, -3 or 2.5.",
  ar: "تعذّرت قراءة هذا الرقم؛ اكتبه مثل 5 أو -3 أو 2.5.",
};
export const unexpected = (c: string): Label => ({
  en: `“${excerpt(c)}” can't stand here; a value is missing.`,
  ar: `لا يمكن أن يأتي «${excerpt(c)}» هنا؛ القيمة ناقصة.`,
});
export const bareWord = (word: string): Label => ({
  en: `the text “${excerpt(word)}” must stand in straight double quotes (").`,
  ar: `يجب وضع النص «${excerpt(word)}» بين علامتي اقتباس مستقيمتين (").`,
});
export const noKey: Label = {
  en: 'a key in straight double quotes (") is missing here.',
  ar: 'ينقص هنا مفتاح بين علامتي اقتباس مستقيمتين (").',
};
export const bareKey = (word: string): Label => ({
  en: `the key “${excerpt(word)}” must stand in straight double quotes (").`,
  ar: `يجب وضع المفتاح «${excerpt(word)}» بين علامتي اقتباس مستقيمتين (").`,
});
export const keyTwice = (key: string): Label => ({
  en: `the key “${excerpt(key)}” is given twice; remove one.`,
  ar: `المفتاح «${excerpt(key)}» مكرر؛ احذف أحدهما.`,
});
export const wrongQuotes = (c: string): Label => ({
  en: `${c} isn't the quote that JSON uses; write straight double quotes (").`,
  ar: `العلامة ${c} ليست علامة الاقتباس المطلوبة؛ استخدم علامة مستقيمة (").`,
});
export const comment: Label = {
  en: "comments aren't possible here; use a node's “note” instead.",
  ar: "لا يمكن كتابة تعليق هنا؛ استخدم «note» في الخطوة بدلًا منه.",
};
export const control: Label = {
  en: "a text holds an invisible control character; remove it.",
  ar: "في النص حرف تحكم غير مرئي؛ احذفه.",
};
export const badEscape: Label = {
  en: 'after a backslash only " \\ / b f n r t or u with four digits may follow; write \\\\ for a backslash itself.',
  ar: 'لا يأتي بعد الشرطة المائلة العكسية إلا " \\ / b f n r t أو u وأربع خانات؛ اكتب \\\\ للشرطة نفسها.',
};
export const openString: Label = {
  en: "this text isn't closed on its line; a double quote (\") is missing. A line break inside is written \\n.",
  ar: 'هذا النص غير مغلق في سطره؛ تنقص علامة اقتباس ("). يُكتب الانتقال إلى سطر جديد \\n.',
};
