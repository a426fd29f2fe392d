import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { goldenCases, journalFile, journalsOf } from "./golden.ts";

const cases = goldenCases();

describe("a journal of an earlier version is written the same by this one", () => {
  for (const [name, flow] of cases) {
    test(name, () => {
      // Line by line, so that a difference shows where it begins.
      expect(journalsOf(flow).split("\n")).toEqual(
        readFileSync(journalFile(name), "utf8").split("\n"),
      );
    });
  }
});

test("every stored journal belongs to a flow, and there are at least forty", () => {
  const stored = readdirSync(join(import.meta.dirname, "journals")).map((file) =>
    file.replace(".txt", ""),
  );
  expect(stored.sort()).toEqual([...cases.keys()].sort());
  expect(stored.length).toBeGreaterThanOrEqual(40);
});
