import type { Language } from "../../nodes/index.ts";
import { normaliseEmail } from "../contacts/normalise.ts";
import type { Role, Ticket, User } from "../store/accounts.ts";
import {
  type Base,
  gone,
  invalid,
  lastOwner,
  mustReach,
  NOBODY,
  nameOf,
  noteOf,
  noUser,
  principalOf,
} from "./base.ts";
import { invitationLetter, resetLetter } from "./letters.ts";
import { weakness } from "./passwords.ts";
import { AccountRefused } from "./refused.ts";
import type { Principal } from "./roles.ts";
import { hashOf, newId, newToken } from "./secrets.ts";

const DAY = 86_400_000;
const INVITED_DAYS = 7;
const RESET_DAYS = 1;

/** A link that was made, and whether it was mailed too. It isn't shown again. */
export interface Handed {
  ticket: Ticket;
  link: string;
  mailed: boolean;
}

/** What a person gives about themselves. */
export interface Newcomer {
  name: string;
  password: string;
  language: Language;
}

/** Who is here and as what: invitations, roles, resets, removal. All of it throws `AccountRefused`. */
export function peoplePart(base: Base) {
  const { store, clock, passwords, url, post } = base;

  const find = async (by: Principal, id: string): Promise<User> => {
    const user = await store.user(id);
    if (!user) throw noUser();
    mustReach(by, user.role);
    return user;
  };
  const invitationOf = async (token: string): Promise<Ticket & { role: Role }> => {
    const ticket = await store.ticket(hashOf(token), clock());
    if (ticket?.kind !== "invitation" || ticket.role === null) throw gone();
    return { ...ticket, role: ticket.role };
  };
  const resetOf = async (token: string): Promise<User> => {
    const ticket = await store.ticket(hashOf(token), clock());
    const user = ticket?.user ? await store.user(ticket.user) : null;
    if (ticket?.kind !== "reset" || !user) throw gone();
    return user;
  };
  const hashed = async (password: string, user: User): Promise<string> => {
    const weak = weakness(password, user);
    if (weak) throw invalid("/password", weak);
    return passwords.hash(password);
  };
  const ticketOf = (by: Principal, kind: Ticket["kind"], email: string, days: number) => ({
    id: newId(),
    kind,
    email,
    role: null,
    user: null,
    by: by.name,
    created: clock(),
    expires: clock() + days * DAY,
  });
  /** Keeps a reset and tells the person of it. `shut`: the old password and sessions end at once. */
  const handReset = async (by: Principal, user: User, shut: boolean): Promise<Handed> => {
    const token = newToken();
    const ticket = { ...ticketOf(by, "reset", user.email, RESET_DAYS), user: user.id };
    const note = shut
      ? noteOf(base, by, "user.reset", user.id)
      : { ...noteOf(base, by, "password.forgotten", user.id), actor: NOBODY };
    await store.addTicket(ticket, hashOf(token), shut, note);
    const link = `${url}/reset#${token}`;
    const words = resetLetter(user.language, { link, days: RESET_DAYS, asked: !shut });
    const letter = { id: ticket.id, to: user.email, language: user.language, ...words };
    return { ticket, link, mailed: post !== null && (await post(letter)) };
  };

  let isOwned = false;

  return {
    users: () => store.users(),
    /** Asked at every request: once there is an owner there always is one, as the last one stays. */
    async hasOwner(): Promise<boolean> {
      isOwned ||= await store.hasOwner();
      return isOwned;
    },
    /** Whether links can be mailed. */
    mails: post !== null,
    /** Throws `AccountRefused` when links can't be mailed. */
    mustMail(): void {
      if (post === null) throw cannotMail();
    },

    /** The first person, while there is no owner. */
    async addOwner(email: string, newcomer: Newcomer): Promise<User> {
      const user = userOf(base, email, "owner", newcomer);
      const hash = await hashed(newcomer.password, user);
      const note = noteOf(base, principalOf(user), "owner.made", user.id);
      const done = await store.addUser(user, hash, { first: true }, note);
      if (done !== "done") throw ownerThere();
      return user;
    },
    /** Somebody with a password from the start; the command line's way. */
    async addUser(by: Principal, email: string, role: Role, newcomer: Newcomer): Promise<User> {
      mustReach(by, role);
      const user = userOf(base, email, role, newcomer);
      const hash = await hashed(newcomer.password, user);
      const note = noteOf(base, by, "user.added", user.id, { role });
      if ((await store.addUser(user, hash, {}, note)) !== "done") throw taken(user.email);
      return user;
    },
    async setRole(by: Principal, id: string, role: Role): Promise<User> {
      const user = await find(by, id);
      mustReach(by, role);
      if (user.role === role) return user;
      const note = noteOf(base, by, "user.role", id, { from: user.role, to: role });
      const done = await store.setRole(id, role, note);
      if (done === "last-owner") throw lastOwner();
      if (done === "unknown") throw noUser();
      return { ...user, role };
    },
    async remove(by: Principal, id: string): Promise<User> {
      const user = await find(by, id);
      const done = await store.removeUser(id, noteOf(base, by, "user.removed", id));
      if (done === "last-owner") throw lastOwner();
      if (done === "unknown") throw noUser();
      return user;
    },

    invitations: () => store.tickets("invitation", clock()),
    async invite(by: Principal, given: string, role: Role, language: Language): Promise<Handed> {
      mustReach(by, role);
      const email = emailOf(given);
      if (await store.credentials(email)) throw taken(email);
      const token = newToken();
      const ticket = { ...ticketOf(by, "invitation", email, INVITED_DAYS), role };
      const note = noteOf(base, by, "user.invited", ticket.id, { role });
      await store.addTicket(ticket, hashOf(token), false, note);
      const link = `${url}/join#${token}`;
      const words = invitationLetter(language, { by: by.name, role, link, days: INVITED_DAYS });
      const letter = { id: ticket.id, to: email, language, ...words };
      return { ticket, link, mailed: post !== null && (await post(letter)) };
    },
    async takeBack(by: Principal, id: string): Promise<void> {
      const all = await store.tickets("invitation", clock());
      const invitation = all.find((one) => one.id === id);
      if (!invitation?.role) throw noInvitation();
      mustReach(by, invitation.role);
      const note = noteOf(base, by, "invitation.withdrawn", id);
      if (!(await store.dropTicket(id, note))) throw noInvitation();
    },
    /** What an invitation's link is for. */
    invitation: invitationOf,
    /** Whoever has the link chooses name and password; the link is used up. */
    async accept(token: string, newcomer: Newcomer): Promise<User> {
      const { email, role, id } = await invitationOf(token);
      const user = userOf(base, email, role, newcomer);
      const hash = await hashed(newcomer.password, user);
      const note = noteOf(base, principalOf(user), "user.joined", user.id, {
        invitation: id,
        role,
      });
      const done = await store.addUser(user, hash, { ticket: hashOf(token) }, note);
      if (done === "email-taken") throw taken(email);
      if (done !== "done") throw gone();
      return user;
    },

    /** Ends the person's password and sessions at once; the link sets a new password. */
    reset: async (by: Principal, id: string): Promise<Handed> =>
      handReset(by, await find(by, id), true),
    /** Somebody forgot their password. What happens doesn't tell whether there is such an account. */
    async forgot(email: string): Promise<void> {
      if (post === null) throw cannotMail();
      const normalised = normaliseEmail(email);
      const found = normalised === null ? null : await store.credentials(normalised);
      if (found) await handReset(principalOf(found.user), found.user, false);
    },
    /** Whose password a reset's link sets. */
    resetOf,
    async useReset(token: string, password: string): Promise<User> {
      const user = await resetOf(token);
      const hash = await hashed(password, user);
      const note = noteOf(base, principalOf(user), "password.set", user.id);
      const done = await store.setPassword(user.id, hash, { ticket: hashOf(token) }, note);
      if (done !== "done") throw gone();
      return user;
    },
  };
}

/** An e-mail address as it is kept. Throws `AccountRefused`. */
export function emailOf(text: string): string {
  const email = normaliseEmail(text);
  if (email !== null) return email;
  throw new AccountRefused(
    "invalid",
    "This is not an e-mail address.",
    "هذا ليس عنوان بريد إلكتروني.",
    "/email",
  );
}

function userOf(base: Base, given: string, role: Role, newcomer: Newcomer): User {
  return {
    id: newId(),
    name: nameOf(newcomer.name),
    email: emailOf(given),
    role,
    language: newcomer.language,
    created: base.clock(),
  };
}

const taken = (email: string): AccountRefused =>
  new AccountRefused(
    "conflict",
    `There is already an account for ${email}.`,
    `يوجد حساب للعنوان ${email}.`,
    "/email",
  );

const ownerThere = (): AccountRefused =>
  new AccountRefused(
    "conflict",
    "There is an owner already; sign in, or ask for an invitation.",
    "يوجد مالك بالفعل؛ سجّل الدخول أو اطلب دعوة.",
  );

const noInvitation = (): AccountRefused =>
  new AccountRefused("not-found", "There is no such invitation.", "لا توجد دعوة بهذا المعرّف.");

const cannotMail = (): AccountRefused =>
  new AccountRefused(
    "conflict",
    "No mail server is set up, so no link can be mailed. Ask an owner or admin for one, or run “tawasul user reset” on the machine.",
    "لا يوجد خادم بريد مُعدّ، فلا يمكن إرسال رابط. اطلبه من مالك أو مدير، أو نفّذ «tawasul user reset» على الجهاز.",
  );
