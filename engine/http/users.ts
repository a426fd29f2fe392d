import { Hono } from "hono";
import { type Static, Type } from "typebox";
import type { Handed } from "../accounts/people.ts";
import type { Ticket } from "../store/accounts.ts";
import { type AppOptions, type Ctx, type Env, timeOf } from "./context.ts";
import { caller } from "./gate.ts";
import { takeOne } from "./limits.ts";
import { Given, LanguageName, Person, personOut, RoleName } from "./people-schemas.ts";
import { HttpProblem } from "./problem.ts";
import { ADMINS, reply, route, VIEWERS } from "./route.ts";
import { closed, OneOf, Time } from "./schemas.ts";

const Invitation = Type.Object(
  {
    id: Type.String(),
    email: Type.String(),
    role: RoleName,
    by: Type.String(),
    created: Time,
    expires: Time,
  },
  { ...closed, component: "Invitation" },
);
const Link = Type.Object(
  {
    link: Type.String({ description: "It works once; pass it on if it wasn't mailed" }),
    mailed: Type.Boolean(),
    expires: Time,
  },
  closed,
);
const GivenRole = OneOf(["viewer", "agent", "editor", "admin", "owner"]);
const id = Type.String({ description: "The person's id" });

const invitationOut = (ticket: Ticket): Static<typeof Invitation> => ({
  id: ticket.id,
  email: ticket.email,
  role: ticket.role ?? "viewer",
  by: ticket.by,
  created: timeOf(ticket.created) ?? "",
  expires: timeOf(ticket.expires) ?? "",
});
const linkOut = ({ link, mailed, ticket }: Handed): Static<typeof Link> => ({
  link,
  mailed,
  expires: timeOf(ticket.expires) ?? "",
});

const noOwner = new HttpProblem("conflict", {
  en: "Make the owner's account first; until then everybody at this machine may do everything.",
  ar: "أنشئ حساب المالك أولًا؛ فإلى ذلك الحين يستطيع كل من على هذا الجهاز فعل كل شيء.",
});

/** `/api/users`: who is here and as what, and who is invited. */
export function users({ accounts }: AppOptions) {
  /** Letters to others cost whoever has them sent. */
  const countLetter = (c: Ctx): void => takeOne(c.get("limits").invite, c.get("caller") ?? "");
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists the people and the open invitations.",
          allow: ADMINS,
          answers: {
            200: Type.Object(
              { items: Type.Array(Person), invitations: Type.Array(Invitation) },
              closed,
            ),
          },
        },
        async () => {
          const [people, invited] = [await accounts.users(), await accounts.invitations()];
          const invitations = invited.map(invitationOut);
          return reply(200, { items: people.map(personOut), invitations });
        },
      ),
    )
    .get(
      "/names",
      route(
        {
          summary: "Lists whom work can be given to.",
          allow: VIEWERS,
          answers: {
            200: Type.Object(
              {
                items: Type.Array(
                  Type.Object({ name: Type.String(), email: Type.String() }, closed),
                ),
              },
              closed,
            ),
          },
        },
        async () => {
          const people = await accounts.users();
          return reply(200, { items: people.map(({ name, email }) => ({ name, email })) });
        },
      ),
    )
    .post(
      "/invitations",
      route(
        {
          summary: "Invites somebody: mails them a link, or gives it to be passed on.",
          allow: ADMINS,
          body: Type.Object(
            { email: Given.email, role: GivenRole, language: Type.Optional(LanguageName) },
            closed,
          ),
          answers: { 201: Type.Object({ invitation: Invitation, ...Link.properties }, closed) },
          problems: ["conflict", "too-many"],
          forgets: true,
        },
        async (c, { body: { email, role, language = c.get("lang") } }) => {
          if (!(await accounts.hasOwner())) throw noOwner;
          countLetter(c);
          const handed = await accounts.invite(caller(c), email, role, language);
          return reply(201, { invitation: invitationOut(handed.ticket), ...linkOut(handed) });
        },
      ),
    )
    .delete(
      "/invitations/:id",
      route(
        {
          summary: "Takes an invitation back: its link works no more.",
          allow: ADMINS,
          params: { id: Type.String({ description: "The invitation's id" }) },
          answers: { 200: Type.Object({ id: Type.String() }, closed) },
          problems: ["not-found"],
        },
        async (c, { param }) => {
          await accounts.takeBack(caller(c), param.id);
          return reply(200, { id: param.id });
        },
      ),
    )
    .patch(
      "/:id",
      route(
        {
          summary: "Gives a person another role; their sessions end.",
          allow: ADMINS,
          params: { id },
          body: Type.Object({ role: GivenRole }, closed),
          answers: { 200: Person },
          problems: ["not-found", "conflict"],
        },
        async (c, { param, body }) =>
          reply(200, personOut(await accounts.setRole(caller(c), param.id, body.role))),
      ),
    )
    .delete(
      "/:id",
      route(
        {
          summary: "Removes a person, with their sessions and the keys that they made.",
          allow: ADMINS,
          params: { id },
          answers: { 200: Person },
          problems: ["not-found", "conflict"],
        },
        async (c, { param }) => reply(200, personOut(await accounts.remove(caller(c), param.id))),
      ),
    )
    .post(
      "/:id/reset",
      route(
        {
          summary: "Ends a person's password and sessions; the link sets a new password.",
          allow: ADMINS,
          params: { id },
          answers: { 200: Link },
          problems: ["not-found", "too-many"],
          forgets: true,
        },
        async (c, { param }) => {
          countLetter(c);
          return reply(200, linkOut(await accounts.reset(caller(c), param.id)));
        },
      ),
    );
}
