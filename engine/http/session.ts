import { Hono } from "hono";
import { type Static, Type } from "typebox";
import { principalOf } from "../accounts/base.ts";
import type { Principal } from "../accounts/roles.ts";
import type { SignedIn } from "../accounts/signing.ts";
import { countedAs, isLoopback, visitorOf } from "./address.ts";
import type { AppOptions, Ctx, Env } from "./context.ts";
import { forget, remember } from "./cookie.ts";
import { takeOne } from "./limits.ts";
import { Given, Newcomer, Person, personOut, RoleName } from "./people-schemas.ts";
import { HttpProblem } from "./problem.ts";
import { reply, route } from "./route.ts";
import { closed, OrNull } from "./schemas.ts";

const Key = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: OrNull(Type.Array(Type.String())),
  },
  closed,
);
/** Who asks, and what they should know before they sign in. */
export const Who = Type.Object(
  {
    user: OrNull(Person),
    key: OrNull(Key),
    role: OrNull(RoleName),
    setup: Type.Boolean({
      description: "There is no owner yet; POST /api/session/owner makes one",
    }),
    mails: Type.Boolean({ description: "Links can be mailed: a mail server is set up" }),
  },
  { ...closed, component: "Who" },
);

export async function whoOut(
  { accounts }: AppOptions,
  who: Principal | null,
): Promise<Static<typeof Who>> {
  const isKey = who?.kind === "key";
  return {
    user: who?.user ? personOut(who.user) : null,
    key: isKey
      ? { id: who.id ?? "", name: who.name, scopes: who.scopes === null ? null : [...who.scopes] }
      : null,
    role: who?.role ?? null,
    setup: !(await accounts.hasOwner()),
    mails: accounts.mails,
  };
}

/** Gives the browser a session that was begun, and says who it is. */
export async function begun(c: Ctx, options: AppOptions, signedIn: SignedIn) {
  remember(c, options, signedIn);
  const { user, session } = signedIn;
  return reply(200, await whoOut(options, principalOf(user, session.id)));
}

/** Guesses cost their address and, where one is named, the person whose password is guessed. */
export function countGuess(c: Ctx, email?: string): void {
  const { guess, attempt, person } = c.get("limits");
  const address = countedAs(c.get("address"));
  takeOne(guess, address);
  if (email === undefined) return;
  const name = email.trim().toLowerCase();
  takeOne(attempt, `${address} ${name}`);
  takeOne(person, name);
}

/** `/api/session`: who one is, signing in and out, and the first owner. */
export function session(options: AppOptions) {
  const { accounts } = options;
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Tells who asks.",
          allow: "public",
          answers: { 200: Who },
          problems: ["unauthorized", "too-many"],
        },
        async (c) => reply(200, await whoOut(options, await c.get("gate").who(c))),
      ),
    )
    .post(
      "/",
      route(
        {
          summary: "Signs a person in; the session is in a cookie.",
          allow: "public",
          body: Type.Object({ email: Given.email, password: Given.anyPassword }, closed),
          answers: { 200: Who },
          problems: ["unauthorized", "too-many"],
          forgets: true,
        },
        async (c, { body: { email, password } }) => {
          countGuess(c, email);
          return begun(c, options, await accounts.signIn(email, password, visitorOf(c)));
        },
      ),
    )
    .delete(
      "/",
      route(
        {
          summary: "Signs out: the session ends.",
          allow: "public",
          answers: { 200: Who },
          problems: ["unauthorized", "too-many"],
          forgets: true,
        },
        async (c) => {
          const who = await c.get("gate").who(c);
          if (who) await accounts.signOut(who);
          if (who?.kind !== "key") forget(c, options);
          return reply(200, await whoOut(options, null));
        },
      ),
    )
    .post(
      "/owner",
      route(
        {
          summary: "Makes the first owner, from this machine alone, and signs them in.",
          allow: "public",
          body: Newcomer({ email: Given.email }),
          answers: { 200: Who },
          problems: ["conflict", "too-many"],
          forgets: true,
        },
        async (c, { body: { email, ...newcomer } }) => {
          countGuess(c);
          if (!isLoopback(c.get("address"))) throw notHere;
          const owner = await accounts.addOwner(email, newcomer);
          return begun(c, options, await accounts.begin(owner, visitorOf(c)));
        },
      ),
    );
}

const notHere = new HttpProblem("forbidden", {
  en: "The first owner is made on the machine itself: open the program there, or run “tawasul user add EMAIL --role owner”.",
  ar: "يُنشأ المالك الأول على الجهاز نفسه: افتح البرنامج عليه، أو نفّذ «tawasul user add EMAIL --role owner».",
});
