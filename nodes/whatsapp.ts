import { type Static, Type } from "typebox";
import { next, node } from "./node.ts";
import { consentKeys } from "./parts.ts";
import type { DataProblem } from "./problems.ts";
import { brief } from "./say.ts";
import { Data, Localized, Name, Optional, Part } from "./schema.ts";

const value = { type: "string", maxLength: 1000, control: "template" } as const;

const data = Data({
  text: Optional(
    Localized(
      {
        label: { en: "Message", ar: "نص الرسالة" },
        help: {
          en: "Free text may go only within 24 hours of the contact's last message.",
          ar: "النص الحر مسموح خلال 24 ساعة فقط من آخر رسالة لجهة الاتصال.",
        },
      },
      "composer",
    ),
  ),
  template: Optional(
    Part(
      {
        name: Name({ label: { en: "Template", ar: "القالب" } }),
        language: Name({
          label: { en: "Language", ar: "اللغة" },
          help: { en: "As approved, for example ar or en_US.", ar: "كما اعتُمدت، مثل ar أو en_US." },
        }),
        parameters: Optional(
          Type.Unsafe<Record<string, string> | string[]>({
            anyOf: [
              { type: "array", maxItems: 50, items: value },
              { type: "object", maxProperties: 50, additionalProperties: value },
            ],
            control: "map",
            label: { en: "Parameters", ar: "المتغيرات" },
            help: { en: "By name, or in order.", ar: "بالاسم أو بالترتيب." },
          }),
        ),
      },
      {
        label: { en: "Approved template", ar: "قالب معتمد" },
        help: { en: "In place of free text.", ar: "بدلًا من النص الحر." },
      },
      "approved",
    ),
  ),
  ...consentKeys,
});
type D = Static<typeof data>;

function check({ text, template }: D): DataProblem[] {
  if (text !== undefined && template !== undefined) {
    const message = {
      en: "A WhatsApp message is either free text or an approved template; remove one of the two.",
      ar: "رسالة واتساب إما نص حر أو قالب معتمد؛ احذف أحدهما.",
    };
    return [{ pointer: "/template", message }];
  }
  if (text === undefined && template === undefined) {
    const message = {
      en: "Write the WhatsApp message or choose an approved template.",
      ar: "اكتب رسالة واتساب أو اختر قالبًا معتمدًا.",
    };
    return [{ pointer: "", message }];
  }
  return [];
}

export default node<D>({
  type: "whatsapp",
  group: "message",
  icon: "message-circle",
  label: { en: "WhatsApp", ar: "واتساب" },
  about: {
    en: "Sends the contact a WhatsApp message: free text or an approved template.",
    ar: "يرسل إلى جهة الاتصال رسالة واتساب: نصًا حرًا أو قالبًا معتمدًا.",
  },
  data,
  example: {
    template: { name: "welcome", language: "ar", parameters: ["{{contact.first_name}}"] },
  },
  summary: ({ text, template }, say) =>
    template
      ? say({ en: `Template ${template.name}`, ar: `القالب ${template.name}` })
      : brief(say, say.text(text)) || say({ en: "No message yet", ar: "لا رسالة بعد" }),
  outputs: () => [next],
  check,
  reaches: ({ transactional }) => ({ channel: "whatsapp", transactional: transactional ?? false }),
  run: ({ data }) => ({
    send: {
      channel: "whatsapp",
      body: data.text ?? "",
      template: data.template,
      topic: data.topic,
      transactional: data.transactional ?? false,
    },
    then: { leave: "next" },
  }),
});
