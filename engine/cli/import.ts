import type { Command } from "commander";
import type { Language } from "../../nodes/node.ts";
import { countryCode } from "../contacts/countries.ts";
import { type ColumnMap, parseMap } from "../contacts/mapping.ts";
import { type ImportSummary, importContacts } from "../import.ts";
import type { RowReport } from "../import-batch.ts";
import { readText } from "./files.ts";
import { LinesFile, rewriteLines } from "./lines-file.ts";
import { command, examples, FoundProblems, type Output, printJson, UsageError } from "./program.ts";
import {
  atMoment,
  folderOf,
  nowOf,
  onWorkspace,
  type WorkspaceOptions,
  withWorkspace,
} from "./workspace.ts";

interface Options extends WorkspaceOptions {
  map?: string;
  dryRun?: boolean;
  onDuplicate: string;
  report?: string;
  fireTriggers?: boolean;
  country?: string;
  maxRejected: string;
  arabic?: boolean;
}

/** `import FILE [--map FILE] [--dry-run] [--on-duplicate merge/skip/review] [--report FILE]` */
export const importCommand = (output: Output): Command =>
  examples(
    atMoment(
      onWorkspace(command("import", "contacts from a CSV file; starts no flow unless told to")),
    )
      .argument("<file>", "CSV with a header line")
      .option("--map <file>", 'where columns go, as JSON: {"Header": "field"}; null leaves one out')
      .option("--dry-run", "write nothing, only say what would be done")
      .option(
        "--on-duplicate <what>",
        "merge: rows of known contacts fill them in; skip: they are left out; review: as merge, but a row that shares its phone with a contact of another e-mail address is left for a person",
        "merge",
      )
      .option("--report <file>", "write there what became of each row, as JSON Lines")
      .option(
        "--fire-triggers",
        "new contacts start the flows that begin with a new contact or a tag",
      )
      .option(
        "--country <country>",
        "country of phone numbers that don't say theirs (default: that of the workspace's zone)",
      )
      .option("--max-rejected <n>", "exit code 1 when more rows than this are rejected", "0")
      .option("--arabic", "say in Arabic what is wrong with rows and cells")
      .action(async (file: string, options: Options) => {
        const { summary, samples } = await withWorkspace(folderOf(options), ({ store, noted }) =>
          importFile(options.dryRun ? store : noted("contacts.imported", null), file, options),
        );
        const { rows, counts, columns } = summary;
        if (options.json)
          printJson(output, { rows, ...counts, columns, dryRun: options.dryRun === true });
        else say(summary, samples, options, output);
        const most = wholeOf("--max-rejected", options.maxRejected);
        if (counts.rejected > most) {
          throw new FoundProblems(
            `${counts.rejected} rejected ${counts.rejected === 1 ? "row is" : "rows are"} more than the ${most} that --max-rejected allows.`,
          );
        }
      }),
    "import contacts.csv --report report.jsonl",
    "import contacts.csv --dry-run --country SA",
    "import contacts.csv --map columns.json --on-duplicate review",
  );

/** Rows that are shown where there is no report: those left out, and those of which a cell was. */
interface Samples {
  rejected: RowReport[];
  doubtful: RowReport[];
  /** How many are not shown. */
  more: number;
}
const SHOWN = 10;

function keepSample(samples: Samples, row: RowReport): void {
  const isWritten = row.action === "created" || row.action === "updated";
  const list = row.action === "rejected" ? samples.rejected : samples.doubtful;
  if (row.action !== "rejected" && (!isWritten || row.reason === null)) return;
  if (list.length < SHOWN) list.push(row);
  else samples.more++;
}

async function importFile(
  store: Parameters<typeof importContacts>[0],
  file: string,
  options: Options,
): Promise<{ summary: ImportSummary; samples: Samples }> {
  const language = options.arabic ? "ar" : "en";
  const { onDuplicate, country } = options;
  if (onDuplicate !== "merge" && onDuplicate !== "skip" && onDuplicate !== "review") {
    throw new UsageError(`--on-duplicate must be merge, skip or review, not “${onDuplicate}”.`);
  }
  if (country !== undefined && countryCode(country) === null) {
    throw new UsageError(
      `--country: there is no country “${country}”; write its two-letter code, such as SA.`,
    );
  }
  wholeOf("--max-rejected", options.maxRejected);
  const map = options.map === undefined ? undefined : mapOf(options.map, language);
  const report = options.report === undefined ? null : new LinesFile(options.report, "report");
  const isShown = process.stderr.isTTY === true;
  const samples: Samples = { rejected: [], doubtful: [], more: 0 };
  const imported = await importContacts(store, file, {
    at: nowOf(options),
    onDuplicate,
    dryRun: options.dryRun ?? false,
    fire: options.fireTriggers ?? false,
    ...(map ? { map } : {}),
    ...(country === undefined ? {} : { country }),
    report(rows) {
      for (const row of rows) {
        const { cells: _, ...told } = row;
        report?.line(JSON.stringify({ ...told, reason: row.reason?.[language] ?? null }));
        keepSample(samples, row);
      }
    },
    ...(isShown
      ? { progress: (rows: number) => void process.stderr.write(`\r${rows} rows `) }
      : {}),
  });
  if (isShown) process.stderr.write("\r\x1b[K");
  report?.close();
  if (!imported.ok) throw new UsageError(`${file}: ${imported.problem.message[language]}`);
  if (options.report !== undefined) await follow(options.report, imported.value.joined);
  return { summary: imported.value, samples };
}

/** A later row may have made a reported contact part of another one: the report names that one. */
async function follow(path: string, joined: ReadonlyMap<string, string>): Promise<void> {
  if (joined.size === 0) return;
  await rewriteLines(path, (line) => {
    const row = JSON.parse(line) as RowReport;
    let contact = row.contact;
    for (let next = contact; next !== null && next !== undefined; next = joined.get(next) ?? null)
      contact = next;
    return contact === row.contact ? line : JSON.stringify({ ...row, contact });
  });
}

function mapOf(path: string, language: Language): ColumnMap {
  const map = parseMap(readText(path, "map file"));
  if (!map.ok) throw new UsageError(`${path}: ${map.problem.message[language]}`);
  return map.value;
}

function wholeOf(flag: string, text: string): number {
  const n = Number(text);
  if (Number.isInteger(n) && n >= 0) return n;
  throw new UsageError(`${flag} must be a whole number, not “${text}”.`);
}

function say(
  { rows, counts }: ImportSummary,
  { rejected, doubtful, more }: Samples,
  { dryRun, arabic }: Options,
  output: Output,
): void {
  const parts = Object.entries(counts).flatMap(([action, n]) =>
    n > 0 || action === "created" ? [`${n} ${action}`] : [],
  );
  const written = dryRun ? " (nothing written)" : "";
  output.out(`${rows} ${rows === 1 ? "row" : "rows"}${written}: ${parts.join(", ")}`);
  for (const { line, action, reason } of [...rejected, ...doubtful]) {
    output.err(`${action}: ${reason?.[arabic ? "ar" : "en"] ?? `Line ${line}`}`);
  }
  if (more > 0) output.err(`… and ${more} more; --report FILE tells all of them`);
}
