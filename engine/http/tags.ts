import { Hono } from "hono";
import { Type } from "typebox";
import type { Store } from "../store/store.ts";
import { type AppOptions, type Env, wake } from "./context.ts";
import { noted } from "./gate.ts";
import { pageOfAll, wrong } from "./input.ts";
import { mustBeUnused, Use, usesOf } from "./naming.ts";
import { notFound } from "./problem.ts";
import { EDITORS, reply, route, VIEWERS } from "./route.ts";
import { Count, closed, Listed, PageQuery } from "./schemas.ts";

const Name = Type.String({ minLength: 1, maxLength: 200 });
const Tag = Type.Object({ tag: Type.String(), contacts: Count }, { ...closed, component: "Tag" });
const params = { tag: Type.String({ minLength: 1, maxLength: 200, description: "The tag" }) };

/** `/api/tags`: the tags that contacts have. */
export function tags(options: AppOptions) {
  const { store, clock } = options;
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists the tags in use, the most used first.",
          allow: VIEWERS,
          query: PageQuery(),
          answers: { 200: Listed(Tag) },
        },
        async (_, { query }) =>
          reply(
            200,
            pageOfAll(await store.tagCounts(clock()), query, ({ tag }) => tag),
          ),
      ),
    )
    .get(
      "/:tag",
      route(
        {
          summary: "Shows a tag: how many contacts have it, and what uses it.",
          allow: VIEWERS,
          params,
          answers: {
            200: Type.Object(
              { tag: Type.String(), contacts: Count, uses: Type.Array(Use) },
              closed,
            ),
          },
          problems: ["not-found"],
        },
        async (_, { param: { tag } }) => {
          const [contacts, uses] = await Promise.all([
            store.countContacts({ tag }, clock()),
            usesOf(store, { kind: "tag", name: tag }),
          ]);
          if (contacts === 0 && uses.length === 0) throw noTag(tag);
          return reply(200, { tag, contacts, uses });
        },
      ),
    )
    .post(
      "/:tag/rename",
      route(
        {
          summary:
            "Gives a tag that nothing uses another name; where there is such a tag, the two become one. No flow starts by it.",
          allow: EDITORS,
          params,
          body: Type.Object({ to: Name }, closed),
          answers: { 200: Tag },
          problems: ["not-found", "conflict"],
        },
        async (c, { param: { tag }, body }) => {
          const to = body.to.trim();
          if (to === "" || to === tag) {
            throw wrong("/to", "“to” must be another name.", "يجب أن يكون «to» اسمًا آخر.");
          }
          await mustBeThere(store, tag, clock());
          await mustBeUnused(store, { kind: "tag", name: tag });
          const contacts = await noted(c, options, "tag.renamed", tag, { to }).moveTag(
            tag,
            to,
            clock(),
          );
          wake(options);
          return reply(200, { tag: to, contacts });
        },
      ),
    )
    .delete(
      "/:tag",
      route(
        {
          summary: "Takes a tag that nothing uses off everybody. No flow starts by it.",
          allow: EDITORS,
          params,
          answers: { 200: Tag },
          problems: ["not-found", "conflict"],
        },
        async (c, { param: { tag } }) => {
          await mustBeThere(store, tag, clock());
          await mustBeUnused(store, { kind: "tag", name: tag });
          const contacts = await noted(c, options, "tag.removed", tag).moveTag(tag, null, clock());
          wake(options);
          return reply(200, { tag, contacts });
        },
      ),
    );
}

async function mustBeThere(store: Store, tag: string, now: number): Promise<void> {
  if ((await store.countContacts({ tag }, now)) === 0) throw noTag(tag);
}

const noTag = (tag: string) =>
  notFound({
    en: `No contact has the tag “${tag.slice(0, 100)}”.`,
    ar: `لا توجد جهة اتصال بالعلامة «${tag.slice(0, 100)}».`,
  });
