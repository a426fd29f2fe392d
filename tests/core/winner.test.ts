import { describe, expect, test } from "vitest";
import { judge } from "../../engine/core/winner.ts";

const numbers = (...of: [contacts: number, hits: number][]) =>
  of.map(([contacts, hits], i) => ({ variant: "abcd"[i] ?? "", contacts, hits }));

describe("the judge of a split", () => {
  // Two-sided two-proportion z-test: 200 and 250 of 1,000 give z = 2.677, p = 0.0074.
  test.each([
    [0.95, "b"],
    [0.99, "b"],
    [0.995, "undecided"],
  ])("at a confidence of %d says %s of 20 % against 25 % of 1,000", (confidence, expected) => {
    expect(judge(numbers([1000, 200], [1000, 250]), confidence)).toBe(expected);
  });

  // 300 and 360 of 2,000: z = 2.556. 100 and 161 of 2,000: z = 3.905, p = 0.0001.
  test("tells high confidences apart: 99.9 % is no table's end", () => {
    expect(judge(numbers([2000, 300], [2000, 360]), 0.999)).toBe("undecided");
    expect(judge(numbers([2000, 100], [2000, 161]), 0.999)).toBe("b");
  });

  test("the best is held against the next best, corrected for the number of comparisons", () => {
    // Against c alone p = 0.0347: enough for one comparison at 95 %, not for two.
    expect(judge(numbers([1000, 210], [1000, 250]), 0.95)).toBe("b");
    expect(judge(numbers([1000, 150], [1000, 250], [1000, 210]), 0.95)).toBe("undecided");
  });

  test.each<[string, ReturnType<typeof numbers>]>([
    ["nobody took a variant", numbers([0, 0], [100, 50])],
    ["nothing happened", numbers([100, 0], [100, 0])],
    ["everything happened", numbers([100, 100], [100, 100])],
    ["there is one variant", numbers([100, 50])],
    ["there is none", []],
  ])("is undecided when %s", (_, of) => {
    expect(judge(of, 0.95)).toBe("undecided");
  });

  test("the order of the variants changes nothing", () => {
    expect(judge(numbers([1000, 250], [1000, 200]), 0.95)).toBe("a");
  });
});
