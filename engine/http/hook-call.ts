import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Instant } from "../../nodes/index.ts";
import { jsonFault } from "../core/json-text.ts";
import type { Ctx } from "./context.ts";
import { HttpProblem } from "./problem.ts";

/** A call's body may have so many bytes. */
export const MAX_CALL = 256 * 1024;
const MAX_DEPTH = 64;
/** How far the clock of a caller may be off: as Standard Webhooks recommends; milliseconds. */
const TOLERANCE = 5 * 60_000;
/**
 * Ids that callers give to a call and its repetitions, in the order in which they are believed. What stands in the body
 * isn't asked: there `id` may as well be the customer's, and what happened to them later must count.
 */
const ID_HEADERS = ["webhook-id", "idempotency-key", "x-github-delivery", "x-shopify-webhook-id"];

/** What another system told. */
export interface Call {
  body: unknown;
  /** The caller's own name of this call; null: it gave none, and every call counts. */
  id: string | null;
}

/**
 * Reads a call, JSON or a form. With a `secret` it must be signed: by the headers of Standard Webhooks
 * (https://www.standardwebhooks.com: webhook-id, webhook-timestamp, webhook-signature), or by X-Hub-Signature-256
 * (WebSub, GitHub, Meta), over the body's bytes. Throws `HttpProblem`.
 */
export async function readCall(c: Ctx, secret: string | null, now: Instant): Promise<Call> {
  const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  const bytes = Buffer.from(await c.req.arrayBuffer());
  if (bytes.length > MAX_CALL) throw tooLong;
  const signed = secret === null ? null : idOfSigned(c, bytes, secret, now);
  const body = type === "application/x-www-form-urlencoded" ? formOf(bytes) : jsonOf(type, bytes);
  return { body, id: signed ?? givenId(c) };
}

/** The id that a signature covers. Throws `HttpProblem` for a call that isn't signed with the secret. */
function idOfSigned(c: Ctx, body: Buffer, secret: string, now: Instant): string {
  const [id, at, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(
    (name) => c.req.header(name) ?? "",
  );
  if (id && at && signatures) {
    const isNear = /^\d{1,12}$/.test(at) && Math.abs(Number(at) * 1000 - now) <= TOLERANCE;
    const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : secret;
    const right = createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest();
    const holds = signatures.split(" ").some((one) => {
      const [version, text = ""] = one.split(",");
      return version === "v1" && isSame(Buffer.from(text, "base64"), right);
    });
    if (isNear && holds) return id;
    throw forged;
  }
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(c.req.header("x-hub-signature-256") ?? "") ?? [];
  const right = createHmac("sha256", secret).update(body).digest();
  if (hex === undefined || !isSame(Buffer.from(hex, "hex"), right)) throw forged;
  // No header is covered by it: what is sent again is known by its body alone.
  return createHash("sha256").update(body).digest("base64url");
}

const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

const formOf = (bytes: Buffer): unknown =>
  Object.fromEntries(new URLSearchParams(bytes.toString("utf8")));

function jsonOf(type: string | undefined, bytes: Buffer): unknown {
  if (type !== "application/json" && !type?.endsWith("+json"))
    throw new HttpProblem("not-json", {
      en: "The body must be JSON or a form, with the header Content-Type: application/json or application/x-www-form-urlencoded.",
      ar: "يجب أن يكون محتوى الطلب JSON أو نموذجًا مع الترويسة Content-Type: application/json أو application/x-www-form-urlencoded.",
    });
  const text = bytes.toString("utf8");
  const fault = jsonFault(text, MAX_DEPTH);
  if (fault === null) return JSON.parse(text);
  const { message, line, column } = fault;
  throw new HttpProblem("bad-json", {
    en: `Line ${line}, column ${column}: ${message.en}`,
    ar: `السطر ${line}، العمود ${column}: ${message.ar}`,
  });
}

function givenId(c: Ctx): string | null {
  const id = ID_HEADERS.map((name) => c.req.header(name)).find((given) => given);
  if (id === undefined) return null;
  return id.length <= 200 ? id : createHash("sha256").update(id).digest("base64url");
}

const tooLong = new HttpProblem("too-big", {
  en: "The body is bigger than 256 KiB.",
  ar: "محتوى الطلب أكبر من 256 كيبيبايت.",
});

const forged = new HttpProblem("unauthorized", {
  en: "The call isn't signed with the secret of this address, or its time is more than 5 minutes off: send webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks), or X-Hub-Signature-256.",
  ar: "الطلب غير موقّع بالمفتاح السري لهذا العنوان، أو يختلف وقته بأكثر من 5 دقائق: أرسل webhook-id وwebhook-timestamp وwebhook-signature (معيار Standard Webhooks) أو X-Hub-Signature-256.",
});
