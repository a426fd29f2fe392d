import { fieldInWords } from "./fields.ts";
import type { Label, Say } from "./node.ts";
import {
  type MessageEvent,
  type Op,
  type Rule,
  type RuleKind,
  ruleKind,
  type Where,
} from "./rule.ts";

type RuleOfKind<K extends RuleKind> = Extract<Rule, Record<K, unknown>>;

const OP_WORDS: Record<Op, Label> = {
  "=": { en: "is", ar: "يساوي" },
  "!=": { en: "is not", ar: "لا يساوي" },
  "<": { en: "is less than", ar: "أقل من" },
  "<=": { en: "is at most", ar: "لا يزيد على" },
  ">": { en: "is more than", ar: "أكثر من" },
  ">=": { en: "is at least", ar: "لا يقل عن" },
  contains: { en: "contains", ar: "يحتوي على" },
  "starts-with": { en: "starts with", ar: "يبدأ بـ" },
  "ends-with": { en: "ends with", ar: "ينتهي بـ" },
  in: { en: "is one of", ar: "من بين:" },
  exists: { en: "is filled in", ar: "له قيمة" },
  missing: { en: "is empty", ar: "بلا قيمة" },
  before: { en: "is before", ar: "قبل" },
  after: { en: "is after", ar: "بعد" },
  "within-last": { en: "is within the last", ar: "ضمن المدة الماضية:" },
  "within-next": { en: "is within the next", ar: "ضمن المدة القادمة:" },
  anniversary: { en: "has its anniversary today", ar: "تحل ذكراه السنوية اليوم" },
};

const MESSAGE_WORDS: Record<MessageEvent, Label> = {
  sent: { en: "was sent", ar: "أُرسلت" },
  delivered: { en: "was delivered", ar: "وصلت" },
  opened: { en: "was opened", ar: "فُتحت" },
  clicked: { en: "was clicked", ar: "نُقر رابط فيها" },
  replied: { en: "was answered", ar: "جاء رد عليها" },
  bounced: { en: "bounced", ar: "ارتدّت" },
  complained: { en: "was reported as spam", ar: "أُبلغ عنها كرسالة مزعجة" },
  failed: { en: "failed", ar: "فشل إرسالها" },
};

const OUTCOME_WORDS: Record<string, Label> = {
  answered: { en: "answered", ar: "تم الرد" },
  "no-answer": { en: "no answer", ar: "لا رد" },
  "not-interested": { en: "not interested", ar: "غير مهتم" },
  done: { en: "done", ar: "أُنجزت" },
  timeout: { en: "timed out", ar: "انتهت المهلة" },
  cancelled: { en: "cancelled", ar: "أُلغيت" },
};

const CHANNEL_WORDS: Record<string, Label> = {
  email: { en: "email", ar: "البريد الإلكتروني" },
  sms: { en: "SMS", ar: "الرسائل النصية" },
  whatsapp: { en: "WhatsApp", ar: "واتساب" },
  chat: { en: "web chat", ar: "دردشة الموقع" },
  call: { en: "call", ar: "المكالمات" },
  letter: { en: "letter", ar: "البريد المباشر" },
  task: { en: "task", ar: "المهام" },
};

/** A channel's name in the reader's language; an unknown one as it is written. */
export const channelInWords = (say: Say, channel: string): string => {
  const words = CHANNEL_WORDS[channel];
  return words ? say(words) : channel;
};

const quoted = (say: Say, text: string) => say({ en: `“${text}”`, ar: `«${text}»` });

function valueInWords(say: Say, op: Op, value: unknown): string {
  if (op === "exists" || op === "missing" || op === "anniversary" || value === undefined) return "";
  if (Array.isArray(value)) {
    return say.list(
      value.map((v) => valueInWords(say, "=", v)),
      "or",
    );
  }
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") {
    return value ? say({ en: "yes", ar: "نعم" }) : say({ en: "no", ar: "لا" });
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return op === "within-last" || op === "within-next" ? say.duration(text) : quoted(say, text);
}

const comparison = (say: Say, subject: string, op: Op, value: unknown): string =>
  [subject, say(OP_WORDS[op]), valueInWords(say, op, value)]
    .filter((part) => part !== "")
    .join(" ");

function sinceInWords(say: Say, since: string | undefined): string {
  if (since === undefined || since === "ever") return "";
  if (since === "enrollment") return say({ en: "since entering the flow", ar: "منذ دخول الخطة" });
  if (since === "node") return say({ en: "since reaching this step", ar: "منذ بلوغ هذه الخطوة" });
  const words = say.duration(since);
  return say({ en: `in the last ${words}`, ar: `خلال المدة الماضية: ${words}` });
}

/** At most three parts are named; how many more there are is said. */
function several(say: Say, rules: readonly Rule[], kind: "and" | "or"): string {
  const words = rules.slice(0, rules.length > 3 ? 2 : 3).map((rule) => {
    const part = ruleInWords(say, rule);
    const inner = "all" in rule ? rule.all : "any" in rule ? rule.any : [];
    return inner.length > 1 ? `(${part})` : part;
  });
  const more = rules.length - words.length;
  if (more > 0) words.push(say({ en: `${more} more`, ar: `شروط أخرى (${more})` }));
  return say.list(words, kind);
}

const spaced = (...parts: string[]) => parts.filter((part) => part !== "").join(" ");

/** Comparisons on an event's data: "amount is more than 100 and city is “Riyadh”". */
export const whereInWords = (say: Say, where: readonly Where[]): string =>
  say.list(where.map((w) => comparison(say, w.data, w.op, w.value)));

function eventInWords(say: Say, rule: RuleOfKind<"event">): string {
  const count = rule.count ?? 1;
  const often =
    count === 1
      ? ""
      : say({
          en: `at least ${count} times`,
          ar:
            count === 2 ? "مرتين على الأقل" : `${count} ${count <= 10 ? "مرات" : "مرة"} على الأقل`,
        });
  const where = rule.where?.length
    ? say({ en: `with ${whereInWords(say, rule.where)}`, ar: `(${whereInWords(say, rule.where)})` })
    : "";
  return spaced(
    say({ en: `${rule.event} happened`, ar: `وقع الحدث ${rule.event}` }),
    often,
    where,
    sinceInWords(say, rule.since),
  );
}

function messageInWords(say: Say, rule: RuleOfKind<"message">): string {
  const name = rule.node === undefined ? "" : quoted(say, rule.node);
  const subject = rule.node
    ? say({ en: `message ${name}`, ar: `الرسالة ${name}` })
    : say({ en: "any message", ar: "أي رسالة" });
  const channel = rule.channel ? channelInWords(say, rule.channel) : "";
  return spaced(
    subject,
    channel && say({ en: `by ${channel}`, ar: `عبر ${channel}` }),
    rule.flow
      ? say({ en: `of ${quoted(say, rule.flow)}`, ar: `من ${quoted(say, rule.flow)}` })
      : "",
    say(MESSAGE_WORDS[rule.message]),
    rule.link ? `(${rule.link})` : "",
    sinceInWords(say, rule.since),
  );
}

function taskInWords(say: Say, rule: RuleOfKind<"task">): string {
  const name = rule.node === undefined ? "" : quoted(say, rule.node);
  const known = rule.outcome === undefined ? undefined : OUTCOME_WORDS[rule.outcome];
  const outcome = known ? say(known) : (rule.outcome ?? "");
  return spaced(
    rule.node
      ? say({ en: `task ${name}`, ar: `المهمة ${name}` })
      : say({ en: "any task", ar: "أي مهمة" }),
    rule.flow
      ? say({ en: `of ${quoted(say, rule.flow)}`, ar: `من ${quoted(say, rule.flow)}` })
      : "",
    say({ en: "was closed", ar: "أُغلقت" }),
    outcome && say({ en: `as ${quoted(say, outcome)}`, ar: `بنتيجة ${quoted(say, outcome)}` }),
    sinceInWords(say, rule.since),
  );
}

function consentInWords(say: Say, rule: RuleOfKind<"consent">): string {
  const channel = channelInWords(say, rule.consent);
  const topic = rule.topic === undefined ? "" : quoted(say, rule.topic);
  return spaced(
    say({ en: `consent to ${channel}`, ar: `توجد موافقة على ${channel}` }),
    topic && say({ en: `about ${topic}`, ar: `بشأن ${topic}` }),
  );
}

function touchesInWords(say: Say, rule: RuleOfKind<"touches">): string {
  const channel = rule.channel === undefined ? "" : channelInWords(say, rule.channel);
  return spaced(
    comparison(
      say,
      spaced(
        say({ en: "number of touches", ar: "عدد نقاط الاتصال" }),
        channel && say({ en: `by ${channel}`, ar: `عبر ${channel}` }),
      ),
      rule.op,
      rule.touches,
    ),
    sinceInWords(say, rule.since),
  );
}

/** A rule in a few words: "tagged “vip” and city is “Riyadh”". A value that is no rule is said to be one unknown. */
export function ruleInWords(say: Say, rule: Rule): string {
  const kind = ruleKind(rule);
  if (kind === null) return say({ en: "an unknown rule", ar: "قاعدة غير معروفة" });
  if ("all" in rule) {
    return rule.all.length ? several(say, rule.all, "and") : say({ en: "always", ar: "دائمًا" });
  }
  if ("any" in rule) {
    return rule.any.length ? several(say, rule.any, "or") : say({ en: "never", ar: "أبدًا" });
  }
  if ("not" in rule) {
    if ("tag" in rule.not) {
      const name = quoted(say, rule.not.tag);
      return say({ en: `not tagged ${name}`, ar: `بلا العلامة ${name}` });
    }
    if ("segment" in rule.not) {
      const name = quoted(say, rule.not.segment);
      return say({ en: `not in segment ${name}`, ar: `خارج شريحة ${name}` });
    }
    const words = ruleInWords(say, rule.not);
    return say({ en: `not (${words})`, ar: `ليس (${words})` });
  }
  if ("tag" in rule) {
    const name = quoted(say, rule.tag);
    return say({ en: `tagged ${name}`, ar: `العلامة ${name}` });
  }
  if ("segment" in rule) {
    const name = quoted(say, rule.segment);
    return say({ en: `in segment ${name}`, ar: `ضمن شريحة ${name}` });
  }
  if ("field" in rule) {
    const name = fieldInWords(say, rule.field);
    const subject = say({ en: name, ar: `حقل ${name}` });
    return comparison(say, subject, rule.op, rule.value);
  }
  if ("event" in rule) return eventInWords(say, rule);
  if ("message" in rule) return messageInWords(say, rule);
  if ("task" in rule) return taskInWords(say, rule);
  if ("consent" in rule) return consentInWords(say, rule);
  if ("touches" in rule) return touchesInWords(say, rule);
  return comparison(
    say,
    rule.of === undefined ? `event.${rule.data}` : `steps.${rule.of}.${rule.data}`,
    rule.op,
    rule.value,
  );
}
