import { describe, expect, test } from "vitest";
import { nextMoments } from "../../editor/src/lib/form/moments.ts";
import { sayIn } from "../../nodes/say.ts";
import { cronInWords, patternOf, repeatOf } from "../../nodes/say-cron.ts";

const [en, ar] = [sayIn("en"), sayIn("ar")];

describe("repetitions", () => {
  test.each([
    ["*/15 * * * *", "Every 15 minutes", "كل 15 دقيقة"],
    ["5 * * * *", "Every hour at :05", "كل ساعة عند الدقيقة 05"],
    ["30 8 * * *", "Every day at 08:30", "كل يوم الساعة 08:30"],
    ["0 9 * * 0", "Every Sun at 09:00", "كل الأحد الساعة 09:00"],
    ["0 9 * * 0,1,2,3,4", "Every Sun–Thu at 09:00", "كل الأحد–الخميس الساعة 09:00"],
    ["0 9 1 * *", "On day 1 of every month at 09:00", "يوم 1 من كل شهر الساعة 09:00"],
    ["0 9 1 1 *", "Every year on 1 January at 09:00", "كل سنة يوم 1 يناير الساعة 09:00"],
  ])("%s is said in plain words, and the same again", (pattern, english, arabic) => {
    expect(cronInWords(en, pattern)).toBe(english);
    expect(cronInWords(ar, pattern)).toBe(arabic);
    expect(patternOf(repeatOf(pattern))).toBe(pattern);
  });

  test("names and spans of days and a leading zero second are understood", () => {
    const workdays = { every: "week", time: "09:00", days: ["mon", "tue", "wed", "thu", "fri"] };
    expect(repeatOf("0 9 * * mon-fri")).toEqual(workdays);
    expect(repeatOf("0 0 9 * * 1-5")).toEqual(workdays);
    expect(repeatOf("0 9 * * 7")).toEqual({ every: "week", time: "09:00", days: ["sun"] });
  });

  test.each([
    "*/7 * * * *",
    "0 9 * * 1#2",
    "30 0 9 * * *",
    "0 9 1 * 1",
    "0 9 1,15 * *",
    "nonsense",
  ])("%j stays a pattern", (pattern) => {
    expect(repeatOf(pattern)).toEqual({ every: "custom", pattern });
    expect(cronInWords(en, pattern)).toContain(pattern);
  });
});

describe("the moments that a form shows", () => {
  test("are those of the zone, and none for half of a pattern", () => {
    const [first, second] = nextMoments("0 9 * * *", "Asia/Riyadh", 2);
    expect(first?.toISOString().slice(11)).toBe("06:00:00.000Z");
    expect((second?.getTime() ?? 0) - (first?.getTime() ?? 0)).toBe(86_400_000);
    expect(nextMoments("0 9 *", "UTC", 3)).toEqual([]);
    expect(nextMoments("0 9 * * hello", "UTC", 3)).toEqual([]);
  });
});
