import { Hono } from "hono";
import { type Static, Type } from "typebox";
import type { ApiKey } from "../store/accounts.ts";
import { type AppOptions, type Env, timeOf } from "./context.ts";
import { caller } from "./gate.ts";
import { Given, RoleName, Scope } from "./people-schemas.ts";
import { ADMINS, reply, route } from "./route.ts";
import { closed, OneOf, OrNull, Time } from "./schemas.ts";

const DAY = 86_400_000;
const parts = {
  id: Type.String(),
  name: Type.String(),
  role: RoleName,
  scopes: OrNull(Type.Array(Type.String(), { description: "Null: all that the role may" })),
  maker: OrNull(Type.String({ description: "The id of the person who made it" })),
  created: Time,
  expires: OrNull(Time),
  seen: OrNull(Time),
};
const Key = Type.Object(parts, { ...closed, component: "ApiKey" });

const keyOut = ({ created, expires, seen, ...rest }: ApiKey): Static<typeof Key> => ({
  ...rest,
  created: timeOf(created) ?? "",
  expires: timeOf(expires),
  seen: timeOf(seen),
});

/** `/api/keys`: what programs sign in with. */
export function keys({ accounts, clock }: AppOptions) {
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists the API keys, never the keys themselves.",
          allow: ADMINS,
          answers: { 200: Type.Object({ items: Type.Array(Key) }, closed) },
        },
        async () => reply(200, { items: (await accounts.keys()).map(keyOut) }),
      ),
    )
    .post(
      "/",
      route(
        {
          summary: "Makes an API key; it is shown in this answer and never again.",
          allow: ADMINS,
          // One that outlived whoever's key made it would keep what that person has lost.
          people: true,
          body: Type.Object(
            {
              name: Given.name,
              role: OneOf(["viewer", "agent", "editor", "admin"]),
              scopes: Type.Optional(
                OrNull(Type.Array(Scope, { minItems: 1, maxItems: 50, uniqueItems: true })),
              ),
              days: Type.Optional(
                Type.Integer({ minimum: 1, maximum: 3650, description: "It ends after so many" }),
              ),
            },
            closed,
          ),
          answers: { 201: Type.Object({ ...parts, key: Type.String() }, closed) },
          forgets: true,
        },
        async (c, { body: { name, role, scopes = null, days } }) => {
          const expires = days === undefined ? null : clock() + days * DAY;
          const wish = { name, role, scopes, expires };
          const { key, text } = await accounts.addKey(caller(c), wish);
          return reply(201, { ...keyOut(key), key: text });
        },
      ),
    )
    .delete(
      "/:id",
      route(
        {
          summary: "Ends a key at once.",
          allow: ADMINS,
          params: { id: Type.String({ description: "The middle part of the key" }) },
          answers: { 200: Key },
          problems: ["not-found"],
        },
        async (c, { param: { id } }) => reply(200, keyOut(await accounts.revokeKey(caller(c), id))),
      ),
    );
}
