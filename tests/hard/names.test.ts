import { describe, expect, test } from "vitest";
import { readContacts } from "../../engine/contacts/read.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";
import { NAMES as ALL } from "../fuzz/words.ts";
import { lived, type Span, simulated } from "../live/live.ts";

const FROM = Date.UTC(2026, 0, 1);
/** Marks inside a name belong to it; at its ends, where nobody sees them, an import takes them off. */
const NAMES = [
  ...ALL.map((name) => name.replace(/^[\u200e\u200f\u202b]+|[\u200e\u200f\u202c]+$/g, "")),
  "علی\u200cرضا",
  "Ann \u200fليلى\u200e Lee",
  "\u{1F469}\u200d\u{1F469}\u200d\u{1F467} عائلة",
];
/** 64 kB of UTF-8 in letters of several bytes, direction marks and joined emoji. */
const LONG = "مرحبًا 👩🏽‍🚀 \u200fe\u0301 ".repeat(2_000).trim();

const doc = {
  format: 1,
  id: "names",
  name: "names",
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    {
      id: "keep",
      type: "field",
      position: { x: 0, y: 0 },
      data: { set: { copy: "{{contact.first_name}}" } },
    },
    {
      id: "mail",
      type: "email",
      position: { x: 0, y: 0 },
      data: { subject: "{{contact.first_name}}", body: "{{contact.first_name}}|{{contact.note}}" },
    },
    { id: "sms", type: "sms", position: { x: 0, y: 0 }, data: { text: "{{contact.copy}}" } },
    {
      id: "page",
      type: "email",
      position: { x: 0, y: 0 },
      data: { subject: "x", body: "<p>{{contact.first_name}}</p>", format: "html" },
    },
  ],
  edges: ["start", "keep", "mail", "sms"].map((source, i) => ({
    id: `e${i}`,
    source,
    sourceHandle: "next",
    target: ["keep", "mail", "sms", "page"][i],
  })),
} as FlowDoc;

async function spanOf(names: readonly string[], notes: readonly string[]): Promise<Span> {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = names.map(
    (name, i) =>
      `c${String(i).padStart(2, "0")}@x.example,+9665000020${String(i).padStart(2, "0")},${quoted(name)},${quoted(notes[i] ?? "")}`,
  );
  const csv = `email,phone,first_name,note\n${rows.join("\n")}\n`;
  const workspace = plainWorkspace();
  const read = await readContacts(new TextEncoder().encode(csv), { workspace });
  if (!read.ok) throw new Error(read.problem.message.en);
  expect(read.value.problems).toEqual([]);
  return {
    doc,
    others: [],
    params: {},
    contacts: read.value.people,
    events: [],
    from: FROM,
    until: FROM + 86_400_000,
    workspace,
  };
}

describe("a name of any script", () => {
  test("goes through import, simulation and journal unchanged", async () => {
    const span = await spanOf(NAMES, NAMES);
    expect(span.contacts.map((c) => c.fields.first_name)).toEqual(NAMES);
    const lines = simulated(span);
    const of = (node: string) => lines.filter((l) => l.kind === "message" && l.node === node);
    expect(of("mail").map((l) => l.subject)).toEqual(NAMES);
    expect(of("mail").map((l) => l.text)).toEqual(NAMES.map((name) => `${name}|${name}`));
    expect(of("sms").map((l) => l.text)).toEqual(NAMES);
    expect(of("page").map((l) => l.text)).toEqual(NAMES);
  });

  test("goes through the store and the live engine unchanged", async () => {
    const span = await spanOf(NAMES, NAMES);
    expect(await lived(span)).toEqual(simulated(span));
  });

  test("of 64 kB is kept to the last letter", async () => {
    expect(new TextEncoder().encode(LONG).length).toBeGreaterThan(65_536);
    const span = await spanOf([LONG], [LONG]);
    for (const lines of [simulated(span), await lived(span)]) {
      const mail = lines.find((l) => l.kind === "message" && l.node === "mail");
      // Compared here, so that a difference isn't printed in full.
      expect(mail?.text === `${LONG}|${LONG}`).toBe(true);
    }
  });
});
