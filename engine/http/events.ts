import { Hono } from "hono";
import { Type } from "typebox";
import { parseInstant } from "../core/time.ts";
import { eventInput } from "../intake.ts";
import { type AppOptions, type Env, wake } from "./context.ts";
import { contactOf, wrong } from "./input.ts";
import { AGENTS, reply, route } from "./route.ts";
import { ContactKey, closed, Data, GivenTime } from "./schemas.ts";

const Event = Type.Object(
  {
    contact: ContactKey,
    event: Type.String({ minLength: 1, maxLength: 200, examples: ["order.placed"] }),
    data: Type.Optional(Data),
    id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: "The same id of the same contact counts once",
      }),
    ),
    at: Type.Optional(GivenTime),
  },
  closed,
);
const Taken = Type.Object(
  {
    contact: Type.String({ description: "The contact's id" }),
    id: Type.String(),
    known: Type.Boolean({ description: "The event was there already, and does not count again" }),
  },
  closed,
);

/** `POST /api/events`: something happened to a contact. The same id twice counts once. */
export function events(options: AppOptions) {
  const { store, clock } = options;
  return new Hono<Env>().post(
    "/",
    route(
      {
        summary: "Tells of something that happened to a contact.",
        allow: AGENTS,
        body: Event,
        answers: { 202: Taken },
        problems: ["not-found"],
      },
      async (_, { body, newId }) => {
        const at = body.at === undefined ? clock() : parseInstant(body.at);
        if (at === null) {
          throw wrong(
            "/at",
            "“at” must be a moment such as 2026-01-05T09:00:00Z.",
            "يجب أن تكون «at» لحظة مثل 2026-01-05T09:00:00Z.",
          );
        }
        if (at > clock()) {
          throw wrong(
            "/at",
            "“at” lies in the future; an event has happened.",
            "«at» في المستقبل، والحدث أمر قد وقع.",
          );
        }
        const contact = await contactOf(store, body.contact);
        const id = body.id ?? newId();
        const input = eventInput(body.event, body.data ?? {}, id, at);
        const isNew = (await store.addInputs([{ contact, input }])) > 0;
        wake(options);
        return reply(202, { contact, id, known: !isNew });
      },
    ),
  );
}
