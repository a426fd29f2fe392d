import { hc, type InferResponseType } from "hono/client";
import type { account } from "../../../../engine/http/account.ts";
import type { audit } from "../../../../engine/http/audit.ts";
import type { contacts } from "../../../../engine/http/contacts.ts";
import type { contactsMany } from "../../../../engine/http/contacts-many.ts";
import type { events } from "../../../../engine/http/events.ts";
import type { fields } from "../../../../engine/http/fields.ts";
import type { flows } from "../../../../engine/http/flows.ts";
import type { importFiles } from "../../../../engine/http/import-files.ts";
import type { imports } from "../../../../engine/http/imports.ts";
import type { jobs } from "../../../../engine/http/jobs.ts";
import type { journal } from "../../../../engine/http/journal.ts";
import type { keys } from "../../../../engine/http/keys.ts";
import type { links } from "../../../../engine/http/links.ts";
import type { messages } from "../../../../engine/http/messages.ts";
import type { previews } from "../../../../engine/http/previews.ts";
import type { segments } from "../../../../engine/http/segments.ts";
import type { session } from "../../../../engine/http/session.ts";
import type { settings } from "../../../../engine/http/settings.ts";
import type { simulations } from "../../../../engine/http/simulations.ts";
import type { standing } from "../../../../engine/http/standing.ts";
import type { tags } from "../../../../engine/http/tags.ts";
import type { tasks } from "../../../../engine/http/tasks.ts";
import type { templates } from "../../../../engine/http/templates.ts";
import type { users } from "../../../../engine/http/users.ts";
import { i18n, t } from "../i18n/index.svelte.ts";
import { live } from "../live.svelte.ts";
import { ApiError, problemOf } from "./problem.ts";

export { ApiError, type Problem } from "./problem.ts";

/** As `fetch`, in the reader's language; throws `ApiError` on a refusal or when nobody answers. */
async function ask(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers);
  headers.set("accept-language", i18n.language);
  let response: Response;
  try {
    response = await fetch(input, { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    live.heard(false);
    throw new ApiError(0, "unanswered", t("app.unanswered"), [], error);
  }
  live.heard(true);
  // The answer to a wrong password is 401 too, and says nothing of the session.
  if (response.status === 401 && !response.url.endsWith("/api/session")) live.onRefused();
  if (!response.ok) throw await problemOf(response);
  return response;
}

const options = { fetch: ask };

/** The server's resources as its own routes type them. */
export const api = {
  account: hc<ReturnType<typeof account>>("/api/account", options),
  audit: hc<ReturnType<typeof audit>>("/api/audit", options),
  contacts: hc<ReturnType<typeof contacts>>("/api/contacts", options),
  contactsMany: hc<ReturnType<typeof contactsMany>>("/api/tags", options),
  events: hc<ReturnType<typeof events>>("/api/events", options),
  fields: hc<ReturnType<typeof fields>>("/api/fields", options),
  flows: hc<ReturnType<typeof flows>>("/api/flows", options),
  imports: hc<ReturnType<typeof imports>>("/api/imports", options),
  importFiles: hc<ReturnType<typeof importFiles>>("/api/imports", options),
  jobs: hc<ReturnType<typeof jobs>>("/api/jobs", options),
  journal: hc<ReturnType<typeof journal>>("/api/journal", options),
  keys: hc<ReturnType<typeof keys>>("/api/keys", options),
  links: hc<ReturnType<typeof links>>("/api/links", options),
  messages: hc<ReturnType<typeof messages>>("/api/messages", options),
  previews: hc<ReturnType<typeof previews>>("/api/previews", options),
  segments: hc<ReturnType<typeof segments>>("/api/segments", options),
  session: hc<ReturnType<typeof session>>("/api/session", options),
  settings: hc<ReturnType<typeof settings>>("/api/settings", options),
  simulations: hc<ReturnType<typeof simulations>>("/api/simulations", options),
  standing: hc<ReturnType<typeof standing>>("/api/flows", options),
  tags: hc<ReturnType<typeof tags>>("/api/tags", options),
  tasks: hc<ReturnType<typeof tasks>>("/api/tasks", options),
  templates: hc<ReturnType<typeof templates>>("/api/templates", options),
  users: hc<ReturnType<typeof users>>("/api/users", options),
};

/** Writes a body that the routes check themselves, and so don't type. */
export const json = (body: unknown): { init: RequestInit } => ({
  init: { headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
});

/** All items of a list, page by page: `await everyItem((query) => api.flows.index.$get({ query }))`. */
export async function everyItem<T>(
  page: (query: { limit: string; cursor?: string }) => Promise<{
    json(): Promise<{ items: T[]; next: string | null }>;
  }>,
): Promise<T[]> {
  const items: T[] = [];
  let next: string | null = "";
  while (next !== null) {
    const query = { limit: "500", ...(next === "" ? {} : { cursor: next }) };
    const answer: { items: T[]; next: string | null } = await (await page(query)).json();
    items.push(...answer.items);
    next = answer.next;
  }
  return items;
}

type Items<T> = T extends { items: (infer Item)[] } ? Item : never;

/** Who asks, and what they should know before they sign in. */
export type Who = InferResponseType<(typeof api.session)["index"]["$get"]>;
export type FlowItem = Items<InferResponseType<(typeof api.flows)["index"]["$get"]>>;
export type FlowChanges = InferResponseType<(typeof api.flows)[":id"]["diff"]["$get"], 200>;
export type ValueChange = FlowChanges["settings"][number];
export type ContactFull = InferResponseType<(typeof api.contacts)[":key"]["$get"]>;
export type Job = InferResponseType<(typeof api.jobs)[":id"]["$get"], 200>;
export type TaskItem = Items<InferResponseType<(typeof api.tasks)["index"]["$get"]>>;
export type JournalItem = Items<InferResponseType<(typeof api.journal)["index"]["$get"]>>;
export type TemplateItem = Items<InferResponseType<(typeof api.templates)["index"]["$get"]>>;
