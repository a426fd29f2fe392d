import type { Static } from "typebox";
import { type Ctx, next, node } from "./node.ts";
import { Data, MapOf, Name, Optional } from "./schema.ts";

const data = Data({
  event: Name({
    label: { en: "Event", ar: "الحدث" },
    help: { en: "Other flows may start on it.", ar: "قد تبدأ به خطط متابعة أخرى." },
  }),
  data: Optional(
    MapOf({
      label: { en: "Data", ar: "البيانات" },
      help: {
        en: "Name and value; one {{path}} alone keeps a number a number.",
        ar: "الاسم وقيمته؛ و{{path}} وحدها تُبقي العدد عددًا.",
      },
    }),
  ),
});

/** Templates may stand anywhere inside a value. */
function resolved(value: unknown, ctx: Ctx): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, ctx));
  if (typeof value !== "object" || value === null) return ctx.resolve(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, resolved(inner, ctx)]),
  );
}

export default node<Static<typeof data>>({
  type: "emit",
  group: "logic",
  icon: "radio",
  label: { en: "Report an event", ar: "إطلاق حدث" },
  about: {
    en: "Records an event for the contact, which other flows can start on.",
    ar: "يسجّل حدثًا لجهة الاتصال يمكن أن تبدأ به خطط متابعة أخرى.",
  },
  data,
  example: { event: "quote.sent", data: { amount: "{{event.amount}}", by: "flow" } },
  summary: ({ event }, say) => say({ en: `Report ${event}`, ar: `إطلاق الحدث ${event}` }),
  outputs: () => [next],
  run({ data }, ctx) {
    const values = Object.entries(data.data ?? {}).map(([key, value]) => [
      key,
      resolved(value, ctx),
    ]);
    return {
      effects: [{ do: "emit", event: data.event, data: Object.fromEntries(values) }],
      leave: "next",
    };
  },
});
