import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import type { Mutant } from "./mutators.ts";

export const ROOT = resolve(import.meta.dirname, "../..");
const PARTS = [
  "nodes",
  "engine",
  "editor/src",
  "flows",
  "tests",
  "docs",
  "package.json",
  "tsconfig.json",
];
/** A change that makes a program endless is found by the time it takes. */
const LIMIT_MS = 60_000;

/** Bun's own runner takes nearly all that is written for Vitest, and starts in a tenth of the time. */
export type Runner = "bun" | "vitest";
const COMMANDS: Record<Runner, string[]> = {
  bun: ["test", "--bail", "--timeout", "20000"],
  vitest: [
    "--bun",
    "vitest",
    "run",
    "--root",
    ".",
    "--config",
    "tests/vitest.config.ts",
    "--bail",
    "1",
  ],
};

/** A copy of the checkout in which files may be changed. */
export class Checkout {
  readonly dir = mkdtempSync(join(tmpdir(), "tawasul-mutants-"));

  constructor() {
    for (const part of PARTS) {
      if (existsSync(join(ROOT, part)))
        cpSync(join(ROOT, part), join(this.dir, part), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.dir, "node_modules"));
  }

  /** Whether the tests pass with the file changed so. */
  async passes(mutant: Mutant, tests: readonly string[], runner: Runner): Promise<boolean> {
    const path = join(this.dir, mutant.file);
    const source = readFileSync(path, "utf8");
    writeFileSync(path, source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end));
    try {
      return await this.run(tests, runner);
    } finally {
      writeFileSync(path, source);
    }
  }

  /** Whether the tests pass; none at all do. */
  async run(tests: readonly string[], runner: Runner, limitMs = LIMIT_MS): Promise<boolean> {
    if (tests.length === 0) return true;
    const child = Bun.spawn(
      [process.execPath, ...COMMANDS[runner], ...tests.map((t) => `./${t}`)],
      {
        cwd: this.dir,
        env: { ...process.env, NODE_ENV: "test", JOURNEYS: "simulated" },
        stdin: "ignore",
        stdout: "ignore",
        stderr: "ignore",
        timeout: limitMs,
        killSignal: "SIGKILL",
      },
    );
    return (await child.exited) === 0;
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const IMPORT = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

/** For each test, how many imports lie between it and each file that it leads to. */
export function distances(tests: readonly string[]): Map<string, Map<string, number>> {
  const imports = new Map<string, string[]>();
  const importsOf = (file: string): string[] => {
    const known = imports.get(file);
    if (known) return known;
    const found = [...readFileSync(join(ROOT, file), "utf8").matchAll(IMPORT)]
      .map((match) => relative(ROOT, resolve(ROOT, dirname(file), match[1] ?? "")))
      .filter((path) => path.endsWith(".ts"));
    imports.set(file, found);
    return found;
  };
  return new Map(
    tests.map((test) => {
      const far = new Map([[test, 0]]);
      for (const [file, distance] of far) {
        for (const next of importsOf(file)) if (!far.has(next)) far.set(next, distance + 1);
      }
      return [test, far];
    }),
  );
}
