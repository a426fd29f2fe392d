import { Hono } from "hono";
import { Type } from "typebox";
import { type JournalLine, journalLine } from "../core/journal.ts";
import type { AppOptions, Env } from "./context.ts";
import { contactOf, listOf, pageOf } from "./input.ts";
import { reply, route, VIEWERS } from "./route.ts";
import { ContactKey, FlowId, Listed, PageQuery } from "./schemas.ts";

const Line = Type.Unsafe<JournalLine>({
  component: "JournalLine",
  type: "object",
  description: "What happened, with details that depend on its kind",
  required: ["at", "contact", "flow", "version", "enrollment", "kind", "node"],
  properties: {
    at: { type: "string", format: "date-time" },
    contact: { type: ["string", "null"], description: "E-mail, else phone; null once erased" },
    flow: { type: "string" },
    version: { type: "integer" },
    enrollment: { type: ["integer", "null"] },
    kind: { type: "string", examples: ["step"] },
    node: { type: ["string", "null"] },
  },
});

/** `/api/journal`: what happened and why, in the journal's order. */
export function journal({ store }: AppOptions) {
  return new Hono<Env>().get(
    "/",
    route(
      {
        summary: "Lists what happened and why, oldest first.",
        allow: VIEWERS,
        query: PageQuery({ flow: Type.Optional(FlowId), contact: Type.Optional(ContactKey) }),
        answers: { 200: Listed(Line) },
        problems: ["not-found"],
      },
      async (_, { query }) => {
        const { limit, after } = pageOf(query, /^\d{1,15}\.-?\d{1,15}$/);
        const [at, id] = (after ?? "").split(".").map(Number);
        const { flow, contact } = query;
        const rows = await store.journal({
          limit,
          ...(flow === undefined ? {} : { flow }),
          ...(contact === undefined ? {} : { contact: await contactOf(store, contact) }),
          ...(at === undefined || id === undefined ? {} : { after: { at, id } }),
        });
        const page = listOf(rows, limit, (last) => `${last.at}.${last.id}`);
        const items = rows.map((row) =>
          journalLine(row, row.key, row.key === null && row.contact !== null),
        );
        return reply(200, { items, next: page.next });
      },
    ),
  );
}
