import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { checkFlow } from "../core/check.ts";
import { type FlowDoc, readFlow } from "../core/document.ts";
import { hasErrors, type Problem, sayProblem } from "../core/problems.ts";
import { readText } from "./files.ts";
import { FoundProblems, type Output, UsageError } from "./program.ts";

/** A flow file that was read and checked. */
export interface CheckedFlow {
  file: string;
  doc: FlowDoc | null;
  problems: Problem[];
}

/** Reads and checks one flow file. */
export function checkFile(file: string): CheckedFlow {
  const read = readFlow(readText(file, "flow file"));
  if ("problems" in read) return { file, doc: null, problems: read.problems };
  return { file, doc: read.doc, problems: checkFlow(read.doc) };
}

/** One line for a problem: severity, place, both what and where. */
export function sayPlace(file: string, problem: Problem, language: "en" | "ar" = "en"): string {
  const where = problem.pointer === "" ? "" : ` [${problem.pointer}]`;
  const severity = language === "en" ? problem.severity : ARABIC[problem.severity];
  return `${file}: ${severity}: ${sayProblem(problem, language)}${where}`;
}

const ARABIC = { error: "خطأ", warning: "تحذير" };

/** A flow that may run; what is wrong is said and ends the command. */
export function loadFlow(file: string, output: Output): FlowDoc {
  const { doc, problems } = checkFile(file);
  if (doc && !hasErrors(problems)) return doc;
  for (const problem of problems) output.err(sayPlace(file, problem));
  throw new FoundProblems(`The flow “${file}” has problems; nothing was done.`);
}

/** All flow files of a folder (scenarios are none), sorted. */
export function flowFiles(dir: string): string[] {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new UsageError(`There is no folder “${dir}”.`);
  return readdirSync(dir)
    .filter((name) => name.endsWith(".json") && !name.endsWith(".scenarios.json"))
    .sort()
    .map((name) => join(dir, name));
}
