import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evenShares, sharesOf, withBorder } from "../../editor/src/lib/form/shares.ts";

const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

describe("shares of a hundred", () => {
  test.each([
    [
      [50, 50],
      [50, 50],
    ],
    [
      [1, 1, 1],
      [34, 33, 33],
    ],
    [
      [1, 3],
      [25, 75],
    ],
    [
      [0.2, 0.8],
      [20, 80],
    ],
    [[], []],
    [
      [0, 0],
      [0, 0],
    ],
  ])("of the weights %j are %j", (weights, shares) => {
    expect(sharesOf(weights)).toEqual(shares);
  });

  test("are whole and a hundred together, whatever the weights", () => {
    const weights = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(weights, (given) => {
        const shares = sharesOf(given);
        expect(sum(shares)).toBe(100);
        expect(shares.every(Number.isInteger)).toBe(true);
      }),
    );
  });

  test("a border moves between its two neighbours and leaves each one percent", () => {
    expect(withBorder([50, 30, 20], 0, 60)).toEqual([60, 20, 20]);
    expect(withBorder([50, 30, 20], 1, 500)).toEqual([50, 49, 1]);
    expect(withBorder([50, 30, 20], 1, -4)).toEqual([50, 1, 49]);
    expect(evenShares(4)).toEqual([25, 25, 25, 25]);
  });
});
