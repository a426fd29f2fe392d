import { Command, CommanderError } from "commander";

/** Wrong usage or unreadable input: exit code 2, one sentence. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The work itself found problems: exit code 1; what they are has been said. */
export class FoundProblems extends Error {
  override name = "FoundProblems";
}

/** Where a command writes. Results go to standard output, all else to standard error. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

export const terminal: Output = {
  out: (text) => write(process.stdout, `${text}\n`),
  err: (text) => write(process.stderr, `${text}\n`),
};

/** Whoever reads may stop reading (`| head`): that ends the program quietly. */
function write(stream: NodeJS.WriteStream, text: string): void {
  const isClosed = (error: unknown): boolean => (error as { code?: string }).code === "EPIPE";
  if (stream.listenerCount("error") === 0) {
    stream.on("error", (error) => {
      if (isClosed(error)) process.exit(0);
      throw error;
    });
  }
  try {
    stream.write(text);
  } catch (error) {
    if (isClosed(error)) process.exit(0);
    throw error;
  }
}

/** One JSON document on standard output. */
export const printJson = (output: Output, value: unknown): void =>
  output.out(JSON.stringify(value, null, 2));

/** A command with the options that every command has. */
export function command(name: string, about: string): Command {
  return (
    new Command(name)
      .description(about)
      .option("--json", "print the result as one JSON document")
      .option("--debug", "show the stack trace of an error")
      .helpOption("-h, --help", "show this help")
      // Flags belong to the command before them: --json of a subcommand is not its parent's.
      .enablePositionalOptions()
      .exitOverride()
      .configureOutput({
        outputError: () => undefined,
        writeOut: (text) => write(process.stdout, text),
        writeErr: (text) => write(process.stderr, text),
      })
  );
}

/** Examples at the end of a command's help. */
export const examples = (of: Command, ...lines: string[]): Command =>
  of.addHelpText("after", `\nExamples:\n${lines.map((line) => `  tawasul ${line}`).join("\n")}`);

/** Runs the program and gives its exit code: 0 done, 1 problems found, 2 wrong usage or unreadable input. */
export async function runProgram(
  program: Command,
  args: string[],
  output: Output,
): Promise<number> {
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (error.code === "commander.help") return 2;
      output.err(sentence(error));
      return 2;
    }
    if (error instanceof FoundProblems) {
      if (error.message) output.err(error.message);
      return 1;
    }
    if (args.includes("--debug") && error instanceof Error)
      output.err(error.stack ?? error.message);
    else output.err(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

const sentence = (error: CommanderError): string => {
  const text = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}. See --help.`.replace("..", ".");
};
