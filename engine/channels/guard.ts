import { lookup as dnsLookup } from "node:dns/promises";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { closed } from "./addresses.ts";
import { AddressRefused, AnswerTooLarge, MAX_REDIRECTS, NoAnswer } from "./guard-errors.ts";

export { AddressRefused, AnswerTooLarge, NoAnswer } from "./guard-errors.ts";

const MAX_BODY = 1024 * 1024;
const TIMEOUT = 30_000;

/** Finds a host's addresses, all of them. */
export type Resolve = (host: string) => Promise<string[]>;

export interface GuardOptions {
  /** Lets private and reserved addresses pass: for installations whose own systems are the targets. */
  allowPrivate?: boolean;
  /** Milliseconds for everything together, redirects too; 30 s if absent. */
  timeout?: number;
  resolve?: Resolve;
}

const systemResolve: Resolve = async (host) =>
  (await dnsLookup(host, { all: true })).map(({ address }) => address);

const LOCAL_NAME =
  /^(localhost|.+\.(localhost|local|localdomain|internal|intranet|lan|home\.arpa))$/;

interface Hop {
  url: URL;
  method: string;
  headers: Headers;
  body: Uint8Array | null;
}

/** The host's addresses, every one of them checked: one private among public ones is a trap. */
async function allowedAddresses(url: URL, options: GuardOptions): Promise<string[]> {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new AddressRefused("scheme", url.hostname || url.protocol);
  }
  if (url.username !== "" || url.password !== "")
    throw new AddressRefused("credentials", url.hostname);
  // The URL parser has already turned decimal, octal, hexadecimal and full-width forms into plain ones.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) {
    if (!options.allowPrivate && closed(host)) throw new AddressRefused("private", host);
    return [host];
  }
  const name = host.toLowerCase().replace(/\.+$/, "");
  if (!options.allowPrivate && LOCAL_NAME.test(name)) throw new AddressRefused("name", host);
  const addresses = await (options.resolve ?? systemResolve)(host);
  if (!options.allowPrivate && addresses.some((address) => closed(address) !== null)) {
    throw new AddressRefused("private", host);
  }
  return addresses;
}

/** Hands the connection exactly the addresses that were checked, so that a second DNS answer can't change them. */
function pinned(addresses: string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (host, options, callback) => {
    const first = all[0];
    if (!first)
      callback(Object.assign(new Error(`${host} has no address`), { code: "ENOTFOUND" }), "");
    else if (options.all) callback(null, all);
    else callback(null, first.address, first.family);
  };
}

/** Opens one hop and gives the answer's head; its body is still to be read. */
function open(hop: Hop, addresses: string[], signal: AbortSignal): Promise<IncomingMessage> {
  const { url, method } = hop;
  const headers: Record<string, string> = Object.fromEntries(hop.headers);
  if (hop.body) headers["content-length"] = String(hop.body.byteLength);
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const call: ClientRequest = request({
      hostname: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      signal,
      // No shared connections: each one is made to an address checked for this call.
      agent: false,
      lookup: pinned(addresses),
    });
    call.once("response", (answer) => {
      // A cut while the body is read is told to whoever reads; here it only must not go unheard.
      answer.on("error", reject);
      resolve(answer);
    });
    call.on("error", reject);
    call.end(hop.body ?? undefined);
  });
}

const decoders: Record<
  string,
  (data: Uint8Array, o: { maxOutputLength: number }) => Promise<Buffer>
> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

async function readBody(answer: IncomingMessage, host: string): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BODY) {
      answer.destroy();
      throw new AnswerTooLarge(host);
    }
    chunks.push(chunk);
  }
  const raw = new Uint8Array(Buffer.concat(chunks));
  const decode = decoders[String(answer.headers["content-encoding"] ?? "").toLowerCase()];
  if (!decode || size === 0) return raw;
  try {
    return new Uint8Array(await decode(raw, { maxOutputLength: MAX_BODY }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw new AnswerTooLarge(host);
    throw new NoAnswer(host, "bad-encoding", { cause: error });
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What may follow to another host. Anything else was meant for the first one and may be a secret. */
const HARMLESS = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "content-type",
  "user-agent",
]);

/** The hop that a redirect asks for; null when the answer is none. */
function redirected(hop: Hop, answer: IncomingMessage): Hop | null {
  const target = answer.headers.location;
  const status = answer.statusCode ?? 0;
  if (!REDIRECTS.has(status) || target === undefined || !URL.canParse(target, hop.url.href))
    return null;
  const url = new URL(target, hop.url);
  if (hop.url.protocol === "https:" && url.protocol === "http:") {
    answer.destroy();
    throw new AddressRefused("downgrade", url.hostname);
  }
  const headers = new Headers(hop.headers);
  if (url.origin !== hop.url.origin) {
    for (const name of [...headers.keys()]) if (!HARMLESS.has(name)) headers.delete(name);
  }
  const toGet =
    (status === 303 && hop.method !== "HEAD") || (status < 303 && hop.method === "POST");
  if (!toGet) return { ...hop, url, headers };
  headers.delete("content-type");
  return { url, method: "GET", headers, body: null };
}

async function answerOf(answer: IncomingMessage, host: string): Promise<Response> {
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 599) {
    answer.destroy();
    throw new NoAnswer(host, `status-${status}`, { cause: null });
  }
  const body = await readBody(answer, host);
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    // They spoke of the bytes on the wire, which are decoded by now.
    if (value === undefined || /^(content-encoding|content-length|transfer-encoding)$/.test(name))
      continue;
    for (const one of [value].flat()) headers.append(name, one);
  }
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : body, { status, headers });
}

/** Rejects when the signal fires, whatever the work does: a DNS look-up can't be aborted. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function firstHop(url: string | URL, init: RequestInit, host: string): Hop {
  const headers = new Headers(init.headers);
  for (const name of ["host", "content-length", "transfer-encoding", "connection"])
    headers.delete(name);
  headers.set("accept-encoding", "identity");
  const { body = null } = init;
  if (body !== null && typeof body !== "string" && !(body instanceof Uint8Array)) {
    throw new TypeError(`guardedFetch to ${host}: the body must be text or bytes`);
  }
  return {
    url: new URL(url),
    method: (init.method ?? "GET").toUpperCase(),
    headers,
    body: typeof body === "string" ? new TextEncoder().encode(body) : body,
  };
}

/**
 * `fetch` that can't be led into the private network: the host is resolved once, every address of it
 * is checked, and the connection goes to those very addresses; the same again for each of at most
 * five redirects. The answer is read whole, at most 1 MiB. `init` takes method, headers, body (text
 * or bytes) and signal.
 * @throws AddressRefused, AnswerTooLarge, NoAnswer; the signal's reason when it fired
 */
export async function guardedFetch(
  url: string | URL,
  init: RequestInit = {},
  options: GuardOptions = {},
): Promise<Response> {
  if (!URL.canParse(String(url))) throw new AddressRefused("scheme", String(url).slice(0, 100));
  let hop = firstHop(url, init, new URL(url).hostname);
  const limit = AbortSignal.timeout(options.timeout ?? TIMEOUT);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  try {
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const addresses = await within(signal, allowedAddresses(hop.url, options));
      const answer = await open(hop, addresses, signal);
      const next = redirected(hop, answer);
      if (next === null) return await within(signal, answerOf(answer, hop.url.hostname));
      answer.destroy();
      hop = next;
    }
  } catch (error) {
    if (
      error instanceof AddressRefused ||
      error instanceof AnswerTooLarge ||
      error instanceof NoAnswer
    ) {
      throw error;
    }
    if (init.signal?.aborted) throw init.signal.reason;
    const code = limit.aborted ? "ETIMEDOUT" : ((error as NodeJS.ErrnoException).code ?? "failed");
    throw new NoAnswer(hop.url.hostname, code, { cause: error });
  }
  throw new AddressRefused("redirects", hop.url.hostname);
}
