import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { erasePerson, personOut } from "../engine/person.ts";
import { ByHand, DAY, flowOf, START } from "./live/by-hand.ts";

const root = mkdtempSync(join(tmpdir(), "tawasul-person-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Every value that tells who it is has one of these in it. */
const MARK = "kanarie";
const EMAIL = `${MARK}1@x.example`;
const PHONE = "+966501234987";
const MARKS = new RegExp(`${MARK}\\d+`, "g");

const doc = flowOf([
  ["start", "trigger.event", { event: "asked" }],
  [
    "mail",
    "email",
    { subject: "Hi {{contact.first_name}}", body: "You like {{event.wish}}. {{contact.city}}" },
  ],
  ["note", "field", { set: { nickname: "{{event.wish}}" } }],
  ["ring", "call", { script: "Ask {{contact.first_name}}", timeout: "P30D" }],
]);
const hook = flowOf(
  [
    ["start", "trigger.event", { event: "asked" }],
    ["call", "webhook", { url: "https://x.example/hook", body: { who: "{{contact.first_name}}" } }],
  ],
  { id: "hook" },
);

/** A contact with marked values in every place, under way in two flows. */
async function marked(path: string): Promise<ByHand> {
  const live = new ByHand({ path });
  await live.publish(doc);
  const fields = {
    email: EMAIL,
    phone: PHONE,
    first_name: `${MARK}2`,
    city: `${MARK}3`,
    custom: `${MARK}4`,
  };
  await live.store.writeContacts(
    [
      { id: null, fields, tags: [`${MARK}5`], consent: null, created: START, source: `${MARK}6` },
      {
        id: null,
        fields: { email: "bob@x.example", city: "Riyadh" },
        tags: [],
        consent: null,
        created: START,
        source: "test",
      },
    ],
    START,
    false,
  );
  await live.happen(EMAIL, {
    kind: "consent",
    channel: "email",
    granted: true,
    topic: `${MARK}7`,
    source: `${MARK}8`,
  });
  await live.happen(EMAIL, {
    kind: "event",
    name: "asked",
    data: { wish: `${MARK}9`, deep: { er: [`${MARK}10`] } },
  });
  await live.happen("bob@x.example", { kind: "event", name: "asked", data: { wish: "tea" } });
  await live.happen(EMAIL, {
    kind: "receipt",
    node: "mail",
    event: "clicked",
    link: `https://x.example/${MARK}11`,
  });
  await live.happen(EMAIL, { kind: "inbound", channel: "sms", text: `call ${MARK}12` });
  await live.happen(EMAIL, { kind: "receipt", node: "mail", event: "bounced" });
  await live.publish(hook);
  const later = {
    kind: "set" as const,
    fields: { custom: `${MARK}13` },
    at: START + 9 * DAY,
    id: `${MARK}14`,
  };
  await live.store.addInputs([{ contact: await live.id(EMAIL), input: later }]);
  return live;
}

/** The whole database as bytes read as text, with whatever lies beside it. */
const bytesOf = (path: string): string =>
  ["", "-wal", "-shm"]
    .map((side) => `${path}${side}`)
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "latin1"))
    .join("\n");

describe("the export of a person", () => {
  test("holds every value that is kept about them, and nobody else's", async () => {
    const live = await marked(join(root, "export.sqlite"));
    await live.store.checkpoint();
    const person = await personOut(live.store, await live.id(EMAIL));
    const text = JSON.stringify(person);
    const kept = new Set(bytesOf(join(root, "export.sqlite")).match(MARKS));
    expect([...kept].sort()).toEqual([...new Set(text.match(MARKS))].sort());
    for (let n = 1; n <= 14; n++) if (n !== 12) expect(text).toContain(`${MARK}${n}`);
    expect(text).toContain(PHONE);
    expect(text).not.toContain("bob@");
    expect(text).not.toContain("Riyadh");
    await live.store.close();
  });

  test("says moments as ISO 8601 in UTC", async () => {
    const live = await marked(":memory:");
    const person = await personOut(live.store, await live.id(EMAIL));
    expect(person).toMatchObject({
      contact: { created: "2026-03-02T09:00:00Z", suppressed: { [`email:${EMAIL}`]: "bounced" } },
      pending: [{ at: "2026-03-11T09:00:00Z", kind: "set" }],
      tasks: [{ node: "ring", opened: "2026-03-02T09:00:00Z", closed: null }],
    });
  });

  test("is nothing for nobody", async () => {
    const live = new ByHand();
    expect(await personOut(live.store, "nobody")).toBeNull();
  });
});

describe("erasing a person", () => {
  test("leaves no value of theirs in the file's bytes but the keyed hash of the address", async () => {
    const path = join(root, "erase.sqlite");
    const live = await marked(path);
    const id = await live.id(EMAIL);
    expect(bytesOf(path)).toContain(MARK);
    expect(await erasePerson(live.store, live.engine.worlds, id, live.now)).toBe(true);
    const bytes = bytesOf(path);
    expect(bytes.match(MARKS)).toBeNull();
    expect(bytes).not.toContain(PHONE);
    expect(bytes).not.toContain(PHONE.slice(1));
    expect(bytes).toContain("bob@x.example");
    expect(await live.store.findContact(EMAIL)).toBeNull();
    await live.store.close();
    expect(bytesOf(path).match(MARKS)).toBeNull();
  });

  test("keeps the address suppressed when it comes again", async () => {
    const live = await marked(":memory:");
    await erasePerson(live.store, live.engine.worlds, await live.id(EMAIL), live.now);
    await live.people(EMAIL);
    const again = await live.store.loadContact(await live.id(EMAIL));
    expect(again?.contact.suppressed).toEqual({ [`email:${EMAIL}`]: "bounced" });
  });

  test("ends their runs, takes their calls off the list, and keeps the counts and everybody else", async () => {
    const live = await marked(":memory:");
    const before = await live.store.flowCounts("welcome");
    await erasePerson(live.store, live.engine.worlds, await live.id(EMAIL), live.now);
    const after = await live.store.flowCounts("welcome");
    expect(after).toMatchObject({ entered: 2, active: 1, exited: 1 });
    expect(after.nodes.mail).toEqual(before.nodes.mail);
    expect((await live.store.tasks({ open: true, limit: 9 })).map((t) => t.contact)).toEqual([
      await live.id("bob@x.example"),
    ]);
    const lines = (await live.lines()).filter((l) => l.contact === null);
    expect(lines.at(-1)).toMatchObject({ kind: "exited", reason: "erased" });
    await live.until(START + 60 * DAY);
    expect(live.warnings).toEqual([]);
  });

  test("comes before everything else that is due, for them alone", async () => {
    const live = await marked(":memory:");
    const bob = await live.id("bob@x.example");
    const input = { kind: "tag" as const, add: "vip", at: START - DAY, id: "old" };
    await live.store.addInputs([{ contact: bob, input }]);
    await erasePerson(live.store, live.engine.worlds, await live.id(EMAIL), live.now);
    expect(await live.store.findContact(EMAIL)).toBeNull();
    expect((await live.store.loadContact(bob))?.contact.tags).toEqual({});
  });

  test("a webhook that was still to be called is not called, and stops nobody else's", async () => {
    const live = await marked(":memory:");
    const id = await live.id(EMAIL);
    const input = { kind: "event" as const, name: "asked", data: {}, at: START, id: "again" };
    await live.store.addInputs([{ contact: id, input }]);
    const { world, need } = await live.engine.worlds.get();
    const { takeTurn } = await import("../engine/core/interpreter.ts");
    await live.store.workDue(START, 9, need, (batch) =>
      batch.map((b) => takeTurn(world, b.state, b.inputs, START)),
    );
    await erasePerson(live.store, live.engine.worlds, id, live.now);
    await live.engine.untilIdle();
    expect(live.warnings).toEqual([]);
  });

  test("erasing twice does no harm", async () => {
    const live = await marked(":memory:");
    const id = await live.id(EMAIL);
    await erasePerson(live.store, live.engine.worlds, id, live.now);
    await erasePerson(live.store, live.engine.worlds, id, live.now);
    expect(live.warnings).toEqual([]);
  });
});
