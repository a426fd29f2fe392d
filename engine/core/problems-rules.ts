import type { RuleKind } from "../../nodes/index.ts";
import { error, excerpt, type Finding, warning } from "./problems.ts";

/** Sentences about rules: the conditions of nodes, exits, goals, audiences and segments. */

export const notARule = (value: unknown): Finding =>
  error(
    "not-a-rule",
    `a condition belongs here, such as {"tag": "vip"}, not “${excerpt(value)}”.`,
    `يجب أن يكون هنا شرط مثل {"tag": "vip"} وليس «${excerpt(value)}».`,
  );
export const noKind = (key: string | null, near: string | null): Finding => {
  if (key === null) {
    return error(
      "unknown-rule",
      "the condition is empty; choose what it looks at, such as a tag, a field or an event.",
      "الشرط فارغ؛ اختر ما يتحقق منه، مثل علامة أو حقل أو حدث.",
    );
  }
  return error(
    "unknown-rule",
    `there is no condition “${excerpt(key)}”${near ? `; did you mean “${near}”?` : "."}`,
    `لا يوجد شرط باسم «${excerpt(key)}»${near ? `؛ هل تقصد «${near}»؟` : "."}`,
  );
};
export const twoKinds = (first: RuleKind, second: string): Finding =>
  error(
    "two-rules",
    `one condition can't ask for both “${first}” and “${second}”; put two conditions into “all” or “any”.`,
    `لا يمكن لشرط واحد أن يجمع «${first}» و«${second}»؛ ضع شرطين داخل «all» أو «any».`,
  );
export const touchesOp = (op: string): Finding =>
  error(
    "rule-op",
    `“${op}” can't count contacts' touches; choose one of “=”, “!=”, “<”, “<=”, “>”, “>=”.`,
    `لا يصلح «${op}» لعدد نقاط الاتصال؛ اختر واحدًا من «=»، «!=»، «<»، «<=»، «>»، «>=».`,
  );

export const unwantedValue = (op: string): Finding =>
  error("rule-value", `“${op}” takes no value; remove it.`, `لا يأخذ «${op}» قيمة؛ احذفها.`);
export const missingValue = (op: string): Finding =>
  error("rule-value", `“${op}” needs a value to compare with.`, `يحتاج «${op}» إلى قيمة للمقارنة.`);
export const listNeeded = error(
  "rule-value",
  '“in” needs a list of values, such as ["Riyadh", "Jeddah"].',
  'يحتاج «in» إلى قائمة قيم، مثل ["الرياض", "جدة"].',
);
export const oneValueNeeded = (op: string): Finding =>
  error(
    "rule-value",
    `“${op}” compares with one value; for several, use “in” with a list.`,
    `يقارن «${op}» بقيمة واحدة؛ لعدة قيم استخدم «in» مع قائمة.`,
  );
export const dateNeeded = (op: string, value: unknown): Finding =>
  error(
    "rule-value",
    `“${op}” needs a date such as 2026-03-01; “${excerpt(value)}” is none.`,
    `يحتاج «${op}» إلى تاريخ مثل 2026-03-01؛ «${excerpt(value)}» ليس تاريخًا.`,
  );
export const durationNeeded = (op: string, value: unknown): Finding =>
  error(
    "rule-value",
    `“${op}” needs a duration such as P30D (30 days); “${excerpt(value)}” is none.`,
    `يحتاج «${op}» إلى مدة مثل P30D (30 يومًا)؛ «${excerpt(value)}» ليست مدة.`,
  );

export const badSince = (value: string, instead: string | null): Finding =>
  error(
    "rule-since",
    `“since” can't be “${excerpt(value)}”; write ${
      instead === null
        ? "a duration such as P30D, or “enrollment”, “node” or “ever”"
        : `“${instead}”`
    }.`,
    `لا يمكن أن تكون قيمة «since» هي «${excerpt(value)}»؛ اكتب ${
      instead === null ? "مدة مثل P30D، أو «enrollment» أو «node» أو «ever»" : `«${instead}»`
    }.`,
  );
export const sinceOutside = (value: string): Finding =>
  error(
    "rule-outside-flow",
    `“since”: “${value}” has a meaning inside a flow only; a segment takes a duration or “ever”.`,
    `قيمة «since»: «${value}» لا معنى لها إلا داخل خطة متابعة؛ استخدم في الشريحة مدة أو «ever».`,
  );
export const dataOutside = error(
  "rule-outside-flow",
  "“data” reads what a flow gathered, so it can't be used in a segment; use a field or an event.",
  "يقرأ «data» ما جمعته خطة متابعة، فلا يمكن استخدامه في شريحة؛ استخدم حقلًا أو حدثًا.",
);
export const templateOutside = error(
  "rule-outside-flow",
  "a value with {{…}} has a meaning inside a flow only; write the value itself in a segment.",
  "القيمة التي فيها {{…}} لا معنى لها إلا داخل خطة متابعة؛ اكتب القيمة نفسها في الشريحة.",
);
export const flowNeeded = (node: string): Finding =>
  error(
    "rule-flow",
    `the node “${excerpt(node)}” is named without its flow; in a segment, give “flow” too.`,
    `الخطوة «${excerpt(node)}» مذكورة دون خطتها؛ حدّد «flow» أيضًا في الشريحة.`,
  );
export const unknownNode = (node: string, near: string | null): Finding =>
  error(
    "rule-node",
    `the flow has no node “${excerpt(node)}”${near ? `; did you mean “${near}”?` : "."}`,
    `لا توجد في الخطة خطوة بالمعرّف «${excerpt(node)}»${near ? `؛ هل تقصد «${near}»؟` : "."}`,
  );
export const unknownAnswer = (name: string, near: string | null): Finding =>
  error(
    "rule-node",
    `no node of the flow keeps an answer as “${excerpt(name)}”${near ? `; did you mean “${near}”?` : "."}`,
    `لا توجد في الخطة خطوة تحفظ إجابة باسم «${excerpt(name)}»${near ? `؛ هل تقصد «${near}»؟` : "."}`,
  );
export const linkWithoutClick = (event: string): Finding =>
  warning(
    "rule-link",
    `“link” narrows clicks only and means nothing with “${excerpt(event)}”.`,
    `يخص «link» النقرات فقط ولا أثر له مع «${excerpt(event)}».`,
  );
export const segmentCircle = (names: readonly string[]): Finding => {
  const way = (open: string, close: string) =>
    [...names, names[0] ?? ""].map((n) => `${open}${excerpt(n)}${close}`).join(" → ");
  return error(
    "segment-circle",
    `segments ask for each other in a circle: ${way("“", "”")}; take one reference out.`,
    `تشير الشرائح بعضها إلى بعض في دائرة: ${way("«", "»")}؛ احذف إحدى الإشارات.`,
  );
};
