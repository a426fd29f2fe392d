import { Hono } from "hono";
import { type TSchema, Type } from "typebox";
import type { Language } from "../../nodes/index.ts";
import { explain } from "../why/explain.ts";
import { type AppOptions, type Env, timeOf } from "./context.ts";
import { contactOf } from "./input.ts";
import { notFound } from "./problem.ts";
import { reply, route, VIEWERS } from "./route.ts";
import { ContactKey, closed, Data, FlowId, OrNull, Time } from "./schemas.ts";

const Why = Type.Object(
  {
    zone: Type.String({ description: "The zone in which the sentences tell the time" }),
    items: Type.Array(
      Type.Object(
        {
          about: Type.String({
            description:
              "A kind of the journal, `contact`, `now`, or what has not happened: `not-yet`, `not-sent`, `not-entered`",
          }),
          at: OrNull(Time),
          enrollment: OrNull(Type.Integer({ description: "The contact's n-th run of the flow" })),
          node: OrNull(Type.String()),
          text: Type.String({ description: "A sentence in the caller's language" }),
          next: Type.Union([Time, Type.Null()], {
            description: "When something happens by itself, where the sentence names a moment",
          }),
          rule: OrNull(
            Type.String({ description: "JSON Pointer to the rule in the flow's document" }),
          ),
          facts: OrNull(Data),
        },
        closed,
      ),
    ),
  },
  { ...closed, component: "Why" },
);

/** What is said of the routes that tell why; they differ in their address alone. */
export const whySpec = <P extends Readonly<Record<string, TSchema>>>(params: P) =>
  ({
    summary: "Tells why a contact did or didn't get each message of a flow.",
    allow: VIEWERS,
    params,
    answers: { 200: Why },
    problems: ["not-found"],
  }) as const;

/** Why a contact is where it is in a flow, as the API tells it. Throws `HttpProblem`. */
export async function whyOut(
  { store, clock }: AppOptions,
  { contact, flow }: { contact: string; flow: string },
  language: Language,
) {
  const now = clock();
  const told = await explain(store, await contactOf(store, contact), flow, { language, now });
  if (!told.ok) throw notFound(told.message);
  const items = told.sentences.map(({ next = null, rule = null, facts = null, at, ...rest }) => ({
    ...rest,
    at: timeOf(at),
    next: timeOf(next),
    rule,
    facts,
  }));
  return { zone: told.zone, items };
}

/** `/api/flows/:id/contacts/:contact/why` */
export const flowWhy = (options: AppOptions) =>
  new Hono<Env>().get(
    "/:id/contacts/:contact/why",
    route(whySpec({ id: FlowId, contact: ContactKey }), async (c, { param: { id, contact } }) =>
      reply(200, await whyOut(options, { contact, flow: id }, c.get("lang"))),
    ),
  );
