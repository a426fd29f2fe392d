import { AccountRefused, type Reason } from "../accounts/refused.ts";
import { type Principal, RESOURCES, ROLE_NAMES, scopeOf, THIS_MACHINE } from "../accounts/roles.ts";
import type { Note, Role } from "../store/accounts.ts";
import type { Store } from "../store/store.ts";
import { countedAs } from "./address.ts";
import type { AppOptions, Ctx } from "./context.ts";
import { tokenOf } from "./cookie.ts";
import { wrong } from "./input.ts";
import { takeOne } from "./limits.ts";
import { HttpProblem, type ProblemKind } from "./problem.ts";

/** What a route says of who may call it. */
export interface Access {
  /** The roles that may call it; `public`: whoever reaches the program. */
  allow: readonly Role[] | "public";
  /** It is for people: no key may call it, whatever its role. */
  people?: true;
  /** It only asks, though not by GET. */
  changesNothing?: true;
}

/** The one place that lets a request through to its route or not. */
export interface Gate {
  /** Whose request it is, found once; null: nobody's. Throws `HttpProblem` for a key that is none. */
  who(c: Ctx): Promise<Principal | null>;
  /** Lets a request through. Throws `HttpProblem`. */
  pass(c: Ctx, access: Access): Promise<void>;
}

/** The roles that each route's handler is for. */
const ACCESS = new WeakMap<object, Access>();

/** Who may call what a handler answers; undefined: nobody said. */
export const accessOf = (handler: object): Access | undefined => ACCESS.get(handler);

/** Says of a handler who may call it. */
export const saysAccess = (handler: object, access: Access): void => {
  ACCESS.set(handler, access);
};

/** A page for those with a role; what is refused is refused as the API does it. */
export function pageFor(
  allow: readonly Role[],
  handle: (c: Ctx) => Response | Promise<Response>,
): (c: Ctx) => Promise<Response> {
  const handler = async (c: Ctx): Promise<Response> => {
    await c.get("gate").pass(c, { allow });
    return handle(c);
  };
  saysAccess(handler, { allow });
  return handler;
}

export function gateOf(options: AppOptions): Gate {
  const found = new WeakMap<Request, Promise<Principal | null>>();
  const who = (c: Ctx): Promise<Principal | null> => {
    const known = found.get(c.req.raw) ?? counted(c, options);
    found.set(c.req.raw, known);
    return known;
  };
  /** Looks anew: a session or a key may have ended, or a role changed, since it was let through. */
  const still = async (c: Ctx, access: Access): Promise<boolean> => {
    try {
      const asks = await whoOf(c, options);
      if (asks) mustBeAllowed(c, asks, access);
      return asks !== null;
    } catch (error) {
      if (error instanceof HttpProblem) return false;
      throw error;
    }
  };
  return {
    who,
    async pass(c, access) {
      if (access.allow === "public") return;
      const asks = await who(c);
      if (!asks) throw notSignedIn();
      mustBeAllowed(c, asks, access);
      c.set("who", asks);
      c.set("still", () => still(c, access));
      // What one repeats with a key of its own making is one's own.
      if (asks.id !== null) c.set("caller", `${asks.kind}:${asks.id}`);
    },
  };
}

/** Who asks is limited by name; who doesn't say, or says something wrong, by address. */
async function counted(c: Ctx, options: AppOptions): Promise<Principal | null> {
  const { stranger, caller } = c.get("limits");
  const asStranger = (): void => takeOne(stranger, countedAs(c.get("address")));
  try {
    const who = await whoOf(c, options);
    if (who?.id) takeOne(caller, `${who.kind}:${who.id}`);
    else if (!who) asStranger();
    return who;
  } catch (error) {
    if (error instanceof HttpProblem && error.kind === "unauthorized") asStranger();
    throw error;
  }
}

/** A key's by `Authorization: Bearer …`, else a person's by the session's cookie, else the machine's without an owner. */
async function whoOf(c: Ctx, options: AppOptions): Promise<Principal | null> {
  const { accounts } = options;
  const header = c.req.header("authorization");
  if (header !== undefined) {
    const [, key] = /^Bearer +(\S+)$/i.exec(header) ?? [];
    const who = key === undefined ? null : await accounts.whoHasKey(key);
    if (who) return who;
    throw unauthorized(
      "The key in the header Authorization is none that works; it must read “Bearer KEY”.",
      "المفتاح في الترويسة Authorization غير صالح؛ يجب أن تكون بالشكل «Bearer KEY».",
    );
  }
  const token = tokenOf(c, options);
  const who = token === undefined ? null : await accounts.whoHas(token);
  if (who) return who;
  return (await accounts.hasOwner()) ? null : THIS_MACHINE;
}

function mustBeAllowed(c: Ctx, who: Principal, { allow, people, changesNothing }: Access): void {
  if (people && who.kind === "key")
    throw new HttpProblem("forbidden", {
      en: "Only a person who is signed in may do this, and not a key.",
      ar: "هذا متاح لمن سجّل الدخول فقط، وليس لمفتاح.",
    });
  if (!allow.includes(who.role)) throw notWith(who.role);
  const { method, path } = c.req;
  const reads = method === "GET" || method === "HEAD" || changesNothing === true;
  const scope = scopeOf(resourceOf(path), reads);
  if (who.scopes && !who.scopes.includes(scope))
    throw new HttpProblem("forbidden", {
      en: `The key may not do this: it lacks the scope “${scope}”.`,
      ar: `لا يسمح المفتاح بذلك: ينقصه النطاق «${scope}».`,
    });
}

/** The part of the API that an address is of; a page's is its first word. */
function resourceOf(path: string): string {
  const [, first = "", second = ""] = path.split("/");
  return first === "api" ? second : first;
}

/** Whom the pages and their files, and links that were mailed, are for is everybody; links are unguessable. */
const OPEN = [
  /^\/(?:healthz|readyz)$/,
  /^\/[ucos]\/:token$/,
  // Providers and others who call, each verified by its own route.
  /^\/hooks\//,
  // What the editor is made of; what it shows comes from the API.
  /^\/(?:assets\/:name|icon\.svg)$/,
];

/** A route that nobody said of who may call it: the program doesn't start with one. */
export class Unlisted extends Error {
  override name = "Unlisted";
}

/** Whether the caller of a stream may go on listening. */
export const mayStill = async (c: Ctx): Promise<boolean> => (await c.get("still")?.()) ?? true;

/**
 * Whether every route says who may call it. `drawn`: paths of pages with nothing in them but the editor's script.
 * Throws `Unlisted`.
 */
export function mustBeListed(
  routes: readonly { method: string; path: string; handler: object }[],
  drawn: readonly string[],
): void {
  for (const { method, path, handler } of routes) {
    if (method === "ALL" || path.includes("*")) continue;
    const access = accessOf(handler);
    const isApi = path.startsWith("/api/");
    const isOpen = !isApi && (drawn.includes(path) || OPEN.some((open) => open.test(path)));
    if (!access && !isOpen)
      throw new Unlisted(
        `${method} ${path}: nothing says who may call it; make it with route() and “allow”, or pageFor(), or add it to OPEN in engine/http/gate.ts`,
      );
    const isForKeys = isApi && access?.allow !== "public" && !access?.people;
    const resource = resourceOf(path);
    if (isForKeys && !(RESOURCES as readonly string[]).includes(resource))
      throw new Unlisted(
        `${method} ${path}: no key can be narrowed to it; add “${resource}” to RESOURCES in engine/accounts/roles.ts`,
      );
  }
}

/** Who asks, in a route that not everybody may call. */
export function caller(c: Ctx): Principal {
  const who = c.get("who");
  if (who) return who;
  throw new Error(`${c.req.method} ${c.req.path}: nobody was let through`);
}

/** The store, of which the first write also says in the audit log who did it. */
export const noted = (
  c: Ctx,
  { store, accounts }: AppOptions,
  action: string,
  subject: string | null,
  detail: Note["detail"] = {},
): Store => store.noted(accounts.sealed(caller(c), action, subject, detail));

export const unauthorized = (en: string, ar: string): HttpProblem =>
  // RFC 9110, section 11.6.1; no scheme that makes browsers ask by themselves.
  new HttpProblem("unauthorized", { en, ar }, [], { "www-authenticate": 'Bearer realm="tawasul"' });

const notSignedIn = (): HttpProblem =>
  unauthorized(
    "Sign in first, or send a key: “Authorization: Bearer KEY” (“tawasul key add” makes one).",
    "سجّل الدخول أولًا، أو أرسل مفتاحًا: «Authorization: Bearer KEY» (ينشئه الأمر «tawasul key add»).",
  );

const notWith = (role: Role): HttpProblem =>
  new HttpProblem("forbidden", {
    en: `Your role, ${ROLE_NAMES[role].en}, doesn't allow this.`,
    ar: `دورك «${ROLE_NAMES[role].ar}» لا يسمح بذلك.`,
  });

const REASONS: Record<Exclude<Reason, "invalid" | "unauthorized">, ProblemKind> = {
  forbidden: "forbidden",
  "not-found": "not-found",
  conflict: "conflict",
  gone: "gone",
  "too-many": "too-many",
};

/** What the accounts refused, as the API says it; anything else as it is. */
export function problemOfRefusal(error: unknown): unknown {
  if (!(error instanceof AccountRefused)) return error;
  const { reason, detail, pointer } = error;
  if (reason === "invalid") return wrong(pointer, detail.en, detail.ar);
  if (reason === "unauthorized") return unauthorized(detail.en, detail.ar);
  return new HttpProblem(REASONS[reason], detail);
}
