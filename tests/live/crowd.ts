import type { FlowDoc } from "../../engine/core/document.ts";
import type { ScriptedEvent } from "../../engine/simulate/events.ts";
import type { Span } from "./live.ts";

const FROM = Date.UTC(2026, 2, 1, 9);
const HOUR = 3_600_000;
const PEOPLE = 120;

const node = (id: string, type: string, data: object) => ({
  ...{ id, type, data: data as Record<string, unknown> },
  position: { x: 0, y: 0 },
});
const edge = (source: string, sourceHandle: string, target: string) => ({
  ...{ id: `${source}-${sourceHandle}`, source, sourceHandle, target },
});

/** Everybody signs up within some minutes; half are VIPs, half of each side of a split, all get a message. */
const doc = {
  ...{ format: 1, id: "crowd", name: "Crowd", settings: {} },
  nodes: [
    node("start", "trigger.event", { event: "signup" }),
    node("vip", "condition", { rule: { tag: "vip" } }),
    node("half", "split", {
      variants: [
        { id: "a", weight: 1 },
        { id: "b", weight: 1 },
      ],
    }),
    node("rest", "wait", { for: "PT1H" }),
    node("mail", "email", {
      subject: "Hello",
      body: "Hello {{contact.first_name}}\n\n{{links.unsubscribe}}",
    }),
    node("done", "tag", { add: [{ tag: "welcomed" }] }),
  ],
  edges: [
    edge("start", "next", "vip"),
    edge("vip", "yes", "half"),
    edge("vip", "no", "rest"),
    edge("half", "a", "rest"),
    edge("half", "b", "mail"),
    edge("rest", "next", "mail"),
    edge("mail", "next", "done"),
  ],
} as unknown as FlowDoc;

const emails = Array.from({ length: PEOPLE }, (_, i) => `p${i}@x.example`);

export const crowd: Span = {
  doc,
  others: [],
  params: {},
  contacts: emails.map((email, i) => ({
    ...{ key: email, fields: { email, first_name: `P${i}` }, tags: i % 2 === 0 ? ["vip"] : [] },
    ...{ consent: null, created: FROM - HOUR },
  })) as unknown as Span["contacts"],
  events: emails.map(
    (contact, i): ScriptedEvent =>
      ({
        at: FROM + 60_000 * (1 + (i % 3)),
        contact,
        what: {
          kind: "input",
          input: {
            kind: "event",
            name: "signup",
            data: {},
            at: FROM + 60_000 * (1 + (i % 3)),
            id: `s${i}`,
          },
        },
      }) as ScriptedEvent,
  ),
  from: FROM,
  until: FROM + 5 * HOUR,
  workspace: {
    ...{ timezone: "UTC", locale: "en", consent: "granted", segments: {}, fields: {} },
    ...{ hours: null, weekend: ["fri", "sat"], holidays: [] },
  } as Span["workspace"],
};
