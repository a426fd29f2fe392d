import { describe, expect, test } from "vitest";
import { hash01, pickWeighted, WeightsError } from "../../engine/core/hash.ts";

const IDS = Array.from({ length: 100_000 }, (_, i) => `contact-${i}`);

describe("the hash", () => {
  test("gives the same numbers for ever", () => {
    expect([
      hash01([]),
      hash01([""]),
      hash01(["a"]),
      hash01(["new-lead", "split", "ann@x.example"]),
      hash01(["مرحبا", "😀"]),
    ]).toEqual([
      0.37069325695158317, 0.4936899750574739, 0.5640076578932172, 0.9243647788285079,
      0.26512062717110374,
    ]);
  });

  test("lies in [0, 1)", () => {
    for (const id of IDS.slice(0, 10_000)) {
      const at = hash01(["f", "n", id]);
      expect(at >= 0 && at < 1).toBe(true);
    }
  });

  test("keeps parts apart", () => {
    const all = [["a", "bc"], ["ab", "c"], ["abc"], ["a", "b", "c"], ["abc", ""], ["", "abc"]].map(
      hash01,
    );
    expect(new Set(all).size).toBe(all.length);
  });

  test("spreads over 100 equal parts within five standard deviations", () => {
    const counts = Array<number>(100).fill(0);
    for (const id of IDS) {
      const part = Math.floor(hash01(["flow", "node", id]) * 100);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(990));
  });

  test("does not repeat over 100,000 ids", () => {
    expect(new Set(IDS.map((id) => hash01(["f", "n", id]))).size).toBe(IDS.length);
  });

  test.each([
    ["nodes", ["f", "n1"], ["f", "n2"]],
    ["flows", ["f1", "n"], ["f2", "n"]],
    ["salts", ["f", "n", "holdout"], ["f", "n", "variant"]],
  ])("is independent between %s", (_name, one, other) => {
    const xs = IDS.map((id) => hash01([...one, id]));
    const ys = IDS.map((id) => hash01([...other, id]));
    const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    const [mx, my] = [mean(xs), mean(ys)];
    const covariance = mean(xs.map((x, i) => (x - mx) * ((ys[i] ?? 0) - my)));
    // The variance of a uniform number is 1/12; five standard errors of a correlation of 0.
    expect(Math.abs(covariance * 12)).toBeLessThan(5 / Math.sqrt(IDS.length));
    const both = xs.filter((x, i) => x < 0.1 && (ys[i] ?? 0) < 0.1).length / IDS.length;
    expect(Math.abs(both - 0.01)).toBeLessThan(0.002);
  });
});

describe("picking by weight", () => {
  test("shares over 100,000 ids match the weights within 1 %", () => {
    const variants = [
      { id: "a", weight: 50 },
      { id: "b", weight: 30 },
      { id: "c", weight: 20 },
    ];
    const counts: Record<string, number> = {};
    for (const id of IDS) {
      const picked = pickWeighted(hash01(["flow", "split", id]), variants);
      counts[picked] = (counts[picked] ?? 0) + 1;
    }
    for (const { id, weight } of variants) {
      expect(Math.abs((counts[id] ?? 0) / IDS.length - weight / 100)).toBeLessThan(0.01);
    }
  });

  test.each([
    [0, "a"],
    [0.2499, "a"],
    [0.25, "c"],
    [0.9999999999999999, "c"],
  ])("at %s it is %s, and a weight of 0 is never picked", (at, id) => {
    const variants = [
      { id: "a", weight: 1 },
      { id: "b", weight: 0 },
      { id: "c", weight: 3 },
      { id: "d", weight: 0 },
    ];
    expect(pickWeighted(at, variants)).toBe(id);
  });

  test("with no weight above 0 it throws an error that names the variants", () => {
    expect(() => pickWeighted(0.5, [{ id: "a", weight: 0 }])).toThrow(WeightsError);
    expect(() => pickWeighted(0.5, [])).toThrow(WeightsError);
  });
});
