import { Hono } from "hono";
import { Type } from "typebox";
import type { Input } from "../core/state.ts";
import type { AppOptions, Env } from "./context.ts";
import { wrong } from "./input.ts";
import { giveEach, Who } from "./many.ts";
import { EDITORS, reply, route } from "./route.ts";
import { Count, closed } from "./schemas.ts";

const Tag = Type.String({ minLength: 1, maxLength: 200 });
const Body = Type.Object(
  { ...Who, add: Type.Optional(Tag), remove: Type.Optional(Tag) },
  {
    ...closed,
    description:
      "Who (one of `contacts`, `rule` and `all`), and one tag to add or to remove: a rule may mean others once a tag has changed",
  },
);

/** `POST /api/tags`: a tag added to, or taken off, many contacts at once. */
export function contactsMany(options: AppOptions) {
  return new Hono<Env>().post(
    "/",
    route(
      {
        summary: "Adds a tag to many contacts, or removes it.",
        allow: EDITORS,
        body: Body,
        answers: { 202: Type.Object({ contacts: Count }, closed) },
        problems: ["not-found"],
      },
      async (_, { body: { add, remove, ...who }, newId }) => {
        const about = { id: `tag:${newId()}`, at: options.clock() };
        if ((add === undefined) === (remove === undefined)) throw oneTag();
        const input: Input =
          add !== undefined
            ? { kind: "tag", add, expires: null, ...about }
            : { kind: "tag", remove: remove ?? "", ...about };
        return reply(202, { contacts: await giveEach(options, who, input) });
      },
    ),
  );
}

const oneTag = () =>
  wrong(
    "",
    "Say one of “add” and “remove”: the tag.",
    "اذكر العلامة في واحد من «add» أو «remove».",
  );
