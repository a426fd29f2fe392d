import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { catalogue } from "../../nodes/catalogue.ts";

it("keeps nodes/CATALOGUE.md up to date", () => {
  const kept = readFileSync(new URL("../../nodes/CATALOGUE.md", import.meta.url), "utf8");
  expect(kept === catalogue(), "stale: renew it with `bun nodes/catalogue.ts`").toBe(true);
});
