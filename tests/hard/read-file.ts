import { existsSync, readFileSync } from "node:fs";
import { readCsv } from "../../engine/contacts/csv.ts";
import { readContacts } from "../../engine/contacts/read.ts";

/** What a file of contacts gives: how many people and which problems, or why it can't be read. */
export async function summary(path: string): Promise<Record<string, unknown>> {
  const read = await readContacts(path, { workspace: { timezone: "Asia/Riyadh", fields: {} } });
  if (!read.ok) return { refused: read.problem.code, sentence: read.problem.message };
  const { people, problems, rows } = read.value;
  return {
    people: people.map((p) => p.key),
    rows,
    problems: problems.map(({ line, code }) => [line, code]),
  };
}

/** How many rows a CSV file has, read a piece at a time, as an import does. */
async function rows(path: string): Promise<Record<string, unknown>> {
  const read = await readCsv(path);
  if (!read.ok) return { refused: read.problem.code };
  let count = 0;
  for await (const batch of read.value.rows()) count += batch.length;
  return { rows: count };
}

/** The most memory that this process ever held, in MB. What the system's own count says begins with the parent's. */
function peak(): number {
  const status = "/proc/self/status";
  const most = existsSync(status)
    ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8"))?.[1]
    : undefined;
  return most === undefined ? process.memoryUsage.rss() / (1 << 20) : Number(most) / 1024;
}

// In a process of its own, for `measured`.
if (import.meta.main) {
  const [what, path = ""] = process.argv.slice(2);
  const result = await (what === "rows" ? rows(path) : summary(path));
  process.stdout.write(JSON.stringify({ result, peak: peak() }));
}
