import { Hono } from "hono";
import { Type } from "typebox";
import { countedAs, visitorOf } from "./address.ts";
import { type AppOptions, type Env, timeOf } from "./context.ts";
import { takeOne } from "./limits.ts";
import { Given, Newcomer, RoleName } from "./people-schemas.ts";
import { reply, route } from "./route.ts";
import { closed, Time } from "./schemas.ts";
import { begun, countGuess, Who } from "./session.ts";

const Token = Type.Object({ token: Given.token }, closed);
const Invitation = Type.Object(
  { email: Type.String(), role: RoleName, by: Type.String(), expires: Time },
  closed,
);

/**
 * `/api/links`: what whoever holds a link of an invitation or a reset may do, and asking for one. The token goes in
 * the body, never in an address: those end up in logs.
 */
export function links(options: AppOptions) {
  const { accounts, warn } = options;
  const open = { allow: "public", forgets: true } as const;
  return new Hono<Env>()
    .post(
      "/invitation",
      route(
        {
          ...open,
          summary: "Tells what an invitation's link is for.",
          body: Token,
          answers: { 200: Invitation },
          problems: ["gone", "too-many"],
        },
        async (c, { body: { token } }) => {
          countGuess(c);
          const { email, role, by, expires } = await accounts.invitation(token);
          return reply(200, { email, role, by, expires: timeOf(expires) ?? "" });
        },
      ),
    )
    .post(
      "/invitation/accept",
      route(
        {
          ...open,
          summary: "Accepts an invitation, and signs the person in; the link is used up.",
          body: Newcomer({ token: Given.token }),
          answers: { 200: Who },
          problems: ["gone", "conflict", "too-many"],
        },
        async (c, { body: { token, ...newcomer } }) => {
          countGuess(c);
          const user = await accounts.accept(token, newcomer);
          return begun(c, options, await accounts.begin(user, visitorOf(c)));
        },
      ),
    )
    .post(
      "/forgotten",
      route(
        {
          ...open,
          summary: "Mails a link to set a new password, if there is an account with this address.",
          body: Type.Object({ email: Given.email }, closed),
          answers: { 202: Type.Object({}, closed) },
          problems: ["conflict", "too-many"],
        },
        async (c, { body: { email } }) => {
          takeOne(c.get("limits").guess, countedAs(c.get("address")));
          takeOne(c.get("limits").letter, email.trim().toLowerCase());
          // How long it takes must not tell whether there is an account, so nobody waits for it.
          accounts.mustMail();
          accounts.forgot(email).catch((error) => warn(`a reset wasn't mailed: ${String(error)}`));
          return reply(202, {});
        },
      ),
    )
    .post(
      "/reset",
      route(
        {
          ...open,
          summary: "Tells whose password a reset's link sets.",
          body: Token,
          answers: { 200: Type.Object({ name: Type.String(), email: Type.String() }, closed) },
          problems: ["gone", "too-many"],
        },
        async (c, { body: { token } }) => {
          countGuess(c);
          const { name, email } = await accounts.resetOf(token);
          return reply(200, { name, email });
        },
      ),
    )
    .post(
      "/reset/use",
      route(
        {
          ...open,
          summary: "Sets the new password, ends all sessions of the person and signs them in.",
          body: Type.Object({ token: Given.token, password: Given.password }, closed),
          answers: { 200: Who },
          problems: ["gone", "too-many"],
        },
        async (c, { body: { token, password } }) => {
          countGuess(c);
          const user = await accounts.useReset(token, password);
          return begun(c, options, await accounts.begin(user, visitorOf(c)));
        },
      ),
    );
}
