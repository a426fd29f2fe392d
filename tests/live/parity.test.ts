import { describe, expect, test } from "vitest";
import { lived, simulated, withoutLinks } from "./live.ts";
import { scenarios, spanOf } from "./scenarios.ts";

describe("the simulator and the live engine write the same journal", () => {
  test.each(scenarios)("of $file: $name", async ({ doc, scenario }) => {
    const span = spanOf(doc, scenario);
    const simulatedLines = withoutLinks(simulated(span));
    expect(withoutLinks(await lived(span))).toEqual(simulatedLines);
  });
});
