import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
} from "node:crypto";
import { REQUESTS_KEPT } from "../retention.ts";
import type { AppOptions, Ctx } from "./context.ts";
import { HttpProblem, problemResponse, statusOf } from "./problem.ts";

/** Whoever hasn't ended a request after this is taken for dead; milliseconds. A connection is cut before. */
const LEASE = 5 * 60_000;

/** What a route does, with ids for what it makes. */
type Act = (newId: () => string) => Promise<Response>;
/** Does a write, or answers again what was answered to it. `digest` stands for its body. */
export type Once = (c: Ctx, digest: () => string | Promise<string>, act: Act) => Promise<Response>;

/**
 * Writes with an `Idempotency-Key` as the IETF draft has it (draft-ietf-httpapi-idempotency-key-header-07): the same
 * key with the same request is answered again as the first time, refusals included, but for failures of ours (5xx),
 * which may be tried again; with another request it is 422; while the first is under way, 409. A key may be written
 * as a structured-field string (`"8e03978e"`) or bare. Keys of one caller mean nothing for another.
 *
 * The answer is sealed (AES-256-GCM) by the caller's key together with the program's secret, so that nothing in the
 * store tells what was answered; and ids that the route makes follow from the key, so that an input that was kept
 * before a crash doesn't count again afterwards.
 */
export function onceOf({ store, clock, newId, secret }: AppOptions): Once {
  return async (c, digest, act) => {
    const given = c.req.header("idempotency-key");
    if (given === undefined) return act(newId);
    const name = `${c.get("caller") ?? ""}\n${keyOf(given)}`;
    const key = createHmac("sha256", secret).update(`request:${name}`).digest("base64url");
    const seal = Buffer.from(hkdfSync("sha256", secret, name, "answer of a request", 32));
    const fingerprint = createHash("sha256")
      .update(JSON.stringify([c.req.method, placeOf(c), c.req.header("if-match"), await digest()]))
      .digest("base64url");
    const began = clock();
    const asked = { key, fingerprint, now: began, lease: LEASE, life: REQUESTS_KEPT };
    const begun = await store.beginRequest(asked);
    if (begun.is === "answered") return opened(begun.answer, seal);
    if (begun.is === "other") throw reused;
    if (begun.is === "running") return problemResponse(c, inUse, { "retry-after": "1" });
    let answer: string | null = null;
    try {
      let ids = 0;
      const response = await decided(c, () => act(() => `${key.slice(0, 22)}-${++ids}`));
      if (response.status < 500) answer = await sealed(response, seal);
      return response;
    } finally {
      await store.endRequest(key, began, answer);
    }
  };
}

/** A refusal is an answer like others; what nobody expected stays thrown. */
async function decided(c: Ctx, act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof HttpProblem && statusOf(error.kind) < 500)
      return problemResponse(c, error);
    throw error;
  }
}

const placeOf = (c: Ctx): string => {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
};

/** Printable ASCII, 255 characters at most, bare or as a string of RFC 8941. */
function keyOf(given: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\["\\])*)"$/.exec(given.trim()) ?? [];
  const key = quoted === undefined ? given.trim() : quoted.replace(/\\(.)/g, "$1");
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw new HttpProblem("idempotency-key-invalid", {
    en: "The header Idempotency-Key must have 1 to 255 printable ASCII characters, for example a random UUID.",
    ar: "يجب أن تتكون الترويسة Idempotency-Key من 1 إلى 255 حرفًا من أحرف ASCII المطبوعة، مثل معرّف UUID عشوائي.",
  });
}

const reused = new HttpProblem("idempotency-key-reused", {
  en: "This Idempotency-Key was used for another request; send a new key with a new request.",
  ar: "استُخدم مفتاح Idempotency-Key هذا لطلب آخر؛ أرسل مفتاحًا جديدًا مع كل طلب جديد.",
});

const inUse = new HttpProblem("idempotency-key-in-use", {
  en: "The first request with this Idempotency-Key is still under way; try again in a moment.",
  ar: "ما زال أول طلب بمفتاح Idempotency-Key هذا قيد التنفيذ؛ أعد المحاولة بعد قليل.",
});

/** Headers that belong to the answer; the others are made anew for each. */
const KEPT = ["content-type", "content-language", "location", "etag", "allow", "cache-control"];

async function sealed(response: Response, key: Buffer): Promise<string> {
  const headers = KEPT.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  const text = JSON.stringify([response.status, headers, await response.clone().text()]);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64");
}

function opened(text: string, key: Buffer): Response {
  const bytes = Buffer.from(text, "base64");
  const cipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
  cipher.setAuthTag(bytes.subarray(12, 28));
  const plain = Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString("utf8");
  const [status, headers, body] = JSON.parse(plain) as [number, [string, string][], string];
  return new Response(body, { status, headers: [...headers, ["idempotency-replayed", "true"]] });
}
