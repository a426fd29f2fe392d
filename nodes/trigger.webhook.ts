import { type Static, Type } from "typebox";
import { next, node } from "./node.ts";
import { Data, ID, MapOf, Name, Optional } from "./schema.ts";

const data = Data({
  secret: Optional(
    Type.String({
      pattern: ID,
      control: "secret",
      label: { en: "Secret", ar: "المفتاح السري" },
      help: {
        en: "The name of the secret that signs the calls; never the secret itself.",
        ar: "اسم المفتاح السري الذي توقَّع به الطلبات؛ لا المفتاح نفسه.",
      },
    }),
  ),
  map: Optional(
    MapOf<string>(
      {
        label: { en: "Fields", ar: "الحقول" },
        help: {
          en: "Contact field ← path in the body, for example email ← customer.email.",
          ar: "حقل جهة الاتصال ← المسار في المحتوى، مثل email ← customer.email.",
        },
      },
      { type: "string", minLength: 1, maxLength: 200, control: "text" },
    ),
  ),
  event: Optional(
    Name({
      label: { en: "Event", ar: "الحدث" },
      help: {
        en: "The name under which the call is kept as an event.",
        ar: "الاسم الذي يُحفظ به الطلب كحدث.",
      },
    }),
  ),
});

export default node<Static<typeof data>>({
  type: "trigger.webhook",
  group: "trigger",
  icon: "webhook",
  label: { en: "Incoming webhook", ar: "Webhook وارد" },
  about: {
    en: "Starts when another system calls this flow's address with a contact's data.",
    ar: "تبدأ الخطة عندما يستدعي نظام آخر عنوانها ومعه بيانات جهة اتصال.",
  },
  data,
  example: {
    secret: "SHOP_HOOK",
    map: { email: "customer.email", first_name: "customer.name" },
    event: "form.submitted",
  },
  summary: ({ event }, say) =>
    event === undefined
      ? say({ en: "When another system calls", ar: "عند استدعاء من نظام آخر" })
      : say({ en: `When another system reports ${event}`, ar: `عندما يبلّغ نظام آخر عن ${event}` }),
  outputs: () => [next],
  starts: ({ event }) => ({ on: "webhook", event }),
  run: () => ({ leave: "next" }),
});
