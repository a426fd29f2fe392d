import type { Static } from "typebox";
import { next, node } from "./node.ts";
import type { DataProblem } from "./problems.ts";
import { Data, DurationOf, ListOf, Name, Optional, Part } from "./schema.ts";

const data = Data({
  add: Optional(
    ListOf(
      Part({
        tag: Name({ label: { en: "Tag", ar: "العلامة" } }, "tag"),
        expires: Optional(
          DurationOf({
            label: { en: "Expires after", ar: "تنتهي صلاحيتها بعد" },
            help: { en: "Without it, never.", ar: "وبدونها لا تنتهي." },
          }),
        ),
      }),
      { maxItems: 50 },
      { label: { en: "Add", ar: "إضافة" } },
    ),
  ),
  remove: Optional(
    ListOf(
      Name({ label: { en: "Tag", ar: "العلامة" } }, "tag"),
      { maxItems: 50 },
      { label: { en: "Remove", ar: "إزالة" } },
    ),
  ),
});
type D = Static<typeof data>;

function check({ add, remove }: D): DataProblem[] {
  if (add?.length || remove?.length) return [];
  const message = { en: "Name a tag to add or to remove.", ar: "اذكر علامة تُضاف أو تُزال." };
  return [{ pointer: "", message }];
}

export default node<D>({
  type: "tag",
  group: "contact",
  icon: "tags",
  label: { en: "Tag", ar: "وسم" },
  about: {
    en: "Adds tags to the contact, for ever or for a time, and removes others.",
    ar: "يضيف علامات إلى جهة الاتصال، دائمة أو مؤقتة، ويزيل غيرها.",
  },
  data,
  example: { add: [{ tag: "quoted", expires: "P7D" }], remove: ["interested"] },
  summary: ({ add, remove }, say) => {
    const added = (add ?? []).map(({ tag, expires }) => {
      if (expires === undefined) return tag;
      const time = say.duration(expires);
      return say({ en: `${tag} (for ${time})`, ar: `${tag} (لمدة: ${time})` });
    });
    const parts: string[] = [];
    if (added.length) {
      parts.push(say({ en: `Add ${say.list(added)}`, ar: `إضافة: ${say.list(added)}` }));
    }
    if (remove?.length) {
      parts.push(say({ en: `remove ${say.list(remove)}`, ar: `إزالة: ${say.list(remove)}` }));
    }
    const words = parts.join(say({ en: "; ", ar: "؛ " }));
    return words
      ? words.charAt(0).toUpperCase() + words.slice(1)
      : say({ en: "No tag yet", ar: "لا علامة بعد" });
  },
  outputs: () => [next],
  check,
  run: ({ data, now }, ctx) => ({
    effects: [
      {
        do: "tag",
        add: (data.add ?? []).map(({ tag, expires }) => ({
          tag,
          expires: expires === undefined ? null : ctx.after(now, expires),
        })),
        remove: data.remove ?? [],
      },
    ],
    leave: "next",
  }),
});
