import { Hono } from "hono";
import { type Static, Type } from "typebox";
import { enrollInput } from "../intake.ts";
import { type AppOptions, type Env, timeOf } from "./context.ts";
import { noted } from "./gate.ts";
import { flowOf, listOf, pageOf } from "./input.ts";
import { giveEach, Who } from "./many.ts";
import { unpublished } from "./problem.ts";
import { EDITORS, reply, route, VIEWERS } from "./route.ts";
import { Count, closed, Data, FlowId, Listed, OneOf, OrNull, PageQuery, Time } from "./schemas.ts";

const Enroll = Type.Object(
  {
    ...Who,
    key: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: "For flows entered once per key" }),
    ),
    data: Type.Optional(Data),
  },
  { ...closed, description: "Who: one of `contacts`, `rule` and `all`" },
);
const Enrollment = Type.Object(
  {
    id: Type.String(),
    contact: Type.String({ description: "The contact's id" }),
    contactKey: OrNull(Type.String({ description: "E-mail, else phone; null once erased" })),
    flow: Type.String(),
    version: Type.Integer(),
    n: Type.Integer({ description: "The contact's n-th run of the flow" }),
    state: Type.String(),
    reason: OrNull(Type.String()),
    node: OrNull(Type.String({ description: "Where the contact stands" })),
    until: OrNull(Time),
    waiting: OrNull(Type.String({ description: "What for" })),
    entered: Time,
    ended: OrNull(Time),
  },
  { ...closed, component: "Enrollment" },
);
const params = { id: FlowId };

/** `/api/flows/:id/enrollments`: who is or was inside, and putting people in. */
export function enrollments(options: AppOptions) {
  const { store } = options;
  return new Hono<Env>()
    .get(
      "/:id/enrollments",
      route(
        {
          summary: "Lists who is or was in a flow.",
          allow: VIEWERS,
          params,
          query: PageQuery({
            state: Type.Optional(OneOf(["active", "completed", "exited", "failed", "paused"])),
          }),
          answers: { 200: Listed(Enrollment) },
          problems: ["not-found"],
        },
        async (_, { param, query }) => {
          const { id } = await flowOf(store, param.id);
          const { limit, after } = pageOf(query, /^\d+\/[a-z0-9-]+\/\d+$/);
          const { state } = query;
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
          return reply(
            200,
            listOf(items, limit, (last) => last.id),
          );
        },
      ),
    )
    .post(
      "/:id/enrollments",
      route(
        {
          summary: "Puts contacts into a flow.",
          allow: EDITORS,
          params,
          body: Enroll,
          answers: { 202: Type.Object({ flow: Type.String(), contacts: Count }, closed) },
          problems: ["not-found", "conflict"],
        },
        async (c, { param: { id }, body, newId }) => {
          const contacts = await enroll(
            { ...options, store: noted(c, options, "flow.enrolled", id) },
            id,
            body,
            newId(),
          );
          return reply(202, { flow: id, contacts });
        },
      ),
    );
}

/** Returns how many contacts it was that hadn't been put in by the same call before. */
async function enroll(
  options: AppOptions,
  id: string,
  body: Static<typeof Enroll>,
  inputId: string,
): Promise<number> {
  const { store, clock } = options;
  if ((await flowOf(store, id)).version === null) throw unpublished(id);
  const input = enrollInput(id, inputId, clock(), {
    ...(body.key === undefined ? {} : { key: body.key }),
    ...(body.data === undefined ? {} : { data: body.data }),
  });
  return giveEach(options, body, input);
}
