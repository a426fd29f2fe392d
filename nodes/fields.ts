import type { Label, Say } from "./node.ts";

/** The fields that every contact has, by the names that rules and templates use; as they are called inside a sentence. */
export const FIELD_NAMES: Readonly<Record<string, Label>> = {
  first_name: { en: "first name", ar: "الاسم الأول" },
  last_name: { en: "last name", ar: "اسم العائلة" },
  email: { en: "email", ar: "البريد الإلكتروني" },
  phone: { en: "phone", ar: "الهاتف" },
  locale: { en: "language", ar: "اللغة" },
  timezone: { en: "time zone", ar: "المنطقة الزمنية" },
  country: { en: "country", ar: "الدولة" },
  city: { en: "city", ar: "المدينة" },
  birthday: { en: "birthday", ar: "تاريخ الميلاد" },
  type: { en: "type", ar: "النوع" },
  lifecycle: { en: "lifecycle", ar: "مرحلة العلاقة" },
  preferred_channel: { en: "preferred channel", ar: "القناة المفضلة" },
  preferred_times: { en: "preferred times", ar: "وقت الاتصال المفضل" },
  stage: { en: "stage", ar: "المرحلة" },
  score: { en: "score", ar: "النقاط" },
  owner: { en: "assignee", ar: "مسؤول المتابعة" },
  source: { en: "source", ar: "المصدر" },
  created_at: { en: "created", ar: "تاريخ الإنشاء" },
  last_touch_at: { en: "last touch", ar: "آخر نقطة اتصال" },
  last_reply_at: { en: "last reply", ar: "آخر رد" },
};

const LINKS: Readonly<Record<string, Label>> = {
  unsubscribe: { en: "link to unsubscribe", ar: "رابط إلغاء الاشتراك" },
  preferences: { en: "link to preferences", ar: "رابط التفضيلات" },
  survey: { en: "link to the survey", ar: "رابط الاستبيان" },
};

const spaced = (name: string): string => name.replaceAll(/[_.-]+/g, " ").trim();

/** A field's name in the reader's language; a field of the workspace's own as it is written. */
export const fieldInWords = (say: Say, field: string): string => {
  const known = Object.hasOwn(FIELD_NAMES, field) ? FIELD_NAMES[field] : undefined;
  return known ? say(known) : field;
};

/** What a merge field such as `contact.first_name` stands for, in the reader's language. */
export function pathInWords(say: Say, path: string): string {
  const [root = "", ...rest] = path.split(".");
  const name = rest.join(".");
  if (root === "contact")
    return fieldInWords(say, name) === name ? spaced(name) : fieldInWords(say, name);
  const link = root === "links" && Object.hasOwn(LINKS, name) ? LINKS[name] : undefined;
  return link ? say(link) : spaced(rest.at(-1) ?? path);
}

const PATH = /\b(?:contact|param|event|steps|links|flow|secret)\.[\w.-]+/;

/** A template as a person reads it: `Hello {{contact.first_name}}` is “Hello ‹First name›”. Marks of blocks are left out. */
export function templateInWords(say: Say, template: string): string {
  return template.replaceAll(/\{\{\{?([^{}]*)\}?\}\}/g, (_whole, inner: string) => {
    const text = inner.trim();
    if (/^[#/^!]|^else\b/.test(text)) return "";
    const path = PATH.exec(text)?.[0];
    return path === undefined ? "" : `‹${pathInWords(say, path)}›`;
  });
}
