import type { Instant, Label, Language } from "../../nodes/index.ts";
import type { AccountStore, Note, Role, User } from "../store/accounts.ts";
import type { Passwords } from "./passwords.ts";
import { AccountRefused } from "./refused.ts";
import { compareRoles, type Principal, ROLE_NAMES } from "./roles.ts";

/** What every part of the accounts works with. */
export interface Base {
  store: AccountStore;
  clock: () => Instant;
  passwords: Passwords;
  /** The public address without a slash at its end. */
  url: string;
  post: Post | null;
}

/** Mails a letter to somebody with an account; false: it didn't go out. */
export type Post = (letter: Letter) => Promise<boolean>;

export interface Letter {
  /** The same for every attempt at the same letter. */
  id: string;
  to: string;
  language: Language;
  subject: string;
  /** Plain text. */
  text: string;
}

/** What stands in the audit log of something that was done. */
export const noteOf = (
  { clock }: Pick<Base, "clock">,
  by: Principal,
  action: string,
  subject: string | null,
  detail: Note["detail"] = {},
): Note => ({
  at: clock(),
  actor: { kind: by.kind, id: by.id, name: by.name },
  action,
  subject,
  detail,
});

/** Somebody who hasn't shown who they are. */
export const NOBODY: Note["actor"] = { kind: "system", id: null, name: "" };

/** A person as the one who does something. */
export const principalOf = (user: User, session: string | null = null): Principal => ({
  kind: "user",
  id: user.id,
  name: user.name,
  role: user.role,
  scopes: null,
  user,
  session,
});

export const noUser = (): AccountRefused =>
  new AccountRefused("not-found", "There is no such person.", "لا يوجد شخص بهذا المعرّف.");

export const lastOwner = (): AccountRefused =>
  new AccountRefused(
    "conflict",
    "This is the last owner; make somebody else an owner first.",
    "هذا هو المالك الأخير؛ عيّن مالكًا آخر أولًا.",
  );

/** The link that leads there is used up, taken back or too old. */
export const gone = (): AccountRefused =>
  new AccountRefused(
    "gone",
    "This link no longer works: it was used, taken back, or is too old. Ask for a new one.",
    "لم يعد هذا الرابط صالحًا: استُخدم أو أُلغي أو انتهت مدته. اطلب رابطًا جديدًا.",
  );

/** Nobody hands out, changes or takes away more than they have. */
export function mustReach(by: Principal, role: Role): void {
  if (compareRoles(by.role, role) >= 0) return;
  throw new AccountRefused(
    "forbidden",
    `Only an ${ROLE_NAMES.owner.en} may do this for an ${ROLE_NAMES[role].en}.`,
    `لا يمكن ذلك لحساب دوره «${ROLE_NAMES[role].ar}» إلا لمن له هذا الدور.`,
  );
}

/** A name as it is kept. Throws `AccountRefused`. */
export function nameOf(text: string): string {
  const name = text.normalize("NFC").replaceAll(/\s+/gu, " ").trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a name must not hold
  if (name !== "" && name.length <= 100 && !/[\u0000-\u001f\u007f-\u009f<>]/.test(name))
    return name;
  throw new AccountRefused(
    "invalid",
    "A name has 1 to 100 characters, none of them < or >.",
    "الاسم من حرف واحد إلى 100 حرف، ولا يحتوي على ‎<‎ أو ‎>‎.",
    "/name",
  );
}

/** A sentence about one value that was given. */
export const invalid = (pointer: string, { en, ar }: Label): AccountRefused =>
  new AccountRefused("invalid", en, ar, pointer);
