import { Hono } from "hono";
import { Type } from "typebox";
import { MESSAGE_EVENTS } from "../../nodes/rule.ts";
import { type Body, renderBody } from "../channels/mail-body.ts";
import type { MessageState } from "../core/state.ts";
import { messageOut } from "../export.ts";
import type { MessageRow, Store } from "../store/store.ts";
import type { AppOptions, Env } from "./context.ts";
import { contactOf, listOf, NUMBER, pageOf } from "./input.ts";
import { notFound } from "./problem.ts";
import { reply, route, VIEWERS } from "./route.ts";
import {
  ContactKey,
  Count,
  closed,
  FlowId,
  Listed,
  OneOf,
  OrNull,
  PageQuery,
  Time,
} from "./schemas.ts";

const STATES = [
  "queued",
  "sending",
  "sent",
  "skipped",
  "failed",
  "cancelled",
  "uncertain",
] as const satisfies readonly MessageState[];

const properties = {
  id: Type.String(),
  key: Type.String({ description: "Flow, run, node and visit: stays the same for ever" }),
  contact: OrNull(Type.String({ description: "E-mail, else phone; null once erased" })),
  channel: Type.String({ examples: ["email"] }),
  flow: Type.String(),
  version: Type.Integer(),
  enrollment: Type.Integer(),
  node: Type.String(),
  state: OneOf(STATES),
  reason: OrNull(Type.String()),
  to: OrNull(Type.String()),
  subject: Type.Optional(Type.String()),
  text: Type.String(),
  at: Time,
  sentAt: OrNull(Time),
  attempt: Count,
  nextTry: Type.Optional(Time),
  detail: Type.Optional(Type.String({ description: "What the provider said the last time" })),
  providerId: Type.Optional(Type.String()),
  receipts: Type.Optional(
    Type.Array(
      Type.Object(
        {
          at: Time,
          event: OneOf(MESSAGE_EVENTS),
          link: Type.Optional(Type.String()),
          machine: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
  ),
};
const Message = Type.Object(properties, { ...closed, component: "Message" });
const Rendered = Type.Union([
  Type.Object({ text: Type.String(), html: Type.String() }, closed),
  Type.Object({ refused: Type.String() }, closed),
]);

/** `/api/messages`: newest first, and one as it was or will be sent. */
export function messages({ store }: AppOptions) {
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists messages, newest first.",
          allow: VIEWERS,
          query: PageQuery({
            flow: Type.Optional(FlowId),
            contact: Type.Optional(ContactKey),
            state: Type.Optional(OneOf(STATES)),
            channel: Type.Optional(Type.String({ maxLength: 40, examples: ["email"] })),
          }),
          answers: { 200: Listed(Message) },
          problems: ["not-found"],
        },
        async (_, { query }) => {
          const { limit, after } = pageOf(query, NUMBER);
          const { flow, contact, state, channel } = query;
          const rows = await store.messages({
            limit,
            newest: true,
            ...(flow === undefined ? {} : { flow }),
            ...(contact === undefined ? {} : { contact: await contactOf(store, contact) }),
            ...(state === undefined ? {} : { state }),
            ...(channel === undefined ? {} : { channel }),
            ...(after === undefined ? {} : { after }),
          });
          const items = rows.map((row) => ({ id: row.id, ...messageOut(row) }));
          return reply(
            200,
            listOf(items, limit, (last) => last.id),
          );
        },
      ),
    )
    .get(
      "/:id",
      route(
        {
          summary: "Shows one message as its reader gets it.",
          allow: VIEWERS,
          params: { id: Type.String({ description: "The message's number" }) },
          answers: { 200: Type.Object({ ...properties, rendered: Rendered }, closed) },
          problems: ["not-found"],
        },
        async (_, { param }) => {
          const row = await messageOf(store, param.id);
          return reply(200, { id: row.id, ...messageOut(row), rendered: await rendered(row) });
        },
      ),
    );
}

/** One message by its number in the outbox. Throws `HttpProblem`. */
export async function messageOf(store: Store, id: string): Promise<MessageRow> {
  const [row] = /^\d{1,15}$/.test(id)
    ? await store.messages({ after: String(Number(id) - 1), limit: 1 })
    : [];
  if (row?.id === id) return row;
  throw notFound({
    en: `There is no message ${id.slice(0, 20)}.`,
    ar: `لا توجد رسالة رقمها ${id.slice(0, 20)}.`,
  });
}

/** Both parts of the message as a mail has them. */
export const rendered = ({ message: { content } }: MessageRow): Promise<Body> =>
  renderBody(content);
