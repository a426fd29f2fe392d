import type { Command } from "commander";
import { hasErrors } from "../core/problems.ts";
import { checkFile, sayPlace } from "./flows.ts";
import { command, examples, FoundProblems, type Output, printJson, UsageError } from "./program.ts";

/** `validate FILE…` */
export const validate = (output: Output): Command =>
  examples(
    command("validate", "check flow documents: every problem at once, with its place")
      .argument("<file...>", "flow documents (JSON); scenarios beside them are left out")
      .option("--arabic", "say the problems in Arabic")
      .action((files: string[], options: { json?: boolean; arabic?: boolean }) => {
        const checked = files.filter((f) => !f.endsWith(".scenarios.json")).map(checkFile);
        if (checked.length === 0) {
          throw new UsageError("These are scenarios; check them with “tawasul test”.");
        }
        if (options.json) {
          printJson(
            output,
            checked.map(({ file, problems }) => ({ file, valid: !hasErrors(problems), problems })),
          );
        } else {
          const language = options.arabic ? "ar" : "en";
          for (const { file, problems } of checked) {
            for (const problem of problems) output.out(sayPlace(file, problem, language));
            if (problems.length === 0) output.out(`${file}: ${NONE[language]}`);
          }
        }
        if (checked.some(({ problems }) => hasErrors(problems))) throw new FoundProblems("");
      }),
    "validate flows/*.json",
    "validate flow.json --arabic",
  );

const NONE = { en: "no problems", ar: "لا مشكلات" };
