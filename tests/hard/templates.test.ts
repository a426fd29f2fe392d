import { describe, expect, test } from "vitest";
import { contactsOf } from "../../engine/contacts/read.ts";
import { checkFlow } from "../../engine/core/check.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { compileFlow } from "../../engine/core/flow.ts";
import type { JournalLine } from "../../engine/core/journal.ts";
import { eventsOf } from "../../engine/simulate/events.ts";
import { Simulator } from "../../engine/simulate/simulate.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";

const FROM = Date.UTC(2026, 0, 1);

/** What Ann, Bob and Cat get when each places an order with these items, and only Bob's are too many. */
function journal(body: string, items: (name: string) => unknown): JournalLine[] {
  const doc = {
    format: 1,
    id: "grow",
    name: "grow",
    settings: { reentry: { mode: "always" } },
    nodes: [
      {
        id: "start",
        type: "trigger.event",
        position: { x: 0, y: 0 },
        data: { event: "order.placed" },
      },
      { id: "mail", type: "email", position: { x: 0, y: 0 }, data: { subject: "Hi", body } },
      { id: "done", type: "goal", position: { x: 0, y: 0 }, data: { name: "done" } },
    ],
    edges: [
      { id: "e1", source: "start", sourceHandle: "next", target: "mail" },
      { id: "e2", source: "mail", sourceHandle: "next", target: "done" },
    ],
  } as FlowDoc;
  expect(checkFlow(doc).filter((p) => p.severity === "error")).toEqual([]);
  const workspace = plainWorkspace();
  const names = ["ann", "bob", "cat"];
  const contacts = contactsOf(
    names.map((n) => ({ email: `${n}@x.example` })),
    { workspace },
  );
  if (!contacts.ok) throw new Error(contacts.problem.message.en);
  const events = eventsOf(
    names.map((name, i) => ({
      line: i + 1,
      value: {
        at: "2026-01-01T01:00:00Z",
        contact: `${name}@x.example`,
        event: "order.placed",
        data: { items: items(name) },
      },
    })),
    workspace,
  );
  const lines: JournalLine[] = [];
  new Simulator({
    flow: compileFlow(doc, { version: 1, firstPublished: FROM, paused: false }),
    others: [],
    contacts: contacts.value.people,
    events: events.events,
    from: FROM,
    until: FROM + 86_400_000,
    workspace,
    write: (line) => lines.push(line),
  }).run();
  return lines;
}

const list = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

describe("a template that grows without end", () => {
  test.each([
    [
      "10,001 rounds",
      "{{#each event.items}}x{{/each}}",
      (n: string) => list(n === "bob" ? 10_001 : 3),
    ],
    [
      "loops within loops",
      "{{#each event.items}}{{#each event.items}}{{#each event.items}}x{{/each}}{{/each}}{{/each}}",
      (n: string) => list(n === "bob" ? 40 : 3),
    ],
    [
      "more than 1 MB",
      "{{#each event.items}}{{this}}{{/each}}",
      (n: string) => (n === "bob" ? list(300).map(() => "ن".repeat(10_000)) : ["a"]),
    ],
  ])("(%s) fails that enrollment alone, with its node and reason", (_, body, items) => {
    const lines = journal(body, items);
    const ends = lines.filter((l) => l.kind === "completed" || l.kind === "failed");
    expect(ends.map((l) => [l.contact, l.kind, l.node, l.reason])).toEqual([
      ["ann@x.example", "completed", "done", undefined],
      ["bob@x.example", "failed", "mail", "template"],
      ["cat@x.example", "completed", "done", undefined],
    ]);
    expect(String(ends[1]?.error)).toMatch(/\S{3}/);
    expect(lines.some((l) => l.kind === "message" && l.contact === "bob@x.example")).toBe(false);
  });

  test("as much as is allowed goes out whole", () => {
    const lines = journal("{{#each event.items}}x{{/each}}", () => list(10_000));
    const texts = lines.filter((l) => l.kind === "message").map((l) => String(l.text).length);
    expect(texts).toEqual([10_000, 10_000, 10_000]);
  });

  test("what a contact's data says is no template", () => {
    const lines = journal("{{#each event.items}}{{this}}{{/each}}", () => [
      "{{#each event.items}}",
      "{{contact.email}}",
      "{{/each}}",
    ]);
    expect(lines.find((l) => l.kind === "message")?.text).toBe(
      "{{#each event.items}}{{contact.email}}{{/each}}",
    );
  });
});
