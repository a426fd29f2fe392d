import type { Static } from "typebox";
import { fieldInWords } from "./fields.ts";
import { next, node, type Say } from "./node.ts";
import type { DataProblem } from "./problems.ts";
import { brief } from "./say.ts";
import { Data, ListOf, MapOf, Name, Optional } from "./schema.ts";

const data = Data({
  set: Optional(
    MapOf({
      label: { en: "Set", ar: "تعيين" },
      help: {
        en: "Field and value; one {{path}} alone keeps a number a number.",
        ar: "الحقل وقيمته؛ و{{path}} وحدها تُبقي العدد عددًا.",
      },
    }),
  ),
  clear: Optional(
    ListOf(
      Name({ label: { en: "Field", ar: "الحقل" } }, "field"),
      { maxItems: 50 },
      { label: { en: "Clear", ar: "تفريغ" } },
    ),
  ),
});
type D = Static<typeof data>;

function check({ set, clear }: D): DataProblem[] {
  const fields = Object.keys(set ?? {});
  if (fields.length === 0 && !clear?.length) {
    const message = { en: "Name a field to set or to clear.", ar: "اذكر حقلًا يُعيَّن أو يُفرَّغ." };
    return [{ pointer: "", message }];
  }
  return (clear ?? []).flatMap((field, i) =>
    fields.includes(field)
      ? [
          {
            pointer: `/clear/${i}`,
            message: {
              en: `The field “${field}” is both set and cleared; choose one.`,
              ar: `الحقل «${field}» يُعيَّن ويُفرَّغ معًا؛ اختر أحدهما.`,
            },
          },
        ]
      : [],
  );
}

const valueInWords = (say: Say, value: unknown) =>
  brief(say, typeof value === "string" ? value : (JSON.stringify(value) ?? ""), 40);

export default node<D>({
  type: "field",
  group: "contact",
  icon: "pencil-line",
  label: { en: "Set fields", ar: "تعديل الحقول" },
  about: {
    en: "Writes values into the contact's fields, or clears them.",
    ar: "يكتب قيمًا في حقول جهة الاتصال، أو يفرّغها.",
  },
  data,
  example: { set: { lifecycle: "interested", last_order: "{{event.amount}}" }, clear: ["source"] },
  summary: ({ set, clear }, say) => {
    const parts = Object.entries(set ?? {}).map(
      ([field, value]) => `${fieldInWords(say, field)} = ${valueInWords(say, value)}`,
    );
    if (clear?.length) {
      const cleared = say.list(clear.map((field) => fieldInWords(say, field)));
      parts.push(say({ en: `clear ${cleared}`, ar: `تفريغ ${cleared}` }));
    }
    return parts.join(say({ en: "; ", ar: "؛ " })) || say({ en: "No field yet", ar: "لا حقل بعد" });
  },
  outputs: () => [next],
  check,
  run({ data }, ctx) {
    const fields: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(data.set ?? {})) fields[field] = ctx.resolve(value);
    for (const field of data.clear ?? []) fields[field] = null;
    return { effects: [{ do: "set", fields }], leave: "next" };
  },
});
