import type { Label } from "../../nodes/node.ts";
import type { Read, ReadProblem, ReadProblemCode, RowProblem, RowProblemCode } from "./types.ts";

/** A row's place: a line of a CSV file or a record of a JSON list. */
export interface Place {
  line: number;
  unit: "line" | "record";
}

/** Sentences that name the place and, where there is one, the column and what stood in the cell. */
export function rowProblem(
  place: Place,
  code: RowProblemCode,
  about: { column?: string; cell?: unknown; limit?: number } = {},
): RowProblem {
  const rule = ROWS[code];
  const column = about.column ?? "";
  const cell = shorten(about.cell);
  const limit = about.limit ?? 0;
  const en = place.unit === "line" ? `Line ${place.line}` : `Contact ${place.line}`;
  const ar = place.unit === "line" ? `السطر ${place.line}` : `جهة الاتصال رقم ${place.line}`;
  return {
    line: place.line,
    code,
    message: {
      en: `${en}${column && `, column “${column}”`}: ${fill(rule.en, cell, limit)}`,
      ar: `${ar}${column && `، العمود «${column}»`}: ${fill(rule.ar, cell, limit)}`,
    },
    rejected: rule.rejects === true,
  };
}

const fill = (sentence: string, cell: string, limit: number): string =>
  sentence.replaceAll(/\{(cell|limit)\}/g, (_, name) => (name === "cell" ? cell : String(limit)));

/** Enough of a cell to find it, never a whole novel in a report. */
function shorten(cell: unknown): string {
  const text = typeof cell === "string" ? cell : (JSON.stringify(cell) ?? "");
  return text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text;
}

const ROWS: Record<RowProblemCode, Label & { rejects?: true }> = {
  "no-identifier": {
    en: "there is neither an e-mail address nor a phone number that can be used, so the row was left out.",
    ar: "لا يوجد بريد إلكتروني ولا رقم هاتف صالح للاستخدام، فتُرك الصف.",
    rejects: true,
  },
  "bad-email": {
    en: "“{cell}” is not an e-mail address; the cell was left out.",
    ar: "«{cell}» ليس عنوان بريد إلكتروني صحيحًا، فتُركت الخلية.",
  },
  "bad-phone": {
    en: "“{cell}” can't be read as a phone number; write it with its country code or fill in the country. The cell was left out.",
    ar: "تعذّرت قراءة «{cell}» كرقم هاتف؛ اكتبه مع رمز الدولة أو املأ خانة الدولة. تُركت الخلية.",
  },
  "bad-timezone": {
    en: "“{cell}” is not a time zone (such as Asia/Riyadh); it counts as missing.",
    ar: "«{cell}» ليست منطقة زمنية معروفة (مثل Asia/Riyadh)، فتُعدّ غير مذكورة.",
  },
  "bad-locale": {
    en: "“{cell}” is not a language code (such as ar or en-GB); it counts as missing.",
    ar: "«{cell}» ليس رمز لغة (مثل ar أو en-GB)، فيُعدّ غير مذكور.",
  },
  "bad-date": {
    en: "“{cell}” is not a date that can be read (such as 2024-03-15); the cell was left out.",
    ar: "تعذّرت قراءة «{cell}» كتاريخ (مثل 2024-03-15)، فتُركت الخلية.",
  },
  "bad-value": {
    en: "“{cell}” doesn't fit the type of this field; the cell was left out.",
    ar: "«{cell}» لا يوافق نوع هذا الحقل، فتُركت الخلية.",
  },
  "unknown-channel": {
    en: "“{cell}” is not a channel that messages can go by (email, sms, whatsapp, call, letter).",
    ar: "«{cell}» ليست قناة تواصل معروفة (email أو sms أو whatsapp أو call أو letter).",
  },
  "broken-text": {
    en: "some letters of “{cell}” are damaged in the file; please look at them.",
    ar: "بعض حروف «{cell}» تالفة في الملف؛ يُرجى مراجعتها.",
  },
  "broken-quote": {
    en: "a quotation mark is not closed or stands in the wrong place, so the row was left out.",
    ar: "علامة اقتباس غير مغلقة أو في غير موضعها، فتُرك الصف.",
    rejects: true,
  },
  "cell-too-big": {
    en: "a cell is longer than {limit} characters, so the row was left out.",
    ar: "عدد أحرف إحدى الخلايا يتجاوز {limit}، فتُرك الصف.",
    rejects: true,
  },
  "row-too-big": {
    en: "the row is longer than {limit} characters, so it was left out.",
    ar: "عدد أحرف الصف يتجاوز {limit}، فتُرك.",
    rejects: true,
  },
  "too-many-cells": {
    en: "there are more cells than the header's {limit} columns, so the row was left out (is a cell with a separator in it missing its quotation marks?).",
    ar: "عدد الخلايا أكبر من أعمدة الترويسة ({limit})، فتُرك الصف (هل تحتوي خلية على فاصل وليست بين علامتي اقتباس؟).",
    rejects: true,
  },
  "bad-record": {
    en: "this is not a contact (an object with fields was expected), so it was left out.",
    ar: "هذا العنصر ليس جهة اتصال (المتوقع كائن فيه حقول)، فتُرك.",
    rejects: true,
  },
};

/** A failed read; `what` is the file's name, a column or the detail that the sentence needs. */
export function unreadable(
  code: ReadProblemCode,
  what = "",
  limit = 0,
): { ok: false; problem: ReadProblem } {
  const { en, ar } = FILES[code];
  const put = (sentence: string) =>
    sentence.replaceAll(/\{(what|limit)\}/g, (_, name) =>
      name === "what" ? shorten(what) : String(limit),
    );
  // What is quoted wears the quotation marks and commas of its sentence's language.
  const quoted = put(ar).replaceAll(
    /“([^”]*)”(, )?/g,
    (_, text, comma) => `«${text}»${comma ? "، " : ""}`,
  );
  return { ok: false, problem: { code, message: { en: put(en), ar: quoted } } };
}

/** A successful read. */
export const readable = <T>(value: T): Read<T> => ({ ok: true, value });

const FILES: Record<ReadProblemCode, Label> = {
  "not-found": { en: "There is no file “{what}”.", ar: "لا يوجد ملف باسم «{what}»." },
  "no-access": { en: "The file “{what}” may not be read.", ar: "لا يُسمح بقراءة الملف «{what}»." },
  "is-folder": { en: "“{what}” is a folder, not a file.", ar: "«{what}» مجلد وليس ملفًا." },
  spreadsheet: {
    en: "The file is a spreadsheet or an archive; save it as CSV (UTF-8) first.",
    ar: "الملف جدول بيانات أو ملف مضغوط؛ احفظه أولًا بصيغة CSV ‏(UTF-8).",
  },
  "not-text": {
    en: "The file holds binary data, not text; save it as CSV (UTF-8).",
    ar: "الملف يحتوي على بيانات ثنائية لا نصًا؛ احفظه بصيغة CSV ‏(UTF-8).",
  },
  empty: {
    en: "The file is empty: a header line with the names of the columns was expected.",
    ar: "الملف فارغ: المتوقع سطر أول فيه أسماء الأعمدة.",
  },
  "too-many-columns": {
    en: "The header has more than {limit} columns.",
    ar: "عدد الأعمدة في سطر الترويسة أكبر من {limit}.",
  },
  "header-broken": {
    en: "The header line can't be read: a quotation mark is not closed, or the line is too long.",
    ar: "تعذّرت قراءة سطر الترويسة: علامة اقتباس غير مغلقة أو السطر طويل جدًا.",
  },
  "no-identifier-column": {
    en: "No column holds e-mail addresses or phone numbers: “email” or “phone” was expected among {what}.",
    ar: "لا يوجد عمود للبريد الإلكتروني أو الهاتف: المتوقع «email» أو «phone» بين {what}.",
  },
  "too-big": {
    en: "The file is larger than {limit} MB; as CSV it can be imported at any size.",
    ar: "حجم الملف أكبر من {limit} ميغابايت؛ يمكن استيراده بأي حجم بصيغة CSV.",
  },
  "bad-json": { en: "The file is not valid JSON.", ar: "الملف ليس بصيغة JSON صحيحة." },
  "not-a-list": {
    en: "The contacts must be a JSON list of objects.",
    ar: "يجب أن تكون جهات الاتصال قائمة JSON من كائنات.",
  },
  "bad-map": {
    en: "The map must be a JSON object of column header → field name or null; “{what}” is neither.",
    ar: "يجب أن تكون الخريطة كائن JSON من عنوان العمود إلى اسم الحقل أو null؛ و«{what}» ليس كذلك.",
  },
  "map-unknown-column": {
    en: "The map names a column “{what}” that the file doesn't have.",
    ar: "تذكر الخريطة عمودًا «{what}» لا يوجد في الملف.",
  },
};
