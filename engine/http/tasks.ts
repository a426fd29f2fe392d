import { Hono } from "hono";
import { Type } from "typebox";
import type { Value } from "../core/state.ts";
import type { Store } from "../store/store.ts";
import { type AppOptions, type Env, timeOf, wake } from "./context.ts";
import { contactOf, listOf, NUMBER, pageOf, wrong } from "./input.ts";
import { HttpProblem, notFound } from "./problem.ts";
import { AGENTS, reply, route, VIEWERS } from "./route.ts";
import { ContactKey, closed, Fields, Listed, OneOf, OrNull, PageQuery, Time } from "./schemas.ts";

const Close = Type.Object(
  {
    outcome: Type.String({ minLength: 1, maxLength: 40 }),
    note: Type.Optional(Type.String({ maxLength: 10_000 })),
  },
  closed,
);
const OUTCOMES = { call: ["answered", "no-answer", "not-interested"], task: ["done"] };
const TaskSchema = Type.Object(
  {
    id: Type.String(),
    key: Type.String({ description: "Flow, run, node and visit" }),
    contact: Type.String({ description: "The contact's id" }),
    kind: OneOf(["call", "task"]),
    flow: Type.String(),
    version: Type.Integer(),
    n: Type.Integer({ description: "The contact's n-th run of the flow" }),
    node: Type.String(),
    visit: Type.Integer(),
    title: Type.String(),
    notes: Type.String(),
    assignee: OrNull(Type.String()),
    opened: Time,
    due: OrNull(Time),
    closed: OrNull(Time),
    outcome: OrNull(Type.String()),
    who: Type.Optional(Fields),
  },
  { ...closed, component: "Task" },
);

/** `/api/tasks`: calls and tasks for people, with `who=true` whom they are about; closing one lets its contact go on. */
export function tasks(options: AppOptions) {
  const { store, clock } = options;
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists calls and tasks for people, in the order in which they came up.",
          allow: VIEWERS,
          query: PageQuery({
            open: Type.Optional(Type.Boolean({ description: "Only open ones, or only closed" })),
            contact: Type.Optional(ContactKey),
            who: Type.Optional(
              Type.Boolean({ description: "Adds name, address and times of the contact" }),
            ),
          }),
          answers: { 200: Listed(TaskSchema) },
          problems: ["not-found"],
        },
        async (_, { query }) => {
          const { limit, after } = pageOf(query, NUMBER);
          const { open, contact, who } = query;
          const rows = await store.tasks({
            limit,
            ...(open === undefined ? {} : { open }),
            ...(contact === undefined ? {} : { contact: await contactOf(store, contact) }),
            ...(after === undefined ? {} : { after }),
          });
          const people = who ? await peopleOf(store, rows) : null;
          const items = rows.map((task) => ({
            ...task,
            opened: timeOf(task.opened),
            due: timeOf(task.due),
            closed: timeOf(task.closed),
            ...(people ? { who: people.get(task.contact) ?? {} } : {}),
          }));
          return reply(
            200,
            listOf(items, limit, (last) => last.id),
          );
        },
      ),
    )
    .post(
      "/:id/close",
      route(
        {
          summary: "Closes a task, so that its contact goes on by the outcome.",
          allow: AGENTS,
          params: { id: Type.String({ description: "The task's number" }) },
          body: Close,
          answers: { 202: Type.Object({ id: Type.String(), outcome: Type.String() }, closed) },
          problems: ["not-found", "conflict"],
        },
        async (_, { param: { id }, body: { outcome, note } }) => {
          const task = await taskOf(store, id);
          const allowed = OUTCOMES[task.kind];
          if (!allowed.includes(outcome)) {
            throw wrong(
              "/outcome",
              `The outcome must be one of ${allowed.join(", ")}.`,
              `يجب أن تكون النتيجة واحدة من: ${allowed.join("، ")}.`,
            );
          }
          if (task.closed !== null) {
            throw new HttpProblem("conflict", {
              en: "The task is closed already.",
              ar: "المهمة مغلقة من قبل.",
            });
          }
          const input = {
            kind: "task",
            key: task.key,
            outcome,
            ...(note === undefined ? {} : { note }),
          } as const;
          await store.addInputs([
            { contact: task.contact, input: { ...input, id: `task:${task.key}`, at: clock() } },
          ]);
          wake(options);
          return reply(202, { id, outcome });
        },
      ),
    );
}

/** One task by its number. Throws `HttpProblem`. */
async function taskOf(store: Store, id: string) {
  const [task] = NUMBER.test(id)
    ? await store.tasks({ after: String(Number(id) - 1), limit: 1 })
    : [];
  if (task?.id === id) return task;
  throw notFound({
    en: `There is no task ${id.slice(0, 20)}.`,
    ar: `لا توجد مهمة رقمها ${id.slice(0, 20)}.`,
  });
}

const SHOWN = ["first_name", "last_name", "email", "phone", "timezone", "preferred_times"];

/** Whom to call: name, address and times of the contacts of a page of tasks. */
async function peopleOf(
  store: Store,
  rows: readonly { contact: string }[],
): Promise<Map<string, Record<string, Value>>> {
  const people = new Map<string, Record<string, Value>>();
  for (const id of new Set(rows.map((row) => row.contact))) {
    const fields = (await store.loadContact(id))?.contact.fields ?? {};
    people.set(
      id,
      Object.fromEntries(Object.entries(fields).filter(([name]) => SHOWN.includes(name))),
    );
  }
  return people;
}
