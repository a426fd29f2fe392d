import { join } from "node:path";
import { CONTRACT } from "./contract.table.ts";
import { testNames } from "./names.ts";
import { ourFiles, ROOT } from "./tree.ts";

/** The document that is made from the table. */
export const CONTRACT_FILE = "tests/contract.md";

const split = (test: string): [file: string, name: string] => {
  const cut = test.indexOf(" › ");
  return [test.slice(0, cut), test.slice(cut + 3)];
};

/** Tests that the table names and no file declares. */
export function missingTests(): string[] {
  const files = new Set(ourFiles());
  const names = new Map<string, Set<string>>();
  return CONTRACT.flatMap(({ promises }) => promises).flatMap(([, test]) => {
    const [file, name] = split(test);
    if (!files.has(file)) return [test];
    const known = names.get(file) ?? testNames(file);
    names.set(file, known);
    return known.has(name) ? [] : [test];
  });
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The table as Markdown: what is promised, by theme, and where it is shown. */
export function contractText(): string {
  const parts = CONTRACT.map(({ theme, promises }) => {
    const rows = promises.map(([sentence, test]) => {
      const [file, name] = split(test);
      return `| ${cell(sentence)} | \`${file}\` › ${cell(name)} |`;
    });
    return [`## ${theme}`, "", "| what holds | shown by |", "| --- | --- |", ...rows].join("\n");
  });
  return [
    "# What holds, and the test that shows it",
    "",
    "Made by `bun tests/contract.ts` from `tests/contract.table.ts`; a test fails when it is stale.",
    "",
    parts.join("\n\n"),
    "",
  ].join("\n");
}

if (import.meta.main) {
  const missing = missingTests();
  if (missing.length > 0) {
    process.stderr.write(`No such test:\n${missing.map((test) => `  ${test}\n`).join("")}`);
    process.exitCode = 1;
  } else await Bun.write(join(ROOT, CONTRACT_FILE), contractText());
}
