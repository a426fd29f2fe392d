import type { TSchema } from "typebox";
import {
  type Label,
  MESSAGE_EVENTS,
  OPS,
  type Op,
  RULE_SCHEMAS,
  type Rule,
  type RuleKind,
  ruleKind,
} from "../../../../nodes/index.ts";

/** What shows one member of a rule. */
export type RuleControl =
  | "tag"
  | "segment"
  | "field"
  | "event"
  | "channel"
  | "node"
  | "flow"
  | "op"
  | "value"
  | "since"
  | "count"
  | "number"
  | "where"
  | "choice"
  | "text"
  | "hidden";

export interface RuleMember {
  key: string;
  control: RuleControl;
  label: Label;
  required: boolean;
  options: { value: string; label: Label }[];
}

type Members = Record<
  string,
  { control: RuleControl; label: Label; options?: RuleMember["options"] }
>;

const word = (en: string, ar: string): Label => ({ en, ar });
const MESSAGE_WORDS: Record<(typeof MESSAGE_EVENTS)[number], Label> = {
  sent: word("was sent", "أُرسلت"),
  delivered: word("was delivered", "وصلت"),
  opened: word("was opened", "فُتحت"),
  clicked: word("was clicked", "نُقر رابط فيها"),
  replied: word("was answered", "جاء رد عليها"),
  bounced: word("bounced", "ارتدّت"),
  complained: word("was reported as spam", "أُبلغ عنها"),
  failed: word("failed", "فشل إرسالها"),
};

const op = { control: "op", label: word("Comparison", "المقارنة") } as const;
const value = { control: "value", label: word("Value", "القيمة") } as const;
const since = { control: "since", label: word("Since", "منذ") } as const;
const channel = { control: "channel", label: word("Channel", "القناة") } as const;
const step = { control: "node", label: word("Step", "الخطوة") } as const;
const flow = { control: "flow", label: word("Flow", "خطة المتابعة") } as const;

/** How the members of each kind of rule are shown; which there are is told by `RULE_SCHEMAS`. */
const MEMBERS: Record<Exclude<RuleKind, "all" | "any" | "not">, Members> = {
  tag: { tag: { control: "tag", label: word("Tag", "العلامة") } },
  segment: { segment: { control: "segment", label: word("Segment", "الشريحة") } },
  field: {
    field: { control: "field", label: word("Field", "الحقل") },
    op,
    value,
    calendar: {
      control: "choice",
      label: word("Calendar", "التقويم"),
      options: [
        { value: "gregory", label: word("Gregorian", "الميلادي") },
        { value: "islamic-umalqura", label: word("Hijri (Umm al-Qura)", "الهجري (أم القرى)") },
      ],
    },
  },
  event: {
    event: { control: "event", label: word("Event", "الحدث") },
    count: { control: "count", label: word("At least, times", "على الأقل، مرات") },
    since,
    where: { control: "where", label: word("Only if", "فقط إذا") },
  },
  message: {
    message: {
      control: "choice",
      label: word("What happened", "ما حدث"),
      options: MESSAGE_EVENTS.map((name) => ({ value: name, label: MESSAGE_WORDS[name] })),
    },
    node: step,
    flow,
    channel,
    link: { control: "text", label: word("Link", "الرابط") },
    since,
  },
  task: {
    task: { control: "hidden", label: word("Task", "المهمة") },
    node: step,
    flow,
    outcome: { control: "text", label: word("Outcome", "النتيجة") },
    since,
  },
  consent: {
    consent: { control: "channel", label: word("Channel", "القناة") },
    topic: { control: "text", label: word("Topic", "موضوع الاشتراك") },
  },
  touches: {
    op,
    touches: { control: "number", label: word("Number", "العدد") },
    since,
    channel,
  },
  data: {
    of: { control: "node", label: word("Answer of", "جواب الخطوة") },
    data: { control: "text", label: word("Data", "البيانات") },
    op,
    value,
  },
};

/** The leaf kinds, as they are offered. */
export const RULE_KINDS: Record<Exclude<RuleKind, "all" | "any" | "not">, Label> = {
  tag: word("Tag", "علامة"),
  segment: word("Segment", "شريحة"),
  field: word("Field", "حقل"),
  event: word("Event", "حدث"),
  message: word("Message", "رسالة"),
  task: word("Call or task", "مكالمة أو مهمة"),
  consent: word("Consent", "موافقة"),
  touches: word("Number of touches", "عدد نقاط الاتصال"),
  data: word("Data of the flow", "بيانات الخطة"),
};
export type LeafKind = keyof typeof RULE_KINDS;

export const isLeaf = (kind: RuleKind | null): kind is LeafKind =>
  kind !== null && Object.hasOwn(RULE_KINDS, kind);

/** The members of a kind of rule: those that its schema has, shown as told above, any other as text. */
export function membersOf(kind: LeafKind): RuleMember[] {
  const { properties, required = [] } = RULE_SCHEMAS[kind] as TSchema & {
    properties: Record<string, TSchema>;
    required?: string[];
  };
  const shown: Members = MEMBERS[kind];
  const keys = [...Object.keys(shown), ...Object.keys(properties)];
  return [...new Set(keys)]
    .filter((key) => Object.hasOwn(properties, key))
    .map((key) => ({
      key,
      control: shown[key]?.control ?? "text",
      label: shown[key]?.label ?? { en: key, ar: key },
      required: required.includes(key),
      options: shown[key]?.options ?? [],
    }));
}

/** A rule of a kind as it begins. */
export function blankRule(kind: RuleKind): Rule {
  switch (kind) {
    case "all":
      return { all: [] };
    case "any":
      return { any: [] };
    case "not":
      return { not: { all: [] } };
    case "tag":
      return { tag: "" };
    case "segment":
      return { segment: "" };
    case "field":
      return { field: "", op: "=", value: "" };
    case "event":
      return { event: "" };
    case "message":
      return { message: "opened" };
    case "task":
      return { task: "done" };
    case "consent":
      return { consent: "email" };
    case "touches":
      return { touches: 3, op: "<", since: "P7D" };
    case "data":
      return { data: "", op: "=", value: "" };
  }
}

const NO_VALUE: ReadonlySet<Op> = new Set(["exists", "missing", "anniversary"]);
const SPAN: ReadonlySet<Op> = new Set(["within-last", "within-next"]);

/** What a comparison is with: nothing, a duration, a list or one value. */
export function valueKind(comparison: Op): "none" | "duration" | "list" | "one" {
  if (NO_VALUE.has(comparison)) return "none";
  if (SPAN.has(comparison)) return "duration";
  return comparison === "in" ? "list" : "one";
}

/** A rule with another comparison, its value turned into what that one takes. */
export function withOp<R extends { op: Op; value?: unknown }>(rule: R, comparison: Op): R {
  const { value: before, ...rest } = rule;
  const kind = valueKind(comparison);
  const next = { ...rest, op: comparison } as R;
  if (kind === "none") return next;
  if (kind === valueKind(rule.op)) return before === undefined ? next : { ...next, value: before };
  if (kind === "duration") return { ...next, value: "P7D" };
  if (kind === "list")
    return { ...next, value: before === undefined || before === "" ? [] : [before] };
  return { ...next, value: Array.isArray(before) ? (before[0] ?? "") : "" };
}

/** What was typed as the value it means: a number or yes/no where it reads as one and isn't a code with leading zeros. */
export function typedValue(text: string): string | number | boolean {
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/.test(text)) return Number(text);
  if (text === "true" || text === "false") return text === "true";
  return text;
}

/** The rules inside a group as a list, whatever the group is; a leaf is a list of itself. */
export function partsOf(rule: Rule): { mode: "all" | "any"; rules: Rule[] } {
  const kind = ruleKind(rule);
  if (kind === "all" && "all" in rule) return { mode: "all", rules: rule.all };
  if (kind === "any" && "any" in rule) return { mode: "any", rules: rule.any };
  return { mode: "all", rules: [rule] };
}

/** A group again from its parts; one part alone needs no group, unless it is itself to be told apart. */
export function grouped(mode: "all" | "any", rules: Rule[]): Rule {
  const [only] = rules;
  if (rules.length === 1 && only && isLeaf(ruleKind(only))) return only;
  return mode === "all" ? { all: rules } : { any: rules };
}

export const OP_WORDS: Record<Op, Label> = {
  "=": word("is", "يساوي"),
  "!=": word("is not", "لا يساوي"),
  "<": word("less than", "أقل من"),
  "<=": word("at most", "لا يزيد على"),
  ">": word("more than", "أكثر من"),
  ">=": word("at least", "لا يقل عن"),
  contains: word("contains", "يحتوي على"),
  "starts-with": word("starts with", "يبدأ بـ"),
  "ends-with": word("ends with", "ينتهي بـ"),
  in: word("is one of", "من بين"),
  exists: word("is filled in", "له قيمة"),
  missing: word("is empty", "بلا قيمة"),
  before: word("is before", "قبل"),
  after: word("is after", "بعد"),
  "within-last": word("is within the last", "ضمن المدة الماضية"),
  "within-next": word("is within the next", "ضمن المدة القادمة"),
  anniversary: word("has its anniversary today", "تحل ذكراه اليوم"),
};

/** Comparisons of numbers alone, for `touches`. */
export const opsFor = (kind: string): readonly Op[] =>
  kind === "touches" ? ["<", "<=", "=", ">=", ">", "!="] : OPS;

const holdsTemplate = (value: unknown): boolean =>
  typeof value === "string"
    ? value.includes("{{")
    : Array.isArray(value) && value.some(holdsTemplate);

/**
 * Whether it can be said of all contacts whom a rule holds for: `no` where it speaks of the run (a step, its data, since it began; with
 * `fromHere`, events too), `unfinished` where a part has no name yet.
 */
export function countable(rule: Rule, fromHere = false): "yes" | "no" | "unfinished" {
  if ("all" in rule || "any" in rule) {
    const parts = ("all" in rule ? rule.all : rule.any).map((part) => countable(part, fromHere));
    return parts.includes("no") ? "no" : parts.includes("unfinished") ? "unfinished" : "yes";
  }
  if ("not" in rule) return countable(rule.not, fromHere);
  const kind = ruleKind(rule);
  if (kind === null || !isLeaf(kind)) return "unfinished";
  const it = rule as unknown as Record<string, unknown>;
  if (kind === "data" || it.since === "enrollment" || it.since === "node") return "no";
  if ((it.node !== undefined && it.flow === undefined) || holdsTemplate(it.value)) return "no";
  if (fromHere && it.since === undefined && (kind === "event" || kind === "message")) return "no";
  const named = it[kind];
  return named === "" || named === undefined ? "unfinished" : "yes";
}
