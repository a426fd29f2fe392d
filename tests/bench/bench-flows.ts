import type { FlowDoc } from "../../engine/core/document.ts";

const node = (id: string, type: string, data: Record<string, unknown> = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
});
const edge = (source: string, sourceHandle: string, target: string) => ({
  id: `${source}-${sourceHandle}`,
  source,
  sourceHandle,
  target,
});

/** Work W: trigger → condition → split → wait already over → e-mail → tag. Six steps for each contact. */
export const workFlow: FlowDoc = {
  format: 1,
  id: "work",
  name: "Work",
  settings: {},
  nodes: [
    node("start", "trigger.manual"),
    node("vip", "condition", { rule: { tag: "vip" } }),
    node("half", "split", {
      variants: [
        { id: "a", weight: 1 },
        { id: "b", weight: 1 },
      ],
    }),
    node("past", "wait", { date: "2020-01-01T00:00:00Z" }),
    node("hello", "email", {
      subject: "Hello {{contact.first_name}}",
      body: "Dear {{contact.first_name}} {{contact.last_name}},\n\nthank you for your interest. {{#if contact.city}}We have a branch in {{contact.city}}.{{/if}}\n\n{{links.unsubscribe}}",
    }),
    node("mark", "tag", { add: [{ tag: "mailed" }] }),
  ],
  edges: [
    edge("start", "next", "vip"),
    edge("vip", "yes", "half"),
    edge("vip", "no", "half"),
    edge("half", "a", "past"),
    edge("half", "b", "past"),
    edge("past", "next", "hello"),
    edge("hello", "next", "mark"),
  ],
};

/** Whoever writes "price" gets an answer at once. */
export const keywordFlow: FlowDoc = {
  format: 1,
  id: "keyword",
  name: "Keyword",
  settings: { reentry: { mode: "always" } },
  nodes: [
    node("asked", "trigger.message", { channel: "whatsapp", keywords: ["price"] }),
    node("answer", "whatsapp", { text: "Hello {{contact.first_name}}, here is our price list." }),
  ],
  edges: [edge("asked", "next", "answer")],
};

/** Everybody waits in it for a month. */
export const waitingFlow: FlowDoc = {
  format: 1,
  id: "waiting",
  name: "Waiting",
  settings: {},
  nodes: [
    node("start", "trigger.manual"),
    node("month", "wait", { for: "P30D" }),
    node("mark", "tag", { add: [{ tag: "waited" }] }),
  ],
  edges: [edge("start", "next", "month"), edge("month", "next", "mark")],
};
