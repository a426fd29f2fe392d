import type { Request } from "../core/state.ts";
import {
  AddressRefused,
  AnswerTooLarge,
  type GuardOptions,
  guardedFetch,
  NoAnswer,
} from "./guard.ts";

/** How a call is made; `allowPrivate` and `resolve` as for `guardedFetch`. */
export interface CallOptions extends Pick<GuardOptions, "allowPrivate" | "resolve"> {
  signal?: AbortSignal;
  /** Sent as `Idempotency-Key`, so that a careful receiver knows a repetition; the author's own header wins. */
  providerKey?: string;
}

/** What a webhook call gave. */
export type Called =
  /** An answer that counts, whatever its status. `body` is parsed JSON, else text; null when empty. */
  | { status: number; body: unknown }
  /** Worth another try; `after`: milliseconds that the receiver asked to be left alone. */
  | { later: string; after?: number }
  /** Never called, or no use calling again. */
  | { refused: string };

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** The connection's own; a document can't set them. */
const RESERVED =
  /^(host|content-length|transfer-encoding|connection|expect|upgrade|te|trailer|proxy-.*)$/i;

const isJson = (text: string) => parse(text) !== undefined;

/** undefined when it isn't JSON (JSON itself has no undefined). */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // RangeError: nested deeper than the parser's stack.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function headersOf(request: Request, providerKey: string | undefined): Headers | string {
  const headers = new Headers({
    "user-agent": "Tawasul",
    accept: "application/json, text/plain;q=0.9, */*;q=0.1",
  });
  if (providerKey) headers.set("idempotency-key", providerKey);
  if (request.body !== "") {
    headers.set(
      "content-type",
      isJson(request.body) ? "application/json" : "text/plain; charset=utf-8",
    );
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (RESERVED.test(name)) continue;
    // A rendered value may hold a line break, which would begin a header of its own.
    const line = value.replace(/[\r\n\0]+/g, " ").trim();
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name))
      return `"${name}" is not the name of a header.`;
    if (/[^\t\x20-\xff]/.test(line))
      return `The header "${name}" holds characters that headers can't carry.`;
    headers.set(name, line);
  }
  return headers;
}

/** `Retry-After` in milliseconds; a date counts from the answer's own Date header, so that no clock is read. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return Number.isFinite(wait) && wait > 0 ? wait : undefined;
}

function bodyOf(text: string, type: string): unknown {
  if (text.trim() === "") return null;
  const saysJson = /^[^;]*[/+]json\b/i.test(type);
  // Many small services forget the type; an object or list is meant as one all the same.
  const looksJson = /^(text\/plain\b|$)/i.test(type) && /^\s*[[{]/.test(text);
  return (saysJson || looksJson ? parse(text) : undefined) ?? text;
}

/** The answer of a webhook node's call. 5xx, 408, 425, 429, no answer and time-outs are `later`. */
export async function callWebhook(request: Request, options: CallOptions = {}): Promise<Called> {
  const method = request.method.toUpperCase();
  if (!METHODS.has(method))
    return { refused: `${request.method} is not a method that can be called.` };
  const headers = headersOf(request, options.providerKey);
  if (typeof headers === "string") return { refused: headers };
  const bodiless = method === "GET" || method === "HEAD" || request.body === "";
  if (bodiless) headers.delete("content-type");
  try {
    const answer = await guardedFetch(
      request.url,
      { method, headers, ...(bodiless ? {} : { body: request.body }), signal: options.signal },
      { allowPrivate: options.allowPrivate, resolve: options.resolve, timeout: request.timeout },
    );
    const text = await answer.text();
    const { status } = answer;
    if (status >= 500 || status === 408 || status === 425 || status === 429) {
      const after = retryAfter(answer.headers);
      const later = `${new URL(request.url).hostname} answered ${status}.`;
      return after === undefined ? { later } : { later, after };
    }
    return { status, body: bodyOf(text, answer.headers.get("content-type") ?? "") };
  } catch (error) {
    if (error instanceof AddressRefused || error instanceof AnswerTooLarge)
      return { refused: error.message };
    if (error instanceof NoAnswer) return { later: error.message };
    if (options.signal?.aborted)
      return { later: "The call was given up because the engine stops." };
    throw error;
  }
}
