/**
 * Everything that must hold before a change lands, one step after the other. `bun tests/run.ts` goes
 * through all of them; `--bail` stops at the first that fails; paths run those tests alone.
 * The last line is always `N passed, N failed`: tests, and one failure for each other step that fails.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  /** Shown when something failed. */
  output: string;
}

interface Step {
  name: string;
  /** What to do when it fails, in a few words. */
  hint: string;
  run(): Promise<Outcome>;
}

/** A step that takes longer hangs: CI should say so and not wait for its own limit. */
const LIMIT_MS = 20 * 60_000;
const ROOT = resolve(import.meta.dirname, "..");

async function execute(command: string[]): Promise<{ code: number; output: string }> {
  const child = Bun.spawn(command, {
    cwd: ROOT,
    env: {
      ...process.env,
      PATH: `${join(ROOT, "node_modules", ".bin")}:${process.env.PATH ?? ""}`,
      NO_COLOR: "1",
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: LIMIT_MS,
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const late = child.signalCode
    ? `\nEnded by ${child.signalCode} (limit ${LIMIT_MS / 60_000} min).`
    : "";
  return { code, output: `${out}${err}${late}`.trim() };
}

/** A tool that says yes by exit code 0. A yes isn't counted: the closing line counts tests. */
const tool = (name: string, command: string[], hint: string): Step => ({
  name,
  hint,
  async run() {
    const { code, output } = await execute(command);
    return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
  },
});

/** The parts of Vitest's JSON report that are read. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  success: boolean;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/** A file that could not even be loaded has no tests, and must count all the same. */
function tally(report: Report, code: number, output: string): Outcome {
  const broken = report.testResults.filter(
    (f) => f.status === "failed" && !f.assertionResults.some((a) => a.status === "failed"),
  ).length;
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    // Errors outside any test: everything passed and Vitest still says no.
    failed: failed === 0 && (code !== 0 || !report.success) ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    output,
  };
}

const tests = (name: string, which: string[]): Step => ({
  name,
  hint: "npm test -- PATH runs one file",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "tawasul-tests-"));
    const file = join(folder, "report.json");
    try {
      const { code, output } = await execute([
        ...["bun", "--bun", "vitest", "run", "--root", ".", "--config", "tests/vitest.config.ts"],
        ...["--reporter=dot", "--reporter=json", `--outputFile.json=${file}`],
        ...which,
      ]);
      if (!(await Bun.file(file).exists())) return { passed: 0, failed: 1, skipped: 0, output };
      return tally(JSON.parse(readFileSync(file, "utf8")) as Report, code, output);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

const ARCHITECTURE = ["tests/architecture.test.ts", "tests/lockfile.test.ts"];
const DOCS = ["tests/docs.test.ts"];

const ALL: Step[] = [
  tool("format", ["biome", "format", "--max-diagnostics=50", "."], "npm run format"),
  tool(
    "lint",
    [
      "biome",
      "check",
      "--formatter-enabled=false",
      "--error-on-warnings",
      "--max-diagnostics=50",
      ".",
    ],
    "npm run format mends what is safe to mend",
  ),
  tool("types", ["tsc", "--noEmit", "-p", "."], "npx tsc --noEmit -p ."),
  tool(
    "types of the editor",
    [
      "svelte-check",
      ...["--workspace", "editor", "--tsconfig", "./tsconfig.json"],
      ...["--output", "human-verbose", "--fail-on-warnings"],
    ],
    "npx svelte-check --workspace editor --tsconfig ./tsconfig.json",
  ),
  tool("the editor builds", ["npm", "run", "build", "--silent"], "npm run build"),
  tool("unused code", ["knip", "--no-progress"], "npx knip"),
  tests("architecture", ARCHITECTURE),
  tests(
    "tests",
    [...ARCHITECTURE, ...DOCS].flatMap((file) => ["--exclude", file]),
  ),
  tests("docs", DOCS),
  tool(
    "every answer that the API declares was given",
    ["bun", "tests/http/seen.ts"],
    "a test in tests/http must provoke it",
  ),
];

async function main(args: string[]): Promise<number> {
  const paths = args.filter((a) => a !== "--bail");
  const bail = paths.length < args.length;
  const unknown = paths.find((a) => a.startsWith("-"));
  if (unknown) {
    console.error(`There is no option ${unknown}. Usage: bun tests/run.ts [--bail] [PATH…]`);
    return 2;
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  const seen = mkdtempSync(join(tmpdir(), "tawasul-seen-"));
  process.env.API_SEEN = seen;
  for (const step of paths.length > 0 ? [tests("tests", paths)] : ALL) {
    const started = performance.now();
    const { passed, failed, skipped, output } = await step.run();
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const sum = passed > 0 ? `: ${passed} of ${passed + failed} passed` : "";
    if (failed === 0) {
      console.log(`ok      ${step.name}${sum} (${seconds} s)`);
      continue;
    }
    console.log(`FAILED  ${step.name}${sum} (${seconds} s); ${step.hint}\n\n${output}\n`);
    if (bail) {
      console.log(`Stopped at the first step that failed: ${step.name}.`);
      break;
    }
  }
  rmSync(seen, { recursive: true, force: true });
  if (total.skipped > 0) console.log(`Skipped: ${total.skipped}.`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
