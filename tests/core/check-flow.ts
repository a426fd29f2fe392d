import { checkFlow } from "../../engine/core/check.ts";
import type { Problem } from "../../engine/core/problems.ts";

type Json = Record<string, unknown>;

const position = { x: 0, y: 0 };

/** A node as a document holds it. */
export const at = (id: string, type: string, data: Json = {}): Json => ({
  id,
  type,
  position,
  data,
});

/** Edges in a row: each node's `next` (or `id:handle`) to the one after it. */
export const row = (...ids: string[]): Json[] =>
  ids.slice(1).map((id, i) => {
    const [source, sourceHandle = "next"] = (ids[i] ?? "").split(":");
    return { id: `e${i}`, source, sourceHandle, target: id.split(":")[0] };
  });

/** A flow without problems, unless the parts have some. */
export const flowOf = (nodes: Json[], edges: Json[] = [], more: Json = {}): Json => ({
  format: 1,
  id: "test",
  name: "Test",
  settings: { goal: { when: { event: "order.placed" } } },
  nodes,
  edges,
  ...more,
});

/** A flow of a trigger and one node that follows it. */
export const flowWith = (type: string, data: Json, more: Json = {}): Json =>
  flowOf([at("start", "trigger.manual"), at("n", type, data)], row("start", "n"), more);

/** A flow with these settings beside a goal. */
export const withSettings = (settings: Json): Json =>
  flowOf([at("start", "trigger.manual")], [], {
    settings: { goal: { when: { event: "order.placed" } }, ...settings },
  });

/** What matters of a problem to a program. */
export const short = (p: Problem) => `${p.severity} ${p.code} ${p.node} ${p.pointer}`;

export const found = (doc: unknown, options = {}): string[] => checkFlow(doc, options).map(short);

/** The example of the format's description. */
export const example: Json = {
  format: 1,
  id: "new-lead",
  name: { en: "New lead", ar: "العميل المحتمل الجديد" },
  description: { en: "Welcome, proof, offer, call.", ar: "ترحيب، دليل، عرض، مكالمة." },
  parameters: { brand: { title: { en: "Brand name", ar: "اسم الشركة" }, default: "Acme" } },
  settings: {
    timezone: "contact",
    reentry: { mode: "once" },
    exitWhen: { tag: "client" },
    goal: { when: { event: "order.placed" }, within: "P30D", value: "amount" },
    sendWindow: { days: ["sun", "mon", "tue", "wed", "thu"], from: "09:00", to: "21:00" },
    frequencyCap: [{ channel: "email", max: 3, per: "P7D", over: "delay" }],
    onReply: { do: "pause", resume: "P3D" },
    late: { after: "PT6H", do: "send" },
  },
  nodes: [
    at("start", "trigger.tag", { tag: "lead", on: "added" }),
    at("hello", "email", {
      subject: { en: "Hello {{contact.first_name}}", ar: "مرحبًا {{contact.first_name}}" },
      body: { en: "…", ar: "…" },
    }),
  ],
  edges: row("start", "hello"),
};
