import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { Hono } from "hono";
import { Type } from "typebox";
import { readCsv } from "../contacts/csv.ts";
import { cell } from "../export.ts";
import type { RowReport } from "../import-batch.ts";
import { filesOf } from "../import-job.ts";
import type { AppOptions, Ctx, Env } from "./context.ts";
import { importOf } from "./imports.ts";
import { wrong } from "./input.ts";
import { HttpProblem, notFound } from "./problem.ts";
import { reply, route, VIEWERS } from "./route.ts";
import { closed } from "./schemas.ts";

const Head = Type.Object(
  {
    header: Type.Array(Type.String()),
    rows: Type.Array(Type.Array(Type.String()), { description: "The first rows" }),
  },
  { ...closed, component: "ImportHead" },
);
const params = { id: Type.String({ description: "The id of the import's job" }) };
/** So many rows show what a column holds. */
const SHOWN = 5;
/** Letters of a cell that are shown. */
const LETTERS = 200;

/** `/api/imports/:id`: what the file of an import begins with, and the rows of which nothing came, as a file. */
export function importFiles(options: AppOptions) {
  const { folder } = options.uploads;
  return new Hono<Env>()
    .get(
      "/:id/head",
      route(
        {
          summary:
            "Shows the header and the first rows of a file that was tried and not yet imported.",
          allow: VIEWERS,
          params,
          answers: { 200: Head },
          problems: ["not-found"],
        },
        async (_, { param }) => {
          const { id } = await importOf(options, param.id);
          return reply(200, await headOf(filesOf(folder, id).csv));
        },
      ),
    )
    .get(
      "/:id/rejected",
      route(
        {
          summary: "Gives the rows of which nothing came, with the reasons, as a CSV file.",
          allow: VIEWERS,
          params,
          answers: { 200: Type.String({ contentMediaType: "text/csv" }) },
          problems: ["not-found", "conflict"],
        },
        async (c, { param }) => {
          const { id, state, result } = await importOf(options, param.id);
          const { rows } = filesOf(folder, id);
          if (state === "running" || result === null) throw notYet;
          if (!existsSync(rows)) throw gone;
          const { header } = result as { header: string[] };
          return c.body(stream(rejectedIn(c, rows, header)), 200, {
            "content-type": "text/csv; charset=utf-8",
            "content-disposition": 'attachment; filename="not-imported.csv"',
          });
        },
      ),
    );
}

async function headOf(path: string): Promise<{ header: string[]; rows: string[][] }> {
  if (!existsSync(path)) throw gone;
  const read = await readCsv(path);
  if (!read.ok) throw wrong("", read.problem.message.en, read.problem.message.ar);
  const rows: string[][] = [];
  for await (const batch of read.value.rows()) {
    for (const { cells, problem } of batch) {
      if (!problem && rows.length < SHOWN) rows.push(cells.map((text) => text.slice(0, LETTERS)));
    }
    if (rows.length === SHOWN) break;
  }
  return { header: read.value.header, rows };
}

/** The lines of the file: the given columns, and behind them why, and where the row stood. */
async function* rejectedIn(c: Ctx, path: string, header: string[]): AsyncGenerator<string> {
  const lang = c.get("lang");
  const [why, where] = lang === "ar" ? ["السبب", "السطر"] : ["Reason", "Line"];
  // The mark tells spreadsheets that it is UTF-8.
  yield `\ufeff${[...header, why, where].map(cell).join(",")}\r\n`;
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const row = JSON.parse(text) as RowReport;
    if (row.action !== "rejected" && row.action !== "review") continue;
    const cells = header.map((_, i) => row.cells?.[i] ?? "");
    yield `${[...cells, row.reason?.[lang] ?? "", row.line].map(cell).join(",")}\r\n`;
  }
}

function stream(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}

const gone = notFound({
  en: "What was sent is kept for two days or until it is imported, and is gone.",
  ar: "يُحفظ ما أُرسل يومين أو إلى أن يُستورد، وقد حُذف.",
});
const notYet = new HttpProblem("conflict", {
  en: "The import hasn't ended; which rows are left is known then.",
  ar: "لم ينته الاستيراد بعد، وتُعرف الصفوف المتبقية حينئذ.",
});
