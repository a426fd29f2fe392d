import type { Instant, Label, Language, Rule, Say } from "../../nodes/index.ts";
import { inLanguage, sayIn, short } from "../../nodes/say.ts";
import { ruleInWords } from "../../nodes/say-rule.ts";
import { dig } from "../core/compare.ts";
import type { Flow } from "../core/flow.ts";

/** Tells things in one language and one time zone. */
export interface Voice {
  say: Say;
  /** "Mon, 5 Jan 2026, 09:00" on the contact's clock; Latin digits in Arabic too. */
  moment(at: Instant): string;
  /** A name in the language's quotation marks. */
  quoted(text: string): string;
  /** What the canvas shows of a node: its label, else its summary, in quotation marks. */
  node(flow: Flow | undefined, id: string | null): string;
  /** The name of an output as the canvas shows it. */
  output(flow: Flow | undefined, node: string | null, output: string): string;
  /** The rule at a JSON Pointer of the document, in words; null where there is none. */
  rule(flow: Flow | undefined, pointer: unknown): string | null;
  /** What a rule saw: "tag “vip”: no; order.placed: 2 times". */
  facts(facts: unknown): string;
  /** Any value in a sentence. */
  value(value: unknown): string;
}

const LOCALES: Record<Language, string> = { en: "en-GB", ar: "ar-u-ca-gregory-nu-latn" };

/** The voice of a language, with moments on the clock of `zone` (IANA name). */
export function voiceIn(language: Language, zone: string): Voice {
  const say = sayIn(language);
  const clock = new Intl.DateTimeFormat(LOCALES[language], {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
  });
  // Quotation marks inside others are the language's second pair.
  const quoted = (text: string): string =>
    say({
      en: `“${text.replaceAll("“", "‘").replaceAll("”", "’")}”`,
      ar: `«${text.replaceAll("«", "“").replaceAll("»", "”")}»`,
    });
  const value = (of: unknown): string => {
    if (of === null || of === undefined || of === "") return say({ en: "empty", ar: "بلا قيمة" });
    if (typeof of === "boolean") return of ? say(YES) : say(NO);
    if (typeof of === "number") return String(of);
    return quoted(short(typeof of === "string" ? of : JSON.stringify(of), 120));
  };
  return {
    say,
    quoted,
    value,
    moment: (at) => momentOf(clock, say, at),
    node: (flow, id) => (id === null ? "" : quoted(nameOf(flow, id, say))),
    output: (flow, node, output) => quoted(outputOf(flow, node, output, say)),
    rule(flow, pointer) {
      const rule = typeof pointer === "string" ? ruleOrSegment(flow, pointer) : undefined;
      return rule === undefined ? null : ruleOrWhere(say, rule);
    },
    facts: (facts) =>
      Object.entries(typeof facts === "object" && facts !== null ? facts : {})
        .map(([name, seen]) => factInWords(say, quoted, value, name, seen))
        .join(say({ en: "; ", ar: "؛ " })),
  };
}

export const YES: Label = { en: "yes", ar: "نعم" };
export const NO: Label = { en: "no", ar: "لا" };

function momentOf(clock: Intl.DateTimeFormat, say: Say, at: Instant): string {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const date = `${part("day")} ${part("month")} ${part("year")}`;
  const comma = say({ en: ", ", ar: "، " });
  return [part("weekday"), date, `${part("hour")}:${part("minute")}`].join(comma);
}

function nameOf(flow: Flow | undefined, id: string, say: Say): string {
  const node = flow?.nodes.get(id);
  if (!node) return id;
  const { label } = node.data as { label?: string | Record<string, string> };
  const own = label === undefined ? "" : inLanguage(label, say.language);
  return short(own || node.type.summary(node.data, say) || say(node.type.label), 90);
}

function outputOf(flow: Flow | undefined, node: string | null, id: string, say: Say): string {
  const placed = node === null ? undefined : flow?.nodes.get(node);
  const output = placed?.type.outputs(placed.data).find((o) => o.id === id);
  return output ? say(output.label) : id;
}

/** What stands at a JSON Pointer of the flow's document. */
export function ruleAt(flow: Flow | undefined, pointer: string): unknown {
  if (!flow) return undefined;
  const path = pointer.slice(1).replaceAll("/", ".");
  return dig(flow.doc, path);
}

/** A trigger of a segment names the segment: being in it, or no longer, is its rule. */
function ruleOrSegment(flow: Flow | undefined, pointer: string): unknown {
  const found = ruleAt(flow, pointer);
  if (typeof found !== "string") return found;
  const data = ruleAt(flow, pointer.slice(0, pointer.lastIndexOf("/"))) as { on?: string };
  return data.on === "left" ? { not: { segment: found } } : { segment: found };
}

/** A trigger's `where` is a list of comparisons on the event's data, not a rule. */
function ruleOrWhere(say: Say, rule: unknown): string {
  if (!Array.isArray(rule)) return ruleInWords(say, rule as Rule);
  const all = rule.map((where): Rule => where as Rule);
  return ruleInWords(say, { all });
}

/** One fact as rules name it: `tag:vip`, `field:city`, `event:order.placed`, `consent:email:offers`, `event.amount` … */
function factInWords(
  say: Say,
  quoted: (text: string) => string,
  value: (of: unknown) => string,
  name: string,
  seen: unknown,
): string {
  const [kind = "", ...rest] = name.split(":");
  const of = rest.join(":");
  const subject = subjectOf(say, quoted, kind, of, name);
  if (kind === "event" && of !== "" && typeof seen === "number") {
    return say({ en: `${subject}: ${times(seen)}`, ar: `${subject}: ${timesArabic(seen)}` });
  }
  return `${subject}: ${value(seen)}`;
}

function subjectOf(
  say: Say,
  quoted: (text: string) => string,
  kind: string,
  of: string,
  name: string,
): string {
  switch (of === "" ? name : kind) {
    case "tag":
      return say({ en: `tag ${quoted(of)}`, ar: `العلامة ${quoted(of)}` });
    case "segment":
      return say({ en: `segment ${quoted(of)}`, ar: `الشريحة ${quoted(of)}` });
    case "field":
      return of;
    case "event":
      return say({ en: `event ${of}`, ar: `الحدث ${of}` });
    case "consent":
      return say({ en: `consent to ${of}`, ar: `الموافقة على ${of}` });
    case "message":
      return say({ en: `message ${of}`, ar: `الرسالة ${of}` });
    case "task":
      return of === ""
        ? say({ en: "a task closed", ar: "مهمة أُغلقت" })
        : say({ en: `task ${quoted(of)} closed`, ar: `إغلاق المهمة ${quoted(of)}` });
    case "touches":
      return say({ en: "touches", ar: "نقاط الاتصال" }) + (of === "" ? "" : ` (${of})`);
    default:
      return name;
  }
}

/** "never", "once", "3 times" */
const times = (n: number): string => (n === 0 ? "never" : n === 1 ? "once" : `${n} times`);

function timesArabic(n: number): string {
  if (n === 0) return "لم يقع";
  if (n === 1) return "مرة واحدة";
  if (n === 2) return "مرتان";
  return n <= 10 ? `${n} مرات` : `${n} مرة`;
}
