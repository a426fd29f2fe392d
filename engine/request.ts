import type { Instant } from "../nodes/index.ts";
import { type DispatchOptions, providerKey } from "./attempt.ts";
import { retryAt } from "./channels/backoff.ts";
import { callWebhook } from "./channels/webhook.ts";
import type { SendDone, Sending } from "./store/store.ts";

/** Calls a webhook for a node that waits for the answer. */
export async function callOut(
  options: DispatchOptions,
  sending: Sending,
  clock: () => Instant,
): Promise<SendDone> {
  const { ref, request, contact, attempt } = sending;
  if (request === null) throw new Error("a send has neither a message nor a request");
  const base = { ref, attempt, message: null, line: null };
  const filled = fillSecrets(request, options.secret);
  if (typeof filled === "string") {
    return {
      ...base,
      at: clock(),
      state: "answered",
      status: 0,
      body: { error: `there is no secret ${filled}` },
    };
  }
  const answer = await callWebhook(filled, {
    signal: options.signal,
    ...(options.allowPrivate ? { allowPrivate: true } : {}),
    providerKey: providerKey(options.installation, contact, request.key),
  });
  const at = clock();
  if ("status" in answer)
    return { ...base, at, state: "answered", status: answer.status, body: answer.body };
  if ("refused" in answer)
    return { ...base, at, state: "answered", status: 0, body: { error: answer.refused } };
  const next = retryAt(attempt, at, options.jitter());
  if (next === null)
    return { ...base, at, state: "answered", status: 0, body: { error: answer.later } };
  return {
    ...base,
    at,
    state: "queued",
    retryAt: Math.max(next, at + (answer.after ?? 0)),
    detail: answer.later,
  };
}

/** Puts secrets where they are named; gives the name of one that isn't set. */
function fillSecrets(
  request: NonNullable<Sending["request"]>,
  secret: DispatchOptions["secret"],
): NonNullable<Sending["request"]> | string {
  let missing: string | null = null;
  const fill = (text: string): string =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the mark that the core leaves for a secret
    text.replace(/\u0001secret:([A-Za-z0-9_]+)\u0001/g, (_, name: string) => {
      const value = secret(name);
      if (value === undefined) missing = name;
      return value ?? "";
    });
  const filled = {
    ...request,
    headers: Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, fill(v)])),
    body: fill(request.body.replaceAll("\\u0001", "\u0001")),
  };
  return missing ?? filled;
}
