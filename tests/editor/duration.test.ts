import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { durationsFor, readDuration, signOf } from "../../editor/src/lib/form/duration.ts";
import { sayIn } from "../../nodes/say.ts";

describe("a duration as it is typed", () => {
  test.each([
    ["3 days", "P3D"],
    ["3d", "P3D"],
    ["1 month 2 days", "P1M2D"],
    ["2 days and 1 month", "P1M2D"],
    ["1 year, 2 weeks", "P1Y2W"],
    ["90 min", "PT90M"],
    ["1.5 hours", "PT1H30M"],
    ["0.5 day", "PT12H"],
    ["0 days", "PT0S"],
    ["2h 5m 10s", "PT2H5M10S"],
    ["P3DT4H", "P3DT4H"],
    ["p1m", "P1M"],
    ["3 أيام", "P3D"],
    ["٣ أيام", "P3D"],
    ["شهر ويومان", "P1M2D"],
    ["شهر و 2 يوم", "P1M2D"],
    ["سنة وشهرين", "P1Y2M"],
    ["١٫٥ ساعة", "PT1H30M"],
    ["أسبوعان", "P2W"],
    ["11 يومًا", "P11D"],
  ])("%j is %s", (text, duration) => {
    expect(readDuration(text)).toBe(duration);
  });

  test.each([
    "",
    "3",
    "soon",
    "days",
    "3 4 days",
    "1 month 2",
    "1.5 months",
    "-3 days",
    "P",
    "PT",
    "3 يومان",
    "3 days!",
  ])("%j is none", (text) => {
    expect(readDuration(text)).toBeNull();
  });

  test("what is said in either language is read as the same again", () => {
    const part = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 7, maxLength: 7 }), (parts) => {
        const some = (from: number, to: number) =>
          parts
            .slice(from, to)
            .map((n, i) => (n > 0 ? `${n}${"YMWDHMS"[from + i]}` : ""))
            .join("");
        const time = some(4, 7);
        const duration = `P${some(0, 4)}${time && `T${time}`}`;
        if (duration === "P") return;
        for (const language of ["en", "ar"] as const) {
          expect(readDuration(sayIn(language).duration(duration))).toBe(duration);
        }
      }),
    );
  });

  test("a number alone may be of each unit, and a beginning goes on", () => {
    expect(durationsFor("3")).toEqual(["P3D", "PT3H", "PT3M", "P3W", "P3M"]);
    expect(durationsFor("1 month 2")).toEqual(["P1M2D", "P1MT2H", "P1MT2M", "P1M2W", "P3M"]);
    expect(durationsFor("شهر و2")[0]).toBe("P1M2D");
    expect(durationsFor("2 weeks")).toEqual(["P2W"]);
    expect(durationsFor("soon")).toEqual([]);
    expect(durationsFor("")).toContain("P1D");
  });

  test("its sign stands apart", () => {
    expect(signOf("-P3D")).toEqual({ before: true, bare: "P3D" });
    expect(signOf("+P3D")).toEqual({ before: false, bare: "P3D" });
  });
});
