import type { Command } from "commander";
import { hasErrors } from "../core/problems.ts";
import { checkFile, sayPlace } from "./flows.ts";
import { command, FoundProblems, type Output, printJson } from "./program.ts";

/** `validate FILE…` */
export const validate = (output: Output): Command =>
  command("validate", "check flow documents: every problem at once, with its place")
    .argument("<file...>", "flow documents (JSON)")
    .option("--arabic", "say the problems in Arabic")
    .action((files: string[], options: { json?: boolean; arabic?: boolean }) => {
      const checked = files.filter((f) => !f.endsWith(".scenarios.json")).map(checkFile);
      if (options.json) {
        printJson(
          output,
          checked.map(({ file, problems }) => ({ file, valid: !hasErrors(problems), problems })),
        );
      } else {
        for (const { file, problems } of checked) {
          for (const problem of problems) {
            output.out(options.arabic ? `${file}: ${problem.message.ar}` : sayPlace(file, problem));
          }
          if (problems.length === 0) output.out(`${file}: no problems`);
        }
      }
      if (checked.some(({ problems }) => hasErrors(problems))) throw new FoundProblems("");
    });
