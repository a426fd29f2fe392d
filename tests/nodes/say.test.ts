import { describe, expect, it } from "vitest";
import type { Day, Rule } from "../../nodes/index.ts";
import { labelled, offsetInWords, sayIn, short } from "../../nodes/say.ts";
import wait from "../../nodes/wait.ts";

const en = sayIn("en");
const ar = sayIn("ar");

describe("durations in words", () => {
  it.each([
    ["P1D", "1 day", "يوم"],
    ["P2D", "2 days", "يومان"],
    ["P3D", "3 days", "3 أيام"],
    ["P11D", "11 days", "11 يومًا"],
    ["P100D", "100 days", "100 يوم"],
    ["PT30M", "30 minutes", "30 دقيقة"],
    ["P2M", "2 months", "شهران"],
    ["P1Y", "1 year", "سنة"],
    ["P3W", "3 weeks", "3 أسابيع"],
    ["PT10S", "10 seconds", "10 ثوانٍ"],
    ["P1DT2H", "1 day and 2 hours", "يوم وساعتان"],
    ["-P3D", "3 days", "3 أيام"],
    ["PT0S", "0 seconds", "0 ثانية"],
    ["soon", "soon", "soon"],
    ["P", "P", "P"],
  ])("says %s", (duration, english, arabic) => {
    expect(en.duration(duration)).toBe(english);
    expect(ar.duration(duration)).toBe(arabic);
  });

  it("says on which side of a date an offset lies", () => {
    expect(offsetInWords(en, "-P3D")).toBe("3 days before");
    expect(offsetInWords(en, "PT2H")).toBe("2 hours after");
    expect(offsetInWords(ar, "-P2D")).toBe("قبله بمدة: يومان");
    expect(offsetInWords(en, "PT0S")).toBe("");
    expect(offsetInWords(en, undefined)).toBe("");
  });
});

describe("days and windows in words", () => {
  it.each<[Day[], string]>([
    [["sun", "mon", "tue", "wed", "thu"], "Sun–Thu"],
    [["mon", "tue", "wed", "thu", "fri"], "Mon–Fri"],
    [["fri", "sat"], "Fri, Sat"],
    [["wed", "mon", "fri"], "Mon, Wed, Fri"],
    [["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "every day"],
  ])("says %j", (days, words) => {
    expect(en.days(days)).toBe(words);
  });

  it("says a window's hours, then its days", () => {
    const window = {
      from: "09:00",
      to: "21:00",
      days: ["sun", "mon", "tue", "wed", "thu"] as Day[],
    };
    expect(en.window(window)).toBe("09:00–21:00, Sun–Thu");
    expect(ar.window(window)).toBe("من 09:00 إلى 21:00، الأحد–الخميس");
    expect(en.window({ from: "22:00" })).toBe("from 22:00");
    expect(en.window({ to: "08:00" })).toBe("until 08:00");
    expect(ar.window({ days: ["fri"] })).toBe("الجمعة");
  });
});

describe("rules in words", () => {
  it.each<[Rule, string, string]>([
    [{ tag: "vip" }, "tagged “vip”", "العلامة «vip»"],
    [{ segment: "buyers" }, "in segment “buyers”", "ضمن شريحة «buyers»"],
    [{ field: "city", op: "=", value: "Riyadh" }, "city is “Riyadh”", "حقل المدينة يساوي «Riyadh»"],
    [{ field: "email", op: "missing" }, "email is empty", "حقل البريد الإلكتروني بلا قيمة"],
    [
      { field: "city", op: "in", value: ["A", "B"] },
      "city is one of “A” or “B”",
      "حقل المدينة من بين: «A» أو «B»",
    ],
    [
      { field: "birthday", op: "within-next", value: "P2D" },
      "birthday is within the next 2 days",
      "حقل تاريخ الميلاد ضمن المدة القادمة: يومان",
    ],
    [{ event: "order.placed" }, "order.placed happened", "وقع الحدث order.placed"],
    [
      {
        event: "order.placed",
        count: 2,
        since: "P30D",
        where: [{ data: "amount", op: ">", value: 100 }],
      },
      "order.placed happened at least 2 times with amount is more than 100 in the last 30 days",
      "وقع الحدث order.placed مرتين على الأقل (amount أكثر من 100) خلال المدة الماضية: 30 يومًا",
    ],
    [
      { message: "clicked", node: "offer" },
      "message “offer” was clicked",
      "الرسالة «offer» نُقر رابط فيها",
    ],
    [
      { message: "replied", channel: "sms", since: "enrollment" },
      "any message by SMS was answered since entering the flow",
      "أي رسالة عبر الرسائل النصية جاء رد عليها منذ دخول الخطة",
    ],
    [
      { task: "done", node: "call-1", outcome: "no-answer" },
      "task “call-1” was closed as “no answer”",
      "المهمة «call-1» أُغلقت بنتيجة «لا رد»",
    ],
    [
      { consent: "email", topic: "offers" },
      "consent to email about “offers”",
      "توجد موافقة على البريد الإلكتروني بشأن «offers»",
    ],
    [
      { touches: 33, op: "<", since: "P1Y" },
      "number of touches is less than 33 in the last 1 year",
      "عدد نقاط الاتصال أقل من 33 خلال المدة الماضية: سنة",
    ],
    [
      { data: "status", of: "check", op: "=", value: "graded" },
      "steps.check.status is “graded”",
      "steps.check.status يساوي «graded»",
    ],
    [{ data: "paid", op: "=", value: true }, "event.paid is yes", "event.paid يساوي نعم"],
    [{ all: [] }, "always", "دائمًا"],
    [{ any: [] }, "never", "أبدًا"],
    [{ not: { tag: "vip" } }, "not tagged “vip”", "بلا العلامة «vip»"],
    [{ not: { segment: "local" } }, "not in segment “local”", "خارج شريحة «local»"],
    [{ not: { all: [] } }, "not (always)", "ليس (دائمًا)"],
    [
      { all: [{ tag: "a" }, { any: [{ tag: "b" }, { tag: "c" }] }] },
      "tagged “a” and (tagged “b” or tagged “c”)",
      "العلامة «a» و(العلامة «b» أو العلامة «c»)",
    ],
    [
      { any: [{ tag: "a" }, { tag: "b" }, { tag: "c" }, { tag: "d" }] },
      "tagged “a”, tagged “b”, or 2 more",
      "العلامة «a» أو العلامة «b» أو شروط أخرى (2)",
    ],
  ])("says %j", (rule, english, arabic) => {
    expect(en.rule(rule)).toBe(english);
    expect(ar.rule(rule)).toBe(arabic);
  });
});

describe("texts", () => {
  it("are taken in the reader's language, a region of it, else the first given", () => {
    expect(ar.text({ en: "Hi", ar: "أهلًا" })).toBe("أهلًا");
    expect(ar.text({ fr: "Salut", "ar-EG": "أهلًا" })).toBe("أهلًا");
    expect(en.text({ fr: "Salut", ar: "أهلًا" })).toBe("Salut");
    expect(en.text("Plain")).toBe("Plain");
    expect(en.text(undefined)).toBe("");
    expect(labelled(undefined, "a")).toEqual({ en: "a", ar: "a" });
  });

  it("are cut at their first line and a length", () => {
    expect(short("\n One\nTwo")).toBe("One");
    expect(short("abcdef", 4)).toBe("abc…");
    expect(short("")).toBe("");
  });
});

describe("the summary of a wait", () => {
  it.each([
    [{ for: "P3D", window: { from: "09:00", to: "21:00" } }, "Wait 3 days, then 09:00–21:00"],
    [{ until: { time: "09:00", days: ["sun" as const] } }, "Wait until 09:00, Sun"],
    [{ window: { from: "09:00", to: "17:00" } }, "Wait for 09:00–17:00"],
    [{ field: { name: "renewal", offset: "-P7D" } }, "Wait until 7 days before renewal"],
    [{ day: { n: 3, at: "09:00" } }, "Wait until day 3 at 09:00"],
    [{ date: "2026-09-01" }, "Wait until 2026-09-01"],
    [{ best: { within: "P1D" } }, "Wait for the contact's best hour within 1 day"],
    [{}, "Wait"],
  ])("of %j is plain", (data, words) => {
    expect(wait.summary(data, en)).toBe(words);
  });
});
