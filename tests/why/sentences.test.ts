import { describe, expect, test } from "vitest";
import { compileFlow } from "../../engine/core/flow.ts";
import type { Line, LineKind } from "../../engine/core/state.ts";
import { sentenceOf } from "../../engine/why/lines.ts";
import { voiceIn } from "../../engine/why/voice.ts";
import { WAITS } from "../../engine/why/waits.ts";
import {
  EXITED,
  FAILED,
  IGNORED,
  MESSAGE_FAILED,
  OUTCOMES,
  RECEIPTS,
  SKIPPED,
  UNCERTAIN,
} from "../../engine/why/words.ts";
import { flowOf } from "../live/by-hand.ts";

const AT = Date.UTC(2026, 2, 2, 9);
const LATER = AT + 3 * 86_400_000;
const doc = flowOf(
  [
    ["start", "trigger.tag", { tag: "lead" }],
    ["pause", "wait", { for: "P3D", label: { en: "Rest", ar: "استراحة" } }],
    [
      "paid",
      "wait-for",
      { rule: { event: "paid" }, timeout: "P3D", label: { en: "Paid?", ar: "دفع؟" } },
    ],
    ["mail", "email", { subject: "Hi", body: "Hi.", label: { en: "Hello", ar: "مرحبًا" } }],
    ["vip", "condition", { rule: { tag: "vip" }, label: { en: "VIP?", ar: "عميل مميز؟" } }],
    ["ring", "call", { script: "Hi", label: { en: "Ring", ar: "اتصال" } }],
    [
      "ab",
      "split",
      {
        variants: [{ id: "a", label: { en: "Short", ar: "قصيرة" }, weight: 1 }],
        label: { en: "Test", ar: "اختبار" },
      },
    ],
    ["more", "start-flow", { flow: "care", wait: true, label: { en: "Care", ar: "عناية" } }],
  ],
  {
    settings: {
      exitWhen: { tag: "client" },
      goal: { when: { event: "order.placed" } },
      sendWindow: { from: "09:00", to: "21:00" },
      frequencyCap: [{ channel: "email", max: 3, per: "P7D" }],
      reentry: { mode: "always", cooldown: "P30D" },
    },
  },
);
const flow = compileFlow(doc, { version: 1, firstPublished: AT, paused: false });
const en = voiceIn("en", "Asia/Riyadh");
const ar = voiceIn("ar", "Asia/Riyadh");

const line = (kind: LineKind, node: string | null, detail: Record<string, unknown> = {}): Line => ({
  ...{ at: AT, contact: "c", flow: "welcome", version: 1, enrollment: 1, seq: 0 },
  ...{ kind, node, detail },
});
const both = (of: Line) => ({
  en: sentenceOf(of, en, flow).text,
  ar: sentenceOf(of, ar, flow).text,
});

/** What every sentence must be: whole, in its own language, with no hole where a value was missing. */
function isSound(of: Line): void {
  const told = both(of);
  expect(told.en).toMatch(/^[A-Z“].*\.$/s);
  expect(told.ar).toMatch(/\.$/);
  expect(told.ar).toMatch(/\p{Script=Arabic}/u);
  for (const text of Object.values(told)) {
    expect(text).not.toMatch(/undefined|null|NaN|\[object|\s{2}|\(\)|“”|«»|\s[,.;:؛،]/);
  }
}

/** The closed lists of the journal, written out here on purpose: a reason without words must fail. */
const LISTS: [name: string, words: Record<string, unknown>, reasons: string[]][] = [
  [
    "ignored",
    IGNORED,
    ["already-entered", "running", "cooldown", "key-used", "no-key", "exit-rule", "loop"],
  ],
  ["skipped", SKIPPED, ["no-consent", "suppressed", "no-address", "cap", "late"]],
  [
    "exited",
    EXITED,
    ["exit-when", "goal", "reply", "node", "erased", "no-consent", "merged", "moved"],
  ],
  ["failed", FAILED, ["loop", "template", "rule"]],
  ["messages failed", MESSAGE_FAILED, ["refused", "bounced", "gave-up"]],
  ["uncertain", UNCERTAIN, ["crash", "restore"]],
  ["waiting", WAITS, ["wait", "rule", "window", "cap", "task", "flow", "reply", "winner"]],
  ["receipts", RECEIPTS, ["delivered", "opened", "clicked", "replied", "bounced", "complained"]],
  [
    "outcomes",
    OUTCOMES,
    ["answered", "no-answer", "not-interested", "done", "timeout", "cancelled"],
  ],
];

describe("every reason of the closed lists has its words", () => {
  test.each(LISTS)("%s", (_, words, reasons) => {
    expect(Object.keys(words).sort()).toEqual([...reasons].sort());
  });
});

describe("every kind and reason has a whole sentence in both languages", () => {
  const facts = { "tag:client": true, "event:paid": 2, "field:city": null, touches: 3 };
  const lines: Line[] = [
    line("entered", "start", { trigger: "start", key: null }),
    line("entered", "start", { trigger: "start", key: "A-1", rule: "/settings/exitWhen", facts }),
    line("entered", null, { trigger: null, key: null }),
    ...Object.keys(IGNORED).map((reason) => line("ignored", "start", { reason })),
    line("ignored", "start", { reason: "exit-rule", rule: "/settings/exitWhen", facts }),
    line("ignored", "start", { reason: "key-used", key: "A-1" }),
    line("step", "start", { output: "next" }),
    line("step", "pause", { output: "next", reason: "no-date" }),
    ...["yes", "no"].map((output) =>
      line("step", "vip", { output, rule: "/nodes/4/data/rule", facts: { "tag:vip": false } }),
    ),
    ...["matched", "timeout"].map((output) =>
      line("step", "paid", { output, rule: "/nodes/2/data/rule", facts }),
    ),
    ...Object.keys(WAITS).map((reason) => line("waiting", "mail", { for: reason, until: LATER })),
    ...["rule", "task", "reply", "flow", "winner"].map((reason) =>
      line("waiting", "paid", { for: reason, until: null }),
    ),
    line("message", "mail", {
      channel: "email",
      state: "sent",
      to: "ann@x.example",
      subject: "Hi",
      missing: ["contact.city"],
    }),
    line("message", "mail", { channel: "letter", state: "sent", to: null, text: "Hi" }),
    line("message", "mail", { channel: "notify", state: "sent", to: "team@x.example" }),
    ...Object.keys(SKIPPED).map((reason) =>
      line("message", "mail", { channel: "email", state: "skipped", reason }),
    ),
    ...Object.keys(EXITED).map((reason) =>
      line("message", "mail", { channel: "email", state: "cancelled", reason }),
    ),
    ...Object.keys(MESSAGE_FAILED).map((reason) =>
      line("message", "mail", { channel: "sms", state: "failed", reason, detail: "550 no" }),
    ),
    ...Object.keys(UNCERTAIN).map((reason) =>
      line("message", "mail", { channel: "whatsapp", state: "uncertain", reason }),
    ),
    ...Object.keys(RECEIPTS).map((state) => line("message", "mail", { channel: "email", state })),
    line("message", "mail", { channel: "email", state: "opened", machine: true }),
    line("message", "mail", { channel: "email", state: "clicked", link: "https://x.example/a" }),
    line("task", "ring", {
      task: "call",
      state: "open",
      title: "Call Ann",
      due: LATER,
      assignee: "omar",
    }),
    line("task", "ring", { task: "task", state: "open", title: "", due: null }),
    ...Object.keys(OUTCOMES).map((outcome) =>
      line("task", "ring", { task: "call", state: "closed", outcome, comment: "fine" }),
    ),
    line("goal", null, {
      value: 350,
      rule: "/settings/goal/when",
      facts: { "event:order.placed": 1 },
    }),
    line("goal", "mail", { name: "order" }),
    line("decided", "ab", {
      winner: "a",
      by: "clicked",
      numbers: [{ variant: "a", contacts: 10, hits: 4 }],
    }),
    line("decided", "ab", { winner: "undecided", by: "clicked", numbers: [] }),
    line("changed", "mail", { tag: "vip", to: true, expires: LATER }),
    line("changed", "mail", { tag: "vip", to: false }),
    line("changed", "mail", { field: "city", from: null, to: "Riyadh" }),
    line("paused", "pause", { until: LATER, reply: "email" }),
    line("paused", "pause", { until: null, reply: "call" }),
    line("resumed", "pause"),
    line("migrated", "pause", { from: 1, to: 2 }),
    line("completed", "mail"),
    ...Object.keys(EXITED).map((reason) => line("exited", "mail", { reason })),
    line("exited", "mail", { reason: "exit-when", rule: "/settings/exitWhen", facts }),
    line("exited", "mail", { reason: "node", text: "Not interested" }),
    ...Object.keys(FAILED).map((reason) =>
      line("failed", "mail", { reason, error: "line 1: no helper" }),
    ),
  ];

  test.each(
    lines.map((of) => [JSON.stringify([of.kind, of.node, of.detail]).slice(0, 120), of] as const),
  )("%s", (_, of) => {
    isSound(of);
  });

  test("a node, a version or a rule that is no longer known still gives a sentence", () => {
    for (const of of lines)
      expect(sentenceOf({ ...of, node: of.node && "gone" }, en, undefined).text).toMatch(/\.$/);
  });
});

describe("sentences say what, why and when", () => {
  test("moments are on the contact's clock, in the reader's language, with Latin digits", () => {
    expect(en.moment(AT)).toBe("Mon, 2 Mar 2026, 12:00");
    expect(ar.moment(AT)).toBe("الاثنين، 2 مارس 2026، 12:00");
    expect(voiceIn("en", "America/New_York").moment(AT)).toBe("Mon, 2 Mar 2026, 04:00");
  });

  test.each([
    [
      line("waiting", "pause", { for: "wait", until: LATER }),
      "Waits at “Rest” until Thu, 5 Mar 2026, 12:00.",
      "تنتظر عند «استراحة» حتى الخميس، 5 مارس 2026، 12:00.",
    ],
    [
      line("step", "vip", {
        output: "no",
        rule: "/nodes/4/data/rule",
        facts: { "tag:vip": false },
      }),
      "Left “VIP?” by “No”: it did not hold that tagged “vip” (seen: tag “vip”: no).",
      "غادرت «عميل مميز؟» عبر «لا»: لم يتحقق الشرط: العلامة «vip» (ما ظهر: العلامة «vip»: لا).",
    ],
    [
      line("message", "mail", { channel: "email", state: "skipped", reason: "cap" }),
      "The message “Hello” (email) was not sent: the frequency cap was reached, and the flow skips what goes over it (at most 3 in 7 days).",
      "الرسالة «مرحبًا» (البريد الإلكتروني) لم تُرسل: بُلغ حد الإرسال، والخطة تتخطى ما يزيد عليه (3 على الأكثر خلال 7 أيام).",
    ],
    [
      line("exited", "pause", {
        reason: "exit-when",
        rule: "/settings/exitWhen",
        facts: { "tag:client": true },
      }),
      "Left the flow at “Rest”: the flow's exit rule came true: tagged “client” (seen: tag “client”: yes).",
      "خرجت من الخطة عند «استراحة»: تحققت قاعدة الخروج من الخطة: العلامة «client» (ما ظهر: العلامة «client»: نعم).",
    ],
    [
      line("migrated", "pause", { from: 1, to: 1, was: "mail" }),
      "Somebody moved them by hand from “Hello” to “Rest”.",
      "نُقلت يدويًا من «مرحبًا» إلى «استراحة».",
    ],
    [
      line("ignored", "start", { reason: "cooldown" }),
      "“When tag ‘lead’ is added” would have started the flow, but they did not enter: the pause before re-entry was not over (30 days).",
      "كان «عند إضافة العلامة “lead”» سيبدأ الخطة، لكنها لم تدخل: مهلة إعادة الدخول لم تكن قد انتهت (30 يومًا).",
    ],
  ])("%#", (of, english, arabic) => {
    expect(both(of)).toEqual({ en: english, ar: arabic });
  });

  test("a wait names its next moment for machines too", () => {
    expect(sentenceOf(line("waiting", "pause", { for: "wait", until: LATER }), en, flow).next).toBe(
      LATER,
    );
  });
});
