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
export async function rows(path: string): Promise<Record<string, unknown>> {
  const read = await readCsv(path);
  if (!read.ok) return { refused: read.problem.code };
  let count = 0;
  for await (const batch of read.value.rows()) count += batch.length;
  return { rows: count };
}
