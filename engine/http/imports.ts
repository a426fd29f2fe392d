import { existsSync, renameSync } from "node:fs";
import { open } from "node:fs/promises";
import { Hono } from "hono";
import { type Static, Type } from "typebox";
import type { Principal } from "../accounts/roles.ts";
import { countryCode } from "../contacts/countries.ts";
import { readCsv } from "../contacts/csv.ts";
import { type ColumnMap, parseMap } from "../contacts/mapping.ts";
import type { RowReport } from "../import-batch.ts";
import { clearImports, filesOf, importWork } from "../import-job.ts";
import type { Job } from "../jobs.ts";
import { type AppOptions, type Env, say } from "./context.ts";
import { caller } from "./gate.ts";
import { NUMBER, noCursor, pageOf, wrong } from "./input.ts";
import { Action, JobSchema, jobOf, jobOut } from "./jobs.ts";
import { HttpProblem, notFound } from "./problem.ts";
import { EDITORS, reply, route, VIEWERS } from "./route.ts";
import { closed, Listed, OneOf, OrNull, PageQuery } from "./schemas.ts";

const how = {
  dryRun: Type.Optional(
    Type.Boolean({ description: "Writes nothing, only says what would be done" }),
  ),
  onDuplicate: Type.Optional(
    OneOf(
      ["merge", "skip", "review"],
      "What is done with rows of known contacts; `review` leaves out the doubtful alone",
    ),
  ),
  country: Type.Optional(
    Type.String({
      maxLength: 60,
      description: "Of phone numbers that don't say theirs; else that of the workspace's zone",
      examples: ["SA"],
    }),
  ),
  fireTriggers: Type.Optional(
    Type.Boolean({ description: "New contacts start the flows that begin with one or with a tag" }),
  ),
};
const Given = Type.Object(
  {
    ...how,
    map: Type.Optional(
      Type.String({
        maxLength: 100_000,
        contentMediaType: "application/json",
        description: "Header → the field that it fills, as JSON; null leaves a column out",
        examples: ['{"Mobile": "phone", "Remarks": null}'],
      }),
    ),
  },
  closed,
);
const Again = Type.Object(
  {
    ...how,
    map: Type.Optional(
      Type.Unsafe<ColumnMap>({
        type: "object",
        additionalProperties: { type: ["string", "null"] },
      }),
    ),
  },
  closed,
);
const Row = Type.Object(
  {
    line: Type.Integer({ description: "Where the row begins in the file; the header is 1" }),
    action: Action,
    contact: OrNull(Type.String({ description: "The id of the contact that the row ended in" })),
    reason: OrNull(Type.String({ description: "A sentence in the caller's language" })),
  },
  { ...closed, component: "ImportRow" },
);
const params = { id: Type.String({ description: "The id of the import's job" }) };

/** `/api/imports`: contacts from a CSV file, as a job; and what became of each row. */
export function imports(options: AppOptions) {
  const { folder } = options.uploads;
  return new Hono<Env>()
    .post(
      "/",
      route(
        {
          summary: "Begins to import contacts from a CSV file, or to say what an import would do.",
          allow: EDITORS,
          query: Given,
          upload: ["text/csv"],
          answers: { 202: JobSchema },
          location: "The job",
          problems: ["conflict"],
        },
        async (c, { query: { map, ...rest }, file, newId }) => {
          const read = await readCsv(file.path);
          if (!read.ok) throw wrong("", read.problem.message.en, read.problem.message.ar);
          const given = { ...rest, map: map === undefined ? undefined : mapOf(map) };
          clearImports(folder, options.clock());
          const id = newId();
          const about = { id, name: file.name, total: file.lines - 1 };
          const begin = beginOf(options, given, about, caller(c));
          renameSync(file.path, filesOf(folder, id).csv);
          const job = await begin();
          return reply(202, jobOut(c, job), { location: `/api/jobs/${id}` });
        },
      ),
    )
    .post(
      "/:id/repeat",
      route(
        {
          summary: "Imports the file of a dry run, or tries it once more in another way.",
          allow: EDITORS,
          params,
          body: Again,
          answers: { 202: JobSchema },
          location: "The job",
          problems: ["not-found", "conflict"],
        },
        async (c, { param, body, newId }) => {
          const { name, progress, state } = await importOf(options, param.id);
          const old = filesOf(folder, param.id).csv;
          if (state === "running" || !existsSync(old)) {
            throw new HttpProblem("conflict", {
              en: "The file is being imported, or was, or was kept for two days and is gone; send it anew.",
              ar: "الملف قيد الاستيراد أو استُورد من قبل أو انقضى يومان على حفظه فحُذف؛ أرسله من جديد.",
            });
          }
          const id = newId();
          const about = { id, name, total: progress.total };
          const begin = beginOf(options, body, about, caller(c));
          renameSync(old, filesOf(folder, id).csv);
          const job = await begin();
          return reply(202, jobOut(c, job), { location: `/api/jobs/${id}` });
        },
      ),
    )
    .get(
      "/:id/rows",
      route(
        {
          summary:
            "Lists what became of the rows of an import; a page of one action may be empty and yet have a next.",
          allow: VIEWERS,
          params,
          query: PageQuery({ action: Type.Optional(Action) }),
          answers: { 200: Listed(Row) },
          problems: ["not-found"],
        },
        async (c, { param, query }) => {
          const { id } = await importOf(options, param.id);
          const { limit, after = "0" } = pageOf(query, NUMBER);
          const { rows, next } = await rowsOf(
            filesOf(folder, id).rows,
            Number(after),
            limit,
            query.action,
          );
          const items = rows.map(({ line, action, contact, reason }) => ({
            ...{ line, action, contact },
            reason: reason === null ? null : say(c, reason),
          }));
          return reply(200, { items, next });
        },
      ),
    );
}

/** The job of an import. Throws `HttpProblem`. */
export async function importOf(options: AppOptions, id: string): Promise<Job> {
  const job = await jobOf(options, id);
  if (job.kind === "import") return job;
  throw notFound({ en: `The job “${id}” is no import.`, ar: `العمل «${id}» ليس استيرادًا.` });
}

/** Checks how it is to be done; what comes back begins it. Throws `HttpProblem`. */
function beginOf(
  { store, jobs, uploads, clock, accounts }: AppOptions,
  given:
    | Static<typeof Again>
    | (Omit<Static<typeof Given>, "map"> & { map: ColumnMap | undefined }),
  about: { id: string; name: string | null; total: number | null },
  by: Principal,
): () => Promise<Job> {
  const { dryRun = false, onDuplicate = "merge", fireTriggers = false, country, map } = given;
  if (country !== undefined && countryCode(country) === null) {
    throw wrong(
      "/country",
      `There is no country “${country}”; write its two-letter code, such as SA.`,
      `لا توجد دولة «${country}»؛ اكتب رمزها المكوّن من حرفين، مثل SA.`,
    );
  }
  if (jobs.isFull) {
    throw new HttpProblem("conflict", {
      en: "Other work is under way; begin this once some of it has ended.",
      ar: "ثمة أعمال أخرى قيد التنفيذ؛ ابدأ هذا بعد انتهاء بعضها.",
    });
  }
  const how = {
    ...{ at: clock(), onDuplicate, dryRun, fire: fireTriggers },
    ...(map ? { map } : {}),
    ...(country === undefined ? {} : { country }),
  };
  const work = importWork(store, filesOf(uploads.folder, about.id), how, about.total);
  // A dry run changes nothing. What is noted is the job: the name of a file may be a person's.
  const note = dryRun ? undefined : accounts.sealed(by, "contacts.imported", about.id);
  return () => jobs.start({ kind: "import", ...about }, work, note);
}

function mapOf(text: string): ColumnMap {
  const map = parseMap(text);
  if (map.ok) return map.value;
  throw wrong("/map", map.problem.message.en, map.problem.message.ar);
}

/** So much of the report is looked through for one page. */
const PIECE = 4 * 1024 * 1024;

/** Rows of the report from a byte on, which must be where a line begins. Throws `HttpProblem`. */
async function rowsOf(
  path: string,
  from: number,
  limit: number,
  action: string | undefined,
): Promise<{ rows: RowReport[]; next: string | null }> {
  if (!existsSync(path)) {
    throw notFound({
      en: "What became of the rows is kept for two days, and is gone.",
      ar: "يُحفظ تقرير الصفوف يومين، وقد حُذف.",
    });
  }
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const begin = Math.max(from - 1, 0);
    const bytes = Buffer.alloc(Math.min(PIECE, Math.max(size - begin, 0)));
    await file.read(bytes, 0, bytes.length, begin);
    if (from > size || (from > 0 && bytes[0] !== 10)) throw noCursor();
    const rows: RowReport[] = [];
    let at = from - begin;
    while (rows.length < limit) {
      const end = bytes.indexOf(10, at);
      if (end < 0) break;
      const row = JSON.parse(bytes.toString("utf8", at, end)) as RowReport;
      if (action === undefined || row.action === action) rows.push(row);
      at = end + 1;
    }
    const place = begin + at;
    return { rows, next: place < size ? String(place) : null };
  } finally {
    await file.close();
  }
}
