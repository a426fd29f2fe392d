import { Hono } from "hono";
import { type Body, renderBody } from "../channels/mail-body.ts";
import type { MessageState } from "../core/state.ts";
import { messageOut } from "../export.ts";
import type { MessageRow, Store } from "../store/store.ts";
import type { AppOptions, Env } from "./context.ts";
import { contactOf, listOf, numeric, pageOf, wrong } from "./input.ts";
import { notFound } from "./problem.ts";

const STATES: readonly string[] = [
  "queued",
  "sending",
  "sent",
  "skipped",
  "failed",
  "cancelled",
  "uncertain",
];

/** `/api/messages`: newest first, and one as it was or will be sent. */
export function messages({ store }: AppOptions) {
  return new Hono<Env>()
    .get("/", async (c) => {
      const { limit, after } = pageOf(c);
      const cursor = numeric(after);
      const { flow, contact, state, channel } = c.req.query();
      if (state !== undefined && !STATES.includes(state)) {
        throw wrong(
          "/state",
          `“state” must be one of ${STATES.join(", ")}.`,
          `يجب أن تكون «state» واحدة من: ${STATES.join("، ")}.`,
        );
      }
      const rows = await store.messages({
        limit,
        newest: true,
        ...(flow === undefined ? {} : { flow }),
        ...(contact === undefined ? {} : { contact: await contactOf(store, contact) }),
        ...(state === undefined ? {} : { state: state as MessageState }),
        ...(channel === undefined ? {} : { channel }),
        ...(cursor === undefined ? {} : { after: cursor }),
      });
      const items = rows.map((row) => ({ id: row.id, ...messageOut(row) }));
      return c.json(listOf(items, limit, (last) => last.id));
    })
    .get("/:id", async (c) => {
      const row = await messageOf(store, c.req.param("id"));
      return c.json({ id: row.id, ...messageOut(row), rendered: await rendered(row) });
    });
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
