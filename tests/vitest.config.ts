import { defineConfig } from "vitest/config";

/** Two workers, one process each: bun:sqlite can't be loaded in Node, and threads fail under Bun. */
export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
