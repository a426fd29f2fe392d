import type { Command } from "commander";
import { iso } from "../core/time.ts";
import type { AuditLine } from "../store/accounts.ts";
import { withAccounts } from "./accounts.ts";
import { command, examples, FoundProblems, type Output, printJson, UsageError } from "./program.ts";
import { folderOf, onWorkspace, type WorkspaceOptions } from "./workspace.ts";

interface Options extends WorkspaceOptions {
  check?: boolean;
  limit: string;
}

const BROKEN = {
  changed: (line: number) => `line ${line} was changed after it was written`,
  missing: (line: number) => `line ${line} is missing`,
  cut: (line: number) => `its end was cut off or replaced, from line ${line} on`,
};

/** `audit [--check] [--limit N]` */
export const audit = (output: Output): Command =>
  examples(
    onWorkspace(command("audit", "who did what: accounts, keys, flows, settings; newest first"))
      .option("--limit <n>", "so many lines", "50")
      .option("--check", "find out whether anybody changed or deleted a line")
      .action((options: Options) =>
        withAccounts(folderOf(options), async (accounts) => {
          if (options.check) {
            const { lines, broken } = await accounts.checkAudit();
            if (options.json) printJson(output, { lines, whole: broken === null, broken });
            else if (broken === null)
              output.out(`whole: ${lines} ${lines === 1 ? "line" : "lines"}`);
            if (broken === null) return;
            throw new FoundProblems(
              `The audit log is not as it was written: ${BROKEN[broken.how](broken.line)}. (It also looks so when TAWASUL_SECRET is another than it was.)`,
            );
          }
          const limit = Number(options.limit);
          if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
            throw new UsageError(
              `--limit must be a whole number from 1 to 10000, not “${options.limit}”.`,
            );
          const found = await accounts.audit({ limit });
          if (options.json)
            return printJson(
              output,
              found.map(({ at, ...line }) => ({ ...line, at: iso(at) })),
            );
          for (const line of found) output.out(sentence(line));
        }),
      ),
    "audit",
    "audit --check",
  );

function sentence({ n, at, actor, action, subject, detail }: AuditLine): string {
  const more = Object.entries(detail).filter(([, value]) => value !== null);
  const said = more.map(([name, value]) => ` ${name}=${String(value)}`).join("");
  const who = actor.name === "" ? "somebody" : actor.name;
  return `${n}  ${iso(at)}  ${who}  ${action}${subject === null ? "" : `  ${subject}`}${said}`;
}
