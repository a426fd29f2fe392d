import { Hono } from "hono";
import { type Static, Type } from "typebox";
import { readFlow } from "../core/document.ts";
import { hasErrors, type Problem } from "../core/problems.ts";
import { NotPublishable, problemsOf, publishFlow } from "../publish.ts";
import { type FlowRecord, PublishRefused } from "../store/store.ts";
import { type AppOptions, type Env, timeOf, wake } from "./context.ts";
import { enrollments } from "./enrollments.ts";
import { flowDiff } from "./flow-diff.ts";
import { FlowVersionSchema, flowVersions, versionOut } from "./flow-versions.ts";
import { noted } from "./gate.ts";
import { flowHooks } from "./hooks.ts";
import { flowOf, pageOfAll, wrong } from "./input.ts";
import { HttpProblem, problemOut, unpublished } from "./problem.ts";
import { EDITORS, reply, route, VIEWERS } from "./route.ts";
import {
  Count,
  closed,
  FlowDocument,
  FlowId,
  Listed,
  OneOf,
  OrNull,
  PageQuery,
  ProblemItem,
  Text,
  Texts,
  Time,
} from "./schemas.ts";
import { flowWhy } from "./why.ts";

const Publish = Type.Object(
  {
    migrate: Type.Optional(
      Type.Boolean({ description: "People inside move to the new version; else they go on" }),
    ),
    move: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        ...Texts,
        description: "Removed node → the node that stands in for it, or `leave`",
      }),
    ),
    params: Type.Optional(Texts),
  },
  closed,
);
const Resume = Type.Object(
  {
    shift: Type.Optional(
      Type.Boolean({ description: "Moves what is due by the length of the pause" }),
    ),
  },
  closed,
);
const record = {
  id: Type.String(),
  version: OrNull(Type.Integer({ description: "Null: never published" })),
  state: OneOf(["draft", "live", "paused"]),
  name: Text,
  paused: OrNull(Time),
  updated: Time,
};
const Flow = Type.Object(record, { ...closed, component: "Flow" });
const Counts = Type.Object(
  {
    entered: Count,
    active: Count,
    completed: Count,
    exited: Count,
    failed: Count,
    goals: Type.Record(
      Type.String(),
      Type.Object({ reached: Count, value: Type.Number() }, closed),
      { description: "By goal node; an empty name is the goal of the settings" },
    ),
    nodes: Type.Record(
      Type.String(),
      Type.Object(
        {
          here: Type.Record(Type.String(), Count, { description: "Who stands there, by state" }),
          passed: Type.Record(Type.String(), Count, { description: "By output" }),
          messages: Type.Record(Type.String(), Count, { description: "By state" }),
        },
        closed,
      ),
    ),
  },
  { ...closed, component: "FlowCounts" },
);
const Problems = Type.Array(ProblemItem);
const params = { id: FlowId };
const problems = ["not-found"] as const;

/** `/api/flows`: drafts, publishing, pausing, figures, and who is inside. */
export function flows(options: AppOptions) {
  const { store } = options;
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists the flows with their figures.",
          allow: VIEWERS,
          query: PageQuery(),
          answers: { 200: Listed(Type.Object({ ...record, counts: Counts }, closed)) },
        },
        async (_, { query }) => {
          const page = pageOfAll(await store.flows(), query, ({ id }) => id);
          const items = await Promise.all(
            page.items.map(async (r) => ({
              ...recordOut(r),
              counts: await store.flowCounts(r.id),
            })),
          );
          return reply(200, { items, next: page.next });
        },
      ),
    )
    .get(
      "/:id/stats",
      route(
        {
          summary: "Counts who entered, is inside, and left, and what each node did.",
          allow: VIEWERS,
          params,
          answers: { 200: Counts },
          problems,
        },
        async (_, { param }) =>
          reply(200, await store.flowCounts((await flowOf(store, param.id)).id)),
      ),
    )
    .route("/", drafts(options))
    .route("/", flowVersions(options))
    .route("/", flowDiff(options))
    .route("/", flowWhy(options))
    .route("/", flowHooks(options))
    .route("/", enrollments(options));
}

/** Drafts, and what makes one live. */
function drafts(options: AppOptions) {
  const { store, clock } = options;
  return new Hono<Env>()
    .get(
      "/:id",
      route(
        {
          summary: "Shows a flow with its draft.",
          allow: VIEWERS,
          params,
          answers: { 200: Type.Object({ ...record, draft: FlowDocument }, closed) },
          problems,
        },
        async (_, { param }) => {
          const known = await flowOf(store, param.id);
          return reply(200, { ...recordOut(known), draft: known.draft });
        },
      ),
    )
    .put(
      "/:id",
      route(
        {
          summary:
            "Saves a draft; with If-Match (the draft's “updated”) only if nobody saved since.",
          allow: EDITORS,
          params,
          headers: { "if-match": Type.String({ examples: ['"2026-03-02T09:00:00.000Z"'] }) },
          body: FlowDocument,
          readsBody: true,
          answers: {
            200: Type.Object({ id: Type.String(), updated: Time, problems: Problems }, closed),
          },
          problems: ["conflict", "invalid-flow"],
        },
        async (c, { param: { id } }) => {
          const read = readFlow(await c.req.text());
          if ("problems" in read) throw unreadable(read.problems);
          if (read.doc.id !== id) {
            throw wrong(
              "/id",
              `The document's id is “${read.doc.id}”, not “${id}”.`,
              `معرّف المستند «${read.doc.id}» وليس «${id}».`,
            );
          }
          refuseOverwriting(c.req.header("if-match"), await store.flow(id));
          const at = clock();
          await store.saveDraft(read.doc, at);
          const found = await problemsOf(store, read.doc);
          return reply(200, {
            id,
            updated: timeOf(at),
            problems: found.map((p) => problemOut(c, p)),
          });
        },
      ),
    )
    .delete(
      "/:id",
      route(
        {
          summary: "Deletes a flow that was never published.",
          allow: EDITORS,
          params,
          answers: { 200: Type.Object({ id: Type.String() }, closed) },
          problems: ["not-found", "conflict"],
        },
        async (c, { param }) => {
          const { id, version } = await flowOf(store, param.id);
          const deleting = version === null ? noted(c, options, "flow.deleted", id) : store;
          if (!(await deleting.deleteDraft(id))) throw keepsHistory(id);
          return reply(200, { id });
        },
      ),
    )
    .post(
      "/:id/validate",
      route(
        {
          summary: "Checks a draft as publishing would.",
          changesNothing: true,
          allow: VIEWERS,
          params,
          answers: { 200: Type.Object({ valid: Type.Boolean(), problems: Problems }, closed) },
          problems,
        },
        async (c, { param }) => {
          const found = await problemsOf(store, (await flowOf(store, param.id)).draft);
          const valid = !hasErrors(found);
          return reply(200, { valid, problems: found.map((p) => problemOut(c, p)) });
        },
      ),
    )
    .post(
      "/:id/publish",
      route(
        {
          summary: "Makes the draft the version that people enter from now on.",
          allow: EDITORS,
          params,
          body: Publish,
          answers: { 200: FlowVersionSchema },
          problems: ["not-found", "conflict", "invalid-flow"],
        },
        async (c, { param, body }) => {
          const { migrate = false } = body;
          const store = noted(c, options, "flow.published", param.id, { migrate });
          return reply(200, await publish({ ...options, store }, param.id, body));
        },
      ),
    )
    .post(
      "/:id/pause",
      route(
        {
          summary: "Holds everybody where they stand.",
          allow: EDITORS,
          params,
          answers: { 200: Flow },
          problems: ["not-found", "conflict"],
        },
        async (c, { param }) => {
          const { id, version, state } = await flowOf(store, param.id);
          if (version === null) throw unpublished(id);
          const pausing = state === "paused" ? store : noted(c, options, "flow.paused", id);
          await pausing.pauseFlow(id, clock());
          wake(options);
          return reply(200, recordOut(await flowOf(store, id)));
        },
      ),
    )
    .post(
      "/:id/resume",
      route(
        {
          summary: "Lets everybody go on.",
          allow: EDITORS,
          params,
          body: Resume,
          answers: { 200: Flow },
          problems: ["not-found", "conflict"],
        },
        async (c, { param, body: { shift = false } }) => {
          const { id, version, state } = await flowOf(store, param.id);
          if (version === null) throw unpublished(id);
          const detail = { shift };
          const resuming = state === "live" ? store : noted(c, options, "flow.resumed", id, detail);
          await resuming.resumeFlow(id, clock(), shift);
          wake(options);
          return reply(200, recordOut(await flowOf(store, id)));
        },
      ),
    );
}

const recordOut = ({ draft, paused, updated, ...record }: FlowRecord) => ({
  ...record,
  name: draft.name,
  paused: timeOf(paused),
  updated: timeOf(updated),
});

/** `If-Match: "<updated>"` says which draft the caller began from: one that was saved since is not overwritten. */
function refuseOverwriting(expected: string | undefined, record: FlowRecord | null): void {
  if (expected === undefined || expected === `"${timeOf(record?.updated ?? null)}"`) return;
  throw new HttpProblem("conflict", {
    en: "The draft was changed elsewhere since it was opened here; nothing was overwritten.",
    ar: "تغيّرت المسودة في مكان آخر منذ فُتحت هنا؛ ولم يُستبدل شيء.",
  });
}

const keepsHistory = (id: string): HttpProblem =>
  new HttpProblem("conflict", {
    en: `The flow “${id}” was published: people went through it, and its history stays. Pause it instead.`,
    ar: `نُشرت خطة المتابعة «${id}» ومرّت بها جهات اتصال، فيبقى سجلها. أوقفها مؤقتًا بدلًا من ذلك.`,
  });

const unreadable = (problems: readonly Problem[]): HttpProblem =>
  new HttpProblem(
    "invalid-flow",
    problems[0]?.message ?? { en: "This is no flow document.", ar: "هذا ليس مستند خطة متابعة." },
    problems,
  );

async function publish(options: AppOptions, id: string, body: Static<typeof Publish>) {
  const { store, clock } = options;
  await flowOf(store, id);
  const { migrate = false, move = {}, params: values } = body;
  try {
    const version = await publishFlow(store, id, clock(), {
      migrate,
      move,
      ...(values ? { params: values } : {}),
    });
    wake(options);
    return versionOut(version);
  } catch (error) {
    if (error instanceof NotPublishable) {
      const detail = { en: error.message, ar: `في خطة المتابعة «${id}» مشكلات، فلم تُنشر.` };
      throw new HttpProblem("invalid-flow", detail, error.problems);
    }
    if (error instanceof PublishRefused) {
      const nodes = Object.entries(error.nodes)
        .map(([node, count]) => `${node} (${count})`)
        .join(", ");
      throw new HttpProblem("conflict", {
        en: `Contacts stand on nodes that the new version no longer has, and nothing says where they go: ${nodes}.`,
        ar: `تقف جهات اتصال عند عقد لم تعد في الإصدار الجديد، ولم يُذكر إلى أين تنتقل: ${nodes}.`,
      });
    }
    throw error;
  }
}
