import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { type Static, Type } from "typebox";
import type { Job, JobState } from "../jobs.ts";
import { type AppOptions, type Ctx, type Env, say, timeOf } from "./context.ts";
import { mayStill } from "./gate.ts";
import { HEARTBEAT } from "./heartbeat.ts";
import { listOf, pageOf } from "./input.ts";
import { HttpProblem, notFound } from "./problem.ts";
import { EDITORS, reply, route, VIEWERS } from "./route.ts";
import { Count, closed, Listed, OneOf, OrNull, PageQuery, Time } from "./schemas.ts";

const STATES = [
  "running",
  "done",
  "failed",
  "cancelled",
  "interrupted",
] as const satisfies readonly JobState[];
const ACTIONS = ["created", "updated", "merged", "skipped", "review", "rejected"] as const;
export const Action = OneOf(ACTIONS);

const ImportResult = Type.Object(
  {
    dryRun: Type.Boolean(),
    rows: Count,
    counts: Type.Unsafe<Record<(typeof ACTIONS)[number], number>>({
      type: "object",
      properties: Object.fromEntries(ACTIONS.map((action) => [action, Count])),
      required: [...ACTIONS],
      ...closed,
    }),
    header: Type.Array(Type.String(), { description: "The file's columns in its order" }),
    columns: Type.Record(Type.String(), OrNull(Type.String()), {
      description: "Header → the field that it fills; null: left out",
    }),
  },
  { ...closed, component: "ImportResult" },
);
export const JobSchema = Type.Object(
  {
    id: Type.String(),
    kind: Type.String({ examples: ["import"] }),
    name: OrNull(Type.String({ description: "What it works on, such as the name of a file" })),
    state: OneOf(STATES, "`interrupted`: the program was stopped before it ended"),
    created: Time,
    updated: Time,
    progress: Type.Object(
      {
        done: Count,
        total: OrNull(Type.Integer({ minimum: 0, description: "An estimate while it runs" })),
      },
      closed,
    ),
    result: OrNull(ImportResult),
    problem: OrNull(Type.String({ description: "Why it failed, in the caller's language" })),
  },
  { ...closed, component: "Job" },
);

/** A job of another process is looked at so often. */
const LOOK = 1000;

const params = { id: Type.String({ description: "The job's id" }) };

/** `/api/jobs`: long work, its progress, and what came of it; one of them also as server-sent events. */
export function jobs(options: AppOptions) {
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists long pieces of work, newest first.",
          allow: VIEWERS,
          query: PageQuery({ kind: Type.Optional(Type.String({ examples: ["import"] })) }),
          answers: { 200: Listed(JobSchema) },
        },
        async (c, { query }) => {
          const { limit, after } = pageOf(query, /^\d{1,15}\.[\w-]{1,64}$/);
          const [created = "", id = ""] = after?.split(".") ?? [];
          const { kind } = query;
          const found = await options.jobs.list({
            limit,
            ...(kind === undefined ? {} : { kind }),
            ...(after === undefined ? {} : { after: { created: Number(created), id } }),
          });
          const { next } = listOf(found, limit, (last) => `${last.created}.${last.id}`);
          return reply(200, { items: found.map((job) => jobOut(c, job)), next });
        },
      ),
    )
    .get(
      "/:id",
      route(
        {
          summary: "Tells how far a piece of work is; as a stream until it has ended.",
          allow: VIEWERS,
          params,
          answers: { 200: JobSchema },
          streams: true,
          problems: ["not-found"],
        },
        async (c, { param }) => {
          const job = await jobOf(options, param.id);
          const streams = c.req.header("accept")?.includes("text/event-stream");
          return streams ? stream(c, options, param.id) : reply(200, jobOut(c, job));
        },
      ),
    )
    .post(
      "/:id/cancel",
      route(
        {
          summary: "Ends a piece of work where it is; what it did stays.",
          allow: EDITORS,
          params,
          answers: { 202: JobSchema },
          problems: ["not-found", "conflict"],
        },
        async (c, { param }) => {
          const job = await jobOf(options, param.id);
          if (!options.jobs.cancel(param.id)) {
            throw new HttpProblem("conflict", {
              en: "It isn't running any more.",
              ar: "لم يعد قيد التنفيذ.",
            });
          }
          return reply(202, jobOut(c, job));
        },
      ),
    );
}

/** A job by its id. Throws `HttpProblem`. */
export async function jobOf({ jobs: all }: AppOptions, id: string): Promise<Job> {
  const job = await all.get(id);
  if (job) return job;
  const name = id.slice(0, 64);
  throw notFound({ en: `There is no job “${name}”.`, ar: `لا يوجد عمل بالمعرّف «${name}».` });
}

/** A job as the API tells it. */
export const jobOut = (c: Ctx, job: Job): Static<typeof JobSchema> => ({
  ...job,
  created: timeOf(job.created),
  updated: timeOf(job.updated),
  result: job.result as Static<typeof ImportResult> | null,
  problem: job.problem === null ? null : say(c, job.problem),
});

/** An event `job` at first and with every change, as long as it runs (WHATWG HTML, server-sent events). */
const stream = (c: Ctx, { jobs: all }: AppOptions, id: string): Response =>
  streamSSE(c, async (events) => {
    let last = "";
    let told = Date.now();
    while (!events.aborted && (await mayStill(c))) {
      // Asked for before looking, so that no change falls between.
      const change = all.change(id);
      const job = await all.get(id);
      const data = job === null ? last : JSON.stringify(jobOut(c, job));
      if (data !== last) await events.writeSSE({ event: "job", data });
      else if (Date.now() - told >= HEARTBEAT) await events.write(": still there\n\n");
      if (data !== last || Date.now() - told >= HEARTBEAT) told = Date.now();
      last = data;
      if (job?.state !== "running") return;
      await Promise.race([change ?? pause(LOOK), pause(HEARTBEAT)]);
    }
  });

const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, milliseconds).unref();
  });
