import { Hono } from "hono";
import { Type } from "typebox";
import { type AppOptions, type Env, timeOf } from "./context.ts";
import { caller } from "./gate.ts";
import { Given, LanguageName, Person, personOut } from "./people-schemas.ts";
import { reply, route, VIEWERS } from "./route.ts";
import { closed, Time } from "./schemas.ts";
import { countGuess } from "./session.ts";

const OwnSession = Type.Object(
  {
    id: Type.String(),
    current: Type.Boolean({ description: "It is the one that asks" }),
    created: Time,
    seen: Type.String({
      format: "date-time",
      description: "When it was last used, to some minutes",
    }),
    expires: Time,
    agent: Type.String({ description: "What the browser calls itself" }),
    address: Type.String(),
  },
  closed,
);
const Sessions = Type.Object({ items: Type.Array(OwnSession) }, closed);

/** `/api/account`: one's own account, whatever the role. */
export function account({ accounts }: AppOptions) {
  const own = { allow: VIEWERS, people: true } as const;
  return new Hono<Env>()
    .patch(
      "/",
      route(
        {
          ...own,
          summary: "Changes one's own name or language.",
          body: Type.Object(
            { name: Type.Optional(Given.name), language: Type.Optional(LanguageName) },
            closed,
          ),
          answers: { 200: Person },
        },
        async (c, { body }) => reply(200, personOut(await accounts.changeSelf(caller(c), body))),
      ),
    )
    .post(
      "/password",
      route(
        {
          ...own,
          summary: "Changes one's own password; one's other sessions end.",
          body: Type.Object({ current: Given.anyPassword, password: Given.password }, closed),
          answers: { 200: Sessions },
          forgets: true,
        },
        async (c, { body: { current, password } }) => {
          const who = caller(c);
          countGuess(c, who.user?.email);
          await accounts.changePassword(who, current, password);
          return reply(200, await sessionsOf(who));
        },
      ),
    )
    .get(
      "/sessions",
      route(
        { ...own, summary: "Lists one's own sessions.", answers: { 200: Sessions } },
        async (c) => reply(200, await sessionsOf(caller(c))),
      ),
    )
    .delete(
      "/sessions/:id",
      route(
        {
          ...own,
          summary: "Ends one of one's own sessions.",
          params: { id: Type.String() },
          answers: { 200: Sessions },
          problems: ["not-found"],
        },
        async (c, { param: { id } }) => {
          const who = caller(c);
          await accounts.endSession(who, id);
          return reply(200, await sessionsOf(who));
        },
      ),
    );

  async function sessionsOf(who: ReturnType<typeof caller>) {
    const items = (await accounts.sessions(who)).map((one) => ({
      id: one.id,
      current: one.id === who.session,
      created: timeOf(one.created) ?? "",
      seen: timeOf(one.seen) ?? "",
      expires: timeOf(one.expires) ?? "",
      agent: one.agent,
      address: one.address,
    }));
    return { items };
  }
}
