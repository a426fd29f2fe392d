import { expect, test } from "vitest";
import { CONTRACT } from "./contract.table.ts";
import { CONTRACT_FILE, contractText, missingTests } from "./contract.ts";
import { read } from "./tree.ts";

test("every test that the contract names is there", () => {
  expect(missingTests()).toEqual([]);
});

test("the contract's document is up to date: bun tests/contract.ts", () => {
  expect(read(CONTRACT_FILE)).toBe(contractText());
});

test("nothing is promised twice", () => {
  const sentences = CONTRACT.flatMap(({ promises }) => promises.map(([sentence]) => sentence));
  expect(new Set(sentences).size).toBe(sentences.length);
});
