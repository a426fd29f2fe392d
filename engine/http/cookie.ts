import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { LONGEST, type SignedIn } from "../accounts/signing.ts";
import { isSecure } from "./address.ts";
import type { AppOptions, Ctx } from "./context.ts";

/**
 * Over TLS the name makes browsers refuse a cookie that another host or an unencrypted page set (`__Host-`, RFC
 * 6265bis). Without it, programs on several ports of one machine share cookies, so each has its own name.
 */
function nameOf(c: Ctx, options: AppOptions): string {
  if (isSecure(c, options)) return "__Host-tawasul_session";
  const { port } = new URL(c.req.url);
  return `tawasul_session_${port === "" ? "80" : port}`;
}

/** The token of the session that a request came with. */
export const tokenOf = (c: Ctx, options: AppOptions): string | undefined =>
  getCookie(c, nameOf(c, options));

/** Gives the browser its session: scripts can't read the cookie, and requests of other sites don't carry it. */
export function remember(c: Ctx, options: AppOptions, { token, session }: SignedIn): void {
  setCookie(c, nameOf(c, options), token, {
    httpOnly: true,
    sameSite: "Strict",
    secure: isSecure(c, options),
    path: "/",
    // The server says when a session is over; the browser need not forget it before.
    maxAge: Math.floor((LONGEST + session.created - options.clock()) / 1000),
  });
}

export const forget = (c: Ctx, options: AppOptions): void => {
  deleteCookie(c, nameOf(c, options), { path: "/", secure: isSecure(c, options) });
};
