import { closeSync, openSync, writeSync } from "node:fs";
import type { Command } from "commander";
import { readContacts } from "../contacts/read.ts";
import { compileFlow } from "../core/flow.ts";
import { hasErrors } from "../core/problems.ts";
import type { Workspace } from "../core/state.ts";
import { iso, validZone } from "../core/time.ts";
import { readEvents } from "../simulate/events.ts";
import { type Outcome, Simulator } from "../simulate/simulate.ts";
import { plainWorkspace, readWorkspace } from "../simulate/workspace.ts";
import { because, moment, readJsonFile, readText } from "./files.ts";
import { checkFile, flowFiles, loadFlow } from "./flows.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";

interface Options {
  contacts: string;
  events?: string;
  from: string;
  until: string;
  timezone?: string;
  journal?: string;
  workspace?: string;
  flows?: string;
  param?: string[];
  consent?: string;
  json?: boolean;
  arabic?: boolean;
}

/** `simulate FLOW --contacts FILE --from T --until T …` */
export const simulate = (output: Output): Command =>
  examples(
    command("simulate", "run a flow over contacts on a virtual clock; nothing is sent")
      .argument("<flow>", "flow document (JSON)")
      .requiredOption("--contacts <file>", "contacts: CSV with a header line, or a JSON list")
      .option("--events <file>", "what happens to them: JSON Lines")
      .requiredOption("--from <moment>", "first moment, e.g. 2026-01-05T00:00:00Z")
      .requiredOption("--until <moment>", "the span ends before this moment")
      .option("--timezone <zone>", "the workspace's zone (default UTC)")
      .option("--journal <file>", "write the journal there as JSON Lines")
      .option(
        "--workspace <file>",
        "segments, fields, locale, consent, hours, weekend, holidays: JSON",
      )
      .option("--flows <dir>", "flows that start-flow, tags and events may reach")
      .option("--param <name=value...>", "the flow's parameters (defaults else)")
      .option("--consent <mode>", "granted or denied, for contacts with no consent on record")
      .option("--arabic", "say in Arabic what is wrong with contacts and events")
      .action(async (file: string, options: Options) => {
        const outcome = await run(file, options, output);
        if (options.json) printJson(output, outcome);
        else print(output, outcome);
      }),
    "simulate flows/8x8.json --contacts contacts.csv --from 2026-01-05T00:00:00Z --until 2026-03-15T00:00:00Z",
    "simulate flows/new-lead.json --contacts contacts.csv --events events.jsonl --from 2026-01-05T00:00:00Z --until 2026-02-05T00:00:00Z --timezone Asia/Riyadh --param brand=Acme --journal journal.jsonl",
  );

async function run(file: string, options: Options, output: Output): Promise<Outcome> {
  const doc = loadFlow(file, output);
  const from = moment("--from", options.from);
  const until = moment("--until", options.until);
  if (until <= from) throw new UsageError("--until must be later than --from.");
  const workspace = workspaceOf(options);
  const language = options.arabic ? "ar" : "en";
  const read = await readContacts(options.contacts, { workspace });
  if (!read.ok) throw new UsageError(`${options.contacts}: ${read.problem.message[language]}`);
  const { people, problems, rows } = read.value;
  // These name their place themselves.
  sayProblems(
    output,
    options.contacts,
    problems.map(({ message }) => message[language]),
  );
  const events = options.events
    ? readEvents(readText(options.events, "event file"), workspace)
    : { events: [], problems: [] };
  sayProblems(
    output,
    options.events ?? "",
    events.problems.map(({ line, message }) =>
      options.arabic ? `السطر ${line}: ${message.ar}` : `line ${line}: ${message.en}`,
    ),
  );
  const version = { version: 1, firstPublished: from, paused: false };
  const journal = options.journal ? new JournalFile(options.journal) : null;
  const isShown = process.stderr.isTTY === true;
  const simulator = new Simulator({
    flow: compileFlow(doc, {
      ...version,
      params: paramsOf(options.param ?? [], doc.parameters ?? {}),
    }),
    others: othersOf(options.flows, doc.id, output).map((other) => compileFlow(other, version)),
    contacts: people,
    events: events.events,
    from,
    until,
    workspace,
    ...(journal ? { write: (line) => journal.write(line) } : {}),
    ...(isShown ? { progress: (at: number) => void process.stderr.write(`\r${iso(at)} `) } : {}),
  });
  const outcome = simulator.run();
  if (isShown) process.stderr.write("\r\x1b[K");
  journal?.close();
  for (const warning of outcome.warnings.slice(0, 20)) output.err(`warning: ${warning}`);
  if (outcome.warnings.length > 20)
    output.err(`warning: … and ${outcome.warnings.length - 20} more`);
  const many = (n: number, one: string, more: string): string => `${n} ${n === 1 ? one : more}`;
  output.err(
    `${many(rows, "row", "rows")}, ${many(people.length, "person", "people")}, ${many(outcome.lines, "journal line", "journal lines")}`,
  );
  return outcome;
}

function workspaceOf(options: Options): Workspace {
  const base = plainWorkspace();
  let workspace = base;
  if (options.workspace) {
    const read = readWorkspace(readJsonFile(options.workspace, "workspace file"), base);
    if (read.problems.length > 0)
      throw new UsageError(`${options.workspace}: ${read.problems.join("; ")}`);
    workspace = read.workspace;
  }
  if (options.timezone !== undefined) {
    if (!validZone(options.timezone))
      throw new UsageError(`--timezone: there is no zone “${options.timezone}”.`);
    workspace = { ...workspace, timezone: options.timezone };
  }
  if (options.consent === undefined) return workspace;
  if (options.consent !== "granted" && options.consent !== "denied") {
    throw new UsageError(`--consent must be granted or denied, not “${options.consent}”.`);
  }
  return { ...workspace, consent: options.consent };
}

function paramsOf(given: string[], known: Record<string, unknown>): Record<string, string> {
  const params: Record<string, string> = {};
  for (const text of given) {
    const cut = text.indexOf("=");
    if (cut < 1) throw new UsageError(`--param must be NAME=VALUE, not “${text}”.`);
    const name = text.slice(0, cut);
    if (!Object.hasOwn(known, name)) {
      throw new UsageError(
        `--param: the flow has no parameter “${name}”; it has ${Object.keys(known).join(", ") || "none"}.`,
      );
    }
    params[name] = text.slice(cut + 1);
  }
  return params;
}

function othersOf(dir: string | undefined, own: string, output: Output) {
  if (dir === undefined) return [];
  return flowFiles(dir).flatMap((file) => {
    const { doc, problems } = checkFile(file);
    if (doc?.id === own) return [];
    if (doc && !hasErrors(problems)) return [doc];
    output.err(`warning: ${file} has problems and is left out`);
    return [];
  });
}

function sayProblems(output: Output, file: string, problems: string[]): void {
  for (const problem of problems.slice(0, 20)) output.err(`warning: ${file}: ${problem}`);
  if (problems.length > 20) output.err(`warning: ${file}: … and ${problems.length - 20} more`);
}

/** Writes JSON Lines in large pieces. */
class JournalFile {
  readonly #fd: number;
  #pending: string[] = [];
  #size = 0;

  constructor(path: string) {
    try {
      this.#fd = openSync(path, "w");
    } catch (error) {
      throw new UsageError(`The journal “${path}” can't be written: ${because(error)}.`, {
        cause: error,
      });
    }
  }

  write(line: unknown): void {
    const text = `${JSON.stringify(line)}\n`;
    this.#pending.push(text);
    this.#size += text.length;
    if (this.#size > 1 << 20) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending.join(""));
    // A nearly full disk takes a part only; the next call then says why.
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    this.#pending = [];
    this.#size = 0;
  }
}

function print(output: Output, outcome: Outcome): void {
  const counts = (of: Record<string, number>): string =>
    Object.entries(of)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `${name} ${count}`)
      .join(", ") || "none";
  output.out(`contacts     ${outcome.contacts}`);
  output.out(`enrollments  ${counts(outcome.enrollments)}`);
  if (Object.keys(outcome.ignored).length > 0)
    output.out(`ignored      ${counts(outcome.ignored)}`);
  if (outcome.goals > 0) output.out(`goals        ${outcome.goals}`);
  const width = Math.max(12, ...Object.keys(outcome.nodes).map((name) => name.length));
  output.out("");
  output.out("nodes");
  for (const [name, { type, entered, left, here }] of Object.entries(outcome.nodes)) {
    const still = here > 0 ? `, here now ${here}` : "";
    output.out(
      `  ${name.padEnd(width)}  ${type.padEnd(16)} entered ${entered}; ${counts(left)}${still}`,
    );
  }
  const messages = Object.entries(outcome.messages);
  if (messages.length === 0) return;
  output.out("");
  output.out("messages");
  for (const [name, states] of messages) output.out(`  ${name.padEnd(width)}  ${counts(states)}`);
}
