import { Hono } from "hono";
import { Type } from "typebox";
import type { Value } from "../core/state.ts";
import type { Store } from "../store/store.ts";
import { type AppOptions, type Env, timeOf, wake } from "./context.ts";
import { bodyOf, closed, contactOf, listOf, numeric, pageOf, wrong } from "./input.ts";
import { HttpProblem, notFound } from "./problem.ts";

const CloseSchema = Type.Object(
  {
    outcome: Type.String({ minLength: 1, maxLength: 40 }),
    note: Type.Optional(Type.String({ maxLength: 10_000 })),
  },
  closed,
);
const OUTCOMES = { call: ["answered", "no-answer", "not-interested"], task: ["done"] };

/** `/api/tasks`: calls and tasks for people, with `who=true` whom they are about; closing one lets its contact go on. */
export function tasks(options: AppOptions) {
  const { store, clock } = options;
  return new Hono<Env>()
    .get("/", async (c) => {
      const { limit, after } = pageOf(c);
      const cursor = numeric(after);
      const { open, contact, who } = c.req.query();
      if (open !== undefined && open !== "true" && open !== "false") {
        throw wrong(
          "/open",
          "“open” must be true or false.",
          "يجب أن تكون «open» إما true أو false.",
        );
      }
      const rows = await store.tasks({
        limit,
        ...(open === undefined ? {} : { open: open === "true" }),
        ...(contact === undefined ? {} : { contact: await contactOf(store, contact) }),
        ...(cursor === undefined ? {} : { after: cursor }),
      });
      const people = who === "true" ? await peopleOf(store, rows) : null;
      const items = rows.map((task) => ({
        ...task,
        opened: timeOf(task.opened),
        due: timeOf(task.due),
        closed: timeOf(task.closed),
        ...(people ? { who: people.get(task.contact) ?? {} } : {}),
      }));
      return c.json(listOf(items, limit, (last) => last.id));
    })
    .post("/:id/close", async (c) => {
      const id = c.req.param("id");
      const [task] = /^\d{1,15}$/.test(id)
        ? await store.tasks({ after: String(Number(id) - 1), limit: 1 })
        : [];
      if (task?.id !== id)
        throw notFound({
          en: `There is no task ${id.slice(0, 20)}.`,
          ar: `لا توجد مهمة رقمها ${id.slice(0, 20)}.`,
        });
      const { outcome, note } = await bodyOf(c, CloseSchema);
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
      return c.json({ id, outcome }, 202);
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
