import { describe, expect, test } from "vitest";
import { flowIdOf, hueOf } from "../../editor/src/lib/form/make.ts";

describe("what is made in place", () => {
  test.each([
    ["Winter sale", "winter-sale"],
    ["  Café — 2026! ", "cafe-2026"],
    ["عرض الشتاء", "flow"],
    ["عرض VIP", "vip"],
    [`${"a".repeat(59)} b`, "a".repeat(59)],
  ])("a flow named %j has the id %s", (name, id) => {
    expect(flowIdOf(name)).toBe(id);
    expect(id).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/);
  });

  test("a tag keeps its colour, and tags spread over all of them", () => {
    const words = Array.from({ length: 200 }, (_, i) => `tag ${i}`);
    const hues = words.map(hueOf);
    expect(words.map(hueOf)).toEqual(hues);
    expect(new Set(hues).size).toBe(12);
    expect(hues.every((hue) => hue >= 0 && hue < 360 && hue % 30 === 0)).toBe(true);
  });
});
