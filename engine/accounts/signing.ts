import type { Instant, Language } from "../../nodes/index.ts";
import { normaliseEmail } from "../contacts/normalise.ts";
import type { Session, User } from "../store/accounts.ts";
import { type Base, invalid, NOBODY, nameOf, noteOf, noUser, principalOf } from "./base.ts";
import { weakness } from "./passwords.ts";
import { AccountRefused } from "./refused.ts";
import type { Principal } from "./roles.ts";
import { hashOf, newId, newToken } from "./secrets.ts";

const DAY = 86_400_000;
/** Unused for so long, a session is over. */
const IDLE = 14 * DAY;
/** However much it is used, after so long one signs in again. */
export const LONGEST = 90 * DAY;
/** How exactly it is kept when a session was used, so that reading doesn't mean writing. */
const SEEN_EVERY = 5 * 60_000;

/** Where a request comes from. */
export interface Visitor {
  /** What the browser calls itself. */
  agent: string;
  address: string;
}

/** A session that was begun; the token is in the cookie and nowhere else. */
export interface SignedIn {
  token: string;
  session: Session;
  user: User;
}

/** Signing in and out, and what people do with their own account. Throws `AccountRefused`. */
export function signingPart(base: Base) {
  const { store, clock, passwords } = base;

  /** Begins a session for somebody who has shown who they are. */
  const begin = async (user: User, { agent, address }: Visitor): Promise<SignedIn> => {
    const at = clock();
    const token = newToken();
    const session: Session = {
      id: newId(),
      user: user.id,
      created: at,
      seen: at,
      expires: at + IDLE,
      agent: agent.slice(0, 300),
      address: address.slice(0, 60),
    };
    const note = noteOf(base, principalOf(user), "session.begun", user.id);
    await store.addSession(session, hashOf(token), note);
    // Whoever comes in sweeps away what is over.
    await store.forgetExpired(at);
    return { token, session, user };
  };

  const own = (by: Principal): User => {
    if (by.user) return by.user;
    throw new AccountRefused(
      "forbidden",
      "Only a person who is signed in has an account of their own; a key has none.",
      "الحساب الشخصي لمن سجّل الدخول فقط، وليس لمفتاح.",
    );
  };

  return {
    begin,
    async signIn(email: string, password: string, visitor: Visitor): Promise<SignedIn> {
      const address = normaliseEmail(email);
      const found = address === null ? null : await store.credentials(address);
      const isRight = await passwords.matches(password, found?.password ?? null);
      if (found && isRight) return begin(found.user, visitor);
      if (found) {
        const note = noteOf(base, principalOf(found.user), "session.refused", found.user.id);
        await store.note({ ...note, actor: NOBODY });
      }
      throw wrongPassword();
    },
    /** Who a session's token belongs to; null: nobody, or it is over. */
    async whoHas(token: string): Promise<Principal | null> {
      const now = clock();
      const found = await store.session(hashOf(token), now);
      if (!found) return null;
      const { session, user } = found;
      if (now - session.seen >= SEEN_EVERY) {
        await store.seeSession(session.id, now, expiryOf(session.created, now));
      }
      return principalOf(user, session.id);
    },
    async signOut(by: Principal): Promise<void> {
      if (!by.user || by.session === null) return;
      const note = noteOf(base, by, "session.ended", by.user.id);
      await store.endSession(by.user.id, by.session, note);
    },
    sessions: (by: Principal): Promise<Session[]> => store.sessions(own(by).id, clock()),
    /** Ends one of one's own sessions, on another machine perhaps. */
    async endSession(by: Principal, id: string): Promise<void> {
      const { id: user } = own(by);
      if (await store.endSession(user, id, noteOf(base, by, "session.ended", user))) return;
      throw new AccountRefused(
        "not-found",
        "There is no such session.",
        "لا توجد جلسة بهذا المعرّف.",
      );
    },
    async changeSelf(by: Principal, to: { name?: string; language?: Language }): Promise<User> {
      const user = own(by);
      if (Object.keys(to).length === 0) return user;
      const change = { ...to, ...(to.name === undefined ? {} : { name: nameOf(to.name) }) };
      const note = noteOf(base, by, "user.changed", user.id);
      if (!(await store.changeUser(user.id, change, note))) throw noUser();
      return { ...user, ...change };
    },
    /** Ends the person's other sessions. */
    async changePassword(by: Principal, current: string, next: string): Promise<void> {
      const user = own(by);
      const known = await store.credentials(user.email);
      if (!(await passwords.matches(current, known?.password ?? null))) {
        throw invalid("/current", {
          en: "This is not your password.",
          ar: "هذه ليست كلمة مرورك.",
        });
      }
      const weak = weakness(next, user);
      if (weak) throw invalid("/password", weak);
      const hash = await passwords.hash(next);
      const keep = by.session === null ? {} : { keep: by.session };
      await store.setPassword(user.id, hash, keep, noteOf(base, by, "password.changed", user.id));
    },
  };
}

const expiryOf = (created: Instant, now: Instant): Instant =>
  Math.min(created + LONGEST, now + IDLE);

/** The same for an unknown address and a wrong password. */
const wrongPassword = (): AccountRefused =>
  new AccountRefused(
    "unauthorized",
    "The e-mail address or the password is wrong.",
    "البريد الإلكتروني أو كلمة المرور غير صحيحة.",
  );
