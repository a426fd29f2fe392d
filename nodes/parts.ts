import { DurationOf, Name, Optional, Toggle } from "./schema.ts";

/** What every marketing message says about consent. */
export const consentKeys = {
  topic: Optional(
    Name({
      label: { en: "Topic", ar: "موضوع الاشتراك" },
      help: { en: "Consent is asked for this topic.", ar: "تُطلب الموافقة لهذا الموضوع." },
    }),
  ),
  transactional: Optional(
    Toggle({
      label: { en: "Transactional", ar: "رسالة خدمية" },
      help: {
        en: "Passes marketing consent, send window and frequency cap.",
        ar: "لا تتقيد بالموافقة التسويقية ولا بأوقات الإرسال ولا بحد الإرسال.",
      },
    }),
  ),
};

/** What every piece of work for a person says: by whom, and within which time. */
export const workKeys = {
  assignee: Optional(
    Name(
      {
        label: { en: "Assignee", ar: "مسؤول المتابعة" },
        help: {
          en: "A person of the team, or {{contact.owner}}.",
          ar: "شخص من الفريق، أو {{contact.owner}}.",
        },
      },
      "person",
    ),
  ),
  due: Optional(
    DurationOf({
      label: { en: "Due within", ar: "تُنجز خلال" },
      help: { en: "Counted from when it opens.", ar: "تُحسب من لحظة فتحها." },
    }),
  ),
  timeout: Optional(
    DurationOf({
      label: { en: "Wait at most", ar: "انتظار على الأكثر" },
      help: {
        en: "Then the contact goes on without an outcome; without it, as long as it takes.",
        ar: "ثم تتابع جهة الاتصال بلا نتيجة؛ وبدونها ينتظر مهما طال الوقت.",
      },
    }),
  ),
};
