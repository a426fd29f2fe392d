import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import { ByHand, DAY, flowOf, START } from "./by-hand.ts";
import { allLines } from "./live.ts";

const PEOPLE = ["ann@x.example", "bob@x.example", "cem@x.example"];
const LONG = "Whoever reads this reads what everybody reads. ".repeat(40);

const doc = flowOf(
  [
    ["start", "trigger.manual", {}],
    ["vip", "condition", { rule: { tag: "vip" } }],
    ["day", "wait", { for: "P1D" }],
    [
      "hello",
      "email",
      {
        subject: "Hello {{contact.email}}",
        body: `Dear {{contact.email}}, {{#if contact.city}}{{contact.city}} is near.{{else}}${LONG}{{/if}} {{links.unsubscribe}}`,
      },
    ],
  ],
  { id: "kept", edges: ["start vip", "vip/yes day", "vip/no day", "day hello"] },
);

let file: string;
let folder: string;
let hand: ByHand;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kept-"));
  file = join(folder, "a.sqlite");
  hand = new ByHand({ path: file });
  await hand.people(...PEOPLE);
  await hand.publish(doc);
  await hand.enroll("kept", ...PEOPLE);
  await hand.until(START + 2 * DAY);
});
afterEach(async () => {
  await hand.store.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask<T>(sql: string): T[] {
  const db = new Database(file, { readonly: true });
  const rows = db.query(sql).all() as T[];
  db.close();
  return rows;
}

test("people who go the same way have the same lines, of which all but the first one's lie once", async () => {
  const lines = await allLines(hand.store);
  const of = (email: string) =>
    lines
      .filter((line) => line.contact === email && line.kind !== "message")
      .map(({ contact: _, ...line }) => line);
  expect(of("ann@x.example").map((line) => line.kind)).toEqual([
    "entered",
    "step",
    "step",
    "waiting",
    "step",
    "step",
    "completed",
  ]);
  expect(of("ann@x.example")[3]).toMatchObject({ until: "2026-03-03T09:00:00Z", for: "wait" });
  expect(of("bob@x.example")).toEqual(of("ann@x.example"));
  expect(of("cem@x.example")).toEqual(of("ann@x.example"));
  const rows = ask<{ lines: string }>("SELECT lines FROM journal_turns ORDER BY id");
  expect(rows.map((row) => row.lines.startsWith("["))).toEqual([
    true,
    false,
    false,
    true,
    false,
    false,
  ]);
  expect(ask("SELECT id FROM journal_shapes")).toHaveLength(2);
});

test("what a template says to everybody lies once, and each message reads as it went out", async () => {
  const other = openSqlite(file, { now: START });
  const messages = await other.messages({ limit: 9 });
  await other.close();
  expect(messages.map((row) => row.message.content.subject)).toEqual(
    PEOPLE.map((email) => `Hello ${email}`),
  );
  for (const { message } of messages) {
    const { body, unsubscribe } = message.content;
    expect(unsubscribe).toMatch(/^https:\/\/example\.com\/u\//);
    expect(body).toBe(`Dear ${message.to}, ${LONG} ${unsubscribe}`);
  }
  const kept = ask<{ size: number }>("SELECT length(content) AS size FROM outbox");
  expect(Math.max(...kept.map((row) => row.size))).toBeLessThan(400);
  expect(ask("SELECT id FROM texts")).toHaveLength(2);
});

test("a flow that says something else from now on changes nothing of what was sent", async () => {
  const [, , , hello] = doc.nodes;
  const changed = { ...hello, data: { subject: "Bye", body: "Bye {{contact.email}}" } };
  await hand.publish({
    ...doc,
    nodes: [...doc.nodes.slice(0, 3), changed as (typeof doc.nodes)[0]],
  });
  const [first] = await hand.store.messages({ limit: 1 });
  expect(first?.message.content.subject).toBe("Hello ann@x.example");
});

test("nothing of an erased contact is left in what lies once, and its own lines say no more than others'", async () => {
  await hand.happen("bob@x.example", { kind: "erase" });
  const once = [
    ...ask<{ text: string }>("SELECT pieces AS text FROM texts"),
    ...ask<{ text: string }>("SELECT lines AS text FROM journal_shapes"),
  ];
  expect(once.filter(({ text }) => text.includes("bob"))).toEqual([]);
  const lines = await allLines(hand.store);
  expect(lines.filter((line) => line.contact === null && line.rule !== undefined)).toEqual([]);
  expect(lines.find((line) => line.contact === null && line.kind === "waiting")).toMatchObject({
    until: "2026-03-03T09:00:00Z",
    for: "wait",
  });
  expect(lines.filter((line) => line.contact === "cem@x.example" && line.rule)).toHaveLength(1);
});
