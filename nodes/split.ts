import { type Static, Type } from "typebox";
import { type Decision, type Label, node } from "./node.ts";
import { type DataProblem, idProblems } from "./problems.ts";
import { labelled } from "./say.ts";
import { Amount, Choice, Data, DurationOf, ID, ListOf, Optional, Part, Words } from "./schema.ts";

const BY: Record<"clicked" | "replied" | "goal" | "opened", Label> = {
  clicked: { en: "clicks", ar: "النقرات" },
  replied: { en: "replies", ar: "الردود" },
  goal: { en: "the goal", ar: "الهدف" },
  opened: { en: "opens", ar: "مرات الفتح" },
};

const data = Data({
  variants: ListOf(
    Part({
      id: Type.String({ pattern: ID, control: "text", label: { en: "Id", ar: "المعرّف" } }),
      label: Optional(Words({ label: { en: "Name", ar: "الاسم" } })),
      weight: Type.Number({
        exclusiveMinimum: 0,
        maximum: 1_000_000,
        control: "number",
        label: { en: "Weight", ar: "الوزن" },
        help: {
          en: "Its share beside the others' weights.",
          ar: "حصته قياسًا إلى أوزان الباقين.",
        },
      }),
    }),
    { minItems: 1, maxItems: 20 },
    { label: { en: "Variants", ar: "البدائل" } },
    "variants",
  ),
  holdout: Optional(
    Amount(
      {
        label: { en: "Holdout, percent", ar: "المجموعة الضابطة، بالمئة" },
        help: {
          en: "Contacts who get none of the variants, to compare with.",
          ar: "جهات اتصال لا تحصل على أي بديل، للمقارنة.",
        },
      },
      { minimum: 0, maximum: 100 },
    ),
  ),
  winner: Optional(
    Part(
      {
        test: Amount({ label: { en: "Test group, percent", ar: "مجموعة التجربة، بالمئة" } }),
        by: Choice(["clicked", "replied", "goal", "opened"], BY, {
          label: { en: "Decided by", ar: "الحسم حسب" },
        }),
        after: DurationOf({
          label: { en: "Decided after", ar: "الحسم بعد" },
          help: { en: "Counted from the first arrival.", ar: "تُحسب من أول وصول." },
        }),
        confidence: Optional(
          Type.Number({
            exclusiveMinimum: 0,
            exclusiveMaximum: 100,
            control: "number",
            label: { en: "Confidence, percent", ar: "درجة الثقة، بالمئة" },
            help: {
              en: "95 if not given; below 1 it is read as a share, 0.95.",
              ar: "95 ما لم تُذكر؛ وما دون 1 يُقرأ ككسر، مثل 0.95.",
            },
          }),
        ),
      },
      {
        label: { en: "Choose a winner", ar: "اختيار الفائز" },
        help: {
          en: "A test group goes first; the others wait for the better variant.",
          ar: "تمضي مجموعة التجربة أولًا، وينتظر الباقون البديل الأفضل.",
        },
      },
    ),
  ),
});
type D = Static<typeof data>;

/** The confidence that a decision needs, as a share between 0 and 1 (0.95 by default). */
export function confidenceOf(winner: { confidence?: number }): number {
  const given = winner.confidence ?? 0.95;
  return given < 1 ? given : given / 100;
}

function check({ variants, winner }: D): DataProblem[] {
  const problems = idProblems(variants, "/variants", ["holdout"]);
  if (winner && !(winner.test > 0 && winner.test < 100)) {
    problems.push({
      pointer: "/winner/test",
      message: {
        en: `The test group must be more than 0 and less than 100 percent; it is ${winner.test}.`,
        ar: `يجب أن تكون مجموعة التجربة أكثر من 0 وأقل من 100 بالمئة؛ وهي ${winner.test}.`,
      },
    });
  }
  if (winner && variants.length < 2) {
    problems.push({
      pointer: "/variants",
      message: {
        en: "A winner needs at least two variants to choose from.",
        ar: "اختيار الفائز يحتاج إلى بديلين على الأقل.",
      },
    });
  }
  return problems;
}

/** The variant at `draw`, a number in [0, 1), when the weights are laid end to end. */
function byWeight(variants: D["variants"], draw: number): string {
  let left = draw * variants.reduce((sum, v) => sum + v.weight, 0);
  const hit = variants.find((v) => {
    left -= v.weight;
    return left < 0;
  });
  // Rounding may leave a hair's breadth beyond the last one.
  return (hit ?? variants[variants.length - 1])?.id ?? "";
}

const drawn = (variant: string): Decision => ({
  effects: [{ do: "drawn", variant }],
  leave: variant,
});

export default node<D>({
  type: "split",
  group: "logic",
  icon: "flask-conical",
  label: { en: "A/B test", ar: "اختبار A/B" },
  about: {
    en: "Shares contacts out among variants; each contact always gets the same one.",
    ar: "يوزّع جهات الاتصال على بدائل؛ ولكل جهة اتصال البديل نفسه دائمًا.",
  },
  data,
  example: {
    variants: [
      { id: "a", label: { en: "Short letter", ar: "رسالة قصيرة" }, weight: 50 },
      { id: "b", label: { en: "Long letter", ar: "رسالة طويلة" }, weight: 50 },
    ],
    holdout: 10,
    winner: { test: 20, by: "clicked", after: "P2D" },
  },
  summary: ({ variants, holdout, winner }, say) => {
    const total = variants.reduce((sum, v) => sum + v.weight, 0);
    const shares = variants.map(
      (v) => `${say(labelled(v.label, v.id))} ${Math.round((v.weight / total) * 100)}%`,
    );
    const parts = [say.list(shares)];
    if (holdout !== undefined) {
      parts.push(say({ en: `holdout ${holdout}%`, ar: `المجموعة الضابطة ${holdout}%` }));
    }
    if (winner) {
      parts.push(
        say({
          en: `winner by ${BY[winner.by].en} after ${say.duration(winner.after)}`,
          ar: `الفائز حسب ${BY[winner.by].ar} بعد مدة: ${say.duration(winner.after)}`,
        }),
      );
    }
    return parts.join(say({ en: "; ", ar: "؛ " }));
  },
  outputs: ({ variants, holdout }) => [
    ...variants.map((v) => ({ id: v.id, label: labelled(v.label, v.id) })),
    ...(holdout === undefined
      ? []
      : [{ id: "holdout", label: { en: "Holdout", ar: "مجموعة ضابطة" } }]),
  ],
  check,
  run({ data: { variants, holdout, winner } }, ctx) {
    const known = (id: string) => variants.some((v) => v.id === id);
    const stored = ctx.drawn();
    // A variant that a new version removed has no way out of here: then it is drawn anew.
    if (
      stored !== undefined &&
      (known(stored) || (stored === "holdout" && holdout !== undefined))
    ) {
      return { leave: stored };
    }
    if (holdout !== undefined && ctx.draw("holdout") * 100 < holdout) return drawn("holdout");
    if (winner) {
      const decision = ctx.decision();
      if (decision !== null && known(decision)) return drawn(decision);
      const tests = ctx.draw("test") * 100 < winner.test;
      if (decision === null && !tests) return { wait: null, for: "winner" };
    }
    return drawn(byWeight(variants, ctx.draw("variant")));
  },
});
