import { Hono } from "hono";
import { journalLine } from "../core/journal.ts";
import type { AppOptions, Env } from "./context.ts";
import { contactOf, listOf, pageOf, wrong } from "./input.ts";

/** `/api/journal`: what happened and why, in the journal's order. */
export function journal({ store }: AppOptions) {
  return new Hono<Env>().get("/", async (c) => {
    const { limit, after } = pageOf(c);
    const { flow, contact } = c.req.query();
    const rows = await store.journal({
      limit,
      ...(flow === undefined ? {} : { flow }),
      ...(contact === undefined ? {} : { contact: await contactOf(store, contact) }),
      ...(after === undefined ? {} : { after: placeOf(after) }),
    });
    const page = listOf(rows, limit, (last) => `${last.at}.${last.id}`);
    const items = rows.map((row) =>
      journalLine(row, row.key, row.key === null && row.contact !== null),
    );
    return c.json({ items, next: page.next });
  });
}

function placeOf(cursor: string): { at: number; id: number } {
  const [, at, id] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined)
    throw wrong("/cursor", "There is no such cursor.", "لا يوجد مؤشر بهذه القيمة.");
  return { at: Number(at), id: Number(id) };
}
