import { Hono } from "hono";
import { Type } from "typebox";
import { readFlow } from "../core/document.ts";
import { hasErrors, type Problem } from "../core/problems.ts";
import { enrollInput } from "../intake.ts";
import { NotPublishable, problemsOf, publishFlow } from "../publish.ts";
import { type FlowRecord, type FlowVersion, PublishRefused } from "../store/store.ts";
import { type AppOptions, type Ctx, type Env, timeOf, wake } from "./context.ts";
import {
  bodyOf,
  checkedRule,
  closed,
  contactOf,
  DataSchema,
  KeySchema,
  listOf,
  pageOf,
  wrong,
} from "./input.ts";
import { HttpProblem, noFlow, problemOut } from "./problem.ts";

const Texts = Type.Unsafe<Record<string, string>>({
  type: "object",
  additionalProperties: { type: "string", maxLength: 10_000 },
});
const PublishSchema = Type.Object(
  {
    migrate: Type.Optional(Type.Boolean()),
    move: Type.Optional(Texts),
    params: Type.Optional(Texts),
  },
  closed,
);
const ResumeSchema = Type.Object({ shift: Type.Optional(Type.Boolean()) }, closed);
const EnrollSchema = Type.Object(
  {
    contacts: Type.Optional(Type.Array(KeySchema, { minItems: 1, maxItems: 10_000 })),
    rule: Type.Optional(Type.Unknown()),
    all: Type.Optional(Type.Literal(true)),
    key: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    data: Type.Optional(DataSchema),
  },
  closed,
);

/** `/api/flows`: drafts, publishing, pausing, figures, and who is inside. */
export function flows(options: AppOptions) {
  const { store, clock } = options;
  const known = async (id: string): Promise<FlowRecord> => {
    const record = await store.flow(id);
    if (!record) throw noFlow(id);
    return record;
  };
  return new Hono<Env>()
    .get("/", async (c) => {
      const records = await store.flows();
      const items = await Promise.all(
        records.map(async (r) => ({ ...recordOut(r), counts: await store.flowCounts(r.id) })),
      );
      return c.json({ items, next: null });
    })
    .get("/:id", async (c) => {
      const record = await known(c.req.param("id"));
      return c.json({ ...recordOut(record), draft: record.draft });
    })
    .put("/:id", async (c) => {
      const id = c.req.param("id");
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
      const problems = await problemsOf(store, read.doc);
      return c.json({ id, updated: timeOf(at), problems: problems.map((p) => problemOut(c, p)) });
    })
    .post("/:id/validate", async (c) => {
      const problems = await problemsOf(store, (await known(c.req.param("id"))).draft);
      return c.json({
        valid: !hasErrors(problems),
        problems: problems.map((p) => problemOut(c, p)),
      });
    })
    .post("/:id/publish", (c) => publish(c, options))
    .post("/:id/pause", async (c) => {
      const { id, version } = await known(c.req.param("id"));
      if (version === null) throw unpublished(id);
      await store.pauseFlow(id, clock());
      wake(options);
      return c.json(recordOut(await known(id)));
    })
    .post("/:id/resume", async (c) => {
      const { id, version } = await known(c.req.param("id"));
      if (version === null) throw unpublished(id);
      const { shift = false } = await bodyOf(c, ResumeSchema);
      await store.resumeFlow(id, clock(), shift);
      wake(options);
      return c.json(recordOut(await known(id)));
    })
    .get("/:id/versions", async (c) => {
      const { id, version } = await known(c.req.param("id"));
      const numbers = Array.from({ length: version ?? 0 }, (_, i) => i + 1);
      const found = await Promise.all(numbers.map((n) => store.version(id, n)));
      return c.json({ items: found.flatMap((v) => (v ? [versionOut(v)] : [])), next: null });
    })
    .get("/:id/versions/:version", async (c) => {
      const { id, version } = await known(c.req.param("id"));
      const asked = c.req.param("version");
      const found = await store.version(id, asked === "current" ? (version ?? 0) : Number(asked));
      if (!found) {
        throw new HttpProblem("not-found", {
          en: `The flow “${id}” has no version ${asked.slice(0, 20)}.`,
          ar: `ليس لخطة المتابعة «${id}» إصدار ${asked.slice(0, 20)}.`,
        });
      }
      return c.json({ ...versionOut(found), doc: found.doc });
    })
    .get("/:id/stats", async (c) =>
      c.json(await store.flowCounts((await known(c.req.param("id"))).id)),
    )
    .get("/:id/enrollments", async (c) => {
      const { id } = await known(c.req.param("id"));
      const { limit, after } = pageOf(c);
      if (after !== undefined && !/^\d+\/[a-z0-9-]+\/\d+$/.test(after))
        throw wrong("/cursor", "There is no such cursor.", "لا يوجد مؤشر بهذه القيمة.");
      const state = c.req.query("state");
      const rows = await store.enrollments({
        flow: id,
        limit,
        ...(state === undefined ? {} : { state }),
        ...(after === undefined ? {} : { after }),
      });
      const items = rows.map(({ until, entered, ended, ...row }) => ({
        ...row,
        until: timeOf(until),
        entered: timeOf(entered),
        ended: timeOf(ended),
      }));
      return c.json(listOf(items, limit, (last) => last.id));
    })
    .post("/:id/enrollments", (c) => enroll(c, options));
}

const recordOut = ({ draft, paused, updated, ...record }: FlowRecord) => ({
  ...record,
  name: draft.name,
  paused: timeOf(paused),
  updated: timeOf(updated),
});

const versionOut = ({ id, version, published, current, paused, params }: FlowVersion) => ({
  id,
  version,
  published: timeOf(published),
  current,
  paused,
  params,
});

/** `If-Match: "<updated>"` says which draft the caller began from: one that was saved since is not overwritten. */
function refuseOverwriting(expected: string | undefined, record: FlowRecord | null): void {
  if (expected === undefined || expected === `"${timeOf(record?.updated ?? null)}"`) return;
  throw new HttpProblem("conflict", {
    en: "The draft was changed elsewhere since it was opened here; nothing was overwritten.",
    ar: "تغيّرت المسودة في مكان آخر منذ فُتحت هنا؛ ولم يُستبدل شيء.",
  });
}

const unreadable = (problems: readonly Problem[]): HttpProblem =>
  new HttpProblem(
    "invalid-flow",
    problems[0]?.message ?? { en: "This is no flow document.", ar: "هذا ليس مستند خطة متابعة." },
    problems,
  );

const unpublished = (id: string): HttpProblem =>
  new HttpProblem("conflict", {
    en: `The flow “${id}” isn't published.`,
    ar: `خطة المتابعة «${id}» غير منشورة.`,
  });

async function publish(c: Ctx, options: AppOptions) {
  const { store, clock } = options;
  const id = c.req.param("id") ?? "";
  if (!(await store.flow(id))) throw noFlow(id);
  const { migrate = false, move = {}, params } = await bodyOf(c, PublishSchema);
  try {
    const version = await publishFlow(store, id, clock(), {
      migrate,
      move,
      ...(params ? { params } : {}),
    });
    wake(options);
    return c.json(versionOut(version));
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

async function enroll(c: Ctx, options: AppOptions) {
  const { store, clock, newId } = options;
  const id = c.req.param("id") ?? "";
  const record = await store.flow(id);
  if (!record) throw noFlow(id);
  if (record.version === null) throw unpublished(id);
  const body = await bodyOf(c, EnrollSchema);
  if ([body.contacts, body.rule, body.all].filter((who) => who !== undefined).length !== 1) {
    throw wrong(
      "",
      "Say who: one of “contacts”, “rule” or “all”.",
      "حدّد المعنيين بواحد من «contacts» أو «rule» أو «all».",
    );
  }
  const input = enrollInput(id, c.req.header("idempotency-key") ?? newId(), clock(), {
    ...(body.key === undefined ? {} : { key: body.key }),
    ...(body.data === undefined ? {} : { data: body.data }),
  });
  let started: number;
  if (body.contacts) {
    const ids = new Set<string>();
    for (const key of body.contacts) ids.add(await contactOf(store, key));
    started = await store.addInputs([...ids].map((contact) => ({ contact, input })));
  } else {
    const rule = body.rule === undefined ? null : await checkedRule(store, body.rule);
    started = await store.addInputForAll(rule, input, clock());
  }
  wake(options);
  return c.json({ flow: id, contacts: started }, 202);
}
