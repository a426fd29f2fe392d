import type { Visitor } from "../accounts/signing.ts";
import type { AppOptions, Ctx } from "./context.ts";

/** This machine and networks of one's own: where a proxy in front of the program stands. */
const NEAR =
  /^(?:::ffff:)?(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|^::1$|^f[cd][0-9a-f]{2}:/i;
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$|^$/;

/** Whether an address is this machine's own; none (a request made inside the program) counts as such. */
export const isLoopback = (address: string): boolean => LOOPBACK.test(address);

/**
 * Where a request comes from. With a public address set up, a proxy is in front, and the last address that it added
 * is believed; whoever connects from elsewhere can't choose theirs.
 */
export function addressOf(c: Ctx, { publicUrl }: AppOptions): string {
  const peer = c.env?.address ?? "";
  if (publicUrl === null || !(NEAR.test(peer) || peer === "")) return peer;
  const last = c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  return /^[0-9a-f.:]{2,45}$/i.test(last) ? last : peer;
}

/** The name under which an address is counted: who has one IPv6 address has 2⁶⁴ of them. */
export const countedAs = (address: string): string =>
  address.includes(":") && !address.startsWith("::ffff:")
    ? address.split(":").slice(0, 4).join(":")
    : address;

/** Whether the browser reached the program over TLS: then its cookies must never go without. */
export function isSecure(c: Ctx, { publicUrl }: AppOptions): boolean {
  if (new URL(c.req.url).protocol === "https:") return true;
  if (publicUrl === null || !publicUrl.startsWith("https:")) return false;
  const isPublicName = c.req.header("host") === new URL(publicUrl).host;
  return isPublicName || c.req.header("x-forwarded-proto") === "https";
}

export const visitorOf = (c: Ctx): Visitor => ({
  agent: c.req.header("user-agent") ?? "",
  address: c.get("address"),
});
