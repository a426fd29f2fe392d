import type { Text } from "../../../../nodes/node.ts";
import { ApiError, api, everyItem, json, type Problem } from "../api/index.ts";
import { t, text } from "../i18n/index.svelte.ts";

/** The part of a flow document that making a draft of it needs to know; the server checks the whole. */
export interface DraftDoc {
  format: number;
  id: string;
  name: Text;
  parameters?: Record<string, { title?: Text; default?: unknown }>;
  nodes: unknown[];
  edges: unknown[];
}

/** The largest file that is read, bytes; the server takes no bigger flow. */
export const MAX_FILE = 5 * 1024 * 1024;
const ID_LENGTH = 64;

/** Reads a file's text as a flow document, or says in one sentence why it is none. */
export function readDoc(source: string): { doc: DraftDoc } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(source.replace(/^\uFEFF/, ""));
  } catch (error) {
    return {
      problem: t("import.notJson", { detail: error instanceof Error ? error.message : "" }),
    };
  }
  const isDoc =
    typeof value === "object" && value !== null && "nodes" in value && Array.isArray(value.nodes);
  return isDoc ? { doc: value as DraftDoc } : { problem: t("import.notFlow") };
}

/** The id itself, or with a number behind it when another flow has it. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let n = 2; ; n++) {
    const id = `${wanted.slice(0, ID_LENGTH - String(n).length - 1)}-${n}`;
    if (!taken.has(id)) return id;
  }
}

/** Keeps a document as a new draft; its id changes when a flow has it already. Returns the draft's id. */
export async function addDraft(doc: DraftDoc): Promise<string> {
  const items = await everyItem((query) => api.flows.index.$get({ query }));
  const wanted = typeof doc.id === "string" && doc.id ? doc.id : "flow";
  const id = freeId(wanted, new Set(items.map((flow) => flow.id)));
  await api.flows[":id"].$put({ param: { id } }, json({ ...doc, id }));
  return id;
}

/** Makes a new draft of a flow's draft, under another name. Returns the new draft's id. */
export async function copyDraft(id: string): Promise<string> {
  const { draft } = await (await api.flows[":id"].$get({ param: { id } })).json();
  const doc = draft as unknown as DraftDoc;
  const named = (name: string): string => t("flows.copyOf", { name });
  const name =
    typeof doc.name === "string"
      ? named(doc.name)
      : Object.fromEntries(
          Object.entries(doc.name).map(([language, own]) => [language, named(own)]),
        );
  return addDraft({ ...doc, name });
}

/** An empty flow: one trigger by hand, to draw on from. */
export const blankDoc = (): DraftDoc => ({
  format: 1,
  id: "flow",
  name: t("new.blank.name"),
  nodes: [{ id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} }],
  edges: [],
});

/** What must be put right in a document that was refused. */
export const problemsIn = (error: unknown): readonly Problem[] =>
  error instanceof ApiError ? error.problems : [];

/** Offers a flow's draft as a file. */
export async function download(id: string): Promise<void> {
  const { draft } = await (await api.flows[":id"].$get({ param: { id } })).json();
  const url = URL.createObjectURL(
    new Blob([`${JSON.stringify(draft, null, 2)}\n`], { type: "application/json" }),
  );
  const link = document.createElement("a");
  link.href = url;
  link.download = `${id}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

export const docName = (doc: DraftDoc): string => text(doc.name) || doc.id;
