import { Hono } from "hono";
import { Type } from "typebox";
import { parseInstant } from "../core/time.ts";
import { eventInput } from "../intake.ts";
import { type AppOptions, type Env, wake } from "./context.ts";
import { bodyOf, closed, contactOf, DataSchema, KeySchema, wrong } from "./input.ts";

const EventSchema = Type.Object(
  {
    contact: KeySchema,
    event: Type.String({ minLength: 1, maxLength: 200 }),
    data: Type.Optional(DataSchema),
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    at: Type.Optional(Type.String({ maxLength: 40 })),
  },
  closed,
);

/** `POST /api/events`: something happened to a contact. The same id twice counts once. */
export function events(options: AppOptions) {
  const { store, clock, newId } = options;
  return new Hono<Env>().post("/", async (c) => {
    const body = await bodyOf(c, EventSchema);
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
    const id = body.id ?? c.req.header("idempotency-key") ?? newId();
    const isNew =
      (await store.addInputs([
        { contact, input: eventInput(body.event, body.data ?? {}, id, at) },
      ])) > 0;
    wake(options);
    return c.json({ contact, id, known: !isNew }, 202);
  });
}
