import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import type { FlowDoc } from "../core/document.ts";
import { hasErrors } from "../core/problems.ts";
import { runScenario, type Scenario, type ScenarioResult } from "../simulate/scenarios.ts";
import { readJsonFile } from "./files.ts";
import { checkFile, flowFiles, sayPlace } from "./flows.ts";
import { command, examples, FoundProblems, type Output, printJson, UsageError } from "./program.ts";

interface FileResult {
  file: string;
  results: ScenarioResult[];
}

/** `test FILE-OR-DIR…` */
export const test = (output: Output): Command =>
  examples(
    command("test", "run the scenarios beside flow documents")
      .argument("<file-or-dir...>", "flows, or folders of flows")
      .action((places: string[], options: { json?: boolean }) => {
        const files = places.flatMap(filesOf);
        const done = files.map(testFile);
        const results = done.flatMap((f) => f.results);
        const failed = results.filter((r) => r.failures.length > 0).length;
        const passed = results.length - failed;
        if (options.json) printJson(output, { passed, failed, files: done });
        else {
          for (const { file, results } of done) report(output, file, results);
          output.out(`${passed} passed, ${failed} failed`);
        }
        if (failed > 0) throw new FoundProblems("");
      }),
    "test flows/",
    "test flows/new-lead.json --json",
  );

function report(output: Output, file: string, results: ScenarioResult[]): void {
  for (const { name, failures } of results) {
    output.out(`${failures.length === 0 ? "ok  " : "FAIL"} ${file}: ${name}`);
    for (const failure of failures) output.out(`       ${failure}`);
  }
}

function filesOf(place: string): string[] {
  if (!existsSync(place)) throw new UsageError(`There is no file or folder “${place}”.`);
  if (statSync(place).isDirectory()) {
    const files = flowFiles(place);
    if (files.length === 0) throw new UsageError(`The folder “${place}” holds no flows.`);
    return files;
  }
  return [place.replace(/\.scenarios\.json$/, ".json")];
}

/** A flow that has problems, or no scenarios, fails by itself: untested isn't passed. */
function testFile(file: string): FileResult {
  const { doc, problems } = checkFile(file);
  if (!doc || hasErrors(problems)) {
    return {
      file,
      results: [{ name: "is a valid flow", failures: problems.map((p) => sayPlace(file, p)) }],
    };
  }
  const beside = file.replace(/\.json$/, ".scenarios.json");
  if (!existsSync(beside)) {
    return { file, results: [{ name: "has scenarios", failures: [`there is no ${beside}`] }] };
  }
  const scenarios = readJsonFile(beside, "scenario file");
  if (!Array.isArray(scenarios) || scenarios.length === 0) {
    return {
      file,
      results: [{ name: "has scenarios", failures: [`${beside} must be a list of scenarios`] }],
    };
  }
  const others = othersOf(file, doc);
  return { file, results: scenarios.map((s) => runScenario(s as Scenario, doc, others)) };
}

/** Flows of the same folder that the flow starts. */
function othersOf(file: string, doc: FlowDoc): FlowDoc[] {
  const wanted = new Set(doc.nodes.filter((n) => n.type === "start-flow").map((n) => n.data?.flow));
  if (wanted.size === 0) return [];
  return flowFiles(dirname(file))
    .map(checkFile)
    .flatMap(({ doc: other, problems }) => (other && !hasErrors(problems) ? [other] : []))
    .filter((other) => wanted.has(other.id));
}
